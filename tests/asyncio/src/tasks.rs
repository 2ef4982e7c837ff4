//! Tasks: when they start, in what turn they run, who learns of their end.

use std::pin::Pin;

use coloop::{all_tasks, spawn, yield_now, ContextVar, Event, TaskBuilder};

use crate::log::{finally, log, outcome, raise, yields};
use crate::scenario::scenarios;

scenarios! { "tasks":
    start_order
    zero_sleeps_interleave
    child_starts_after_what_is_ready
    ended_task_is_awaited_without_a_turn
    awaiter_comes_after_what_is_ready
    chain_takes_an_iteration_for_each
    exception_goes_to_the_awaiter
    all_tasks_counts_those_that_have_not_ended
    leftover_is_cancelled_when_main_ends
    leftover_that_was_just_started_has_a_turn
    leftover_of_a_leftover_does_not_start
    leftover_that_yields_has_two_turns
    eager_task_runs_before_its_starter
    eager_task_that_ends_at_once
    context_is_copied_when_a_task_starts
}

async fn steps(name: &'static str, count: u32) -> &'static str {
    for step in 0..count {
        log!("{name} {step}");
        yield_now().await;
    }
    log!("{name} ends");
    name
}

async fn start_order() {
    let tasks = ["a", "b", "c"].map(|name| {
        spawn(async move {
            log!("{name} starts");
            name
        })
    });
    log("main goes on");
    for task in tasks.into_iter().rev() {
        log!("{} is awaited", outcome(task).await);
    }
}

async fn zero_sleeps_interleave() {
    let (a, b) = (spawn(steps("a", 3)), spawn(steps("b", 2)));
    for step in 0..4 {
        log!("main {step}");
        yield_now().await;
    }
    log!("{} {}", outcome(a).await, outcome(b).await);
}

async fn child_starts_after_what_is_ready() {
    let a = spawn(async {
        let child = spawn(steps("child", 1));
        log("parent has a child");
        outcome(child).await;
        log("parent has no child");
    });
    let b = spawn(steps("b", 3));
    outcome(a).await;
    outcome(b).await;
}

async fn ended_task_is_awaited_without_a_turn() {
    let a = spawn(steps("a", 0));
    yield_now().await;
    let b = spawn(steps("b", 0));
    log!("main has {}", outcome(a).await);
    outcome(b).await;
}

async fn awaiter_comes_after_what_is_ready() {
    let a = spawn(async {
        drop(spawn(steps("early", 1)));
        yield_now().await;
        log("a ends");
        drop(spawn(steps("late", 1)));
    });
    outcome(a).await;
    log("main has a");
    yields(2).await;
}

async fn chain_takes_an_iteration_for_each() {
    fn link(depth: u32) -> Pin<Box<dyn std::future::Future<Output = ()>>> {
        Box::pin(async move {
            if depth > 0 {
                outcome(spawn(link(depth - 1))).await;
            }
            log!("link {depth} ends");
        })
    }
    drop(spawn(steps("tick", 7)));
    link(3).await;
    log("main has all");
}

async fn exception_goes_to_the_awaiter() {
    let a = spawn(async {
        log("a fails");
        raise("boom")
    });
    let b = spawn(steps("b", 2));
    log!("a {}", outcome::<()>(a).await);
    log!("b {}", outcome(b).await);
}

async fn all_tasks_counts_those_that_have_not_ended() {
    let [a, b] = ["a", "b"].map(|name| spawn(steps(name, 1)));
    log(all_tasks().len());
    outcome(a).await;
    log(all_tasks().len());
    outcome(b).await;
    log(all_tasks().len());
}

async fn waits() {
    let _dropped = finally("a is dropped");
    log("a waits");
    Event::new().wait().await;
}

async fn leftover_is_cancelled_when_main_ends() {
    drop(spawn(waits()));
    yield_now().await;
    log("main ends");
}

async fn leftover_that_was_just_started_has_a_turn() {
    drop(spawn(waits()));
    log("main ends");
}

async fn leftover_of_a_leftover_does_not_start() {
    drop(spawn(async {
        log("a starts");
        drop(spawn(steps("b", 0)));
        yield_now().await;
        log("a goes on");
    }));
    log("main ends");
}

async fn leftover_that_yields_has_two_turns() {
    drop(spawn(async {
        let _dropped = finally("a is dropped");
        for step in 0..5 {
            log!("a {step}");
            yield_now().await;
        }
    }));
    yield_now().await;
    log("main ends");
}

async fn eager_task_runs_before_its_starter() {
    let b = spawn(steps("b", 1));
    let a = TaskBuilder::new().eager(true).spawn(steps("a", 2));
    log("main goes on");
    outcome(a).await;
    outcome(b).await;
}

async fn eager_task_that_ends_at_once() {
    let b = spawn(steps("b", 0));
    let a = TaskBuilder::new().eager(true).spawn(steps("a", 0));
    log(if a.is_finished() {
        "a has ended"
    } else {
        "a goes on"
    });
    log!("main has {}", outcome(a).await);
    outcome(b).await;
}

async fn context_is_copied_when_a_task_starts() {
    static VAR: ContextVar<&str> = ContextVar::new("var");
    let has = |name| log!("{name} has {}", VAR.get().unwrap_or("nothing"));
    let child = move |name| async move {
        has(name);
        VAR.set(name);
        yield_now().await;
        has(name);
    };
    VAR.set("main");
    let a = spawn(child("a"));
    VAR.set("changed");
    let b = spawn(child("b"));
    outcome(a).await;
    outcome(b).await;
    has("main");
}
