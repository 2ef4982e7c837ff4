//! What a cancellation does to whoever waits: the cases of CPython's `test_tasks` under their own names.
//!
//! `except CancelledError` is a drop here. So what CPython's cases note there is noted in a drop, and those that go on after it
//! have no counterpart.

mod common;

use std::cell::{Cell, RefCell};
use std::future::{pending, Future};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;
use std::time::Duration;

use coloop::sync::{NoResult, Promise};
use coloop::{
    gather, now, sleep, spawn, timeout_scope, wait, yield_now, ReturnWhen, Runner, Task, TaskHandle,
};
use common::{iterations, Trace};

const MS: Duration = Duration::from_millis(1);

fn in_no_time<F: Future>(future: F) -> F::Output {
    Runner::builder().virtual_time(true).build().run(future)
}

/// Starts a task that knows itself.
fn spawn_with_handle<F, T>(start: impl FnOnce(Rc<RefCell<Option<TaskHandle>>>) -> F) -> Task<T>
where
    F: Future<Output = T> + 'static,
    T: 'static,
{
    let itself = Rc::default();
    let task = spawn(start(Rc::clone(&itself)));
    *itself.borrow_mut() = Some(task.handle());
    task
}

/// That it ends as cancelled, and cannot be cancelled any more.
async fn is_cancelled<T>(task: Task<T>) {
    let handle = task.handle();
    assert!(task.await.err().unwrap().is_cancelled());
    assert!(handle.is_finished());
    assert!(!handle.cancel());
}

#[test]
fn test_cancelling() {
    in_no_time(async {
        let task = spawn(sleep(10_000 * MS));
        assert!(!format!("{task:?}").contains(" cancelling"));
        assert!(task.cancel());
        assert!(format!("{task:?}").contains(" cancelling"));
        assert!(task.cancel());
        is_cancelled(task).await;
    });
}

/// A limit of time ends the block in it and nothing else.
#[test]
fn test_uncancel_structured_blocks() {
    async fn request(naps: Duration, limit: Duration) -> (bool, bool, bool) {
        let is_block_finished = Cell::new(false);
        let limited = timeout_scope(Some(limit), async |_| {
            sleep(naps).await;
            is_block_finished.set(true);
        });
        let is_timed_out = limited.await.is_err();
        yield_now().await;
        (is_timed_out, is_block_finished.get(), true)
    }
    in_no_time(async {
        let late = spawn(request(10_000 * MS, 100 * MS));
        assert_eq!(late.await.unwrap(), (true, false, true));
        let in_time = spawn(request(Duration::ZERO, 10_000 * MS));
        assert_eq!(in_time.await.unwrap(), (false, true, true));
    });
}

#[test]
fn test_cancel() {
    in_no_time(async {
        let begun = now();
        let task = spawn(async {
            sleep(10_000 * MS).await;
            12
        });
        yield_now().await;
        task.cancel();
        is_cancelled(task).await;
        assert_eq!(now(), begun);
    });
}

/// A cancellation has no message. What remains is that the task never begins.
#[test]
fn test_cancel_with_message_before_starting_task() {
    let trace = Trace::new();
    in_no_time(async {
        let task = spawn(trace.traced("task", sleep(10_000 * MS)));
        task.cancel();
        let waited = wait([task], ReturnWhen::AllCompleted).await;
        assert!(waited.done[0].1.as_ref().unwrap_err().is_cancelled());
    });
    assert_eq!(trace.take(), "task dropped");
}

#[test]
fn test_cancel_yield() {
    in_no_time(async {
        let task = spawn(async {
            yield_now().await;
            yield_now().await;
            12
        });
        yield_now().await;
        task.cancel();
        is_cancelled(task).await;
    });
}

/// A task that waits for a promise that is cancelled learns of it; CPython's is cancelled as well.
#[test]
fn test_cancel_inner_future() {
    in_no_time(async {
        let promise = Rc::new(Promise::<u32>::new());
        let waits = Rc::clone(&promise);
        let task = spawn(async move { waits.wait().await });
        yield_now().await;
        assert!(promise.cancel());
        assert_eq!(task.await.unwrap(), Err(NoResult::Cancelled));
        assert!(promise.is_cancelled());
    });
}

#[test]
fn test_cancel_both_task_and_inner_future() {
    in_no_time(async {
        let promise = Rc::new(Promise::<u32>::new());
        let waits = Rc::clone(&promise);
        let task = spawn(async move { waits.wait().await });
        yield_now().await;
        promise.cancel();
        task.cancel();
        is_cancelled(task).await;
        assert!(promise.is_cancelled());
    });
}

#[test]
fn test_cancel_current_task() {
    in_no_time(async {
        let task = spawn_with_handle(|itself| async move {
            assert!(itself.borrow().as_ref().unwrap().cancel());
            sleep(100_000 * MS).await;
            12
        });
        is_cancelled(task).await;
    });
}

