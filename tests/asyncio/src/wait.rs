//! Waiting for tasks without taking part.

use std::rc::Rc;
use std::time::Duration;

use coloop::{as_completed, sleep, spawn, wait, yield_now, Event, ReturnWhen, Task, Waited};

use crate::log::{finally, log, outcome, raise, secs, ticks, told, yields};
use crate::scenario::scenarios;

scenarios! { "wait":
    until_the_first_has_ended
    until_the_first_has_failed
    cancelled_one_is_no_failure
    late_ones_are_pending_and_go_on
    several_that_end_in_one_iteration
    waiter_that_is_cancelled_leaves_the_tasks
    as_completed_is_in_the_order_of_the_ends
    as_completed_of_what_ends_in_one_iteration
    as_completed_with_a_failure
    waiter_goes_on_after_the_last
    one_ends_an_iteration_after_the_first
    ended_ones_are_waited_for
}

async fn ends(name: &'static str, delay: u64) -> &'static str {
    let _left = finally(format!("{name} is left"));
    sleep(secs(delay)).await;
    log!("{name} ends");
    name
}

async fn fails(name: &'static str, delay: u64) -> &'static str {
    sleep(secs(delay)).await;
    log!("{name} fails");
    raise("boom")
}

fn ending<const N: usize>(tasks: [(&'static str, u64); N]) -> [Task<&'static str>; N] {
    tasks.map(|(name, delay)| spawn(ends(name, delay)))
}

/// Logs which are done and pending, and gives the latter.
fn say<T>(names: &[&str], waited: Waited<T>) -> Vec<Task<T>> {
    let named = |what: &str, numbers: Vec<usize>| {
        let all: Vec<&str> = numbers.into_iter().map(|number| names[number]).collect();
        log!(
            "{what}{}{}",
            if all.is_empty() { "" } else { " " },
            all.join(" ")
        );
    };
    named(
        "done",
        waited.done.iter().map(|(number, _)| *number).collect(),
    );
    named(
        "pending",
        waited.pending.iter().map(|(number, _)| *number).collect(),
    );
    waited.pending.into_iter().map(|(_, task)| task).collect()
}

async fn until_the_first_has_ended() {
    let tasks = ending([("a", 2), ("b", 1), ("c", 3)]);
    let left = say(
        &["a", "b", "c"],
        wait(tasks, ReturnWhen::FirstCompleted).await,
    );
    let rest = wait(left, ReturnWhen::AllCompleted).await;
    // The handle of the one that is done has been used up.
    log!("done a b c{}", if rest.done.len() == 2 { "" } else { "?" });
    log("pending");
}

async fn until_the_first_has_failed() {
    let tasks = [
        spawn(ends("a", 1)),
        spawn(fails("b", 2)),
        spawn(ends("c", 3)),
    ];
    say(
        &["a", "b", "c"],
        wait(tasks, ReturnWhen::FirstException).await,
    );
    sleep(secs(2)).await;
}

async fn cancelled_one_is_no_failure() {
    let tasks = ending([("a", 5), ("b", 2)]);
    sleep(secs(1)).await;
    tasks[0].cancel();
    say(&["a", "b"], wait(tasks, ReturnWhen::FirstException).await);
}

async fn late_ones_are_pending_and_go_on() {
    let tasks = ending([("a", 1), ("b", 3), ("c", 2)]);
    let waiting = wait(tasks, ReturnWhen::AllCompleted).timeout(Duration::from_millis(2500));
    say(&["a", "b", "c"], waiting.await);
    log("main goes on");
    sleep(secs(2)).await;
}

async fn several_that_end_in_one_iteration() {
    let tasks = [(); 3].map(|()| spawn(yields(1)));
    say(
        &["a", "b", "c"],
        wait(tasks, ReturnWhen::FirstCompleted).await,
    );
}

async fn waiter_that_is_cancelled_leaves_the_tasks() {
    let a = spawn(ends("a", 2));
    let waiter = spawn(async {
        let _left = finally("the waiter is left");
        wait([a], ReturnWhen::AllCompleted).await;
    });
    sleep(secs(1)).await;
    waiter.cancel();
    log(outcome(waiter).await);
    sleep(secs(2)).await;
}

async fn as_completed_is_in_the_order_of_the_ends() {
    let mut ended = as_completed(ending([("a", 3), ("b", 1), ("c", 4), ("d", 2)]));
    while let Some((_, name)) = ended.next().await {
        log!("main has {}", told(name));
    }
}

async fn as_completed_of_what_ends_in_one_iteration() {
    let event = Rc::new(Event::new());
    let [a, b, c] = ["a", "b", "c"].map(|name| {
        let event = Rc::clone(&event);
        spawn(async move {
            event.wait().await;
            name
        })
    });
    b.cancel();
    yield_now().await;
    event.set();
    let mut ended = as_completed([c, a]);
    while let Some((_, name)) = ended.next().await {
        log!("main has {}", told(name));
    }
}

async fn as_completed_with_a_failure() {
    let mut ended = as_completed([spawn(ends("a", 2)), spawn(fails("b", 1))]);
    while let Some((_, name)) = ended.next().await {
        log!("main has {}", told(name));
    }
}

async fn waiter_goes_on_after_the_last() {
    let tasks = [1, 2].map(|count| spawn(yields(count)));
    let other = spawn(ticks(6));
    wait(tasks, ReturnWhen::AllCompleted).await;
    log("main has both");
    outcome(other).await;
}

async fn one_ends_an_iteration_after_the_first() {
    let tasks = [1, 2, 9].map(|count| spawn(yields(count)));
    let waited = wait(tasks, ReturnWhen::FirstCompleted).await;
    say(&["a", "b", "c"], waited);
}

async fn ended_ones_are_waited_for() {
    let tasks = [spawn(yields(0))];
    yield_now().await;
    let other = spawn(ticks(3));
    say(&["a"], wait(tasks, ReturnWhen::AllCompleted).await);
    outcome(other).await;
}
