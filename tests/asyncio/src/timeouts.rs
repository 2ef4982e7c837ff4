//! Timeouts: what is late, and what happens then.

use std::future::Future;
use std::rc::Rc;
use std::time::Duration;

use coloop::{
    gather, now, sleep, spawn, timeout, timeout_scope, yield_now, Condition, Event, Lock, Queue,
    TaskBuilder,
};

use crate::log::{finally, log, outcome, raise, secs};
use crate::scenario::scenarios;

scenarios! { "timeouts":
    late_body_is_left_first
    body_in_time
    limits_pass_in_their_order
    inner_limit_is_for_the_inner_body
    outer_limit_ends_both
    without_a_limit
    limit_is_moved
    limit_is_moved_to_an_earlier_time
    limit_of_zero_and_a_body_that_does_not_wait
    limit_of_zero_and_a_body_that_waits
    event_is_set_in_the_iteration_of_the_limit
    event_is_set_before_the_limit
    limit_of_a_task_that_waits_for_a_lock
    limit_of_a_getter_loses_no_item
    cancellation_comes_before_the_limit
    another_error_passes
    wait_for_of_zero
    wait_for_cancels_a_coroutine
    wait_for_a_task
    wait_for_in_time
    equal_limits_one_in_the_other
    cancellation_before_the_limit_and_in_its_iteration
    cancellation_after_the_limit_and_in_its_iteration
    limit_of_what_is_gathered
    limit_of_a_notification
}

const HALF: Duration = Duration::from_millis(500);

async fn waits<T>(name: &'static str, wait: impl Future<Output = T>) -> &'static str {
    let _left = finally(format!("{name} is left"));
    log!("{name} waits");
    wait.await;
    log!("{name} goes on");
    name
}

async fn limited<T>(name: &'static str, limit: u64, wait: impl Future<Output = T>) {
    if timeout(secs(limit), waits(name, wait)).await.is_err() {
        log!("{name} is late");
    }
}

async fn late_body_is_left_first() {
    limited("a", 1, sleep(secs(2))).await;
}

async fn body_in_time() {
    limited("a", 2, sleep(secs(1))).await;
    sleep(secs(2)).await;
    log("nothing comes of the limit");
}

async fn limits_pass_in_their_order() {
    let tasks = [("a", 3), ("b", 1), ("c", 2)];
    let tasks = tasks.map(|(name, limit)| spawn(limited(name, limit, sleep(secs(9)))));
    for task in tasks {
        outcome(task).await;
    }
}

async fn inner_limit_is_for_the_inner_body() {
    limited("outer", 3, limited("inner", 1, sleep(secs(9)))).await;
}

async fn outer_limit_ends_both() {
    limited("outer", 1, limited("inner", 3, sleep(secs(9)))).await;
}

async fn without_a_limit() {
    let body = async |_: &_| waits("a", sleep(secs(1))).await;
    assert!(timeout_scope(None, body).await.is_ok());
}

async fn limit_is_moved() {
    let body = async |limit: &coloop::TimeoutScope| {
        sleep(HALF).await;
        limit.reschedule(limit.when().map(|when| when + secs(2)));
        waits("a", sleep(secs(2))).await
    };
    let ended = timeout_scope(Some(secs(1)), body).await;
    log(if ended.is_err() { "expired" } else { "in time" });
}

async fn limit_is_moved_to_an_earlier_time() {
    let started = now();
    let body = async |limit: &coloop::TimeoutScope| {
        limit.reschedule(Some(now() + secs(1)));
        waits("a", sleep(secs(2))).await
    };
    if timeout_scope(Some(secs(9)), body).await.is_err() {
        log!("late at {}", (now() - started).as_secs());
    }
}

async fn limit_of_zero_and_a_body_that_does_not_wait() {
    limited("a", 0, async { log("a is there") }).await;
}

async fn limit_of_zero_and_a_body_that_waits() {
    limited("a", 0, sleep(secs(1))).await;
}

fn event_after(delay: Duration) -> Rc<Event> {
    let event = Rc::new(Event::new());
    let set = Rc::clone(&event);
    drop(TaskBuilder::new().eager(true).spawn(async move {
        sleep(delay).await;
        set.set();
    }));
    event
}

async fn event_is_set_in_the_iteration_of_the_limit() {
    let event = event_after(secs(1));
    limited("a", 1, event.wait()).await;
}

async fn event_is_set_before_the_limit() {
    let event = event_after(HALF);
    limited("a", 1, event.wait()).await;
}

async fn limit_of_a_task_that_waits_for_a_lock() {
    let lock = Rc::new(Lock::new(()));
    let guard = lock.lock().await;
    let wanted = Rc::clone(&lock);
    let a = spawn(limited("a", 1, async move {
        let _guard = wanted.lock().await;
    }));
    sleep(secs(2)).await;
    drop(guard);
    log(if lock.is_locked() { "locked" } else { "free" });
    outcome(a).await;
}

async fn limit_of_a_getter_loses_no_item() {
    let queue = Queue::new(0);
    limited("a", 1, async {
        log!("got {}", queue.get().await.unwrap_or(0))
    })
    .await;
    assert!(queue.try_put(1).is_ok());
    log!("left {}", queue.len());
}

async fn cancellation_comes_before_the_limit() {
    let a = spawn(limited("a", 5, sleep(secs(9))));
    sleep(secs(1)).await;
    a.cancel();
    log(outcome(a).await);
}

async fn another_error_passes() {
    let fails = async {
        sleep(secs(1)).await;
        log("a fails");
        raise("boom")
    };
    log(outcome(spawn(limited::<()>("a", 2, fails))).await);
}

async fn wait_for_of_zero() {
    let starts = async {
        log("a starts");
        yield_now().await;
        log("a goes on");
    };
    if timeout(secs(0), starts).await.is_err() {
        log("late");
    }
}

async fn wait_for_cancels_a_coroutine() {
    if timeout(secs(1), waits("a", sleep(secs(9)))).await.is_err() {
        log("late");
    }
}

async fn wait_for_a_task() {
    let a = spawn(waits("a", sleep(secs(2))));
    if timeout(secs(1), a).await.is_err() {
        log("late");
    }
    sleep(secs(2)).await;
}

async fn wait_for_in_time() {
    log(timeout(secs(2), waits("a", sleep(secs(1))))
        .await
        .unwrap_or("late"));
}

async fn equal_limits_one_in_the_other() {
    limited("outer", 1, limited("inner", 1, sleep(secs(9)))).await;
}

async fn cancellation_before_the_limit_and_in_its_iteration() {
    let a = spawn(async {
        yield_now().await;
        limited("a", 1, sleep(secs(9))).await;
    });
    sleep(secs(1)).await;
    log("main cancels");
    a.cancel();
    log(outcome(a).await);
}

async fn cancellation_after_the_limit_and_in_its_iteration() {
    let a = spawn(limited("a", 1, sleep(secs(9))));
    yield_now().await;
    sleep(secs(1)).await;
    log(if a.cancel() {
        "main cancels"
    } else {
        "too late"
    });
    log(outcome(a).await);
}

async fn limit_of_what_is_gathered() {
    let both = async { gather!(waits("a", sleep(secs(5))), waits("b", sleep(secs(0)))).await };
    if timeout(secs(1), both).await.is_err() {
        log("late");
    }
}

async fn limit_of_a_notification() {
    let condition = Condition::new(());
    let waits = async {
        let guard = condition.lock().await;
        drop(guard.wait().await);
    };
    limited("a", 1, waits).await;
    log(if condition.is_locked() {
        "locked"
    } else {
        "free"
    });
}
