//! Names, handles, callbacks, eager starts, context variables. Cases of CPython's `test_tasks` under their own names.

mod common;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::rc::Rc;

use coloop::{
    all_tasks, current_task, run, spawn, yield_now, ContextVar, Task, TaskBuilder, TaskHandle,
};
use common::{iterations, Trace};

#[test]
fn test_generic_mapping_name() {
    run(async {
        let named = TaskBuilder::new().name("a name").spawn(async {});
        assert_eq!(named.name(), "a name");
        named.set_name("another");
        assert_eq!(format!("{named:?}"), "<another pending>");
        assert_eq!(named.handle().name(), "another");
    });
}

#[test]
fn test_task_repr_name_not_str() {
    run(async {
        let (first, second) = (spawn(async {}), spawn(async {}));
        assert_eq!(first.handle().id() + 1, second.handle().id());
        assert_eq!(first.name(), format!("Task-{}", first.handle().id()));
    });
}

#[test]
fn test_task_set_name_pylong() {
    // A name is kept to the end of the handle, also after the task.
    run(async {
        let task = TaskBuilder::new().name("987654321").spawn(async {});
        let handle = task.handle();
        task.await.unwrap();
        assert_eq!(handle.name(), "987654321");
    });
}

#[test]
fn test_current_task() {
    assert!(current_task().is_none());
    run(async {
        let main = current_task().unwrap();
        let task = spawn(async { current_task().unwrap() });
        let handle = task.handle();
        assert_eq!(task.await.unwrap(), handle);
        assert_eq!(current_task().unwrap(), main);
    });
    assert!(current_task().is_none());
}

#[test]
fn test_current_task_with_interleaving_tasks() {
    run(async {
        let task = || {
            spawn(async {
                let first = current_task().unwrap();
                yield_now().await;
                assert_eq!(current_task().unwrap(), first);
                first
            })
        };
        let (one, two) = (task(), task());
        assert_ne!(one.await.unwrap(), two.await.unwrap());
    });
}

#[test]
fn test_all_tasks() {
    assert!(all_tasks().is_empty());
    run(async {
        let main = current_task().unwrap();
        let tasks: Vec<Task<()>> = (0..3).map(|_| spawn(pending())).collect();
        let handles: Vec<TaskHandle> = tasks.iter().map(Task::handle).collect();
        assert_eq!(all_tasks()[0], main);
        assert_eq!(all_tasks()[1..], handles[..]);
        tasks[1].cancel();
        yield_now().await;
        assert_eq!(all_tasks(), [main, handles[0].clone(), handles[2].clone()]);
    });
}

#[test]
fn in_a_drop_the_task_that_is_dropped_is_the_current_one() {
    struct Asks(Rc<RefCell<Vec<TaskHandle>>>);
    impl Drop for Asks {
        fn drop(&mut self) {
            self.0.borrow_mut().push(current_task().unwrap());
        }
    }
    let seen = Rc::new(RefCell::new(Vec::new()));
    let handles = run(async {
        let start = || {
            let asks = Asks(Rc::clone(&seen));
            spawn(async move {
                let _asks = asks;
                pending::<()>().await;
            })
        };
        let (cancelled, left) = (start(), start());
        iterations(1).await;
        cancelled.cancel();
        iterations(1).await;
        [cancelled.handle(), left.handle()]
    });
    assert_eq!(*seen.borrow(), handles);
}

#[test]
fn test_done_callbacks_in_order() {
    let trace = Trace::new();
    run(async {
        let task = spawn(async {});
        for name in ["a", "b", "c"] {
            let trace = trace.clone();
            task.add_done_callback(move |task| {
                assert!(task.is_finished());
                trace.add(name);
            });
        }
        task.await.unwrap();
        trace.add("awaited");
        iterations(1).await;
    });
    assert_eq!(trace.take(), "a, b, c, awaited");
}

#[test]
fn an_awaiter_comes_before_the_callbacks_that_were_added_after_it() {
    let trace = Trace::new();
    run(async {
        let task = spawn(iterations(2));
        let handle = task.handle();
        let add = |name| {
            let trace = trace.clone();
            handle.add_done_callback(move |_| trace.add(name));
        };
        add("before");
        let awaiter = spawn({
            let trace = trace.clone();
            async move {
                task.await.unwrap();
                trace.add("awaiter");
            }
        });
        yield_now().await;
        add("after");
        add("last");
        awaiter.await.unwrap();
    });
    assert_eq!(trace.take(), "before, awaiter, after, last");
}

#[test]
fn a_callback_of_a_task_that_has_ended_is_called_in_the_next_iteration() {
    let trace = Trace::new();
    run(async {
        let task = spawn(async {});
        yield_now().await;
        let called = trace.clone();
        task.add_done_callback(move |_| called.add("called"));
        trace.add("added");
        yield_now().await;
    });
    assert_eq!(trace.take(), "added, called");
}

#[test]
fn a_callback_that_panics_ends_nothing_else() {
    let trace = Trace::new();
    run(async {
        let task = spawn(async {});
        task.add_done_callback(|_| panic!("a callback"));
        let called = trace.clone();
        task.add_done_callback(move |_| called.add("called"));
        iterations(3).await;
    });
    assert_eq!(trace.take(), "called");
}

