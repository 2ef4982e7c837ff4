//! Futures: results that somebody else gives.

use std::rc::Rc;

use coloop::sync::{NoResult, Promise};
use coloop::{spawn, yield_now, Event};

use crate::log::{finally, log, outcome};
use crate::scenario::scenarios;

scenarios! { "futures":
    waiters_go_on_in_order
    decided_one_takes_no_turn
    newcomer_goes_before_the_woken
    is_decided_once
    cancelled_one_wakes_in_order
    waiter_that_is_cancelled
    result_and_event_wake_in_the_order_in_which_they_come
}

type Shared = Rc<Promise<&'static str>>;

async fn waiter(future: Shared, name: &'static str) {
    log!("{name} waits");
    let result = future.wait().await;
    log!("{name} has {}", result.unwrap_or("cancelled"));
}

fn set(future: &Shared) {
    assert!(future.set_result("it").is_ok());
}

async fn waiters_go_on_in_order() {
    let future = Shared::default();
    let tasks = ["a", "b", "c"].map(|name| spawn(waiter(Rc::clone(&future), name)));
    yield_now().await;
    set(&future);
    log("main has set it");
    for task in tasks.into_iter().rev() {
        outcome(task).await;
    }
}

async fn decided_one_takes_no_turn() {
    let future = Shared::default();
    set(&future);
    let a = spawn(waiter(Rc::clone(&future), "a"));
    waiter(future, "main").await;
    outcome(a).await;
}

async fn newcomer_goes_before_the_woken() {
    let future = Shared::default();
    let a = spawn(waiter(Rc::clone(&future), "a"));
    yield_now().await;
    set(&future);
    waiter(future, "main").await;
    outcome(a).await;
}

async fn is_decided_once() {
    let future = Shared::default();
    set(&future);
    if future.set_result("another").is_err() {
        log("too late");
    }
    log(if future.cancel() {
        "cancelled"
    } else {
        "too late"
    });
    log(future.wait().await.unwrap_or("cancelled"));
}

async fn cancelled_one_wakes_in_order() {
    let future = Shared::default();
    let tasks = ["a", "b"].map(|name| {
        let future = Rc::clone(&future);
        spawn(async move {
            if future.wait().await == Err(NoResult::Cancelled) {
                log!("{name} is told");
            }
        })
    });
    yield_now().await;
    future.cancel();
    for task in tasks {
        outcome(task).await;
    }
}

async fn waiter_that_is_cancelled() {
    let future = Shared::default();
    let [a, b] = ["a", "b"].map(|name| {
        let future = Rc::clone(&future);
        spawn(async move {
            let _left = finally(format!("{name} is left"));
            if future.wait().await.is_ok() {
                log!("{name} goes on");
            }
        })
    });
    yield_now().await;
    a.cancel();
    yield_now().await;
    log(if future.is_cancelled() {
        "cancelled"
    } else {
        "not cancelled"
    });
    set(&future);
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn result_and_event_wake_in_the_order_in_which_they_come() {
    let (future, event) = (Shared::default(), Rc::new(Event::new()));
    let waited = Rc::clone(&event);
    let a = spawn(async move {
        waited.wait().await;
        log("a goes on");
    });
    let b = spawn(waiter(Rc::clone(&future), "b"));
    yield_now().await;
    set(&future);
    event.set();
    outcome(a).await;
    outcome(b).await;
}
