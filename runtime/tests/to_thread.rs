//! Threads: what they do for the loop, and how they reach it. Cases of CPython's `test_threads` and of `RunCoroutineThreadsafeTests`
//! under their own names.

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{mpsc, Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use coloop::{gather, run, sleep, spawn, timeout, to_thread, yield_now, LoopClosed, LoopHandle};

const MS: Duration = Duration::from_millis(1);

#[test]
fn test_to_thread() {
    let sum = run(async { to_thread(|| 40 + 2).await });
    assert_eq!(sum, 42);
}

#[test]
#[should_panic(expected = "test")]
fn test_to_thread_exception() {
    run(async { to_thread(|| panic!("test")).await })
}

#[test]
fn test_to_thread_once() {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    run(async { to_thread(move || counted.fetch_add(1, Ordering::SeqCst)).await });
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn test_to_thread_concurrent() {
    // Five at the same time: each waits for the other four.
    let barrier = Arc::new(Barrier::new(5));
    run(async {
        let calls = (0..5).map(|_| {
            let barrier = Arc::clone(&barrier);
            to_thread(move || barrier.wait().is_leader())
        });
        let leaders = gather(calls).await;
        assert_eq!(leaders.into_iter().filter(|is| *is).count(), 1);
    });
}

#[test]
fn the_loop_goes_on_meanwhile() {
    run(async {
        let (sender, receiver) = mpsc::channel();
        let blocked = spawn(to_thread(move || receiver.recv().unwrap()));
        for _ in 0..10 {
            yield_now().await;
        }
        assert!(!blocked.is_finished());
        sender.send(7).unwrap();
        assert_eq!(blocked.await.unwrap(), 7);
    });
}

#[test]
fn a_thousand_calls_share_the_threads() {
    run(async {
        let calls = (0..1000_u32).map(|n| to_thread(move || (n, thread::current().id())));
        let made = gather(calls).await;
        assert!(made.iter().map(|(n, _)| *n).eq(0..1000));
        let threads: std::collections::HashSet<_> = made.into_iter().map(|(_, id)| id).collect();
        assert!(threads.len() <= 32, "{}", threads.len());
        assert!(!threads.contains(&thread::current().id()));
    });
}

#[test]
fn dropped_before_it_begins_it_never_runs() {
    let count = Arc::new(AtomicUsize::new(0));
    run(async {
        let (sender, receiver) = mpsc::channel::<()>();
        let receiver = Arc::new(std::sync::Mutex::new(receiver));
        // As many as there can be threads.
        let blocked: Vec<_> = (0..32)
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                to_thread(move || receiver.lock().unwrap().recv().is_err())
            })
            .collect();
        let counted = Arc::clone(&count);
        drop(to_thread(move || counted.fetch_add(1, Ordering::SeqCst)));
        drop(sender);
        gather(blocked).await;
    });
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[test]
fn run_waits_for_what_has_begun() {
    let done = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&done);
    let (begun, begins) = mpsc::channel();
    run(async {
        let call = to_thread(move || {
            begun.send(()).unwrap();
            thread::sleep(20 * MS);
            counted.fetch_add(1, Ordering::SeqCst);
        });
        begins.recv().unwrap();
        drop(call);
    });
    assert_eq!(done.load(Ordering::SeqCst), 1);
}

#[test]
fn no_thread_is_left() {
    let threads = || std::fs::read_dir("/proc/self/task").unwrap();
    let named = |name: &str| {
        let name_of = |entry: std::io::Result<std::fs::DirEntry>| {
            std::fs::read_to_string(entry.ok()?.path().join("comm")).ok()
        };
        threads()
            .filter_map(name_of)
            .filter(|found| found.trim() == name)
            .count()
    };
    let name = run(async {
        let rename = || {
            std::fs::write("/proc/thread-self/comm", "left-over").unwrap();
            "left-over"
        };
        let name = to_thread(rename).await;
        assert_eq!(named(name), 1);
        name
    });
    // A thread that has been joined is listed until the kernel has cleared it away.
    let is_gone = |_| {
        thread::sleep(MS);
        named(name) == 0
    };
    assert!((0..1000).any(is_gone));
}

#[test]
fn test_run_coroutine_threadsafe() {
    run(async {
        let handle = LoopHandle::current();
        let answer = to_thread(move || {
            let add = |a: u32, b: u32| async move {
                sleep(MS).await;
                a + b
            };
            handle
                .run_coroutine_threadsafe(move || add(1, 2))
                .unwrap()
                .result()
        });
        assert_eq!(answer.await.unwrap(), 3);
    });
}