#[test]
fn test_cancel_at_end() {
    in_no_time(async {
        let task = spawn_with_handle(|itself| async move {
            assert!(itself.borrow().as_ref().unwrap().cancel());
            12
        });
        is_cancelled(task).await;
    });
}

/// Whom a cancelled task awaits goes on: that is what CPython's case has otherwise.
#[test]
fn test_cancel_awaited_task() {
    in_no_time(async {
        let nested = Rc::new(RefCell::new(None));
        let started = Rc::clone(&nested);
        let task = spawn_with_handle(|itself| async move {
            let nested = spawn(pending::<()>());
            *started.borrow_mut() = Some(nested.handle());
            yield_now().await;
            itself.borrow().as_ref().unwrap().cancel();
            let _ = nested.await;
        });
        is_cancelled(task).await;
        yield_now().await;
        assert!(!nested.borrow().as_ref().unwrap().is_finished());
    });
}

#[test]
fn test_task_cancel_sleeping_task() {
    in_no_time(async {
        let begun = now();
        let sleeper = spawn(sleep(5_000_000 * MS));
        let cancels = sleeper.handle();
        drop(spawn(async move {
            sleep(100 * MS).await;
            cancels.cancel();
        }));
        is_cancelled(sleeper).await;
        assert_eq!(now() - begun, 100 * MS);
    });
}

/// A promise belongs to everybody who waits, so that one who is cancelled leaves it as it is.
#[test]
fn test_task_cancel_waiter_future() {
    in_no_time(async {
        let promise = Rc::new(Promise::<u32>::new());
        let waits = Rc::clone(&promise);
        let task = spawn(async move { waits.wait().await });
        yield_now().await;
        task.cancel();
        yield_now().await;
        is_cancelled(task).await;
        assert!(!promise.is_done());
        assert_eq!(Rc::strong_count(&promise), 1);
    });
}

/// An exception in `except CancelledError` is a panic in a drop: it takes the place of the cancellation.
#[test]
fn test_baseexception_during_cancel() {
    struct Exits;
    impl Drop for Exits {
        fn drop(&mut self) {
            panic!("exit");
        }
    }
    in_no_time(async {
        let task = spawn(async {
            let _exits = Exits;
            sleep(10_000 * MS).await;
        });
        yield_now().await;
        task.cancel();
        assert!(!task.is_finished());
        yield_now().await;
        assert!(task.is_finished());
        let error = task.await.unwrap_err();
        assert!(error.is_panic() && !error.is_cancelled());
    });
}

#[test]
fn test_yield_future_passes_cancel() {
    let trace = Trace::new();
    in_no_time(async {
        let promise = Rc::new(Promise::<()>::new());
        let inner = trace.on_drop("inner");
        let outer = trace.on_drop("outer");
        let waits = Rc::clone(&promise);
        let task = spawn(async move {
            let _outer = outer;
            async move {
                let _inner = inner;
                let _ = waits.wait().await;
                unreachable!("it is cancelled");
            }
            .await;
        });
        yield_now().await;
        task.cancel();
        is_cancelled(task).await;
    });
    assert_eq!(trace.take(), "inner, outer");
}

#[test]
fn test_yield_wait_does_not_shield_cancel() {
    in_no_time(async {
        let (promise, proof) = (Rc::new(Promise::<()>::new()), Rc::new(Cell::new(0)));
        let (waits, proves) = (Rc::clone(&promise), Rc::clone(&proof));
        let inner = async move {
            waits.wait().await.unwrap();
            proves.set(proves.get() + 1);
        };
        let proves = Rc::clone(&proof);
        let outer = spawn(async move {
            wait([spawn(inner)], ReturnWhen::AllCompleted).await;
            proves.set(proves.get() + 100);
        });
        iterations(2).await;
        outer.cancel();
        is_cancelled(outer).await;
        promise.set_result(()).unwrap();
        iterations(2).await;
        assert_eq!(proof.get(), 1);
    });
}

/// One that always gathers is cancelled while it does.
#[test]
fn test_cancel_gather_2() {
    in_no_time(async {
        let task = spawn(async {
            for _ in 0..20 {
                gather([sleep(50 * MS)]).await;
            }
        });
        sleep(200 * MS).await;
        task.cancel();
        is_cancelled(task).await;
    });
}

#[test]
fn test_task_awaits_on_itself() {
    let mut runner = Runner::builder()
        .virtual_time(true)
        .detect_deadlocks(true)
        .build();
    let awaits_itself = async {
        let itself = Rc::new(RefCell::new(None::<Task<()>>));
        let awaits = Rc::clone(&itself);
        let task = spawn(async move {
            let task = awaits.borrow_mut().take().unwrap();
            let _ = task.await;
        });
        let handle = task.handle();
        *itself.borrow_mut() = Some(task);
        while !handle.is_finished() {
            pending::<()>().await;
        }
    };
    let panic = catch_unwind(AssertUnwindSafe(|| runner.run(awaits_itself))).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("Task-2"), "{message}");
}
