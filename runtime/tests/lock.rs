//! `Lock`. Names are those of `LockTests` in CPython's `test_locks.py`.

mod common;

use std::cell::Cell;
use std::rc::Rc;

use coloop::{gather, run, spawn, yield_now, Event, Lock};
use common::{iterations, ByHand, Trace};

/// Acquires, records, and keeps the lock until the trace's owner releases it.
async fn acquire(lock: Rc<Lock<()>>, trace: Trace, name: &'static str, release: Rc<Event>) {
    let _guard = lock.lock().await;
    trace.add(name);
    release.wait().await;
}

#[test]
fn test_acquire() {
    let trace = Trace::new();
    run(async {
        let lock = Rc::new(Lock::new(()));
        let guard = lock.lock().await;
        let releases: [Rc<Event>; 3] = Default::default();
        let start = |n: usize, name| {
            spawn(acquire(
                lock.clone(),
                trace.clone(),
                name,
                releases[n].clone(),
            ))
        };
        let (first, second) = (start(0, "1"), start(1, "2"));
        yield_now().await;
        assert_eq!(trace.take(), "");

        drop(guard);
        yield_now().await;
        assert_eq!(trace.take(), "1");
        yield_now().await;
        assert_eq!(trace.take(), "");

        let third = start(2, "3");
        releases[0].set();
        iterations(2).await;
        assert_eq!(trace.take(), "2");
        releases[1].set();
        iterations(2).await;
        assert_eq!(trace.take(), "3");
        releases[2].set();
        for task in [first, second, third] {
            task.await.unwrap();
        }
        assert!(!lock.is_locked());
    });
}

#[test]
fn test_acquire_cancel() {
    run(async {
        let lock = Rc::new(Lock::new(()));
        let guard = lock.lock().await;
        let task = spawn(acquire(lock.clone(), Trace::new(), "", Rc::default()));
        yield_now().await;
        task.cancel();
        assert!(task.await.unwrap_err().is_cancelled());
        drop(guard);
        assert!(lock.try_lock().is_some(), "nobody is left in the queue");
    });
}

/// A holds the lock, B and C wait. A releases it and B is cancelled, both before either has its turn.
#[test]
fn test_cancel_race() {
    run(async {
        let lock = Rc::new(Lock::new(()));
        let (blocker, open) = (Rc::new(Event::new()), Rc::new(Event::new()));
        open.set();
        let start =
            |release: &Rc<Event>| spawn(acquire(lock.clone(), Trace::new(), "", release.clone()));
        let a = start(&blocker);
        yield_now().await;
        assert!(lock.is_locked());
        let b = start(&open);
        yield_now().await;
        let c = start(&open);
        yield_now().await;

        blocker.set();
        b.cancel();
        yield_now().await;
        assert!(!lock.is_locked());
        assert!(a.is_finished());
        assert!(b.await.unwrap_err().is_cancelled());
        c.await.unwrap();
    });
}

/// bpo-32734: the second of four is cancelled and the first releases; only one may take the lock.
#[test]
fn test_cancel_release_race() {
    run(async {
        let lock = Rc::new(Lock::new(()));
        let calls = Rc::new(Cell::new(0));
        let locks = Rc::new(Cell::new(0));
        let guard = lock.lock().await;
        let start = || {
            let (lock, calls, locks) = (lock.clone(), calls.clone(), locks.clone());
            spawn(async move {
                calls.set(calls.get() + 1);
                std::mem::forget(lock.lock().await);
                locks.set(locks.get() + 1);
            })
        };
        let (first, second, third) = (start(), start(), start());
        yield_now().await;
        first.cancel();
        drop(guard);
        assert!(first.await.unwrap_err().is_cancelled());
        yield_now().await;
        assert_eq!((locks.get(), calls.get()), (1, 3));
        assert!(second.is_finished());
        third.cancel();
        assert!(third.await.unwrap_err().is_cancelled());
    });
}

/// The first waiter is cancelled before the release that wakes it; the second must get the lock.
#[test]
fn test_finished_waiter_cancelled() {
    run(async {
        let lock = Rc::new(Lock::new(()));
        let guard = lock.lock().await;
        let release = Rc::new(Event::new());
        let start = || spawn(acquire(lock.clone(), Trace::new(), "", release.clone()));
        let b = start();
        yield_now().await;
        let c = start();
        yield_now().await;
        b.cancel();
        drop(guard);
        iterations(2).await;
        assert!(lock.is_locked());
        assert!(b.await.unwrap_err().is_cancelled());
        release.set();
        c.await.unwrap();
    });
}

