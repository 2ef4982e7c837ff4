//! Limits of time, `wait` and `as_completed` together with cancellation, panics and groups: further cases of CPython's `test_waitfor`,
//! `test_timeouts` and `test_tasks` under their own names. A task that is cancelled is one whose future is dropped.

mod common;

use std::cell::Cell;
use std::future::{pending, Future};
use std::rc::Rc;
use std::time::Duration;

use coloop::{
    as_completed, now, run, shield, sleep, spawn, timeout, timeout_at, timeout_scope, wait,
    yield_now, GroupFailure, ReturnWhen, Runner, TaskGroup,
};
use common::{iterations, Trace};

const SEC: Duration = Duration::from_secs(1);

fn in_no_time<F: Future>(future: F) -> F::Output {
    Runner::builder().virtual_time(true).build().run(future)
}

struct PanicOnDrop;

impl Drop for PanicOnDrop {
    fn drop(&mut self) {
        panic!("in drop");
    }
}

#[test]
fn test_asyncio_wait_for_cancelled() {
    in_no_time(async {
        let trace = Trace::new();
        let waits = spawn(timeout(20 * SEC, trace.traced("slow", sleep(10 * SEC))));
        iterations(2).await;
        waits.cancel();
        assert!(waits.await.unwrap_err().is_cancelled());
        assert_eq!(trace.take(), "slow pending, slow dropped");
    });
}

#[test]
fn test_asyncio_wait_for_timeout() {
    in_no_time(async {
        let trace = Trace::new();
        let slow = trace.traced("slow", sleep(10 * SEC));
        assert!(timeout(5 * SEC, slow).await.is_err());
        // It has a last turn when the time is over: what is ready then is in time.
        assert_eq!(trace.take(), "slow pending, slow pending, slow dropped");
    });
}

#[test]
fn test_cancel_wait_for() {
    in_no_time(async {
        let trace = Trace::new();
        let waits = spawn(timeout(60 * SEC, trace.traced("inner", pending::<()>())));
        yield_now().await;
        waits.cancel();
        assert!(waits.await.unwrap_err().is_cancelled());
        assert_eq!(trace.take(), "inner pending, inner dropped");
    });
}

#[test]
fn test_wait_for_issue86296() {
    // A task that ends in the iteration in which the one that awaits it is cancelled has its value; the other goes no further.
    in_no_time(async {
        let reached_end = Rc::new(Cell::new(false));
        let reached = Rc::clone(&reached_end);
        let inner = spawn(async { "done" });
        let inner_handle = inner.handle();
        let waits = spawn(async move {
            timeout(100 * SEC, inner).await.unwrap().unwrap();
            sleep(SEC).await;
            reached.set(true);
        });
        yield_now().await;
        waits.cancel();
        assert!(waits.await.unwrap_err().is_cancelled());
        assert!(inner_handle.is_finished());
        assert!(!reached_end.get());
    });
}

#[test]
fn test_wait_for_reraises_exception_during_cancellation() {
    // An exception in `finally` is a panic in a drop.
    let task = in_no_time(async {
        spawn(async {
            let inner = async {
                let _panic = PanicOnDrop;
                sleep(10 * SEC).await;
            };
            timeout(SEC, inner).await
        })
        .await
    });
    assert_eq!(task.unwrap_err().to_string(), "the task panicked: in drop");
}

#[test]
fn test_zero_timeout() {
    in_no_time(async {
        let task = shield(async {
            sleep(SEC).await;
            "done"
        });
        let handle = task.handle();
        assert!(timeout(Duration::ZERO, task).await.is_err());
        assert!(!handle.is_finished());
        sleep(2 * SEC).await;
        assert!(handle.is_finished());
    });
}

#[test]
fn test_shielded_timeout() {
    in_no_time(async {
        let mut task = spawn(async {
            sleep(2 * SEC).await;
            "done"
        });
        assert!(timeout(SEC, &mut task).await.is_err());
        assert!(!task.is_finished());
        assert_eq!(task.await.unwrap(), "done");
    });
}

#[test]
fn test_foreign_exception_on_timeout() {
    let task = in_no_time(async {
        spawn(timeout_scope(Some(SEC), async |_| {
            let _panic = PanicOnDrop;
            sleep(2 * SEC).await;
        }))
        .await
    });
    assert!(task.unwrap_err().is_panic());
}

#[test]
fn test_foreign_cancel_doesnt_timeout_if_not_expired() {
    in_no_time(async {
        let task = spawn(async {
            let late = timeout_scope(Some(10 * SEC), async |_| {
                coloop::current_task().unwrap().cancel();
                sleep(20 * SEC).await;
            })
            .await;
            panic!("not cancelled: {late:?}");
        });
        let begun = now();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(now(), begun);
    });
}

