//! What a `TaskGroup` does. With a name of CPython's `test_taskgroups`: that case; more of them are in `task_group_ends`.

mod common;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use coloop::{
    all_tasks, run, sleep, spawn, timeout, yield_now, GroupError, GroupFailure, TaskGroup,
};
use common::{iterations, Trace};

const MS: Duration = Duration::from_millis(1);

#[derive(Debug, PartialEq)]
enum Error {
    ZeroDivision,
    Type,
    Value,
}

/// The errors, by their names; panics by their messages.
fn names(error: GroupError<Error>) -> Vec<String> {
    let name = |failure| match failure {
        GroupFailure::Error(error) => format!("{error:?}"),
        GroupFailure::Panicked(error) => error.to_string(),
    };
    error.into_errors().into_iter().map(name).collect()
}

async fn crash_soon() -> Result<(), Error> {
    sleep(MS).await;
    Err(Error::ZeroDivision)
}

#[test]
fn test_taskgroup_01() {
    run(async {
        let sum = TaskGroup::scope(async |group| {
            let foo1 = group.spawn(async {
                sleep(MS).await;
                Ok(42)
            });
            let foo2 = group.spawn(async {
                sleep(2 * MS).await;
                Ok(11)
            });
            Ok::<_, Error>(foo1.await.unwrap() + foo2.await.unwrap())
        });
        assert_eq!(sum.await.unwrap(), 53);
    });
}