#[test]
fn callbacks_of_cancelled_and_of_panicked_tasks() {
    let count = Rc::new(Cell::new(0));
    run(async {
        let cancelled = spawn(pending::<()>());
        let panicked = spawn(async { panic!("a task") });
        for task in [cancelled.handle(), panicked.handle()] {
            let count = Rc::clone(&count);
            task.add_done_callback(move |_| count.set(count.get() + 1));
        }
        cancelled.cancel();
        iterations(3).await;
    });
    assert_eq!(count.get(), 2);
}

#[test]
fn test_result() {
    run(async {
        let task = spawn(async { 42 });
        let task = task.result().unwrap_err();
        yield_now().await;
        assert_eq!(task.result().unwrap().unwrap(), 42);
        let cancelled = spawn(pending::<()>());
        cancelled.cancel();
        yield_now().await;
        assert!(cancelled.result().unwrap().unwrap_err().is_cancelled());
    });
}

#[test]
fn a_handle_cancels() {
    run(async {
        let task = spawn(pending::<()>());
        assert!(task.handle().cancel());
        assert!(task.await.unwrap_err().is_cancelled());
        assert!(!current_task().unwrap().cancel(), "not the main one");
        yield_now().await;
    });
}

#[test]
fn test_eager_start_true() {
    let trace = Trace::new();
    run(async {
        let eager = || TaskBuilder::new().eager(true);
        let task = eager().spawn(trace.traced("ends", async { 1 }));
        assert!(task.is_finished());
        trace.add("spawned");
        assert_eq!(task.await.unwrap(), 1);
        let task = eager().spawn(trace.traced("waits", yield_now()));
        trace.add("spawned");
        task.await.unwrap();
    });
    assert_eq!(
        trace.take(),
        "ends ready, ends dropped, spawned, waits pending, spawned, waits ready, waits dropped"
    );
}

#[test]
fn an_eager_task_is_the_current_one_while_it_starts() {
    run(async {
        let main = current_task().unwrap();
        let task = TaskBuilder::new()
            .eager(true)
            .spawn(async { current_task().unwrap() });
        assert_eq!(current_task().unwrap(), main);
        let handle = task.handle();
        assert_eq!(task.await.unwrap(), handle);
    });
}

#[test]
fn an_eager_task_that_panics() {
    run(async {
        let task = TaskBuilder::new()
            .eager(true)
            .spawn(async { panic!("at once") });
        assert!(task.await.unwrap_err().is_panic());
    });
}

static VAR: ContextVar<u32> = ContextVar::new("var");
static OTHER: ContextVar<Rc<str>> = ContextVar::new("other");

#[test]
fn test_context_1() {
    run(async {
        VAR.set(1);
        let nested = spawn(async {
            assert_eq!(VAR.get(), Some(1));
            yield_now().await;
            VAR.set(2);
            let inner = spawn(async { VAR.get() });
            assert_eq!(inner.await.unwrap(), Some(2));
        });
        VAR.set(3);
        nested.await.unwrap();
        assert_eq!(VAR.get(), Some(3));
    });
    assert_eq!(VAR.get(), None);
}

#[test]
fn test_context_3() {
    // Many tasks, each with a value of its own.
    run(async {
        let tasks: Vec<Task<bool>> = (0..100)
            .map(|n| {
                spawn(async move {
                    VAR.set(n);
                    for _ in 0..n % 7 {
                        yield_now().await;
                    }
                    VAR.get() == Some(n)
                })
            })
            .collect();
        for task in tasks {
            assert!(task.await.unwrap());
        }
        assert_eq!(VAR.get(), None);
    });
}

#[test]
fn variables_are_reset_and_read() {
    run(async {
        let token = VAR.replace(1);
        let inner = VAR.replace(2);
        assert_eq!(VAR.with(|value| value.copied()), Some(2));
        VAR.reset(inner);
        assert_eq!(VAR.get(), Some(1));
        VAR.reset(token);
        assert_eq!(VAR.get(), None);
        assert_eq!(format!("{VAR:?}"), "<ContextVar var>");
    });
}

#[test]
fn values_are_dropped_with_the_last_task_that_has_them() {
    let value: Rc<str> = "value".into();
    run(async {
        OTHER.set(Rc::clone(&value));
        let task = spawn(yield_now());
        assert_eq!(Rc::strong_count(&value), 2);
        task.await.unwrap();
        spawn(async { OTHER.set("another".into()) }).await.unwrap();
        assert_eq!(Rc::strong_count(&value), 2);
    });
    assert_eq!(Rc::strong_count(&value), 1);
}

#[test]
fn a_value_that_sets_a_variable_when_it_is_dropped() {
    struct Sets;
    impl Drop for Sets {
        fn drop(&mut self) {
            VAR.set(7);
        }
    }
    static SETS: ContextVar<Sets> = ContextVar::new("sets");
    run(async {
        spawn(async { SETS.set(Sets) }).await.unwrap();
        assert_eq!(VAR.get(), None);
    });
}
