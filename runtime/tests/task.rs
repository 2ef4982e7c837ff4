//! `Task`: outcomes, cancellation, handles.

mod common;

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn, Future as _};
use std::rc::Rc;
use std::task::Poll;

use coloop::{run, spawn, yield_now, Task};
use common::{iterations, Trace};

#[test]
fn a_task_is_polled_when_woken_and_dropped_when_ready() {
    let trace = Trace::new();
    run(async {
        let task = spawn(trace.traced("task", iterations(2)));
        trace.add("spawned");
        task.await.unwrap();
        trace.add("joined");
    });
    assert_eq!(
        trace.take(),
        "spawned, task pending, task pending, task ready, task dropped, joined"
    );
}

#[test]
fn a_task_whose_handle_is_dropped_runs_on() {
    let trace = Trace::new();
    run(async {
        drop(spawn(trace.traced("task", yield_now())));
        iterations(2).await;
    });
    assert_eq!(trace.take(), "task pending, task ready, task dropped");
}

#[test]
fn an_output_is_dropped_with_the_handle_or_without_one_at_once() {
    let trace = Trace::new();
    run(async {
        let kept = trace.on_drop("kept");
        let lost = trace.on_drop("lost");
        let task = spawn(async { kept });
        drop(spawn(async { lost }));
        yield_now().await;
        trace.add("both finished");
        drop(task);
        trace.add("end");
    });
    assert_eq!(trace.take(), "lost, both finished, kept, end");
}

#[test]
fn a_panic_is_the_tasks_own() {
    run(async {
        let text = spawn(async { panic!("number {}", 7) });
        let any = spawn(async { std::panic::panic_any(7_i32) });
        drop(spawn(async { panic!("nobody asks") }));
        let error = text.await.unwrap_err();
        assert!(error.is_panic() && !error.is_cancelled());
        assert_eq!(error.to_string(), "the task panicked: number 7");
        let error = any.await.unwrap_err();
        assert_eq!(error.to_string(), "the task panicked");
        assert_eq!(*error.into_panic().downcast::<i32>().unwrap(), 7);
    });
}

#[test]
fn a_join_error_is_a_thread_safe_error() {
    fn check<E: std::error::Error + Send + Sync + 'static>(_: &E) {}
    run(async {
        let task = spawn(pending::<()>());
        task.cancel();
        let error = task.await.unwrap_err();
        check(&error);
        assert!(error.try_into_panic().unwrap_err().is_cancelled());
    });
}

#[test]
fn a_panic_drops_what_the_task_holds() {
    let trace = Trace::new();
    run(async {
        let held = trace.on_drop("held dropped");
        let task = spawn(async move {
            let _held = held;
            yield_now().await;
            panic!("with it");
        });
        assert!(task.await.is_err_and(|error| error.is_panic()));
        trace.add("joined");
    });
    assert_eq!(trace.take(), "held dropped, joined");
}

#[test]
fn cancel_drops_the_future_in_its_next_turn() {
    let trace = Trace::new();
    run(async {
        let task = spawn(trace.traced("task", pending::<()>()));
        yield_now().await;
        assert!(task.cancel());
        assert!(task.cancel());
        trace.add("cancelled");
        assert!(!task.is_finished());
        yield_now().await;
        assert!(task.is_finished());
        assert!(!task.cancel());
        trace.add("finished");
        assert!(task.await.unwrap_err().is_cancelled());
    });
    assert_eq!(
        trace.take(),
        "task pending, cancelled, task dropped, finished"
    );
}

#[test]
fn a_task_cancelled_before_its_first_turn_is_never_polled() {
    let trace = Trace::new();
    run(async {
        let task = spawn(trace.traced("task", async {}));
        assert!(task.cancel());
        assert!(task.await.unwrap_err().is_cancelled());
    });
    assert_eq!(trace.take(), "task dropped");
}

#[test]
fn cancel_keeps_the_place_of_a_task_that_is_ready() {
    let trace = Trace::new();
    run(async {
        let tasks: Vec<_> = ["a", "b", "c"]
            .map(|name| spawn(trace.traced(name, iterations(1))))
            .into_iter()
            .collect();
        yield_now().await;
        tasks[1].cancel();
        yield_now().await;
    });
    assert_eq!(
        trace.take(),
        "a pending, b pending, c pending, a ready, a dropped, b dropped, c ready, c dropped"
    );
}

/// A task with a way to reach its own handle.
fn spawn_with_handle<F, T>(
    make: impl FnOnce(Rc<RefCell<Option<Task<T>>>>) -> F,
) -> Rc<RefCell<Option<Task<T>>>>
where
    F: std::future::Future<Output = T> + 'static,
    T: 'static,
{
    let handle = Rc::default();
    let task = spawn(make(Rc::clone(&handle)));
    *handle.borrow_mut() = Some(task);
    handle
}

