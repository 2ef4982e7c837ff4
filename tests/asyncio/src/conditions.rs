//! Conditions: who is notified, and who has the lock then.

use std::rc::Rc;

use coloop::{spawn, yield_now, Condition};

use crate::log::{finally, log, outcome, yields};
use crate::scenario::scenarios;

scenarios! { "conditions":
    notified_in_order
    notified_go_on_after_the_release
    notified_queue_behind_those_who_want_the_lock
    notified_again_wait_again
    wait_for_looks_first_and_after_each_notification
    notification_without_waiters_is_lost
    cancelled_waiter_is_not_notified
    notification_of_a_cancelled_waiter_goes_on
    cancelled_waiter_has_the_lock_once_more
    wait_for_is_cancelled
    contender_comes_before_who_is_notified_later
    notifier_waits_itself
}

type Shared = Rc<Condition<()>>;

async fn waiter(condition: Shared, name: &'static str) {
    let guard = condition.lock().await;
    log!("{name} waits");
    let _guard = guard.wait().await;
    log!("{name} goes on");
}

async fn contender(condition: Shared, name: &'static str) {
    let _guard = condition.lock().await;
    log!("{name} has the lock");
}

async fn notified_in_order() {
    let condition = Shared::default();
    let tasks = ["a", "b", "c", "d"].map(|name| spawn(waiter(Rc::clone(&condition), name)));
    yield_now().await;
    for count in [1, 2, 5] {
        let guard = condition.lock().await;
        log!("notify {count}");
        guard.notify(count);
        drop(guard);
        yields(3).await;
    }
    for task in tasks {
        outcome(task).await;
    }
}

async fn notified_go_on_after_the_release() {
    let condition = Shared::default();
    let tasks = ["a", "b"].map(|name| spawn(waiter(Rc::clone(&condition), name)));
    yield_now().await;
    let guard = condition.lock().await;
    guard.notify_all();
    log("main has notified");
    yields(3).await;
    log("main releases");
    drop(guard);
    for task in tasks {
        outcome(task).await;
    }
}

async fn notified_queue_behind_those_who_want_the_lock() {
    let condition = Shared::default();
    let a = spawn(waiter(Rc::clone(&condition), "a"));
    yield_now().await;
    let guard = condition.lock().await;
    let b = spawn(contender(Rc::clone(&condition), "b"));
    yield_now().await;
    guard.notify(1);
    let c = spawn(contender(Rc::clone(&condition), "c"));
    yields(2).await;
    drop(guard);
    for task in [a, b, c] {
        outcome(task).await;
    }
}

async fn notified_again_wait_again() {
    let condition = Shared::default();
    let tasks = ["a", "b"].map(|name| {
        let condition = Rc::clone(&condition);
        spawn(async move {
            let mut guard = condition.lock().await;
            for round in 0..3 {
                guard = guard.wait().await;
                log!("{name} has round {round}");
            }
        })
    });
    yield_now().await;
    while tasks.iter().any(|task| !task.is_finished()) {
        let guard = condition.lock().await;
        log("main notifies");
        guard.notify(1);
        drop(guard);
        yield_now().await;
    }
}

async fn wait_for_looks_first_and_after_each_notification() {
    let condition = Rc::new(Condition::new(0));
    let awaited = Rc::clone(&condition);
    let a = spawn(async move {
        let is_enough = |value: &mut u32| {
            log!("is {value} enough?");
            *value >= 2
        };
        let _guard = awaited.lock().await.wait_for(is_enough).await;
        log("a goes on");
    });
    yield_now().await;
    for _ in 0..2 {
        let mut guard = condition.lock().await;
        *guard += 1;
        log("main notifies");
        guard.notify(1);
        drop(guard);
        yields(2).await;
    }
    outcome(a).await;
}

async fn notification_without_waiters_is_lost() {
    let condition = Shared::default();
    condition.lock().await.notify_all();
    let a = spawn(waiter(Rc::clone(&condition), "a"));
    yields(3).await;
    log(if a.is_finished() { "ended" } else { "not yet" });
    condition.lock().await.notify(1);
    outcome(a).await;
}

async fn cancelled_waiter_is_not_notified() {
    let condition = Shared::default();
    let [a, b] = ["a", "b"].map(|name| spawn(waiter(Rc::clone(&condition), name)));
    yield_now().await;
    a.cancel();
    yield_now().await;
    condition.lock().await.notify(1);
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn notification_of_a_cancelled_waiter_goes_on() {
    let condition = Shared::default();
    let [a, b] = ["a", "b"].map(|name| spawn(waiter(Rc::clone(&condition), name)));
    yield_now().await;
    let guard = condition.lock().await;
    guard.notify(1);
    yield_now().await;
    log("main cancels a");
    a.cancel();
    drop(guard);
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn cancelled_waiter_has_the_lock_once_more() {
    let condition = Shared::default();
    let a = spawn(waiter(Rc::clone(&condition), "a"));
    yield_now().await;
    let guard = condition.lock().await;
    a.cancel();
    yields(3).await;
    log(if a.is_finished() { "ended" } else { "not yet" });
    drop(guard);
    log(outcome(a).await);
}

async fn wait_for_is_cancelled() {
    let condition = Shared::default();
    let waited = Rc::clone(&condition);
    let a = spawn(async move {
        let _left = finally("a is left");
        let guard = waited.lock().await;
        drop(guard.wait_for(|()| false).await);
    });
    let b = spawn(waiter(Rc::clone(&condition), "b"));
    yield_now().await;
    a.cancel();
    log!("a {}", outcome(a).await);
    condition.lock().await.notify(1);
    outcome(b).await;
}

async fn contender_comes_before_who_is_notified_later() {
    let condition = Shared::default();
    let a = spawn(waiter(Rc::clone(&condition), "a"));
    yield_now().await;
    condition.lock().await.notify(1);
    contender(condition, "main").await;
    outcome(a).await;
}

async fn notifier_waits_itself() {
    let condition = Shared::default();
    let tasks = ["a", "b", "c"].map(|name| {
        let condition = Rc::clone(&condition);
        spawn(async move {
            let guard = condition.lock().await;
            log!("{name} waits");
            let guard = guard.wait().await;
            log!("{name} notifies the next");
            guard.notify(1);
        })
    });
    yield_now().await;
    condition.lock().await.notify(1);
    for task in tasks {
        outcome(task).await;
    }
}
