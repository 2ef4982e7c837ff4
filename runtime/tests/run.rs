//! `run`: beginning and end.

mod common;

use std::cell::Cell;
use std::future::pending;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;
use std::time::Duration;

use coloop::{run, sleep, spawn, yield_now};
use common::Trace;
use futures_util::StreamExt;

const MS: Duration = Duration::from_millis(1);

fn message(panic: Box<dyn std::any::Any + Send>) -> String {
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().unwrap()).to_string(),
    }
}

#[test]
fn the_main_future_may_borrow_and_is_not_send() {
    let text = String::from("borrowed");
    let count = Rc::new(Cell::new(0));
    let length = run(async {
        count.set(1);
        yield_now().await;
        text.len()
    });
    assert_eq!((length, count.get()), (8, 1));
}

#[test]
fn a_loop_inside_a_loop_panics() {
    let outcome = run(async { catch_unwind(|| run(async {})) });
    assert_eq!(
        message(outcome.unwrap_err()),
        "`coloop::run` inside a running event loop: await the future instead, or start it with `coloop::spawn`"
    );
    run(async {});
}

#[test]
fn spawn_and_sleep_outside_of_a_loop_panic() {
    let outcome = catch_unwind(|| drop(spawn(async {})));
    assert_eq!(
        message(outcome.unwrap_err()),
        "coloop::spawn needs a running event loop on this thread: use it inside `coloop::run`"
    );
    let mut sleeping = common::ByHand::new(sleep(MS));
    let outcome = catch_unwind(AssertUnwindSafe(|| sleeping.poll()));
    assert_eq!(
        message(outcome.unwrap_err()),
        "coloop::sleep needs a running event loop on this thread: use it inside `coloop::run`"
    );
}

/// What CPython 3.13 prints for the same program.
#[test]
fn after_main_the_iteration_is_finished_and_one_more_is_done() {
    let trace = Trace::new();
    let counting = |name: &'static str| {
        let trace = trace.clone();
        async move {
            let _dropped = trace.on_drop(format!("{name} dropped"));
            for i in 0..10 {
                trace.add(format!("{name} {i}"));
                yield_now().await;
            }
        }
    };
    run(async {
        spawn(counting("a"));
        trace.add("main 0");
        yield_now().await;
        trace.add("main 1");
        spawn(counting("b"));
    });
    assert_eq!(
        trace.take(),
        "main 0, a 0, main 1, a 1, b 0, a dropped, b dropped"
    );
}

#[test]
fn remaining_tasks_are_dropped_in_order_of_start_inside_the_loop() {
    struct SpawnOnDrop(Trace, &'static str);
    impl Drop for SpawnOnDrop {
        fn drop(&mut self) {
            self.0.add(self.1);
            let late = self.0.on_drop("late dropped");
            let task = spawn(async move { drop(late) });
            self.0.add(format!("{task:?}"));
        }
    }
    let trace = Trace::new();
    let tasks = run(async {
        let start = |name| {
            let on_drop = SpawnOnDrop(trace.clone(), name);
            spawn(async move {
                let _on_drop = on_drop;
                pending::<()>().await;
            })
        };
        let quick = spawn(async {});
        let first = start("first");
        quick.await.unwrap();
        let second = start("second");
        yield_now().await;
        [first, second]
    });
    assert_eq!(
        trace.take(),
        "first, late dropped, <Task-5 finished>, second, late dropped, <Task-6 finished>"
    );
    for task in tasks {
        assert!(task.is_finished());
        assert!(!task.cancel());
        assert!(common::ByHand::new(task)
            .poll()
            .unwrap()
            .unwrap_err()
            .is_cancelled());
    }
}

#[test]
fn a_panic_of_main_drops_the_tasks_and_goes_on() {
    let trace = Trace::new();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        run(async {
            let _main = trace.on_drop("main dropped");
            let task = trace.on_drop("task dropped");
            spawn(async move {
                let _task = task;
                pending::<()>().await;
            });
            yield_now().await;
            panic!("out of main");
        })
    }));
    assert_eq!(message(outcome.unwrap_err()), "out of main");
    assert_eq!(trace.take(), "main dropped, task dropped");
    run(async { spawn(async {}).await.unwrap() });
}

#[test]
fn a_panic_in_the_drop_of_a_remaining_task_is_its_own() {
    struct PanicOnDrop;
    impl Drop for PanicOnDrop {
        fn drop(&mut self) {
            panic!("in drop");
        }
    }
    let trace = Trace::new();
    let [task] = run(async {
        let bad = spawn(async {
            let _bad = PanicOnDrop;
            pending::<()>().await;
        });
        let good = trace.on_drop("good dropped");
        spawn(async move {
            let _good = good;
            pending::<()>().await;
        });
        yield_now().await;
        [bad]
    });
    assert_eq!(trace.take(), "good dropped");
    let error = common::ByHand::new(task).poll().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "the task panicked: in drop");
}

/// Says in what it is dropped: the loop still runs for it.
struct Closed(Trace, &'static str);

impl Drop for Closed {
    fn drop(&mut self) {
        drop(spawn(async {}));
        self.0.add(format!("{} closed", self.1));
    }
}

fn ticker(trace: Trace, name: &'static str) -> impl futures_core::Stream<Item = u32> {
    coloop::gen!({
        let _closed = Closed(trace, name);
        for n in 0.. {
            yield n;
            yield_now().await;
        }
    })
}

/// `test_asyncgens`: who has begun with a generator and leaves it owns it, so it ends with its task, and with the loop at the latest.
#[test]
fn test_async_gen_asyncio_shutdown_01() {
    let trace = Trace::new();
    run(async {
        let mut of_main = Box::pin(ticker(trace.clone(), "main's"));
        assert_eq!(of_main.next().await, Some(0));
        let inner = trace.clone();
        spawn(async move {
            let mut of_task = Box::pin(ticker(inner, "a task's"));
            assert_eq!(of_task.next().await, Some(0));
            pending::<()>().await;
        });
        yield_now().await;
        trace.add("main ends");
    });
    assert_eq!(trace.take(), "main ends, main's closed, a task's closed");
}

/// One that nobody has begun with has nothing to close.
#[test]
fn a_generator_that_was_not_begun_has_nothing_to_close() {
    let trace = Trace::new();
    run(async {
        drop(ticker(trace.clone(), "unused"));
        let items: Vec<_> = ticker(trace.clone(), "used").take(3).collect().await;
        assert_eq!(items, [0, 1, 2]);
    });
    assert_eq!(trace.take(), "used closed");
}