#[test]
fn test_taskgroup_02() {
    // The scope waits for tasks that the body has not awaited.
    run(async {
        let done = Rc::new(Cell::new(0));
        TaskGroup::scope(async |group| {
            for n in 1..=2 {
                let done = Rc::clone(&done);
                drop(group.spawn(async move {
                    sleep(n * MS).await;
                    done.set(done.get() + 1);
                    Ok::<_, Error>(())
                }));
            }
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(done.get(), 2);
    });
}

#[test]
fn test_taskgroup_03() {
    // A task that is cancelled alone is no error of the group.
    run(async {
        let value = TaskGroup::scope(async |group| {
            let foo1 = group.spawn(async {
                pending::<()>().await;
                Ok(42)
            });
            let foo2 = group.spawn(async { Ok::<_, Error>(11) });
            sleep(MS).await;
            foo1.cancel();
            assert!(foo1.await.unwrap_err().is_cancelled());
            Ok(foo2.await.unwrap())
        });
        assert_eq!(value.await.unwrap(), 11);
    });
}

#[test]
fn an_error_of_a_task_cancels_the_others_and_then_the_body() {
    // An error of a task cancels the body and the other tasks.
    run(async {
        let trace = Trace::new();
        let failed = TaskGroup::scope(async |group| {
            drop(group.spawn(crash_soon()));
            let traced = trace.traced("other", pending::<Result<(), Error>>());
            let other = group.spawn(traced);
            let _body = trace.on_drop("body dropped");
            other.await.unwrap();
            trace.add("never");
            Ok(())
        });
        assert_eq!(names(failed.await.unwrap_err()), ["ZeroDivision"]);
        // The other tasks first, then the body: as asyncio cancels them.
        assert_eq!(trace.take(), "other pending, other dropped, body dropped");
    });
}

#[test]
fn errors_of_one_iteration_come_out_together() {
    run(async {
        let failed = TaskGroup::scope(async |group| {
            for error in [Error::ZeroDivision, Error::Type, Error::Value] {
                drop(group.spawn(async move {
                    yield_now().await;
                    Err::<(), _>(error)
                }));
            }
            pending::<Result<(), Error>>().await
        });
        // All three are due in the same iteration; the first cancels the others in the next one.
        let found = names(failed.await.unwrap_err());
        assert_eq!(found, ["ZeroDivision", "Type", "Value"]);
    });
}

#[test]
fn an_error_of_the_body_cancels_the_tasks() {
    // The error of the body cancels the tasks.
    run(async {
        let trace = Trace::new();
        let failed = TaskGroup::scope(async |group| {
            drop(group.spawn(trace.traced("task", pending::<Result<(), Error>>())));
            yield_now().await;
            Err::<(), _>(Error::Type)
        });
        assert_eq!(names(failed.await.unwrap_err()), ["Type"]);
        assert_eq!(trace.take(), "task pending, task dropped");
    });
}

#[test]
fn a_body_that_ends_in_the_iteration_of_the_failure_has_its_error() {
    run(async {
        let failed = TaskGroup::scope(async |group| {
            let fails = group.spawn(async { Err::<(), _>(Error::ZeroDivision) });
            while !fails.is_finished() {
                yield_now().await;
            }
            Err::<(), _>(Error::Type)
        });
        let found = names(failed.await.unwrap_err());
        assert_eq!(found, ["ZeroDivision", "Type"]);
    });
}

#[test]
fn a_body_that_never_waits_for_the_failed_task_is_cancelled() {
    // A body that waits in a loop for something else is cancelled as well.
    run(async {
        let failed = TaskGroup::scope::<()>(async |group| {
            drop(group.spawn(async { Err::<(), _>(Error::ZeroDivision) }));
            loop {
                yield_now().await;
            }
        });
        assert_eq!(names(failed.await.unwrap_err()), ["ZeroDivision"]);
    });
}

#[test]
fn a_task_that_is_due_in_the_iteration_of_the_failure_has_its_turn() {
    run(async {
        let trace = Trace::new();
        let failed = TaskGroup::scope(async |group| {
            drop(group.spawn(async { Err::<(), _>(Error::ZeroDivision) }));
            let late = group.clone();
            let other = async move {
                drop(late.spawn(async { Err::<(), _>(Error::Type) }));
                pending::<Result<(), Error>>().await
            };
            drop(group.spawn(trace.traced("other", other)));
            Ok(())
        });
        assert_eq!(names(failed.await.unwrap_err()), ["ZeroDivision"]);
        // What it has started is cancelled before its first turn.
        assert_eq!(trace.take(), "other pending, other dropped");
    });
}

#[test]
fn a_scope_that_is_dropped_drops_its_body_and_then_its_tasks() {
    // Whoever awaits the scope is cancelled: so are the tasks.
    run(async {
        let trace = Trace::new();
        let traced = trace.clone();
        let task = spawn(async move {
            TaskGroup::scope(async |group| {
                drop(group.spawn(traced.traced("child", pending::<Result<(), Error>>())));
                let _body = traced.on_drop("body dropped");
                pending::<Result<(), Error>>().await
            })
            .await
        });
        iterations(2).await;
        task.cancel();
        assert!(task.await.unwrap_err().is_cancelled());
        iterations(2).await;
        assert_eq!(trace.take(), "child pending, body dropped, child dropped");
        assert_eq!(all_tasks().len(), 1);
    });
}

#[test]
fn a_scope_that_is_dropped_while_it_waits_cancels_its_tasks() {
    // Cancelled while it only waits for its tasks.
    run(async {
        let trace = Trace::new();
        let traced = trace.clone();
        let scope = TaskGroup::scope(async move |group| {
            drop(group.spawn(traced.traced("child", pending::<Result<(), Error>>())));
            Ok(())
        });
        assert!(timeout(MS, scope).await.is_err());
        iterations(2).await;
        assert_eq!(trace.take(), "child pending, child dropped");
    });
}

#[test]
fn an_error_of_an_inner_group_is_one_of_the_outer_one() {
    // Groups in groups: an error of the inner one is one of the outer one.
    run(async {
        let failed = TaskGroup::scope(async |outer| {
            drop(outer.spawn(async {
                let inner = TaskGroup::scope(async |inner| {
                    drop(inner.spawn(crash_soon()));
                    pending::<Result<(), Error>>().await
                });
                inner.await.map_err(|error| names(error).join("+"))
            }));
            pending::<Result<(), String>>().await
        });
        let errors = failed.await.unwrap_err();
        assert_eq!(
            errors.to_string(),
            "unhandled errors in a task group: ZeroDivision"
        );
    });
}

#[test]
fn a_panic_of_a_task_is_an_error_of_the_group() {
    // A panic of a task.
    run(async {
        let failed = TaskGroup::scope(async |group| {
            drop(group.spawn(async {
                if true {
                    panic!("a task");
                }
                Ok(())
            }));
            pending::<Result<(), Error>>().await
        });
        assert_eq!(
            names(failed.await.unwrap_err()),
            ["the task panicked: a task"]
        );
    });
}

#[test]
#[should_panic(expected = "the body")]
fn a_panic_of_the_body_goes_on() {
    run(async {
        let body = async |_: &TaskGroup<Error>| {
            if true {
                panic!("the body");
            }
            Ok(())
        };
        let _ = TaskGroup::scope(body).await;
    });
}

#[test]
fn a_task_starts_tasks_of_its_group() {
    // A task that starts tasks of its group.
    run(async {
        let order = Rc::new(RefCell::new(Vec::new()));
        TaskGroup::scope(async |group| {
            let (inner, order) = (group.clone(), Rc::clone(&order));
            drop(group.spawn(async move {
                yield_now().await;
                order.borrow_mut().push("first");
                let order = Rc::clone(&order);
                drop(inner.spawn(async move {
                    yield_now().await;
                    order.borrow_mut().push("second");
                    Ok::<_, Error>(())
                }));
                Ok(())
            }));
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(*order.borrow(), ["first", "second"]);
    });
}

#[test]
fn test_taskgroup_without_parent_task() {
    // On any executor? No: tasks need a loop.
    let nothing = run(async { TaskGroup::scope(async |_| Ok::<_, Error>(7)).await });
    assert_eq!(nothing.unwrap(), 7);
}

#[test]
fn test_taskgroup_task_context() {
    static VAR: coloop::ContextVar<u32> = coloop::ContextVar::new("var");
    run(async {
        TaskGroup::scope(async |group| {
            VAR.set(1);
            let task = group.spawn(async {
                assert_eq!(VAR.get(), Some(1));
                VAR.set(2);
                Ok::<_, Error>(())
            });
            task.await.unwrap();
            assert_eq!(VAR.get(), Some(1));
            Ok(())
        })
        .await
        .unwrap();
    });
}

#[test]
#[should_panic(expected = "the task group has ended")]
fn test_coro_closed_when_tg_closed() {
    run(async {
        let kept = TaskGroup::scope(async |group| Ok::<_, Error>(group.clone()));
        let group = kept.await.unwrap();
        drop(group.spawn(async { Ok(()) }));
    });
}

#[test]
fn a_task_that_starts_while_the_group_is_cancelled_never_begins() {
    // A task that is started while the group is cancelled never begins.
    run(async {
        let trace = Trace::new();
        struct StartsAnother(TaskGroup<Error>, Trace);
        impl Drop for StartsAnother {
            fn drop(&mut self) {
                drop(
                    self.0
                        .spawn(self.1.traced("late", pending::<Result<(), Error>>())),
                );
            }
        }
        let failed = TaskGroup::scope(async |group| {
            let starts = StartsAnother(group.clone(), trace.clone());
            drop(group.spawn(async move {
                let _starts = starts;
                pending::<Result<(), Error>>().await
            }));
            yield_now().await;
            Err::<(), _>(Error::Value)
        });
        assert_eq!(names(failed.await.unwrap_err()), ["Value"]);
        assert_eq!(trace.take(), "late dropped");
    });
}

#[test]
fn test_taskgroup_cancel() {
    run(async {
        let trace = Trace::new();
        let cancelled = TaskGroup::scope(async |group| {
            drop(group.spawn(trace.traced("task", pending::<Result<(), Error>>())));
            yield_now().await;
            group.cancel();
            group.cancel();
            pending::<Result<(), Error>>().await
        });
        let error = cancelled.await.unwrap_err();
        assert!(error.is_cancelled());
        assert_eq!(error.errors().len(), 0);
        assert_eq!(trace.take(), "task pending, task dropped");
    });
}

#[test]
fn a_body_that_ends_in_the_turn_of_the_error_keeps_its_error_only() {
    run(async {
        let group = TaskGroup::scope(async |group| {
            drop(group.spawn(async { Err::<(), _>(Error::Type) }));
            Ok(1)
        });
        assert_eq!(names(group.await.unwrap_err()), ["Type"]);
    });
}

#[test]
fn a_thousand_tasks() {
    run(async {
        let sum = Rc::new(Cell::new(0));
        TaskGroup::scope(async |group| {
            for n in 0..1000 {
                let sum = Rc::clone(&sum);
                drop(group.spawn(async move {
                    for _ in 0..n % 5 {
                        yield_now().await;
                    }
                    sum.set(sum.get() + n);
                    Ok::<_, Error>(())
                }));
                if n % 100 == 0 {
                    yield_now().await;
                }
            }
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(sum.get(), 499_500);
    });
}

#[test]
fn its_debug_output() {
    run(async {
        TaskGroup::scope(async |group| {
            let task = group.spawn(async { Ok::<_, Error>(()) });
            assert_eq!(
                format!("{group:?}"),
                "TaskGroup { state: Open, running: 1 }"
            );
            assert!(format!("{task:?}").contains("pending"));
            Ok(())
        })
        .await
        .unwrap();
    });
}
