//! Barriers: who goes on, with which number.

use std::rc::Rc;

use coloop::{spawn, yield_now, Barrier, Task};

use crate::log::{log, outcome};
use crate::scenario::scenarios;

scenarios! { "barriers":
    all_go_on_when_the_last_has_come
    main_is_the_last
    rounds_follow_each_other
    who_comes_while_others_leave_is_of_the_next_round
    one_for_one_party_takes_no_turn
    cancelled_party_leaves
    reset_lets_those_who_wait_fail
    abort_lets_all_fail_until_it_is_reset
    released_party_is_cancelled
    reset_reaches_those_who_were_released
    abort_reaches_those_who_come_while_others_leave
}

type Shared = Rc<Barrier>;

async fn party(barrier: Shared, name: &'static str) {
    log!("{name} arrives");
    match barrier.wait().await {
        Ok(number) => log!("{name} goes on as {number}"),
        Err(_) => log!("{name} is told that it is broken"),
    }
}

fn parties<const N: usize>(barrier: &Shared, names: [&'static str; N]) -> [Task<()>; N] {
    names.map(|name| spawn(party(Rc::clone(barrier), name)))
}

async fn all(tasks: impl IntoIterator<Item = Task<()>>) {
    for task in tasks {
        outcome(task).await;
    }
}

async fn all_go_on_when_the_last_has_come() {
    let barrier = Rc::new(Barrier::new(3));
    all(parties(&barrier, ["a", "b", "c"])).await;
}

async fn main_is_the_last() {
    let barrier = Rc::new(Barrier::new(3));
    let tasks = parties(&barrier, ["a", "b"]);
    yield_now().await;
    log!("{} wait", barrier.n_waiting());
    party(barrier, "main").await;
    all(tasks).await;
}

async fn rounds_follow_each_other() {
    let barrier = Rc::new(Barrier::new(2));
    let tasks = ["a", "b"].map(|name| {
        let barrier = Rc::clone(&barrier);
        spawn(async move {
            for _ in 0..3 {
                party(Rc::clone(&barrier), name).await;
            }
        })
    });
    all(tasks).await;
}

async fn who_comes_while_others_leave_is_of_the_next_round() {
    let barrier = Rc::new(Barrier::new(2));
    all(parties(&barrier, ["a", "b", "c", "d"])).await;
}

async fn one_for_one_party_takes_no_turn() {
    let barrier = Rc::new(Barrier::new(1));
    let tasks = parties(&barrier, ["a"]);
    party(barrier, "main").await;
    all(tasks).await;
}

async fn cancelled_party_leaves() {
    let barrier = Rc::new(Barrier::new(3));
    let [a, b] = parties(&barrier, ["a", "b"]);
    yield_now().await;
    a.cancel();
    log!("a {}", outcome(a).await);
    log!("{} waits", barrier.n_waiting());
    let [c, d] = parties(&barrier, ["c", "d"]);
    all([b, c, d]).await;
}

async fn reset_lets_those_who_wait_fail() {
    let barrier = Rc::new(Barrier::new(3));
    let tasks = parties(&barrier, ["a", "b"]);
    yield_now().await;
    barrier.reset();
    log("main has reset it");
    all(tasks).await;
    all(parties(&barrier, ["c", "d", "e"])).await;
}

async fn abort_lets_all_fail_until_it_is_reset() {
    let barrier = Rc::new(Barrier::new(2));
    let a = parties(&barrier, ["a"]);
    yield_now().await;
    barrier.abort();
    log("main has aborted it");
    all(a).await;
    party(Rc::clone(&barrier), "main").await;
    barrier.reset();
    log("main has reset it");
    let b = parties(&barrier, ["b"]);
    party(barrier, "main").await;
    all(b).await;
}

async fn released_party_is_cancelled() {
    let barrier = Rc::new(Barrier::new(2));
    let [a] = parties(&barrier, ["a"]);
    yield_now().await;
    party(Rc::clone(&barrier), "main").await;
    a.cancel();
    log!("a {}", outcome(a).await);
    let b = parties(&barrier, ["b"]);
    party(barrier, "main").await;
    all(b).await;
}

async fn reset_reaches_those_who_were_released() {
    let barrier = Rc::new(Barrier::new(2));
    let a = parties(&barrier, ["a"]);
    yield_now().await;
    party(Rc::clone(&barrier), "main").await;
    barrier.reset();
    all(a).await;
    let b = parties(&barrier, ["b"]);
    party(barrier, "main").await;
    all(b).await;
}

async fn abort_reaches_those_who_come_while_others_leave() {
    let barrier = Rc::new(Barrier::new(2));
    let [a] = parties(&barrier, ["a"]);
    yield_now().await;
    party(Rc::clone(&barrier), "main").await;
    let [b] = parties(&barrier, ["b"]);
    barrier.abort();
    all([a, b]).await;
}