#[test]
fn test_outer_task_is_not_cancelled() {
    in_no_time(async {
        let outer = spawn(async {
            assert!(timeout(SEC, sleep(10 * SEC)).await.is_err());
        });
        assert!(outer.await.is_ok());
    });
}

#[test]
fn test_nested_timeouts_concurrent() {
    // Both are over when the loop looks: the inner one ends first, and then the outer one is in time.
    run(async {
        let outer = timeout(Duration::from_millis(2), async {
            let inner = timeout(Duration::from_millis(3), async {
                std::thread::sleep(Duration::from_millis(5));
                sleep(SEC).await;
            });
            assert!(inner.await.is_err());
            sleep(SEC).await;
        });
        assert!(outer.await.is_err());
    });
}

#[test]
fn test_nested_timeouts_loop_busy() {
    run(async {
        let begun = now();
        let outer = timeout(Duration::from_millis(4), async {
            let inner = timeout(Duration::from_millis(1), async {
                std::thread::sleep(Duration::from_millis(4));
                sleep(SEC).await;
            });
            assert!(inner.await.is_err());
            sleep(10 * SEC).await;
        });
        assert!(outer.await.is_err());
        assert!(now() - begun < 10 * SEC);
    });
}

#[test]
fn test_timeout_taskgroup() {
    // A group inside of a limit of time is dropped when that is over: a drop cannot give an error, and its tasks end in the next
    // iteration. The other way round the errors of the tasks come out.
    in_no_time(async {
        let trace = Trace::new();
        let group = TaskGroup::<()>::scope(async |group| {
            group.spawn(trace.traced("task", pending::<Result<(), ()>>()));
            pending::<Result<(), ()>>().await
        });
        assert!(timeout(SEC, group).await.is_err());
        yield_now().await;
        assert_eq!(trace.take(), "task pending, task dropped");

        let limited = TaskGroup::scope(async |group| {
            group.spawn(async { timeout(SEC, pending::<()>()).await });
            pending::<Result<(), _>>().await
        });
        let errors = limited.await.unwrap_err().into_errors();
        assert!(matches!(errors[..], [GroupFailure::Error(_)]));
    });
}

#[test]
fn test_wait_with_iterator_of_tasks() {
    in_no_time(async {
        let tasks = [2, 1].into_iter().map(|n| spawn(sleep(n * SEC)));
        let waited = wait(tasks, ReturnWhen::AllCompleted).await;
        assert_eq!((waited.done.len(), waited.pending.len()), (2, 0));
    });
}

#[test]
fn test_wait_generator() {
    in_no_time(async {
        let tasks = (0..10).map(|n| spawn(async move { n }));
        let waited = wait(tasks, ReturnWhen::AllCompleted).await;
        let values = waited.done.into_iter().map(|(_, value)| value.unwrap());
        assert_eq!(values.collect::<Vec<_>>(), (0..10).collect::<Vec<_>>());
    });
}

#[test]
fn test_as_completed_same_tasks_in_as_out() {
    // What comes out has the number of what went in.
    in_no_time(async {
        let mut ended = as_completed((0..4).map(|n| spawn(async move { n })));
        while let Some((number, value)) = ended.next().await {
            assert_eq!(value.unwrap(), number);
        }
    });
}

#[test]
fn test_as_completed_with_unused_timeout() {
    in_no_time(async {
        let deadline = now() + SEC;
        let mut ended = as_completed([spawn(async { "a" })]);
        let first = timeout_at(deadline, ended.next()).await.unwrap();
        assert_eq!(first.unwrap().1.unwrap(), "a");
        assert!(timeout_at(deadline, ended.next()).await.unwrap().is_none());
        assert!(now() < deadline);
    });
}

#[test]
fn test_as_completed_resume_iterator() {
    in_no_time(async {
        let mut ended = as_completed((0..4).map(|n| spawn(sleep(n * SEC))));
        let mut numbers = Vec::new();
        for _ in 0..2 {
            numbers.push(ended.next().await.unwrap().0);
        }
        let given_up = timeout(SEC / 2, ended.next()).await;
        assert!(given_up.is_err());
        while let Some((number, _)) = ended.next().await {
            numbers.push(number);
        }
        assert_eq!(numbers, [0, 1, 2, 3]);
    });
}

#[test]
fn test_shield_effect() {
    // Cancelling the outer one does not affect the inner one.
    in_no_time(async {
        let proof = Rc::new(Cell::new(0));
        let (inner, outer) = (Rc::clone(&proof), Rc::clone(&proof));
        let task = spawn(async move {
            let inner = shield(async move {
                sleep(SEC).await;
                inner.set(inner.get() + 1);
            });
            inner.await.unwrap();
            outer.set(outer.get() + 100);
        });
        yield_now().await;
        task.cancel();
        assert!(task.await.unwrap_err().is_cancelled());
        sleep(2 * SEC).await;
        assert_eq!(proof.get(), 1);
    });
}
