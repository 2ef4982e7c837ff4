//! Callbacks: in which turn they are called.

use std::future::pending;
use std::sync::mpsc;

use coloop::{spawn, to_thread, yield_now, LoopHandle, TaskHandle};

use crate::log::{finally, log, outcome, raise, ticks, yields};
use crate::scenario::scenarios;

scenarios! { "callbacks":
    are_called_in_the_order_of_registration
    are_called_in_the_iteration_after_the_end
    of_a_task_that_has_ended
    of_tasks_that_end_in_one_iteration
    of_a_cancelled_task
    that_start_tasks
    that_register_others
    that_fail
    come_before_an_awaiter_that_comes_later
    come_after_an_awaiter_that_came_first
    call_soon_threadsafe_has_its_place_in_the_order
    call_soon_threadsafe_of_a_thread
    thread_that_gives_a_result
    thread_that_starts_a_task
}

fn says(what: impl Into<String>) -> impl FnOnce(TaskHandle) {
    let what = what.into();
    move |_| log(what)
}

async fn ends(name: &'static str, turns: usize) -> &'static str {
    yields(turns).await;
    log!("{name} ends");
    name
}

async fn are_called_in_the_order_of_registration() {
    let a = spawn(ends("a", 0));
    for number in 0..3 {
        a.add_done_callback(says(format!("callback {number}")));
    }
    yields(2).await;
}

async fn are_called_in_the_iteration_after_the_end() {
    let a = spawn(ends("a", 1));
    a.add_done_callback(says("callback"));
    ticks(4).await;
}

async fn of_a_task_that_has_ended() {
    let a = spawn(ends("a", 0));
    yield_now().await;
    a.add_done_callback(says("callback"));
    log("registered");
    ticks(2).await;
}

async fn of_tasks_that_end_in_one_iteration() {
    for name in ["a", "b", "c"] {
        spawn(ends(name, 0)).add_done_callback(says(format!("{name} called back")));
    }
    yields(2).await;
}

async fn of_a_cancelled_task() {
    let a = spawn(async {
        let _left = finally("a is left");
        pending::<()>().await;
    });
    a.add_done_callback(says("callback"));
    yield_now().await;
    a.cancel();
    ticks(3).await;
}

async fn that_start_tasks() {
    let a = spawn(ends("a", 0));
    a.add_done_callback(|_| drop(spawn(ends("started by a callback", 0))));
    a.add_done_callback(says("second callback"));
    ticks(4).await;
}

async fn that_register_others() {
    let a = spawn(ends("a", 0));
    a.add_done_callback(|a| a.add_done_callback(says("late callback")));
    a.add_done_callback(says("second callback"));
    ticks(4).await;
}

async fn that_fail() {
    let a = spawn(ends("a", 0));
    a.add_done_callback(|_| {
        log("first callback");
        raise("boom");
    });
    a.add_done_callback(says("second callback"));
    log(outcome(a).await);
    yields(1).await;
}

async fn come_before_an_awaiter_that_comes_later() {
    let a = spawn(ends("a", 1));
    a.add_done_callback(says("callback"));
    let awaiter = spawn(async { log!("the awaiter has {}", outcome(a).await) });
    outcome(awaiter).await;
}

async fn come_after_an_awaiter_that_came_first() {
    let a = spawn(ends("a", 2));
    let handle = a.handle();
    let awaiter = spawn(async { log!("the awaiter has {}", outcome(a).await) });
    yield_now().await;
    handle.add_done_callback(says("callback"));
    outcome(awaiter).await;
    yields(1).await;
}

async fn call_soon_threadsafe_has_its_place_in_the_order() {
    let here = LoopHandle::current();
    let a = spawn(ends("a", 0));
    assert!(here.call_soon_threadsafe(|| log("called")).is_ok());
    let b = spawn(ends("b", 0));
    outcome(a).await;
    outcome(b).await;
}

async fn call_soon_threadsafe_of_a_thread() {
    let here = LoopHandle::current();
    let (open, gate) = mpsc::channel::<()>();
    let calls = move || {
        assert!(gate.recv().is_err());
        for number in 0..3 {
            let called = here.call_soon_threadsafe(move || log!("call {number}"));
            assert!(called.is_ok());
        }
    };
    // The thread goes on when it is waited for.
    drop(spawn(async move { drop(open) }));
    to_thread(calls).await;
    log("main goes on");
}

async fn thread_that_gives_a_result() {
    log!("main has {}", to_thread(|| 42).await);
}

async fn thread_that_starts_a_task() {
    let here = LoopHandle::current();
    let starts = move || {
        let started = here.run_coroutine_threadsafe(|| ends("a", 1));
        started.map(|task| task.result().unwrap_or("cancelled"))
    };
    log!(
        "the thread has {}",
        to_thread(starts).await.unwrap_or("nothing")
    );
}
