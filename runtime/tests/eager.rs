//! Tasks that start at once: the cases of CPython's `test_eager_task_factory` under their own names.

mod common;

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use coloop::sync::Promise;
use coloop::{
    all_tasks, current_task, gather, sleep, spawn, ContextVar, Runner, Task, TaskBuilder, TaskGroup,
};

const MS: Duration = Duration::from_millis(1);

fn in_no_time<F: Future>(future: F) -> F::Output {
    Runner::builder().virtual_time(true).build().run(future)
}

fn eager<F>(future: F) -> Task<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    TaskBuilder::new().eager(true).spawn(future)
}

#[test]
fn test_await_future_during_eager_step() {
    in_no_time(async {
        let promise = Rc::new(Promise::new());
        let sets = Rc::clone(&promise);
        let task = eager(async move { sets.set_result("my message") });
        assert!(task.is_finished());
        assert_eq!(promise.wait().await, Ok("my message"));
    });
}

#[test]
fn test_eager_completion() {
    in_no_time(async {
        let task = eager(async { "hello" });
        assert!(task.is_finished());
        assert_eq!(task.await.unwrap(), "hello");
    });
}

#[test]
fn test_block_after_eager_step() {
    in_no_time(async {
        let task = eager(async {
            sleep(100 * MS).await;
            "finished after blocking"
        });
        let handle = task.handle();
        assert!(!handle.is_finished());
        assert_eq!(task.await.unwrap(), "finished after blocking");
        assert!(handle.is_finished());
    });
}

#[test]
fn test_cancellation_after_eager_completion() {
    in_no_time(async {
        let task = eager(async { "finished without blocking" });
        assert!(!task.cancel());
        assert_eq!(task.await.unwrap(), "finished without blocking");
    });
}

#[test]
fn test_cancellation_after_eager_step_blocks() {
    in_no_time(async {
        let task = eager(sleep(100 * MS));
        assert!(task.cancel());
        assert!(format!("{task:?}").contains(" cancelling"));
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn test_current_task() {
    in_no_time(async {
        let captured = Rc::new(RefCell::new(None));
        let captures = Rc::clone(&captured);
        let task = eager(async move {
            *captures.borrow_mut() = current_task();
            sleep(100 * MS).await;
            assert_eq!(current_task(), *captures.borrow());
        });
        assert_eq!(*captured.borrow(), Some(task.handle()));
        task.await.unwrap();
    });
}

#[test]
fn test_all_tasks_with_eager_completion() {
    in_no_time(async {
        let task = eager(async { all_tasks() });
        let handle = task.handle();
        assert!(!all_tasks().contains(&handle));
        assert!(task.await.unwrap().contains(&handle));
    });
}

#[test]
fn test_all_tasks_with_blocking() {
    in_no_time(async {
        let (first, second) = (Rc::new(Promise::new()), Rc::new(Promise::new()));
        let (waits, sets) = (Rc::clone(&first), Rc::clone(&second));
        let captured = Rc::new(RefCell::new(Vec::new()));
        let captures = Rc::clone(&captured);
        let task = eager(async move {
            *captures.borrow_mut() = all_tasks();
            waits.wait().await.unwrap();
            sets.set_result(()).unwrap();
        });
        assert!(captured.borrow().contains(&task.handle()));
        assert!(all_tasks().contains(&task.handle()));
        first.set_result(()).unwrap();
        second.wait().await.unwrap();
        assert!(!all_tasks().contains(&task.handle()));
    });
}

static VAR: ContextVar<u32> = ContextVar::new("var");

#[test]
fn test_context_vars() {
    in_no_time(async {
        let steps = Rc::new(Cell::new(0));
        let counts = Rc::clone(&steps);
        VAR.set(1);
        let task = eager(async move {
            assert_eq!(VAR.get(), Some(1));
            VAR.set(2);
            assert_eq!(VAR.get(), Some(2));
            counts.set(1);
            sleep(100 * MS).await;
            assert_eq!(VAR.get(), Some(2));
            VAR.set(3);
            assert_eq!(VAR.get(), Some(3));
            counts.set(2);
        });
        assert_eq!((steps.get(), VAR.get()), (1, Some(1)));
        task.await.unwrap();
        assert_eq!((steps.get(), VAR.get()), (2, Some(1)));
    });
}

type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

fn awaitable_chain(depth: u32) -> Boxed<u32> {
    Box::pin(async move {
        match depth {
            0 => 0,
            _ => 1 + awaitable_chain(depth - 1).await,
        }
    })
}

fn recursive_taskgroups(is_eager: bool, width: u32, depth: u32) -> Boxed<Result<(), String>> {
    Box::pin(async move {
        if depth == 0 {
            return Ok(());
        }
        TaskGroup::scope(async |group| {
            for _ in 0..width {
                let child = recursive_taskgroups(is_eager, width, depth - 1);
                let builder = TaskBuilder::new().eager(is_eager);
                let task = builder.spawn_in(group, child);
                assert_eq!(task.is_finished(), is_eager);
            }
            Ok(())
        })
        .await
        .map_err(|error| format!("{error:?}"))
    })
}

fn recursive_gather(width: u32, depth: u32) -> Boxed<()> {
    Box::pin(async move {
        if depth > 0 {
            gather((0..width).map(|_| recursive_gather(width, depth - 1))).await;
        }
    })
}

/// How many tasks the loop has had, without the main one.
fn tasks_so_far() -> u64 {
    let main = current_task().unwrap();
    spawn(async {}).handle().id() - main.id() - 1
}

#[test]
fn test_awaitables_chain() {
    in_no_time(async {
        assert_eq!(awaitable_chain(100).await, 100);
        assert_eq!(tasks_so_far(), 0);
    });
}

#[test]
fn test_recursive_taskgroups() {
    for is_eager in [false, true] {
        in_no_time(async {
            recursive_taskgroups(is_eager, 5, 4).await.unwrap();
            assert_eq!(tasks_so_far(), 5 + 25 + 125 + 625);
        });
    }
}

/// `gather` starts no tasks.
#[test]
fn test_recursive_gather() {
    in_no_time(async {
        recursive_gather(5, 4).await;
        assert_eq!(tasks_so_far(), 0);
    });
}
