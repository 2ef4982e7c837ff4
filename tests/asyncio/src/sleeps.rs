//! Sleeps: in which order they end.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use coloop::{now, sleep, spawn, yield_now, Event};

use crate::log::{log, outcome, secs, yields};
use crate::scenario::scenarios;

scenarios! { "sleeps":
    order_is_that_of_the_deadlines
    deadlines_and_not_durations
    two_equal_deadlines_of_different_ages
    many_equal_deadlines
    zero_is_one_iteration
    woken_sleeper_wakes_others
    cancelled_sleep_is_no_more
    time_passes_by_what_is_slept
    time_stands_still_while_all_yield
}

async fn sleeps(name: &'static str, delays: impl IntoIterator<Item = u64>) {
    for delay in delays {
        sleep(secs(delay)).await;
        log!("{name} wakes after {delay}");
    }
}

type Sleeper = Pin<Box<dyn Future<Output = ()>>>;

fn sleeper(name: &'static str, delays: &'static [u64]) -> Sleeper {
    Box::pin(sleeps(name, delays.iter().copied()))
}

async fn all(sleepers: impl IntoIterator<Item = Sleeper>) {
    let tasks: Vec<_> = sleepers.into_iter().map(spawn).collect();
    for task in tasks {
        outcome(task).await;
    }
}

async fn order_is_that_of_the_deadlines() {
    all([sleeper("a", &[3]), sleeper("b", &[1]), sleeper("c", &[2])]).await;
}

async fn deadlines_and_not_durations() {
    all([
        sleeper("a", &[1, 3]),
        sleeper("b", &[2, 1]),
        sleeper("c", &[5]),
    ])
    .await;
}

async fn two_equal_deadlines_of_different_ages() {
    all([sleeper("a", &[1, 1]), sleeper("b", &[2])]).await;
}

async fn many_equal_deadlines() {
    all(["a", "b", "c", "d", "e", "f"].map(|name| sleeper(name, &[1]))).await;
}

async fn zero_is_one_iteration() {
    all([
        sleeper("a", &[0, 0, 0]),
        sleeper("b", &[0]),
        sleeper("c", &[1]),
    ])
    .await;
}

async fn woken_sleeper_wakes_others() {
    let event = Rc::new(Event::new());
    let waited = Rc::clone(&event);
    let sets = async move {
        sleeps("a", [1]).await;
        event.set();
        log("a has set it");
    };
    let waits = async move {
        waited.wait().await;
        log("b goes on");
    };
    let sleepers: [Sleeper; 3] = [Box::pin(sets), Box::pin(waits), sleeper("c", &[1, 1])];
    all(sleepers).await;
}

async fn cancelled_sleep_is_no_more() {
    let (a, b) = (spawn(sleeps("a", [1])), spawn(sleeps("b", [2])));
    yield_now().await;
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("b {}", outcome(b).await);
}

async fn time_passes_by_what_is_slept() {
    let started = now();
    sleeps("main", [1, 0, 3]).await;
    log!("main has slept {}", (now() - started).as_secs());
}

async fn time_stands_still_while_all_yield() {
    let sleeper = spawn(sleeps("a", [1]));
    let started = now();
    yields(100).await;
    log!("it is {}", (now() - started).as_secs());
    outcome(sleeper).await;
    log!("it is {}", (now() - started).as_secs());
}