/// `test_tasks.test_cancel_current_task`.
#[test]
fn a_task_that_cancels_itself_ends_at_its_next_await() {
    let trace = Trace::new();
    run(async {
        let inside = trace.clone();
        let handle = spawn_with_handle(|handle| async move {
            let _dropped = inside.on_drop("dropped");
            assert!(handle.borrow().as_ref().unwrap().cancel());
            inside.add("still running");
            yield_now().await;
            inside.add("not reached");
        });
        iterations(2).await;
        let task = handle.take().unwrap();
        assert!(task.is_finished());
        assert!(task.await.unwrap_err().is_cancelled());
    });
    assert_eq!(trace.take(), "still running, dropped");
}

/// asyncio: "Task is cancelled right before coro stops".
#[test]
fn a_task_that_cancels_itself_and_returns_is_cancelled() {
    let trace = Trace::new();
    run(async {
        let output = trace.on_drop("output dropped");
        let handle = spawn_with_handle(|handle| async move {
            handle.borrow().as_ref().unwrap().cancel();
            output
        });
        yield_now().await;
        trace.add("joining");
        let task = handle.take().unwrap();
        assert!(task.await.err().unwrap().is_cancelled());
    });
    assert_eq!(trace.take(), "output dropped, joining");
}

#[test]
fn a_task_may_drop_its_own_handle() {
    let trace = Trace::new();
    run(async {
        let inside = trace.clone();
        let output = trace.on_drop("output dropped");
        spawn_with_handle(|handle| async move {
            drop(handle.take());
            yield_now().await;
            inside.add("ends");
            output
        });
        iterations(2).await;
    });
    assert_eq!(trace.take(), "ends, output dropped");
}

#[test]
fn a_future_may_use_its_handle_while_it_is_dropped() {
    struct CancelOnDrop(Rc<RefCell<Option<Task<()>>>>, Trace);
    impl Drop for CancelOnDrop {
        fn drop(&mut self) {
            let task = self.0.take().unwrap();
            self.1.add(format!("cancel: {}", task.cancel()));
            drop(task);
        }
    }
    let trace = Trace::new();
    run(async {
        let inside = trace.clone();
        let handle = spawn_with_handle(|handle| async move {
            let _guard = CancelOnDrop(handle, inside);
            pending::<()>().await;
        });
        yield_now().await;
        handle.borrow().as_ref().unwrap().cancel();
        iterations(2).await;
        assert!(handle.borrow().is_none());
    });
    assert_eq!(trace.take(), "cancel: true");
}

#[test]
fn who_awaits_goes_on_in_the_next_iteration() {
    let trace = Trace::new();
    run(async {
        let (a, b) = (trace.clone(), trace.clone());
        let task = spawn(async move {
            yield_now().await;
            a.add("task ends");
        });
        let joining = spawn(async move {
            task.await.unwrap();
            b.add("joined");
        });
        yield_now().await;
        trace.add("iteration");
        yield_now().await;
        trace.add("iteration");
        joining.await.unwrap();
    });
    assert_eq!(trace.take(), "iteration, task ends, iteration, joined");
}

#[test]
fn cancelling_who_awaits_a_task_leaves_that_task_alone() {
    let trace = Trace::new();
    run(async {
        let task = spawn(trace.traced("task", iterations(3)));
        let joining = spawn(task);
        yield_now().await;
        joining.cancel();
        iterations(3).await;
        assert!(joining.await.unwrap_err().is_cancelled());
    });
    assert_eq!(
        trace.take(),
        "task pending, task pending, task pending, task ready, task dropped"
    );
}

#[test]
fn a_wake_during_the_poll_is_not_lost_and_not_doubled() {
    let polls = Rc::new(Cell::new(0));
    run(async {
        let inside = polls.clone();
        spawn(poll_fn(move |cx| {
            inside.set(inside.get() + 1);
            if inside.get() < 3 {
                cx.waker().wake_by_ref();
                let clone = cx.waker().clone();
                clone.wake();
            }
            Poll::<()>::Pending
        }));
        iterations(10).await;
    });
    assert_eq!(polls.get(), 3);
}

#[test]
fn a_ready_task_that_woke_itself_is_not_polled_again() {
    let trace = Trace::new();
    run(async {
        let waking = poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::Ready(())
        });
        let task = spawn(trace.traced("task", waking));
        iterations(3).await;
        task.await.unwrap();
    });
    assert_eq!(trace.take(), "task ready, task dropped");
}

#[test]
fn only_the_last_who_polled_the_handle_is_woken() {
    run(async {
        let mut task = spawn(iterations(2));
        let (first, second) = (common::Wakes::new(), common::Wakes::new());
        for wakes in [&first, &second, &second] {
            let waker = wakes.clone().into();
            let mut cx = std::task::Context::from_waker(&waker);
            assert!(std::pin::Pin::new(&mut task).poll(&mut cx).is_pending());
        }
        iterations(3).await;
        assert_eq!((first.count(), second.count()), (0, 1));
        task.await.unwrap();
    });
}

#[test]
fn handles_say_what_they_are() {
    run(async {
        let task = spawn(async {});
        assert_eq!(format!("{task:?}"), "<Task-2 pending>");
        yield_now().await;
        assert_eq!(format!("{task:?}"), "<Task-2 finished>");
        let error = spawn(async { panic!("why") }).await.unwrap_err();
        assert_eq!(format!("{error:?}"), "Panicked(\"why\")");
    });
}
