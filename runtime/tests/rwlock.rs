//! `RwLock`: who is in at the same time, and in what order.

mod common;

use std::rc::Rc;

use coloop::sync::RwLock;
use coloop::{run, spawn, timeout, yield_now};
use common::{ByHand, Trace};

#[test]
fn readers_are_in_together() {
    let lock = RwLock::new(100);
    let mut first = ByHand::new(lock.read());
    let mut second = ByHand::new(lock.read());
    let (first, second) = (first.poll().unwrap(), second.poll().unwrap());
    assert_eq!(*first + *second, 200);
}

#[test]
fn a_writer_is_in_alone() {
    let lock = RwLock::new(1);
    let mut writer = ByHand::new(lock.write()).poll().unwrap();
    *writer += 1;
    let mut reader = ByHand::waiting(lock.read());
    let mut other = ByHand::waiting(lock.write());
    drop(writer);
    assert!(reader.is_woken() && !other.is_woken());
    assert_eq!(reader.poll().map(|guard| *guard), Some(2));
    assert!(other.is_woken());
    assert!(other.poll().is_some());
}

#[test]
fn a_writer_waits_for_all_readers() {
    let lock = RwLock::new(());
    let (first, second) = (lock.try_read().unwrap(), lock.try_read().unwrap());
    let mut writer = ByHand::waiting(lock.write());
    drop(first);
    assert!(!writer.is_woken());
    drop(second);
    assert!(writer.is_woken());
    assert!(writer.poll().is_some());
}

#[test]
fn a_reader_does_not_overtake_a_writer_that_waits() {
    let lock = RwLock::new(());
    let reader = lock.try_read().unwrap();
    let mut writer = ByHand::waiting(lock.write());
    let mut late = ByHand::waiting(lock.read());
    assert!(lock.try_read().is_none());
    drop(reader);
    assert!(writer.is_woken() && !late.is_woken());
    let guard = writer.poll().unwrap();
    assert!(late.poll().is_none());
    drop(guard);
    assert!(late.is_woken());
    assert!(late.poll().is_some());
}

#[test]
fn a_writer_lets_all_readers_in_up_to_the_next_writer() {
    let lock = RwLock::new(());
    let writer = lock.try_write().unwrap();
    let mut readers = [(); 2].map(|()| ByHand::waiting(lock.read()));
    let mut next = ByHand::waiting(lock.write());
    let mut last = ByHand::waiting(lock.read());
    drop(writer);
    assert!(readers[0].is_woken());
    let first = readers[0].poll().unwrap();
    assert!(readers[1].is_woken());
    let second = readers[1].poll().unwrap();
    assert!(!next.is_woken() && !last.is_woken());
    drop((first, second));
    assert!(next.is_woken() && !last.is_woken());
    assert!(next.poll().is_some());
    assert!(last.poll().is_some());
}

#[test]
fn a_writer_that_leaves_lets_the_readers_behind_it_in() {
    let lock = RwLock::new(());
    let _reader = lock.try_read().unwrap();
    let writer = ByHand::waiting(lock.write());
    let mut behind = ByHand::waiting(lock.read());
    drop(writer);
    assert!(behind.is_woken());
    assert!(behind.poll().is_some());
}

#[test]
fn a_writer_that_is_woken_and_leaves_passes_its_turn_on() {
    let lock = RwLock::new(());
    let guard = lock.try_write().unwrap();
    let writer = ByHand::waiting(lock.write());
    let mut next = ByHand::waiting(lock.write());
    drop(guard);
    assert!(writer.is_woken() && !next.is_woken());
    assert!(lock.try_read().is_none() && lock.try_write().is_none());
    drop(writer);
    assert!(next.is_woken());
    assert!(next.poll().is_some());
}

#[test]
fn a_reader_that_is_woken_and_leaves_passes_its_turn_on() {
    let lock = RwLock::new(());
    let guard = lock.try_write().unwrap();
    let reader = ByHand::waiting(lock.read());
    let mut writer = ByHand::waiting(lock.write());
    drop(guard);
    assert!(reader.is_woken() && !writer.is_woken());
    drop(reader);
    assert!(writer.is_woken());
    assert!(writer.poll().is_some());
}

#[test]
fn downgrade_lets_readers_in_and_no_writer() {
    let lock = RwLock::new(1);
    let mut writer = lock.try_write().unwrap();
    let mut reader = ByHand::waiting(lock.read());
    let mut next = ByHand::waiting(lock.write());
    *writer = 2;
    let downgraded = writer.downgrade();
    assert!(reader.is_woken() && !next.is_woken());
    assert_eq!(reader.poll().map(|guard| *guard), Some(2));
    assert!(!next.is_woken());
    drop(downgraded);
    assert!(next.is_woken());
    assert!(next.poll().is_some());
}

#[test]
fn downgrade_with_a_writer_next_lets_nobody_in() {
    let lock = RwLock::new(());
    let writer = lock.try_write().unwrap();
    let mut next = ByHand::waiting(lock.write());
    let mut reader = ByHand::waiting(lock.read());
    let downgraded = writer.downgrade();
    assert!(!next.is_woken() && !reader.is_woken());
    drop(downgraded);
    assert!(next.poll().is_some());
    assert!(reader.poll().is_some());
}

#[test]
fn a_future_that_was_never_polled_has_no_place() {
    let lock = RwLock::new(());
    let _unpolled = lock.write();
    assert!(lock.try_write().is_some());
}

#[test]
fn a_panic_releases_the_lock() {
    run(async {
        let lock = Rc::new(RwLock::new(0));
        let panicking = spawn({
            let lock = lock.clone();
            async move {
                *lock.write().await = 1;
                let _guard = lock.write().await;
                panic!("with the lock held");
            }
        });
        assert!(panicking.await.unwrap_err().is_panic());
        assert_eq!(*lock.read().await, 1);
    });
}

#[test]
fn a_timeout_leaves_the_queue() {
    run(async {
        let lock = RwLock::new(());
        let reader = lock.read().await;
        let waited = timeout(std::time::Duration::from_millis(1), lock.write()).await;
        assert!(waited.is_err());
        assert!(lock.try_read().is_some());
        drop(reader);
        assert!(lock.try_write().is_some());
    });
}

#[test]
fn tasks_read_together_and_write_alone_in_the_order_of_their_arrival() {
    let trace = Trace::new();
    run(async {
        let lock = Rc::new(RwLock::new(0));
        let tasks = ["r1", "r2", "w1", "r3", "w2", "w3", "r4", "r5"].map(|name| {
            let (lock, trace) = (lock.clone(), trace.clone());
            spawn(async move {
                if name.starts_with('r') {
                    let guard = lock.read().await;
                    trace.add(format!("{name}={}", *guard));
                    yield_now().await;
                } else {
                    let mut guard = lock.write().await;
                    yield_now().await;
                    *guard += 1;
                    trace.add(name);
                }
            })
        });
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_eq!(trace.take(), "r1=0, r2=0, w1, r3=1, w2, w3, r4=3, r5=3");
}

#[test]
fn the_value_without_guards() {
    let mut lock = RwLock::from(1);
    *lock.get_mut() = 2;
    assert_eq!(format!("{lock:?}"), "RwLock { value: 2, .. }");
    let guard = lock.try_write();
    assert_eq!(format!("{lock:?}"), "RwLock { .. }");
    drop(guard);
    assert_eq!(lock.into_inner(), 2);
}
