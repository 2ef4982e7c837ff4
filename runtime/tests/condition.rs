//! `Condition`. Names are those of `ConditionTests` in CPython's `test_locks.py`.
//!
//! Not carried over: `wait_unacquired`, `wait_for_unacquired`, `notify_unacquired`, `notify_all_unacquired` (they do
//! not compile), and what depends on a cancelled task that goes on with the lock (`wait_cancel_contested` asserts that
//! the lock is held afterwards; here it asserts that it is not lost).

mod common;

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use coloop::{gather, run, spawn, timeout, yield_now, Condition, Task};
use common::{iterations, ByHand, Trace};

/// Waits once.
fn waiting(condition: &Rc<Condition<()>>, trace: &Trace, name: &'static str) -> Task<()> {
    let (condition, trace) = (condition.clone(), trace.clone());
    spawn(async move {
        let guard = condition.lock().await;
        let _guard = guard.wait().await;
        trace.add(name);
    })
}

#[test]
fn test_wait() {
    let trace = Trace::new();
    run(async {
        let condition = Rc::new(Condition::new(()));
        let tasks = ["1", "2", "3"].map(|name| waiting(&condition, &trace, name));
        yield_now().await;
        assert_eq!(trace.take(), "");
        assert!(!condition.is_locked());

        let guard = condition.lock().await;
        guard.notify(1);
        yield_now().await;
        assert_eq!(trace.take(), "");
        assert!(condition.is_locked());
        drop(guard);
        yield_now().await;
        assert_eq!(trace.take(), "1");

        let guard = condition.lock().await;
        guard.notify(2);
        yield_now().await;
        assert_eq!(trace.take(), "");
        drop(guard);
        yield_now().await;
        assert_eq!(trace.take(), "2");
        yield_now().await;
        assert_eq!(trace.take(), "3");
        assert!(tasks.iter().all(Task::is_finished));
    });
}

#[test]
fn test_wait_cancel() {
    run(async {
        let condition = Rc::new(Condition::new(()));
        let task = waiting(&condition, &Trace::new(), "");
        yield_now().await;
        task.cancel();
        assert!(task.await.unwrap_err().is_cancelled());
        assert!(!condition.is_locked());
        assert!(format!("{condition:?}").contains("waiting: 0"));
    });
}

/// Notified, then cancelled while another holds the lock, then the lock is released.
#[test]
fn test_wait_cancel_contested() {
    run(async {
        let condition = Rc::new(Condition::new(()));
        let task = waiting(&condition, &Trace::new(), "");
        yield_now().await;
        assert!(!condition.is_locked());
        let guard = condition.lock().await;
        guard.notify(1);
        task.cancel();
        drop(guard);
        assert!(task.await.unwrap_err().is_cancelled());
        assert!(
            condition.try_lock().is_some(),
            "nobody is left in the queue"
        );
    });
}

/// bpo-32841: cancelled while it takes the lock again.
#[test]
fn test_wait_cancel_after_notify() {
    run(async {
        let condition = Rc::new(Condition::new(()));
        let task = waiting(&condition, &Trace::new(), "");
        yield_now().await;
        let guard = condition.lock().await;
        guard.notify(1);
        yield_now().await;
        task.cancel();
        yield_now().await;
        drop(guard);
        yield_now().await;
        assert!(task.await.unwrap_err().is_cancelled());
        assert!(condition.try_lock().is_some());
    });
}

#[test]
fn test_wait_for() {
    run(async {
        let condition = Rc::new(Condition::new(false));
        let calls = Rc::new(Cell::new(0));
        let task = {
            let (condition, calls) = (condition.clone(), calls.clone());
            spawn(async move {
                let guard = condition.lock().await;
                let guard = guard.wait_for(|value| {
                    calls.set(calls.get() + 1);
                    *value
                });
                assert!(*guard.await);
            })
        };
        yield_now().await;
        assert_eq!(calls.get(), 1);
        condition.lock().await.notify(1);
        yield_now().await;
        assert_eq!(calls.get(), 2);
        assert!(!task.is_finished());
        let mut guard = condition.lock().await;
        *guard = true;
        guard.notify(1);
        drop(guard);
        yield_now().await;
        assert!(task.is_finished());
        assert_eq!(calls.get(), 3);
    });
}

#[test]
fn wait_for_what_is_true_does_not_wait() {
    let condition = Condition::new(1);
    let guard = condition.try_lock().unwrap();
    let waited = ByHand::new(guard.wait_for(|n| *n == 1)).poll();
    assert_eq!(*waited.unwrap(), 1);
}

