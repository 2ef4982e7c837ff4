//! How a `TaskGroup` ends, and who learns of it. Cases of CPython's `test_taskgroups` under their own names: what a task does in its `except
//! CancelledError` is done by a drop.

mod common;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use coloop::{
    current_task, run, sleep, spawn, yield_now, Event, GroupError, GroupFailure, GroupTask,
    TaskBuilder, TaskGroup,
};
use common::{iterations, ByHand, Trace};

type Outcome<T = ()> = Result<T, GroupError<&'static str>>;

async fn after(n: usize, outcome: Result<u32, &'static str>) -> Result<u32, &'static str> {
    iterations(n).await;
    outcome
}

/// The errors, as text, in order.
#[track_caller]
fn errors<T>(outcome: Outcome<T>) -> Vec<String> {
    let Err(error) = outcome else {
        panic!("the group should fail");
    };
    error.errors().iter().map(ToString::to_string).collect()
}

/// A child that waits for ever and records its end.
async fn waits(trace: Trace, name: &'static str) -> Result<(), &'static str> {
    let _end = trace.on_drop(name);
    pending().await
}

struct PanicOnDrop(&'static str);

impl Drop for PanicOnDrop {
    fn drop(&mut self) {
        std::panic::panic_any(self.0);
    }
}

#[test]
fn test_taskgroup_04() {
    let trace = Trace::new();
    run(async {
        let second = Rc::new(RefCell::new(None));
        let (keep, in_child) = (Rc::clone(&second), trace.clone());
        let outcome = TaskGroup::scope(async move |group| {
            group.spawn(after(2, Err("zero")));
            *keep.borrow_mut() = Some(group.spawn(waits(in_child, "cancelled")));
            Ok(())
        });
        assert_eq!(errors(outcome.await), ["zero"]);
        assert_eq!(trace.take(), "cancelled");
        let second = second.take().unwrap();
        assert!(second.is_finished());
        assert!(second.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn test_cancel_children_on_child_error() {
    let trace = Trace::new();
    run(async {
        let inner = trace.clone();
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            for _ in 0..3 {
                group.spawn(after(2, Err("zero")));
            }
            group.spawn(waits(inner.clone(), "child"));
            let _end = inner.on_drop("body");
            pending().await
        })
        .await;
        assert_eq!(errors(outcome), ["zero", "zero", "zero"]);
        assert_eq!(trace.take(), "child, body");
    });
}

/// Starts `body` as a scope in a task, and cancels that after some iterations. Gives the trace.
fn cancelled(
    body: impl AsyncFnOnce(&TaskGroup<&'static str>, Trace) -> Result<(), &'static str> + 'static,
) -> String {
    let trace = Trace::new();
    run(async {
        let inner = trace.clone();
        let runner = spawn(TaskGroup::scope(async move |group| {
            body(group, inner).await
        }));
        iterations(3).await;
        assert!(!runner.is_finished());
        runner.cancel();
        assert!(runner.await.unwrap_err().is_cancelled());
        yield_now().await;
    });
    trace.take()
}

#[test]
fn test_cancellation() {
    let trace = cancelled(async |group, trace| {
        for name in ["one", "two", "three"] {
            group.spawn(waits(trace.clone(), name));
        }
        Ok(())
    });
    assert_eq!(trace, "one, two, three");
}

#[test]
fn test_taskgroup_07() {
    let trace = cancelled(async |group, trace| {
        for name in ["one", "two"] {
            group.spawn(waits(trace.clone(), name));
        }
        let _end = trace.on_drop("body");
        pending().await
    });
    assert_eq!(trace, "body, one, two");
}

#[test]
fn test_cancellation_in_body() {
    let trace = cancelled(async |group, trace| {
        for _ in 0..5 {
            group.spawn(after(5, Err("too late")));
        }
        waits(trace, "body").await
    });
    assert_eq!(trace, "body");
}

#[test]
fn test_taskgroup_09() {
    body_fails(3);
}

#[test]
fn test_taskgroup_10() {
    body_fails(0);
}

/// The body fails after some iterations: its children are cancelled, and have ended when the scope ends.
fn body_fails(after_iterations: usize) {
    run(async {
        let tasks = Rc::new(RefCell::new(Vec::new()));
        let keep = Rc::clone(&tasks);
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            for _ in 0..2 {
                keep.borrow_mut().push(group.spawn(after(100, Ok(42))));
            }
            iterations(after_iterations).await;
            Err("zero")
        })
        .await;
        assert_eq!(errors(outcome), ["zero"]);
        for task in tasks.take() {
            assert!(task.is_finished());
            assert!(task.await.unwrap_err().is_cancelled());
        }
    });
}

#[test]
fn test_taskgroup_11() {
    let trace = cancelled(async |_outer, trace| {
        let inner: Outcome = TaskGroup::scope(async move |group| {
            group.spawn(after(100, Err("too late")));
            waits(trace, "inner body").await
        })
        .await;
        inner.map_err(|_| "inner")
    });
    assert_eq!(trace, "inner body");
}

#[test]
fn test_taskgroup_12() {
    let trace = cancelled(async |outer, trace| {
        outer.spawn(waits(trace.clone(), "outer child"));
        let inner: Outcome = TaskGroup::scope(async move |group| {
            group.spawn(waits(trace.clone(), "inner child"));
            waits(trace, "inner body").await
        })
        .await;
        inner.map_err(|_| "inner")
    });
    assert_eq!(trace, "inner body, inner child, outer child");
}

#[test]
fn test_taskgroup_13() {
    run(async {
        let outcome: Outcome = TaskGroup::scope(async move |outer| {
            outer.spawn(after(1, Err("outer")));
            let inner: Outcome = TaskGroup::scope(async move |inner| {
                inner.spawn(after(100, Err("inner")));
                Ok(())
            })
            .await;
            inner.map_err(|_| "never")
        })
        .await;
        assert_eq!(errors(outcome), ["outer"]);
    });
}

#[test]
fn test_taskgroup_14() {
    run(async {
        let outcome = TaskGroup::scope(async move |outer| {
            outer.spawn(async {
                iterations(100).await;
                Ok::<_, GroupError<&'static str>>(())
            });
            TaskGroup::scope(async move |inner| {
                inner.spawn(after(1, Err("inner")));
                Ok(())
            })
            .await
        });
        let mut outer = outcome.await.unwrap_err().into_errors();
        assert_eq!(outer.len(), 1);
        let Some(GroupFailure::Error(inner)) = outer.pop() else {
            panic!("the group inside failed: {outer:?}");
        };
        assert_eq!(errors(Err::<(), _>(inner)), ["inner"]);
    });
}

#[test]
fn test_taskgroup_17() {
    let trace = cancelled(async |_group, trace| waits(trace, "body").await);
    assert_eq!(trace, "body");
}

#[test]
fn test_taskgroup_18() {
    // An exception in `except CancelledError` is a panic in a drop here. The body's panics go on as they are.
    run(async {
        let runner = spawn(TaskGroup::<()>::scope(async |_| {
            let _panic = PanicOnDrop("in drop");
            pending::<Result<(), ()>>().await
        }));
        yield_now().await;
        runner.cancel();
        let panic = runner.await.unwrap_err().into_panic();
        assert_eq!(panic.downcast_ref(), Some(&"in drop"));
    });
}

#[test]
fn test_taskgroup_19() {
    run(async {
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            group.spawn(async {
                let _panic = PanicOnDrop("in drop");
                pending::<Result<(), _>>().await
            });
            group.spawn(after(1, Err("zero")));
            pending().await
        })
        .await;
        assert_eq!(errors(outcome), ["zero", "the task panicked: in drop"]);
    });
}

#[test]
fn test_taskgroup_20() {
    // `KeyboardInterrupt` in the body: raised bare. That is a panic of the body.
    let outcome = run(async {
        spawn(TaskGroup::scope(async move |group| {
            group.spawn(after(1, Err("zero")));
            let _panic = PanicOnDrop("bare");
            pending::<Result<(), &str>>().await
        }))
        .await
    });
    let panic = outcome.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref(), Some(&"bare"));
}

#[test]
fn test_taskgroup_20a() {
    run(async {
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            group.spawn(async {
                yield_now().await;
                Err::<(), _>("zero")
            });
            group.spawn(async {
                let _panic = PanicOnDrop("base");
                pending::<Result<(), _>>().await
            });
            Ok(())
        })
        .await;
        assert_eq!(errors(outcome), ["zero", "the task panicked: base"]);
    });
}

