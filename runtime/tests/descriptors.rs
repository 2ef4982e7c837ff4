//! `AsyncFd`, `add_reader`, `add_writer`. Cases of CPython's `test_events` under their own names where they port.

use std::cell::{Cell, RefCell};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::rc::Rc;
use std::time::Duration;

use coloop::io::{add_reader, add_writer, remove_reader, remove_writer, AsyncFd};
use coloop::{gather, run, sleep, spawn, timeout, yield_now};

const MS: Duration = Duration::from_millis(1);

fn pair() -> (UnixStream, UnixStream) {
    let (here, there) = UnixStream::pair().unwrap();
    there.set_nonblocking(true).unwrap();
    (here, there)
}

async fn until(mut reached: impl FnMut() -> bool) {
    let waiting = async {
        while !reached() {
            sleep(MS).await;
        }
    };
    timeout(10_000 * MS, waiting).await.expect("it comes");
}

#[test]
fn test_reader_callback() {
    run(async {
        let (mut here, there) = pair();
        let received = Rc::new(RefCell::new(Vec::new()));
        let (into, mut reader) = (Rc::clone(&received), there.try_clone().unwrap());
        add_reader(&there, move || {
            let mut bytes = [0; 1024];
            let n = reader.read(&mut bytes).unwrap();
            into.borrow_mut().extend_from_slice(&bytes[..n]);
        })
        .unwrap();
        here.write_all(b"abc").unwrap();
        until(|| *received.borrow() == b"abc").await;
        here.write_all(b"def").unwrap();
        until(|| *received.borrow() == b"abcdef").await;
        assert!(remove_reader(&there));
        assert!(!remove_reader(&there));
        here.write_all(b"ghi").unwrap();
        sleep(5 * MS).await;
        assert_eq!(*received.borrow(), b"abcdef");
    });
}

/// As long as nobody reads, it is called in every iteration.
#[test]
fn a_reader_is_called_while_there_is_something_to_read() {
    run(async {
        let (mut here, there) = pair();
        here.write_all(b"x").unwrap();
        let calls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&calls);
        add_reader(&there, move || counted.set(counted.get() + 1)).unwrap();
        until(|| calls.get() > 3).await;
        let before = calls.get();
        for _ in 0..10 {
            yield_now().await;
        }
        assert!((9..=11).contains(&(calls.get() - before)));
    });
}

#[test]
fn test_reader_callback_cancel() {
    run(async {
        let (mut here, there) = pair();
        let calls = Rc::new(Cell::new(0));
        let counted = Rc::clone(&calls);
        let (mut reader, itself) = (there.try_clone().unwrap(), there.try_clone().unwrap());
        add_reader(&there, move || {
            counted.set(counted.get() + reader.read(&mut [0; 1]).unwrap());
            // The key is the number, and this is another: nothing is removed.
            assert!(!remove_reader(&itself));
        })
        .unwrap();
        here.write_all(b"abc").unwrap();
        until(|| calls.get() == 3).await;
        assert!(remove_reader(&there));
        yield_now().await;
        assert_eq!(Rc::strong_count(&calls), 1);
    });
}

#[test]
fn test_writer_callback() {
    run(async {
        let (mut here, there) = pair();
        let mut writer = there.try_clone().unwrap();
        let full = Rc::new(Cell::new(false));
        let is_full = Rc::clone(&full);
        add_writer(&there, move || {
            match writer.write(&[b'x'; 65_536]) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => is_full.set(true),
                written => assert!(written.unwrap() > 0),
            };
        })
        .unwrap();
        sleep(5 * MS).await;
        assert!(remove_writer(&there));
        assert!(!remove_writer(&there));
        drop(there);
        yield_now().await;
        let mut all = Vec::new();
        here.read_to_end(&mut all).unwrap();
        assert!(!all.is_empty() && all.iter().all(|byte| *byte == b'x'));
        assert!(all.len() < 100_000_000);
    });
}

#[test]
fn a_second_callback_replaces_the_first() {
    run(async {
        let (mut here, there) = pair();
        let first = Rc::new(Cell::new(0));
        let counted = Rc::clone(&first);
        add_reader(&there, move || counted.set(counted.get() + 1)).unwrap();
        let second = Rc::new(Cell::new(0));
        let counted = Rc::clone(&second);
        add_reader(&there, move || counted.set(counted.get() + 1)).unwrap();
        here.write_all(b"x").unwrap();
        until(|| second.get() > 0).await;
        assert_eq!((first.get(), Rc::strong_count(&first)), (0, 1));
    });
}

#[test]
fn callbacks_end_with_their_loop() {
    let (_here, there) = pair();
    let kept = Rc::new(());
    let held = Rc::clone(&kept);
    run(async { add_writer(&there, move || drop(Rc::clone(&held))).unwrap() });
    assert_eq!(Rc::strong_count(&kept), 1);
}

#[test]
fn readiness_is_asked_of_the_os_each_time() {
    run(async {
        let (mut here, there) = pair();
        let there = AsyncFd::new(there);
        assert!(timeout(5 * MS, there.readable()).await.is_err());
        here.write_all(b"x").unwrap();
        there.readable().await.unwrap();
        there.readable().await.unwrap();
        there.get_ref().read_exact(&mut [0; 1]).unwrap();
        assert!(timeout(5 * MS, there.readable()).await.is_err());
        there.writable().await.unwrap();
        drop(here);
        there.readable().await.unwrap();
    });
}

#[test]
fn calls_of_ones_own_wait_in_order() {
    run(async {
        let (mut here, there) = pair();
        let there = AsyncFd::new(there);
        let read = |n: usize| {
            let there = &there;
            async move {
                let read = |mut socket: &UnixStream| {
                    let mut byte = [0; 1];
                    socket.read_exact(&mut byte).map(|()| byte[0])
                };
                (n, there.read_with(read).await.unwrap())
            }
        };
        let write = async {
            yield_now().await;
            here.write_all(b"abc").unwrap();
        };
        let (one, two, three, ()) = gather!(read(1), read(2), read(3), write).await;
        assert_eq!([one, two, three], [(1, b'a'), (2, b'b'), (3, b'c')]);
    });
}

#[test]
fn what_cannot_be_waited_for_is_an_error() {
    run(async {
        let file = std::fs::File::open(std::env::current_exe().unwrap()).unwrap();
        let file = AsyncFd::new(file);
        // The OS says that a file is always ready, so only a call that would block comes to wait for it.
        file.readable().await.unwrap();
        let blocks = |_: &std::fs::File| Err::<(), _>(io::Error::from(ErrorKind::WouldBlock));
        let refused = file.read_with(blocks).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
    });
}

#[test]
fn from_another_task_and_after_its_loop() {
    let (mut here, there) = pair();
    let there = Rc::new(AsyncFd::new(there));
    for _ in 0..2 {
        let there = Rc::clone(&there);
        here.write_all(b"x").unwrap();
        run(async move {
            let reads = spawn(async move { there.read_with(|mut s| s.read(&mut [0; 8])).await });
            assert_eq!(reads.await.unwrap().unwrap(), 1);
        });
    }
}
