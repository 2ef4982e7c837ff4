//! Locks: who has it next.

use std::rc::Rc;

use coloop::{sleep, spawn, timeout, yield_now, Lock, Task};

use crate::log::{log, outcome, secs, yields};
use crate::scenario::scenarios;

scenarios! { "locks":
    first_come_first_served
    free_lock_takes_no_turn
    newcomer_does_not_overtake_the_woken
    holder_that_wants_again_is_last
    cancelled_waiter_is_passed_over
    woken_waiter_is_cancelled
    waiter_is_cancelled_and_then_the_lock_released
    newcomer_after_a_cancelled_waiter
    cancelled_holder_releases
    late_waiter_gives_up
}

type Shared = Rc<Lock<()>>;

async fn holder(lock: Shared, name: &'static str, turns: usize) {
    log!("{name} wants");
    let _guard = lock.lock().await;
    log!("{name} has");
    yields(turns).await;
    log!("{name} releases");
}

fn holders<const N: usize>(lock: &Shared, names: [&'static str; N]) -> [Task<()>; N] {
    names.map(|name| spawn(holder(Rc::clone(lock), name, 1)))
}

async fn other() {
    log("another task has a turn");
}

async fn first_come_first_served() {
    let lock = Shared::default();
    for task in holders(&lock, ["a", "b", "c"]) {
        outcome(task).await;
    }
}

async fn free_lock_takes_no_turn() {
    let lock = Shared::default();
    let other = spawn(other());
    for round in 0..3 {
        let _guard = lock.lock().await;
        log!("main has {round}");
    }
    outcome(other).await;
}

async fn newcomer_does_not_overtake_the_woken() {
    let lock = Shared::default();
    let guard = lock.lock().await;
    let [a] = holders(&lock, ["a"]);
    yield_now().await;
    drop(guard);
    log(if lock.is_locked() { "locked" } else { "free" });
    holder(Rc::clone(&lock), "main", 1).await;
    outcome(a).await;
}

async fn holder_that_wants_again_is_last() {
    let lock = Shared::default();
    let tasks = ["a", "b", "c"].map(|name| {
        let lock = Rc::clone(&lock);
        spawn(async move {
            holder(Rc::clone(&lock), name, 0).await;
            holder(lock, name, 2).await;
        })
    });
    for task in tasks {
        outcome(task).await;
    }
}

async fn cancelled_waiter_is_passed_over() {
    let lock = Shared::default();
    let guard = lock.lock().await;
    let tasks = holders(&lock, ["a", "b", "c"]);
    yield_now().await;
    tasks[1].cancel();
    yield_now().await;
    drop(guard);
    for task in tasks {
        log(outcome(task).await);
    }
}

async fn woken_waiter_is_cancelled() {
    let lock = Shared::default();
    let guard = lock.lock().await;
    let [a, b] = holders(&lock, ["a", "b"]);
    yield_now().await;
    drop(guard);
    a.cancel();
    let [_late] = holders(&lock, ["late"]);
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
    yields(4).await;
}

async fn waiter_is_cancelled_and_then_the_lock_released() {
    let lock = Shared::default();
    let guard = lock.lock().await;
    let [a, b] = holders(&lock, ["a", "b"]);
    yield_now().await;
    a.cancel();
    drop(guard);
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn newcomer_after_a_cancelled_waiter() {
    let lock = Shared::default();
    let guard = lock.lock().await;
    let [a] = holders(&lock, ["a"]);
    yield_now().await;
    a.cancel();
    let other = spawn(other());
    drop(guard);
    let guard = lock.lock().await;
    log("main has");
    drop(guard);
    outcome(other).await;
}

async fn cancelled_holder_releases() {
    let lock = Shared::default();
    let a = spawn(holder(Rc::clone(&lock), "a", 100));
    let [b] = holders(&lock, ["b"]);
    yields(2).await;
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn late_waiter_gives_up() {
    let lock = Shared::default();
    let guard = lock.lock().await;
    let tasks = [("a", 2), ("b", 1), ("c", 9)].map(|(name, limit)| {
        let held = holder(Rc::clone(&lock), name, 1);
        spawn(async move {
            if timeout(secs(limit), held).await.is_err() {
                log!("{name} gives up");
            }
        })
    });
    sleep(secs(3)).await;
    log("main releases");
    drop(guard);
    for task in tasks {
        outcome(task).await;
    }
}
