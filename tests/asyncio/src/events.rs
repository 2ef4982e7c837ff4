//! Events: who goes on, and before whom.

use std::rc::Rc;

use coloop::{spawn, yield_now, Event};

use crate::log::{log, outcome, yields};
use crate::scenario::scenarios;

scenarios! { "events":
    set_wakes_in_order
    woken_go_on_though_it_is_cleared
    newcomer_after_set_goes_before_the_woken
    set_by_the_first_woken_is_for_the_next_round
    cancelled_waiter_leaves
    woken_waiter_is_cancelled
    two_events_wake_in_the_order_of_set
}

type Shared = Rc<Event>;

async fn waiter(event: Shared, name: &'static str) {
    log!("{name} waits");
    event.wait().await;
    log!("{name} goes on");
}

async fn set_wakes_in_order() {
    let event = Shared::default();
    let tasks = ["a", "b", "c"].map(|name| spawn(waiter(Rc::clone(&event), name)));
    yield_now().await;
    event.set();
    log("main has set it");
    for task in tasks.into_iter().rev() {
        outcome(task).await;
    }
}

async fn woken_go_on_though_it_is_cleared() {
    let event = Shared::default();
    let a = spawn(waiter(Rc::clone(&event), "a"));
    yield_now().await;
    event.set();
    event.clear();
    let b = spawn(waiter(Rc::clone(&event), "b"));
    yields(2).await;
    log("set again");
    event.set();
    outcome(a).await;
    outcome(b).await;
}

async fn newcomer_after_set_goes_before_the_woken() {
    let event = Shared::default();
    let a = spawn(waiter(Rc::clone(&event), "a"));
    yield_now().await;
    event.set();
    waiter(event, "main").await;
    outcome(a).await;
}

async fn set_by_the_first_woken_is_for_the_next_round() {
    let (event, next) = (Shared::default(), Shared::default());
    let relays = ["a", "b"].map(|name| {
        let (event, next) = (Rc::clone(&event), Rc::clone(&next));
        spawn(async move {
            waiter(event, name).await;
            next.set();
        })
    });
    let c = spawn(waiter(next, "c"));
    yield_now().await;
    event.set();
    for task in relays {
        outcome(task).await;
    }
    outcome(c).await;
}

async fn cancelled_waiter_leaves() {
    let event = Shared::default();
    let tasks = ["a", "b", "c"].map(|name| spawn(waiter(Rc::clone(&event), name)));
    yield_now().await;
    tasks[1].cancel();
    event.set();
    for task in tasks {
        log(outcome(task).await);
    }
}

async fn woken_waiter_is_cancelled() {
    let event = Shared::default();
    let a = spawn(waiter(Rc::clone(&event), "a"));
    yield_now().await;
    event.set();
    a.cancel();
    log(outcome(a).await);
}

async fn two_events_wake_in_the_order_of_set() {
    let (one, two) = (Shared::default(), Shared::default());
    let tasks = [(&one, "a"), (&two, "b"), (&one, "c")]
        .map(|(event, name)| spawn(waiter(Rc::clone(event), name)));
    yield_now().await;
    two.set();
    one.set();
    for task in tasks {
        outcome(task).await;
    }
}
