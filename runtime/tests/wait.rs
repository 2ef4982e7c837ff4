//! `wait`, `as_completed`, `shield`: the cases of CPython's `test_tasks` under their own names, and others.

mod common;

use std::cell::Cell;
use std::future::pending;
use std::rc::Rc;
use std::time::Duration;

use coloop::{
    as_completed, gather, now, run, shield, sleep, spawn, timeout, wait, yield_now, ReturnWhen,
    Runner, Task,
};
use common::{iterations, Trace};

const MS: Duration = Duration::from_millis(1);

/// Runs in virtual time.
fn in_no_time<F: std::future::Future>(future: F) -> F::Output {
    Runner::builder().virtual_time(true).build().run(future)
}

fn after(delay: u32, value: u32) -> Task<u32> {
    spawn(async move {
        sleep(delay * MS).await;
        value
    })
}

fn values<T: Copy>(done: &[(usize, Result<T, coloop::JoinError>)]) -> Vec<T> {
    done.iter()
        .map(|(_, outcome)| *outcome.as_ref().unwrap())
        .collect()
}

#[test]
fn test_wait() {
    in_no_time(async {
        let begun = now();
        let waited = wait([after(100, 1), after(150, 2)], ReturnWhen::AllCompleted).await;
        assert_eq!(values(&waited.done), [1, 2]);
        assert!(waited.pending.is_empty());
        assert_eq!(now() - begun, 150 * MS);
    });
}

#[test]
fn test_wait_errors() {
    // Of nothing: CPython raises ValueError, here there is nothing to wait for.
    in_no_time(async {
        let waited = wait(Vec::<Task<()>>::new(), ReturnWhen::FirstCompleted).await;
        assert!(waited.done.is_empty() && waited.pending.is_empty());
    });
}

#[test]
fn test_wait_first_completed() {
    in_no_time(async {
        let waited = wait(
            [after(10_000, 1), after(100, 2)],
            ReturnWhen::FirstCompleted,
        )
        .await;
        assert_eq!((values(&waited.done), waited.done[0].0), (vec![2], 1));
        assert_eq!(waited.pending[0].0, 0);
        assert!(!waited.pending[0].1.is_finished());
    });
}

#[test]
fn test_wait_really_done() {
    // Tasks that end in the same iteration are all done.
    in_no_time(async {
        let two = [after(0, 1), after(0, 2)];
        iterations(2).await;
        let waited = wait(two, ReturnWhen::FirstCompleted).await;
        assert_eq!(values(&waited.done), [1, 2]);
    });
}

#[test]
fn test_wait_first_exception() {
    in_no_time(async {
        let panics = spawn(async { panic!("an exception") });
        let waited = wait([after(10_000, 1), panics], ReturnWhen::FirstException).await;
        assert!(waited.done[0].1.as_ref().unwrap_err().is_panic());
        assert_eq!(waited.pending.len(), 1);
    });
}

#[test]
fn test_wait_first_exception_in_wait() {
    in_no_time(async {
        let begun = now();
        let panics = spawn(async {
            sleep(10 * MS).await;
            panic!("an exception")
        });
        let waited = wait([after(10_000, 1), panics], ReturnWhen::FirstException).await;
        assert!(waited.done[0].1.as_ref().unwrap_err().is_panic());
        assert_eq!(waited.pending.len(), 1);
        assert_eq!(now() - begun, 10 * MS);
    });
}

#[test]
fn a_cancellation_is_no_exception() {
    in_no_time(async {
        let cancelled = spawn(pending::<u32>());
        cancelled.cancel();
        let tasks = [after(10, 1), cancelled, after(20, 2)];
        let waited = wait(tasks, ReturnWhen::FirstException).await;
        assert_eq!(waited.done.len(), 3);
    });
}

#[test]
fn test_wait_with_exception() {
    in_no_time(async {
        let panics = spawn(async { panic!("an exception") });
        let waited = wait([after(10, 1), panics], ReturnWhen::AllCompleted).await;
        let errors = waited.done.iter().filter(|(_, outcome)| outcome.is_err());
        assert_eq!(errors.count(), 1);
    });
}

#[test]
fn test_wait_with_timeout() {
    in_no_time(async {
        let begun = now();
        let waited = wait([after(100, 1), after(150, 2)], ReturnWhen::AllCompleted)
            .timeout(110 * MS)
            .await;
        assert_eq!(values(&waited.done), [1]);
        assert_eq!(now() - begun, 110 * MS);
        // The other one goes on.
        let (_, other) = waited.pending.into_iter().next().unwrap();
        assert_eq!(other.await.unwrap(), 2);
    });
}

#[test]
fn test_wait_concurrent_complete() {
    in_no_time(async {
        let waited = wait([after(100, 1), after(150, 2)], ReturnWhen::AllCompleted)
            .timeout(100 * MS)
            .await;
        assert_eq!((values(&waited.done), waited.pending.len()), (vec![1], 1));
    });
}

#[test]
fn waiting_cancels_nobody_when_it_is_dropped() {
    in_no_time(async {
        let trace = Trace::new();
        let task = spawn(trace.traced("task", iterations(3)));
        drop(timeout(Duration::ZERO, wait([task], ReturnWhen::AllCompleted)).await);
        iterations(5).await;
        assert!(trace.take().ends_with("task ready, task dropped"));
    });
}