#[test]
fn test_run_coroutine_threadsafe_with_exception() {
    run(async {
        let handle = LoopHandle::current();
        let answer = to_thread(move || {
            let fail = || async { panic!("Fail!") };
            handle
                .run_coroutine_threadsafe::<_, _>(fail)
                .unwrap()
                .result()
        });
        let error: coloop::JoinError = answer.await.unwrap_err();
        assert_eq!(error.to_string(), "the task panicked: Fail!");
    });
}

#[test]
fn test_run_coroutine_threadsafe_with_timeout() {
    run(async {
        let handle = LoopHandle::current();
        let late = to_thread(move || {
            let task = handle.run_coroutine_threadsafe(pending::<u32>).unwrap();
            let task = task.result_timeout(MS).unwrap_err();
            assert!(!task.is_finished());
            task.cancel();
            task.result()
        });
        assert!(late.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn test_run_coroutine_threadsafe_task_cancelled() {
    run(async {
        let handle = LoopHandle::current();
        let cancelled = to_thread(move || {
            let cancels_itself = || async {
                coloop::current_task().unwrap().cancel();
                pending::<()>().await;
            };
            handle
                .run_coroutine_threadsafe(cancels_itself)
                .unwrap()
                .result()
        });
        assert!(cancelled.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn a_task_from_elsewhere_need_not_be_send() {
    run(async {
        let handle = LoopHandle::current();
        let answer = to_thread(move || {
            let local = || async {
                let cell = Rc::new(Cell::new(1));
                yield_now().await;
                cell.get()
            };
            handle.run_coroutine_threadsafe(local).unwrap().result()
        });
        assert_eq!(answer.await.unwrap(), 1);
    });
}

#[test]
fn a_future_of_another_thread_can_be_awaited_on_another_loop() {
    let (send_handle, handles) = mpsc::channel::<LoopHandle>();
    let (stop, stops) = mpsc::channel::<()>();
    let thread = thread::spawn(move || {
        run(async {
            send_handle.send(LoopHandle::current()).unwrap();
            to_thread(move || stops.recv().is_err()).await;
        });
    });
    let handle = handles.recv().unwrap();
    let answer = run(async {
        let there = handle.run_coroutine_threadsafe(|| async { thread::current().id() });
        timeout(5000 * MS, there.unwrap()).await.unwrap().unwrap()
    });
    assert_eq!(answer, thread.thread().id());
    drop(stop);
    thread.join().unwrap();
    let nothing: Result<(), LoopClosed> = handle.call_soon_threadsafe(|| {});
    assert_eq!(nothing, Err(LoopClosed));
    assert!(handle.run_coroutine_threadsafe(|| async {}).is_err());
}

#[test]
fn the_end_of_the_loop_cancels() {
    let waiting = run(async {
        let handle = LoopHandle::current();
        let task = handle.run_coroutine_threadsafe(pending::<()>).unwrap();
        yield_now().await;
        [task]
    });
    let [waiting] = waiting;
    assert!(waiting.result().unwrap_err().is_cancelled());
    let [too_late] = run(async {
        let handle = LoopHandle::current();
        [handle.run_coroutine_threadsafe(|| async { 1 }).unwrap()]
    });
    // It had its call in the last iteration, but no turn.
    assert!(too_late.result().is_err());
}

#[test]
fn calls_come_in_order_and_wake_the_loop() {
    let (sender, receiver) = mpsc::channel();
    run(async {
        let handle = LoopHandle::current();
        let thread = thread::spawn(move || {
            for n in 0..100 {
                let sender = sender.clone();
                handle
                    .call_soon_threadsafe(move || sender.send(n).unwrap())
                    .unwrap();
            }
        });
        let mut received = Vec::new();
        while received.len() < 100 {
            received.extend(receiver.try_iter());
            sleep(MS).await;
        }
        assert!(received.into_iter().eq(0..100));
        thread.join().unwrap();
    });
}

#[test]
fn a_call_from_the_loop_is_in_the_order_of_what_is_started_there() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let add = |name| {
        let order = Arc::clone(&order);
        move || order.lock().unwrap().push(name)
    };
    run(async {
        let (a, called, b) = (add("a"), add("called"), add("b"));
        drop(spawn(async move { a() }));
        LoopHandle::current().call_soon_threadsafe(called).unwrap();
        spawn(async move { b() }).await.unwrap();
    });
    assert_eq!(*order.lock().unwrap(), ["a", "called", "b"]);
}

#[test]
fn a_call_that_panics_ends_nothing_else() {
    run(async {
        let handle = LoopHandle::current();
        handle.call_soon_threadsafe(|| panic!("a call")).unwrap();
        yield_now().await;
        yield_now().await;
    });
}
