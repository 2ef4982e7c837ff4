//! Semaphores: to whom a permit goes.

use std::cell::Cell;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;

use coloop::{gather, sleep, spawn, yield_now, BoundedSemaphore, Semaphore};

use crate::log::{log, outcome, quietly, secs, ticks, yields};
use crate::scenario::scenarios;

scenarios! { "semaphores":
    first_come_first_served
    free_permit_takes_no_turn
    newcomer_does_not_overtake_the_woken
    several_releases_wake_several
    cancelled_waiter_is_passed_over
    permit_of_a_cancelled_waiter_goes_on
    waiter_is_cancelled_in_the_turn_of_the_release
    bounded_one_is_released_once_too_often
    limits_what_runs_at_once
    newcomer_after_a_cancelled_waiter
    several_woken_are_cancelled
}

async fn holder(semaphore: Rc<Semaphore>, name: &'static str, turns: usize) {
    log!("{name} wants");
    let _permit = semaphore.acquire().await;
    log!("{name} has");
    yields(turns).await;
    log!("{name} releases");
}

async fn other() {
    log("another task has a turn");
}

async fn first_come_first_served() {
    let semaphore = Rc::new(Semaphore::new(2));
    let jobs = [("a", 3), ("b", 1), ("c", 1), ("d", 2), ("e", 1)];
    let tasks = jobs.map(|(name, turns)| spawn(holder(Rc::clone(&semaphore), name, turns)));
    for task in tasks {
        outcome(task).await;
    }
}

async fn free_permit_takes_no_turn() {
    let semaphore = Semaphore::new(2);
    let other = spawn(other());
    let _one = semaphore.acquire().await;
    let _two = semaphore.acquire().await;
    log("main has two");
    outcome(other).await;
}

async fn newcomer_does_not_overtake_the_woken() {
    let semaphore = Rc::new(Semaphore::new(1));
    semaphore.acquire().await.forget();
    let a = spawn(holder(Rc::clone(&semaphore), "a", 1));
    yield_now().await;
    semaphore.release();
    semaphore.release();
    log(if semaphore.is_locked() {
        "locked"
    } else {
        "free"
    });
    holder(semaphore, "main", 1).await;
    outcome(a).await;
}

async fn several_releases_wake_several() {
    let semaphore = Rc::new(Semaphore::new(0));
    let tasks = ["a", "b", "c", "d"].map(|name| spawn(holder(Rc::clone(&semaphore), name, 0)));
    yield_now().await;
    for _ in 0..3 {
        semaphore.release();
    }
    log("main has released three");
    for task in tasks {
        outcome(task).await;
    }
}

async fn cancelled_waiter_is_passed_over() {
    let semaphore = Rc::new(Semaphore::new(0));
    let [a, b] = ["a", "b"].map(|name| spawn(holder(Rc::clone(&semaphore), name, 1)));
    yield_now().await;
    a.cancel();
    yield_now().await;
    semaphore.release();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn permit_of_a_cancelled_waiter_goes_on() {
    let semaphore = Rc::new(Semaphore::new(0));
    let [a, b, c] = ["a", "b", "c"].map(|name| spawn(holder(Rc::clone(&semaphore), name, 1)));
    yield_now().await;
    semaphore.release();
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
    log!("c {}", outcome(c).await);
}

async fn waiter_is_cancelled_in_the_turn_of_the_release() {
    let semaphore = Rc::new(Semaphore::new(0));
    let [a, b] = ["a", "b"].map(|name| spawn(holder(Rc::clone(&semaphore), name, 1)));
    yield_now().await;
    let other = spawn(ticks(3));
    a.cancel();
    semaphore.release();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
    outcome(other).await;
}

async fn bounded_one_is_released_once_too_often() {
    let semaphore = Rc::new(BoundedSemaphore::new(1));
    semaphore.acquire().await.forget();
    let shared = Rc::clone(&semaphore);
    let a = spawn(async move {
        log("a wants");
        let _permit = shared.acquire().await;
        log("a has");
        yield_now().await;
        log("a releases");
    });
    yield_now().await;
    semaphore.release();
    outcome(a).await;
    let released = quietly(|| catch_unwind(AssertUnwindSafe(|| semaphore.release())));
    if released.is_err() {
        log("too often");
    }
}

async fn limits_what_runs_at_once() {
    let (semaphore, running) = (Semaphore::new(2), Cell::new(0));
    let jobs = ["a", "b", "c", "d", "e"].into_iter().zip(1..);
    gather(jobs.map(|(name, duration)| {
        let (semaphore, running) = (&semaphore, &running);
        async move {
            let _permit = semaphore.acquire().await;
            running.set(running.get() + 1);
            log!("{name} runs as one of {}", running.get());
            sleep(secs(duration)).await;
            running.set(running.get() - 1);
        }
    }))
    .await;
}

async fn newcomer_after_a_cancelled_waiter() {
    let semaphore = Rc::new(Semaphore::new(0));
    let a = spawn(holder(Rc::clone(&semaphore), "a", 1));
    yield_now().await;
    a.cancel();
    semaphore.release();
    let other = spawn(other());
    let permit = semaphore.acquire().await;
    log("main has");
    drop(permit);
    outcome(other).await;
}

async fn several_woken_are_cancelled() {
    let semaphore = Rc::new(Semaphore::new(0));
    let tasks = ["a", "b", "c", "d"].map(|name| spawn(holder(Rc::clone(&semaphore), name, 1)));
    yield_now().await;
    semaphore.release();
    semaphore.release();
    for task in &tasks[..2] {
        task.cancel();
    }
    for task in tasks {
        log(outcome(task).await);
    }
}