#[test]
fn test_as_completed() {
    in_no_time(async {
        let begun = now();
        let mut completed = as_completed([after(10, 1), after(5, 2), after(15, 3)]);
        let mut order = Vec::new();
        while let Some((number, outcome)) = completed.next().await {
            order.push((number, outcome.unwrap(), (now() - begun).as_millis()));
        }
        assert_eq!(order, [(1, 2, 5), (0, 1, 10), (2, 3, 15)]);
        assert!(completed.next().await.is_none());
    });
}

#[test]
fn test_as_completed_same_time() {
    in_no_time(async {
        let mut completed = as_completed((0..5).map(|n| after(10, n)));
        for n in 0..5 {
            assert_eq!(completed.next().await.unwrap().1.unwrap(), n);
        }
    });
}

#[test]
fn test_as_completed_with_timeout() {
    in_no_time(async {
        let mut completed = as_completed([after(100, 1), after(150, 2)]);
        let mut seen = Vec::new();
        let all = async {
            while let Some((_, outcome)) = completed.next().await {
                seen.push(outcome.unwrap());
            }
        };
        assert!(timeout(120 * MS, all).await.is_err());
        assert_eq!(seen, [1]);
        let left = completed.into_pending();
        assert_eq!((left.len(), left[0].0), (1, 1));
    });
}

#[test]
fn test_as_completed_concurrent() {
    in_no_time(async {
        let begun = now();
        let mut completed = as_completed([after(50, 1), after(50, 2)]);
        let mut done = vec![completed.next().await, completed.next().await];
        done.sort_unstable_by_key(|next| next.as_ref().unwrap().0);
        let done = done.into_iter().map(|next| next.unwrap().1.unwrap());
        assert!(done.eq([1, 2]));
        assert_eq!(now() - begun, 50 * MS);
    });
}

#[test]
fn test_as_completed_reverse_wait() {
    in_no_time(async {
        let begun = now();
        let mut completed = as_completed([after(100, 2), after(50, 1)]);
        let (number, first) = completed.next().await.unwrap();
        assert_eq!((number, first.unwrap()), (1, 1));
        assert_eq!(now() - begun, 50 * MS);
        let (number, second) = completed.next().await.unwrap();
        assert_eq!((number, second.unwrap()), (0, 2));
        assert_eq!(now() - begun, 100 * MS);
    });
}

#[test]
fn test_as_completed_of_cancelled_and_panicked_tasks() {
    in_no_time(async {
        let cancelled = spawn(pending::<u32>());
        cancelled.cancel();
        let panicked = spawn(async { panic!("a task") });
        let mut completed = as_completed([panicked, cancelled]);
        let (number, cancelled) = completed.next().await.unwrap();
        assert!(number == 1 && cancelled.unwrap_err().is_cancelled());
        let (number, panicked) = completed.next().await.unwrap();
        assert!(number == 0 && panicked.unwrap_err().is_panic());
    });
}

#[test]
fn test_shield_result() {
    run(async { assert_eq!(shield(async { 42 }).await.unwrap(), 42) });
}

#[test]
fn test_shield_exception() {
    run(async {
        let inner = shield(async { panic!("expected") });
        assert!(inner.await.unwrap_err().is_panic());
    });
}

#[test]
fn test_shield_cancel_inner() {
    run(async {
        let inner = shield(pending::<()>());
        inner.cancel();
        assert!(inner.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn test_shield_cancel_outer() {
    in_no_time(async {
        let done = Rc::new(Cell::new(false));
        let sets = Rc::clone(&done);
        let outer = spawn(async move {
            let inner = shield(async move {
                sleep(5 * MS).await;
                sets.set(true);
            });
            inner.await
        });
        yield_now().await;
        outer.cancel();
        assert!(outer.await.unwrap_err().is_cancelled());
        sleep(10 * MS).await;
        assert!(done.get());
    });
}

#[test]
fn test_shield_shortcut() {
    run(async {
        let task = shield(async { 42 });
        yield_now().await;
        assert!(task.is_finished());
        assert_eq!(task.result().unwrap().unwrap(), 42);
    });
}

/// What adds `n` after a while.
fn adds(seen: &Rc<Cell<u32>>, n: u32) -> impl std::future::Future<Output = ()> + 'static {
    let seen = Rc::clone(seen);
    async move {
        sleep(MS).await;
        seen.set(seen.get() + n);
    }
}

/// Who waits for a shielded gathering leaves: all go on.
#[test]
fn test_shield_gather() {
    in_no_time(async {
        let seen = Rc::default();
        let both = gather!(adds(&seen, 1), adds(&seen, 2));
        let parent = shield(both);
        let handle = parent.handle();
        let outer = spawn(async move { drop(parent.await) });
        yield_now().await;
        outer.cancel();
        assert!(outer.await.unwrap_err().is_cancelled());
        assert!(!handle.is_finished());
        sleep(5 * MS).await;
        assert!(handle.is_finished());
        assert_eq!(seen.get(), 3);
    });
}

/// Who gathers what is shielded leaves: all go on.
#[test]
fn test_gather_shield() {
    in_no_time(async {
        let seen = Rc::default();
        let children = [shield(adds(&seen, 1)), shield(adds(&seen, 2))];
        let parent = spawn(async move { drop(gather(children).await) });
        yield_now().await;
        parent.cancel();
        assert!(parent.await.unwrap_err().is_cancelled());
        assert_eq!(seen.get(), 0);
        sleep(5 * MS).await;
        assert_eq!(seen.get(), 3);
    });
}
