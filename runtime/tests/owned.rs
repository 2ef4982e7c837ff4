//! Guards that own what they guard.

mod common;

use std::rc::Rc;

use coloop::{Lock, Semaphore};
use common::ByHand;

#[test]
fn an_owned_guard_keeps_the_lock_alive_and_releases_it() {
    let lock = Rc::new(Lock::new(String::from("a")));
    let mut guard = lock.clone().try_lock_owned().unwrap();
    guard.push('b');
    assert_eq!(format!("{lock:?}"), "Lock { locked: true, .. }");
    assert!(lock.try_lock().is_none());
    let mut next = ByHand::waiting(lock.clone().lock_owned());
    drop(lock);
    drop(guard);
    assert!(next.is_woken());
    let guard = next.poll().unwrap();
    drop(next);
    assert_eq!(*guard, "ab");
}

#[test]
fn owned_and_borrowed_waiters_of_a_lock_stand_in_one_queue() {
    let lock = Rc::new(Lock::new(()));
    let held = lock.try_lock().unwrap();
    let owned = ByHand::waiting(lock.clone().lock_owned());
    let mut borrowed = ByHand::waiting(lock.lock());
    drop(held);
    assert!(owned.is_woken() && !borrowed.is_woken());
    assert!(lock.clone().try_lock_owned().is_none());
    drop(owned);
    assert!(borrowed.is_woken());
    assert!(borrowed.poll().is_some());
}

#[test]
fn an_owned_permit_is_released_when_it_is_dropped() {
    let semaphore = Rc::new(Semaphore::new(1));
    let permit = semaphore.clone().try_acquire_owned().unwrap();
    assert!(semaphore.clone().try_acquire_owned().is_none());
    let mut first = ByHand::waiting(semaphore.clone().acquire_owned());
    let mut second = ByHand::waiting(semaphore.clone().acquire_owned());
    drop(permit);
    assert!(first.is_woken() && !second.is_woken());
    drop(first.poll().unwrap());
    assert!(second.poll().is_some());
    assert_eq!(semaphore.permits(), 1);
}

#[test]
fn a_value_that_locks_while_it_is_shown_does_not_get_in() {
    struct Nosy(std::rc::Weak<Lock<Nosy>>);
    impl std::fmt::Debug for Nosy {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            let lock = self.0.upgrade().unwrap();
            write!(f, "{}", lock.try_lock_owned().is_none())
        }
    }
    let lock = Rc::new_cyclic(|lock| Lock::new(Nosy(lock.clone())));
    assert_eq!(
        format!("{lock:?}"),
        "Lock { locked: false, value: true, .. }"
    );
    assert!(lock.try_lock().is_some());
}
