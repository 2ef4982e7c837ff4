//! No wake is lost: what was written before it is seen by a poll that follows.

use crate::model::{check, woken};
use crate::{gather, spawn, Runner};

#[test]
fn a_wake_during_a_poll_is_followed_by_a_poll() {
    check(|| Runner::new().run(async { spawn(woken()).await.unwrap() }));
}

#[test]
fn two_threads_wake_one_task() {
    check(|| {
        Runner::new().run(async {
            spawn(gather!(woken(), woken())).await.unwrap();
        });
    });
}

#[test]
fn the_main_future_is_woken_as_a_task_is() {
    check(|| {
        Runner::new().run(gather!(woken(), woken()));
    });
}