#[test]
fn test_taskgroup_21a() {
    run(async {
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            group.spawn(async {
                yield_now().await;
                std::panic::panic_any("base");
                #[allow(unreachable_code)]
                Ok(())
            });
            group.spawn(async {
                let _panic = PanicOnDrop("type");
                pending::<Result<(), _>>().await
            });
            pending().await
        })
        .await;
        let error = outcome.unwrap_err();
        assert!(error
            .errors()
            .iter()
            .all(|error| matches!(error, GroupFailure::Panicked(panic) if panic.is_panic())));
        assert_eq!(
            error.to_string(),
            "unhandled errors in a task group: the task panicked: base; the task panicked: type"
        );
    });
}

#[test]
fn test_taskgroup_22() {
    let trace = cancelled(async |group, trace| {
        group.spawn(waits(trace.clone(), "one"));
        group.spawn(waits(trace, "two"));
        Ok(())
    });
    assert_eq!(trace, "one, two");
}

#[test]
fn test_taskgroup_23() {
    // A group keeps nothing of children that have ended.
    run(async {
        TaskGroup::scope(async move |group| {
            for count in 0..10 {
                yield_now().await;
                group.spawn(after(3, Ok(count)));
                if count == 8 {
                    assert!(format!("{group:?}").contains("running: 4"), "{group:?}");
                }
            }
            iterations(6).await;
            assert!(format!("{group:?}").contains("running: 0"), "{group:?}");
            Ok::<_, &str>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn test_taskgroup_24() {
    run(async {
        let ended = Rc::new(Cell::new(0));
        let count = Rc::clone(&ended);
        TaskGroup::scope(async move |group| {
            let siblings = group.clone();
            group.spawn(async move {
                yield_now().await;
                for n in 1..3 {
                    let count = Rc::clone(&count);
                    siblings.spawn(async move {
                        iterations(n).await;
                        count.set(count.get() + 1);
                        Ok(())
                    });
                }
                Ok::<_, &str>(())
            });
            Ok(())
        })
        .await
        .unwrap();
        assert_eq!(ended.get(), 2);
    });
}

#[test]
fn test_taskgroup_25() {
    fn hydra(group: TaskGroup<&'static str>, heads: Rc<Cell<u32>>) {
        let again = group.clone();
        group.spawn(async move {
            heads.set(heads.get() + 1);
            yield_now().await;
            hydra(again.clone(), heads.clone());
            hydra(again, heads);
            Ok(())
        });
    }
    run(async {
        let heads = Rc::new(Cell::new(0));
        let seen = Rc::clone(&heads);
        let outcome = TaskGroup::scope(async move |group| {
            hydra(group.clone(), seen.clone());
            group.spawn(async move {
                while seen.get() < 10 {
                    yield_now().await;
                }
                Err::<(), _>("zero")
            });
            Ok(())
        });
        assert_eq!(errors(outcome.await), ["zero"]);
        assert!(heads.get() >= 10);
    });
}

#[test]
fn test_taskgroup_task_name() {
    run(async {
        TaskGroup::scope(async move |group| {
            let task = TaskBuilder::new()
                .name("yolo")
                .spawn_in(group, after(1, Ok(1)));
            assert_eq!(task.handle().name(), "yolo");
            Ok::<_, &str>(())
        })
        .await
        .unwrap();
    });
}

#[test]
fn test_taskgroup_no_create_task_after_failure() {
    struct Spawns(TaskGroup<&'static str>, Trace);
    impl Drop for Spawns {
        fn drop(&mut self) {
            let task = self.0.spawn(waits(self.1.clone(), "never polled"));
            self.1.add(format!("{task:?}"));
        }
    }
    let trace = Trace::new();
    run(async {
        let inner = trace.clone();
        let outcome = TaskGroup::scope(async move |group| {
            group.spawn(after(1, Err("zero")));
            let spawns = Spawns(group.clone(), inner);
            group.spawn(async move {
                let _spawns = spawns;
                pending::<Result<(), _>>().await
            });
            Ok(())
        });
        assert_eq!(errors(outcome.await), ["zero"]);
    });
    // The future was dropped unpolled: it recorded nothing.
    assert!(trace.take().ends_with("cancelling>"));
}

#[test]
fn test_cancelling_level_preserved() {
    // The cancellation that a group gives its own body never leaves the scope.
    run(async {
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            group.spawn(after(0, Err("runtime")));
            pending().await
        })
        .await;
        assert_eq!(errors(outcome), ["runtime"]);
        yield_now().await;
        assert!(!current_task().unwrap().is_finished());
    });
}

#[test]
fn test_nested_groups_both_cancelled() {
    run(async {
        let after_inner = Rc::new(Cell::new(false));
        let reached = Rc::clone(&after_inner);
        let outcome: Outcome = TaskGroup::scope(async move |outer| {
            let inner: Outcome = TaskGroup::scope(async move |inner| {
                inner.spawn(after(1, Err("inner")));
                outer.spawn(after(1, Err("outer")));
                pending().await
            })
            .await;
            reached.set(true);
            inner.map_err(|_| "never")
        })
        .await;
        // Both were cancelled in one iteration: the outer one goes first, and drops the inner one with its error.
        assert_eq!(errors(outcome), ["outer"]);
        assert!(!after_inner.get());
    });
}

#[test]
fn test_error_and_cancel() {
    run(async {
        let event = Rc::new(Event::new());
        let set = Rc::clone(&event);
        let inner = spawn(async move {
            let outcome: Outcome = TaskGroup::scope(async move |group| {
                group.spawn(async move {
                    set.set();
                    yield_now().await;
                    Err::<(), _>("runtime")
                });
                pending().await
            })
            .await;
            panic!("not cancelled: {outcome:?}");
        });
        event.wait().await;
        assert!(inner.cancel());
        assert!(inner.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn test_cancels_task_if_created_during_creation() {
    run(async {
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            let siblings = group.clone();
            TaskBuilder::new().eager(true).spawn_in(group, async move {
                let late: GroupTask<()> = siblings.spawn(pending());
                siblings.spawn(after(0, Err("sibling")));
                late.await.map_err(|_| "cancelled")
            });
            TaskBuilder::new()
                .eager(true)
                .spawn_in(group, async { Err::<(), _>("at once") });
            let late = group.spawn(after(0, Ok(1)));
            assert!(late.await.is_err(), "the group shuts down already");
            pending().await
        })
        .await;
        assert_eq!(errors(outcome), ["at once", "sibling"]);
    });
}

#[test]
fn test_taskgroup_cancel_body() {
    // Python 3.15: `TaskGroup.cancel` ends the block, and is no error.
    let trace = Trace::new();
    run(async {
        let inner = trace.clone();
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            group.spawn(waits(inner.clone(), "child"));
            let from_child = group.clone();
            group.spawn(async move {
                yield_now().await;
                from_child.cancel();
                from_child.cancel();
                Ok(())
            });
            waits(inner, "body").await
        })
        .await;
        assert!(outcome.unwrap_err().is_cancelled());
        assert_eq!(trace.take(), "child, body");
    });
}

#[test]
fn test_taskgroup_cancel_after_body() {
    run(async {
        let outcome = TaskGroup::scope(async move |group| {
            group.spawn(pending::<Result<(), &str>>());
            let from_child = group.clone();
            group.spawn(async move {
                iterations(2).await;
                from_child.cancel();
                Ok(())
            });
            Ok(5)
        });
        assert_eq!(outcome.await.unwrap(), 5);
    });
}

#[test]
fn a_group_whose_children_sleep_waits_for_the_last() {
    run(async {
        let ended = TaskGroup::scope(async move |group| {
            for n in 1..4 {
                group.spawn(async move {
                    sleep(Duration::from_micros(n * 100)).await;
                    Ok::<_, ()>(())
                });
            }
            Ok(())
        });
        ended.await.unwrap();
        assert_eq!(coloop::all_tasks().len(), 1);
    });
}

#[test]
fn a_loop_that_ends_ends_the_children_of_a_dropped_scope() {
    let trace = Trace::new();
    let inner = trace.clone();
    run(async {
        let mut scope = ByHand::waiting(TaskGroup::scope(async move |group| {
            group.spawn(waits(inner, "child"));
            pending::<Result<(), _>>().await
        }));
        assert!(scope.poll().is_none());
        drop(scope);
    });
    assert!(trace.take().is_empty(), "the child was never polled");
}

#[test]
fn to_who_awaits_a_failed_child_from_outside_it_is_cancelled() {
    run(async {
        let kept = Rc::new(RefCell::new(None));
        let keep = Rc::clone(&kept);
        let waiter = Rc::new(RefCell::new(None));
        let wait = Rc::clone(&waiter);
        let outcome: Outcome = TaskGroup::scope(async move |group| {
            *keep.borrow_mut() = Some(group.spawn(after(1, Err("zero"))));
            let other = group.spawn(after(1, Err("other")));
            *wait.borrow_mut() = Some(spawn(other));
            pending().await
        })
        .await;
        assert_eq!(errors(outcome), ["zero", "other"]);
        let failed = kept.take().unwrap();
        assert!(failed.is_finished());
        assert!(failed.await.unwrap_err().is_cancelled());
        let waiter = waiter.take().unwrap();
        assert!(waiter.await.unwrap().unwrap_err().is_cancelled());
    });
}

#[test]
fn a_panic_of_the_body_goes_on_when_the_children_have_ended() {
    let trace = Trace::new();
    let inner = trace.clone();
    let outcome = run(async {
        let scope = TaskGroup::<&str>::scope(async move |group| {
            group.spawn(waits(inner, "child"));
            yield_now().await;
            std::panic::panic_any("bare");
            #[allow(unreachable_code)]
            Ok(())
        });
        let seen = trace.clone();
        spawn(async move {
            let _end = seen.on_drop("scope");
            scope.await.is_ok()
        })
        .await
    });
    let panic = outcome.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref(), Some(&"bare"));
    assert_eq!(trace.take(), "child, scope");
}

#[test]
fn a_child_of_a_dropped_scope_may_start_another_while_it_ends() {
    struct Spawns(TaskGroup<&'static str>, Trace);
    impl Drop for Spawns {
        fn drop(&mut self) {
            let late = self.1.traced("late", pending::<Result<(), _>>());
            self.0.spawn(late);
            self.1.add("started");
        }
    }
    let trace = Trace::new();
    run(async {
        let inner = trace.clone();
        let runner = spawn(TaskGroup::scope(async move |group| {
            let spawns = Spawns(group.clone(), inner);
            group.spawn(async move {
                let _spawns = spawns;
                pending::<Result<(), _>>().await
            });
            pending::<Result<(), _>>().await
        }));
        iterations(2).await;
        runner.cancel();
        assert!(runner.await.unwrap_err().is_cancelled());
        iterations(2).await;
        assert_eq!(trace.take(), "started, late dropped");
        assert_eq!(coloop::all_tasks().len(), 1);
    });
}

#[test]
fn a_body_is_not_polled_when_a_child_ends() {
    run(async {
        let polls = Rc::new(Cell::new(0));
        let count = Rc::clone(&polls);
        let mut scope = ByHand::waiting(TaskGroup::scope(async move |group| {
            group.spawn(after(1, Ok(1)));
            std::future::poll_fn(|_| {
                count.set(count.get() + 1);
                std::task::Poll::<Result<(), &str>>::Pending
            })
            .await
        }));
        iterations(4).await;
        assert!(!scope.is_woken());
        assert!(scope.poll().is_none());
        assert_eq!(polls.get(), 2);
    });
}