#[test]
fn test_notify() {
    let trace = Trace::new();
    run(async {
        let condition = Rc::new(Condition::new(()));
        let _tasks = ["1", "2", "3"].map(|name| waiting(&condition, &trace, name));
        yield_now().await;
        condition.lock().await.notify(1);
        yield_now().await;
        assert_eq!(trace.take(), "1");
        let guard = condition.lock().await;
        guard.notify(1);
        guard.notify(2048);
        drop(guard);
        iterations(2).await;
        assert_eq!(trace.take(), "2, 3");
    });
}

#[test]
fn test_notify_all() {
    let trace = Trace::new();
    run(async {
        let condition = Rc::new(Condition::new(()));
        let _tasks = ["1", "2"].map(|name| waiting(&condition, &trace, name));
        yield_now().await;
        condition.lock().await.notify_all();
        iterations(2).await;
        assert_eq!(trace.take(), "1, 2");
    });
}

/// In asyncio the block goes on with the lock; here it has to take it again.
#[test]
fn test_timeout_in_block() {
    run(async {
        let condition = Condition::new(());
        let guard = condition.lock().await;
        let waited = timeout(Duration::from_millis(1), guard.wait()).await;
        assert!(waited.is_err());
        assert!(condition.try_lock().is_some());
    });
}

fn consumer(condition: &Rc<Condition<i32>>) -> Task<()> {
    let condition = condition.clone();
    spawn(async move {
        let mut state = condition.lock().await;
        loop {
            state = state.wait_for(|state| *state != 0).await;
            if *state < 0 {
                return;
            }
            *state -= 1;
        }
    })
}

/// Notified and cancelled "at the same time": the other consumer must take the item.
async fn cancel_notified(iterations_between: usize) {
    let condition = Rc::new(Condition::new(0));
    let consumers = [consumer(&condition), consumer(&condition)];
    yield_now().await;
    let mut state = condition.lock().await;
    *state += 1;
    state.notify(1);
    iterations(iterations_between).await;
    consumers[0].cancel();
    let consumed = state.wait_for(|state| *state == 0);
    let released = async {
        iterations(5).await;
        let mut state = condition.lock().await;
        assert_eq!(*state, 0, "a wake-up was lost");
        state.notify_all();
        *state = 0;
    };
    let (state, ()) = gather!(consumed, released).await;
    drop(state);
    let mut state = condition.lock().await;
    *state = -1;
    state.notify_all();
    drop(state);
    let [first, second] = consumers;
    assert!(first.await.unwrap_err().is_cancelled());
    second.await.unwrap();
}

#[test]
fn test_cancelled_wakeup() {
    run(cancel_notified(0));
}

#[test]
fn test_cancelled_wakeup_relock() {
    run(cancel_notified(1));
}

#[test]
fn one_who_was_notified_and_leaves_notifies_the_next() {
    let condition = Condition::new(());
    let wait = || ByHand::waiting(condition.try_lock().unwrap().wait());
    let (a, b, c) = (wait(), wait(), wait());
    condition.try_lock().unwrap().notify(1);
    assert!(a.is_woken() && !b.is_woken());
    drop(a);
    assert!(b.is_woken() && !c.is_woken());

    let mut b = b;
    let guard = condition.try_lock().unwrap();
    assert!(b.poll().is_none(), "it queues for the lock");
    drop(b);
    assert!(c.is_woken());
    drop(guard);
    drop(c);
    assert!(condition.try_lock().is_some());
}

#[test]
fn one_who_was_not_notified_and_leaves_notifies_nobody() {
    let condition = Condition::new(());
    let wait = || ByHand::waiting(condition.try_lock().unwrap().wait());
    let (a, b) = (wait(), wait());
    drop(a);
    assert!(!b.is_woken());
    condition.try_lock().unwrap().notify(1);
    assert!(b.is_woken());
}

#[test]
fn the_lock_is_held_until_the_first_poll() {
    let condition = Condition::new(());
    let unpolled = condition.try_lock().unwrap().wait();
    assert!(condition.is_locked());
    drop(unpolled);
    assert!(!condition.is_locked());
}

#[test]
fn those_notified_queue_for_the_lock_like_everybody_else() {
    let condition = Condition::new(());
    let mut notified = ByHand::waiting(condition.try_lock().unwrap().wait());
    let guard = condition.try_lock().unwrap();
    let mut newcomer = ByHand::waiting(condition.lock());
    guard.notify(1);
    assert!(notified.poll().is_none());
    drop(guard);
    let guard = newcomer.poll().unwrap();
    assert!(notified.poll().is_none());
    drop(guard);
    assert!(notified.poll().is_some());
}
