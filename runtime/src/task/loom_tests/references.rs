//! The memory of a task goes once, on whatever thread; its future and its output go on the loop's.
//!
//! That the memory goes is seen by the inbox's `Arc` that each task has, and that it goes last by its `Witness`.

use std::future::{pending, poll_fn};
use std::task::{Poll, Waker};

use loom::thread;

use crate::model::{check, Drops, Guard};
use crate::{spawn, Runner, Task};

/// A task that lends its waker to a thread. It ends in its first turn, with a value, or never.
fn lend(future: &Drops, output: &Drops, ends: bool, borrow: fn(Waker)) -> Task<Guard> {
    let (guard, output) = (future.guard(), output.guard());
    spawn(async move {
        let _guard = guard;
        poll_fn(|cx| {
            let waker = cx.waker().clone();
            drop(thread::spawn(move || borrow(waker)));
            Poll::Ready(())
        })
        .await;
        if !ends {
            pending().await
        }
        output
    })
}

fn clone_and_drop(waker: Waker) {
    let other = waker.clone();
    drop(waker);
    drop(other);
}

/// Wakes with a reference that is counted for it, then with its own.
fn wake_twice(waker: Waker) {
    waker.wake_by_ref();
    waker.wake();
}

#[test]
fn wakers_go_while_the_task_ends() {
    check(|| {
        let (future, output) = (Drops::default(), Drops::default());
        Runner::new().run(async {
            let task = lend(&future, &output, true, clone_and_drop);
            drop(task.await);
        });
        future.assert_once_at_home();
        output.assert_once_at_home();
    });
}

#[test]
fn wakes_come_while_the_task_ends() {
    check(|| {
        let (future, output) = (Drops::default(), Drops::default());
        Runner::new().run(async {
            let task = lend(&future, &output, true, wake_twice);
            drop(task.await);
        });
        future.assert_once_at_home();
        output.assert_once_at_home();
    });
}

#[test]
fn the_output_of_a_task_without_a_handle_goes_before_its_last_waker() {
    check(|| {
        let (future, output) = (Drops::default(), Drops::default());
        Runner::new().run(async {
            drop(lend(&future, &output, true, clone_and_drop));
        });
        future.assert_once_at_home();
        output.assert_once_at_home();
    });
}

#[test]
fn wakes_come_while_the_loop_ends() {
    check(|| {
        let (future, output) = (Drops::default(), Drops::default());
        Runner::new().run(async {
            drop(lend(&future, &output, false, wake_twice));
        });
        future.assert_once_at_home();
        output.assert_once_at_home();
    });
}
