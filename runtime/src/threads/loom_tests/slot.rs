//! The slot: whoever waits, as a task or blocking, gets the value or is told that there is none.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use loom::future::block_on;
use loom::thread;

use crate::model::{check, Drops};
use crate::threads::slot::{slot, Closed, Receiver};

fn poll_once<T>(receiver: &Receiver<T>) -> Poll<Result<T, Closed>> {
    receiver.poll(&Context::from_waker(Waker::noop()))
}

/// Does more than it should.
struct Look(Arc<Receiver<u32>>);

impl Wake for Look {
    fn wake(self: Arc<Self>) {
        assert!(self.0.is_decided());
    }
}

#[test]
fn a_waker_may_look_at_the_slot() {
    check(|| {
        let (sender, receiver) = slot();
        let receiver = Arc::new(receiver);
        let look = Waker::from(Arc::new(Look(Arc::clone(&receiver))));
        let putter = thread::spawn(move || sender.put(42));
        drop(receiver.poll(&Context::from_waker(&look)));
        putter.join().unwrap();
    });
}

#[test]
fn a_value_is_put_while_it_is_awaited() {
    check(|| {
        let (sender, receiver) = slot();
        let putter = thread::spawn(move || sender.put(42));
        let value = block_on(poll_fn(|cx| receiver.poll(cx)));
        assert!(matches!(value, Ok(42)));
        putter.join().unwrap();
        assert!(matches!(poll_once(&receiver), Poll::Ready(Err(Closed))));
    });
}

#[test]
fn the_sender_goes_while_a_value_is_awaited() {
    check(|| {
        let (sender, receiver) = slot::<()>();
        drop(thread::spawn(move || drop(sender)));
        let value = block_on(poll_fn(|cx| receiver.poll(cx)));
        assert!(matches!(value, Err(Closed)));
    });
}

#[test]
fn the_last_waker_is_woken() {
    check(|| {
        let (sender, receiver) = slot();
        drop(thread::spawn(move || sender.put(42)));
        let value = match poll_once(&receiver) {
            Poll::Ready(value) => value,
            Poll::Pending => block_on(poll_fn(|cx| receiver.poll(cx))),
        };
        assert!(matches!(value, Ok(42)));
    });
}

#[test]
fn a_value_is_put_while_a_thread_blocks() {
    check(|| {
        let (sender, receiver) = slot();
        drop(thread::spawn(move || sender.put(42)));
        assert!(matches!(receiver.wait(None), Some(Ok(42))));
    });
}

#[test]
fn the_sender_goes_while_a_thread_blocks() {
    check(|| {
        let (sender, receiver) = slot::<()>();
        drop(thread::spawn(move || drop(sender)));
        assert!(matches!(receiver.wait(None), Some(Err(Closed))));
    });
}

#[test]
fn who_waits_no_longer_leaves_the_value_to_who_looks_later() {
    check(|| {
        let (sender, receiver) = slot();
        let putter = thread::spawn(move || sender.put(42));
        let in_time = receiver.wait(Some(Instant::now()));
        putter.join().unwrap();
        assert!(receiver.is_decided());
        let later = poll_once(&receiver);
        match in_time {
            Some(value) => {
                assert!(matches!(value, Ok(42)));
                assert!(matches!(later, Poll::Ready(Err(Closed))));
            }
            None => assert!(matches!(later, Poll::Ready(Ok(42)))),
        }
    });
}

#[test]
fn who_gives_up_is_heard() {
    check(|| {
        let (sender, receiver) = slot::<()>();
        let quitter = thread::spawn(move || receiver.give_up());
        block_on(poll_fn(|cx| sender.poll_unwanted(cx)));
        assert!(sender.is_unwanted());
        quitter.join().unwrap();
    });
}

#[test]
fn a_value_that_nobody_wants_is_dropped_once() {
    check(|| {
        let drops = Drops::default();
        let (sender, receiver) = slot();
        let guard = drops.guard();
        let putter = thread::spawn(move || sender.put(guard));
        receiver.give_up();
        drop(receiver);
        putter.join().unwrap();
        drops.assert_once();
    });
}

#[test]
fn a_receiver_and_a_sender_wait_for_each_other() {
    check(|| {
        let (sender, receiver) = slot();
        let receiver = Arc::new(receiver);
        let quitter = Arc::clone(&receiver);
        let waiter = thread::spawn(move || block_on(poll_fn(|cx| receiver.poll(cx))));
        drop(thread::spawn(move || quitter.give_up()));
        block_on(poll_fn(|cx| sender.poll_unwanted(cx)));
        sender.put(42);
        assert!(matches!(waiter.join().unwrap(), Ok(42)));
    });
}
