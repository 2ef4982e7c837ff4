//! `Event`. Names are those of `EventTests` in CPython's `test_locks.py`.

mod common;

use std::ptr::null_mut;
use std::rc::Rc;
use std::sync::atomic::{AtomicPtr, Ordering::Relaxed};

use coloop::{run, spawn, yield_now, Event};
use common::{ByHand, Trace};

#[test]
fn test_wait() {
    let trace = Trace::new();
    run(async {
        let event = Rc::new(Event::new());
        let start = |name: &'static str| {
            let (event, trace) = (event.clone(), trace.clone());
            spawn(async move {
                event.wait().await;
                trace.add(name);
            })
        };
        let (first, second) = (start("1"), start("2"));
        yield_now().await;
        assert_eq!(trace.take(), "");
        let third = start("3");
        event.set();
        yield_now().await;
        assert_eq!(trace.take(), "3, 1, 2");
        assert!(first.is_finished() && second.is_finished() && third.is_finished());
    });
}

#[test]
fn test_wait_on_set() {
    let event = Event::new();
    event.set();
    assert!(ByHand::new(event.wait()).poll().is_some());
}

#[test]
fn test_wait_cancel() {
    run(async {
        let event = Rc::new(Event::new());
        let inside = event.clone();
        let waiting = spawn(async move { inside.wait().await });
        yield_now().await;
        waiting.cancel();
        assert!(waiting.await.unwrap_err().is_cancelled());
        assert_eq!(format!("{event:?}"), "Event { is_set: false, waiting: 0 }");
    });
}

#[test]
fn test_clear() {
    let event = Event::new();
    assert!(!event.is_set());
    event.set();
    assert!(event.is_set());
    event.clear();
    assert!(!event.is_set());
    ByHand::waiting(event.wait());
}

#[test]
fn test_clear_with_waiters() {
    let event = Event::new();
    let mut waiting = ByHand::waiting(event.wait());
    event.set();
    event.clear();
    assert!(!event.is_set());
    event.set();
    event.set();
    event.clear();
    assert!(waiting.poll().is_some());
}

#[test]
fn who_waits_again_after_clear_is_not_woken_by_the_set_before() {
    let event = Event::new();
    let first = ByHand::waiting(event.wait());
    event.set();
    event.clear();
    let second = ByHand::waiting(event.wait());
    assert!(first.is_woken() && !second.is_woken());
    event.set();
    assert!(second.is_woken());
}

#[test]
fn waiters_may_leave_in_any_order() {
    let event = Event::new();
    let [a, b, c, d] = [(); 4].map(|()| ByHand::waiting(event.wait()));
    drop(b);
    drop(d);
    drop(a);
    assert_eq!(format!("{event:?}"), "Event { is_set: false, waiting: 1 }");
    event.set();
    assert!(c.is_woken());
    drop(c);
    event.clear();
    ByHand::waiting(event.wait());
}

#[test]
fn a_forgotten_waiter_is_only_a_leak() {
    /// Where leak checkers find it.
    static FORGOTTEN: AtomicPtr<()> = AtomicPtr::new(null_mut());
    let event = Event::new();
    let forgotten = Box::leak(Box::new(ByHand::waiting(event.wait())));
    FORGOTTEN.store(std::ptr::from_mut(forgotten).cast(), Relaxed);
    let mut other = ByHand::waiting(event.wait());
    event.set();
    assert!(other.poll().is_some());
}

#[test]
fn a_waiter_that_changes_hands_wakes_the_last_who_polled() {
    let event = Event::new();
    let mut wait = Box::pin(event.wait());
    let mut first = ByHand::waiting(wait.as_mut());
    assert!(first.poll().is_none());
    let woken_first = {
        let wakes = first;
        wakes.is_woken()
    };
    let second = ByHand::waiting(wait.as_mut());
    event.set();
    assert!(!woken_first && second.is_woken());
}