#[test]
fn test_release_no_waiters() {
    let lock = Lock::new(());
    let guard = lock.try_lock().unwrap();
    assert!(lock.is_locked());
    drop(guard);
    assert!(!lock.is_locked());
}

#[test]
fn a_newcomer_does_not_overtake_one_who_was_woken() {
    let lock = Lock::new(());
    let guard = lock.try_lock().unwrap();
    let mut waiter = ByHand::waiting(lock.lock());
    drop(guard);
    assert!(waiter.is_woken());
    assert!(!lock.is_locked());
    assert!(lock.try_lock().is_none());
    let mut newcomer = ByHand::waiting(lock.lock());
    assert!(newcomer.poll().is_none());
    let guard = waiter.poll().unwrap();
    assert!(!newcomer.is_woken());
    drop(guard);
    assert!(newcomer.poll().is_some());
}

#[test]
fn one_who_was_woken_and_leaves_wakes_the_next() {
    let lock = Lock::new(());
    let guard = lock.try_lock().unwrap();
    let [a, b, c] = [(); 3].map(|()| ByHand::waiting(lock.lock()));
    drop(guard);
    assert!(a.is_woken() && !b.is_woken());
    drop(a);
    assert!(b.is_woken() && !c.is_woken());
    drop(b);
    assert!(c.is_woken());
    drop(c);
    assert!(lock.try_lock().is_some());
}

#[test]
fn one_who_leaves_while_another_was_woken_wakes_nobody() {
    let lock = Lock::new(());
    let guard = lock.try_lock().unwrap();
    let [mut a, mut b, c] = [(); 3].map(|()| ByHand::waiting(lock.lock()));
    drop(guard);
    drop(c);
    assert!(a.is_woken() && !b.is_woken());
    let guard = a.poll().unwrap();
    assert!(b.poll().is_none());
    drop(guard);
    assert!(b.poll().is_some());
}

#[test]
fn one_who_leaves_a_held_lock_wakes_nobody() {
    let lock = Lock::new(());
    let guard = lock.try_lock().unwrap();
    let [a, mut b, c] = [(); 3].map(|()| ByHand::waiting(lock.lock()));
    drop(a);
    drop(c);
    assert!(!b.is_woken());
    drop(guard);
    assert!(b.poll().is_some());
}

#[test]
fn a_future_that_was_never_polled_has_no_place() {
    let lock = Lock::new(());
    let guard = lock.try_lock().unwrap();
    let unpolled = lock.lock();
    drop(guard);
    assert!(lock.try_lock().is_some());
    drop(unpolled);
}

#[test]
fn a_panic_releases_the_lock() {
    run(async {
        let lock = Rc::new(Lock::new(0));
        let inside = lock.clone();
        let task = spawn(async move {
            let mut guard = inside.lock().await;
            *guard = 1;
            panic!("with the lock");
        });
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!(*lock.lock().await, 1);
    });
}

#[test]
fn the_value_is_reached_through_the_guard_only() {
    let mut lock = Lock::new(vec![1]);
    lock.get_mut().push(2);
    let mut guard = lock.try_lock().unwrap();
    guard.push(3);
    assert_eq!(format!("{lock:?}"), "Lock { locked: true, .. }");
    assert_eq!(format!("{guard:?}"), "[1, 2, 3]");
    drop(guard);
    assert_eq!(
        format!("{lock:?}"),
        "Lock { locked: false, value: [1, 2, 3], .. }"
    );
    assert_eq!(lock.into_inner(), [1, 2, 3]);
    let unsized_lock: &Lock<[u8]> = &Lock::new([1, 2]);
    assert_eq!(unsized_lock.try_lock().unwrap().len(), 2);
}

#[test]
fn many_tasks_take_turns_in_order() {
    let trace = Trace::new();
    run(async {
        let lock = Lock::new(());
        gather((0..4).map(|n| {
            let (lock, trace) = (&lock, &trace);
            async move {
                for round in 0..2 {
                    let _guard = lock.lock().await;
                    trace.add(format!("{n}.{round}"));
                    yield_now().await;
                }
            }
        }))
        .await;
    });
    assert_eq!(trace.take(), "0.0, 1.0, 2.0, 3.0, 0.1, 1.1, 2.1, 3.1");
}
