//! `timeout`, `timeout_at`, `timeout_scope`: the cases of CPython's `test_timeouts` and `test_waitfor` under their own names.

mod common;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::panic::catch_unwind;
use std::rc::Rc;
use std::time::Duration;

use coloop::sync::Promise;
use coloop::{
    now, run, shield, sleep, spawn, timeout, timeout_at, timeout_scope, yield_now, Runner,
    TimeoutScope,
};
use common::{iterations, ByHand, Trace};

const MS: Duration = Duration::from_millis(1);
const SEC: Duration = Duration::from_secs(1);

fn in_no_time<F: std::future::Future>(future: F) -> F::Output {
    Runner::builder().virtual_time(true).build().run(future)
}

/// What is in `finally`.
struct Drops<'a>(&'a Cell<bool>);

impl Drop for Drops<'_> {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

#[test]
fn test_timeout_basic() {
    in_no_time(async {
        let begun = now();
        let late = timeout_scope(Some(SEC), async |_| sleep(10 * SEC).await);
        assert!(late.await.is_err());
        assert_eq!(now() - begun, SEC);
    });
}

#[test]
fn test_timeout_at_basic() {
    in_no_time(async {
        let deadline = now() + SEC;
        assert!(timeout_at(deadline, sleep(10 * SEC)).await.is_err());
        assert_eq!(now(), deadline);
    });
}

#[test]
fn nested_scopes_end_from_the_shorter_one() {
    in_no_time(async {
        let outer = timeout_scope(Some(SEC), async |_| {
            timeout_scope(Some(10 * SEC), async |_| sleep(20 * SEC).await).await
        });
        assert!(outer.await.is_err());
        let outer = timeout_scope(Some(10 * SEC), async |_| {
            timeout_scope(Some(SEC), async |_| sleep(20 * SEC).await).await
        });
        assert!(outer.await.unwrap().is_err());
    });
}

/// What the inner one leads to is in time for the outer one. In CPython's `test_nested_timeouts` the outer one is over.
#[test]
fn of_two_equal_limits_the_inner_one_is_over_first() {
    in_no_time(async {
        let deadline = now() + SEC;
        let is_dropped = Cell::new(false);
        let inner = timeout_at(deadline, async {
            let _drops = Drops(&is_dropped);
            sleep(10 * SEC).await;
        });
        assert!(timeout_at(deadline, inner).await.unwrap().is_err());
        assert!(is_dropped.get());
        assert_eq!(now(), deadline);
    });
}

#[test]
fn test_waiter_cancelled() {
    in_no_time(async {
        let trace = Trace::new();
        let body = trace.traced("body", pending::<()>());
        assert!(timeout(SEC, body).await.is_err());
        assert_eq!(trace.take(), "body pending, body pending, body dropped");
    });
}

#[test]
fn test_timeout_not_called() {
    in_no_time(async {
        let begun = now();
        let scope = timeout_scope(Some(10 * SEC), async |scope| {
            sleep(SEC).await;
            scope.is_expired()
        });
        assert_eq!(scope.await, Ok(false));
        assert_eq!(now() - begun, SEC);
    });
}

#[test]
fn test_timeout_disabled() {
    in_no_time(async {
        let unlimited = timeout_scope(None, async |scope| {
            assert_eq!(scope.when(), None);
            sleep(100 * SEC).await;
        });
        assert!(unlimited.await.is_ok());
    });
}

#[test]
fn test_timeout_at_disabled() {
    in_no_time(async {
        let moved = timeout_scope(Some(SEC), async |scope| {
            scope.reschedule(None);
            sleep(100 * SEC).await;
            scope.when()
        });
        assert_eq!(moved.await, Ok(None));
    });
}

#[test]
fn test_timeout_zero() {
    in_no_time(async {
        let begun = now();
        assert!(
            timeout_scope(Some(Duration::ZERO), async |_| sleep(10 * SEC).await)
                .await
                .is_err()
        );
        assert_eq!(now(), begun);
    });
}

/// In CPython's `test_timeout_zero_sleep_zero` and `test_timeout_in_the_past_sleep_zero` the time is over.
#[test]
fn what_is_ready_when_the_limit_is_looked_at_is_in_time() {
    in_no_time(async {
        sleep(11 * SEC).await;
        let begun = now();
        let together = timeout_scope(Some(Duration::ZERO), async |_| sleep(Duration::ZERO).await);
        assert!(together.await.is_ok());
        let past = timeout_at(begun - 11 * SEC, sleep(Duration::ZERO));
        assert!(past.await.is_ok());
        let at_once = timeout_scope(Some(Duration::ZERO), async |_| 1);
        assert_eq!(at_once.await, Ok(1));
        assert_eq!(now(), begun);
    });
}

#[test]
fn a_limit_that_is_moved_into_the_past() {
    in_no_time(async {
        sleep(SEC).await;
        let past = timeout_scope(None, async |scope| {
            scope.reschedule(Some(now() - SEC));
            sleep(10 * SEC).await;
        });
        assert!(past.await.is_err());
    });
}

#[test]
fn test_foreign_exception_passed() {
    in_no_time(async {
        let error = timeout_scope(Some(SEC), async |_| Err::<(), _>("mine"));
        assert_eq!(error.await, Ok(Err("mine")));
    });
}

#[test]
fn test_timeout_expired_is_seen_by_what_is_dropped() {
    in_no_time(async {
        let seen = Cell::new(None);
        struct Looks<'a>(&'a coloop::TimeoutScope, &'a Cell<Option<bool>>);
        impl Drop for Looks<'_> {
            fn drop(&mut self) {
                self.1.set(Some(self.0.is_expired()));
            }
        }
        let late = timeout_scope(Some(SEC), async |scope| {
            let _looks = Looks(scope, &seen);
            pending::<()>().await;
        });
        assert!(late.await.is_err());
        assert_eq!(seen.get(), Some(true));
    });
}

#[test]
fn test_outer_coro_cancelled() {
    in_no_time(async {
        let trace = Trace::new();
        let traced = trace.traced("body", pending::<()>());
        let task =
            spawn(async move { timeout_scope(Some(10 * SEC), async |_| traced.await).await });
        yield_now().await;
        task.cancel();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(trace.take(), "body pending, body dropped");
    });
}

#[test]
fn test_reschedule() {
    in_no_time(async {
        let begun = now();
        let later = timeout_scope(Some(10 * SEC), async |scope| {
            sleep(SEC).await;
            assert_eq!(scope.when(), Some(begun + 10 * SEC));
            scope.reschedule(Some(now() + SEC));
            sleep(10 * SEC).await;
        });
        assert!(later.await.is_err());
        assert_eq!(now() - begun, 2 * SEC);
    });
}

#[test]
fn the_deadline_can_be_moved_again_and_again() {
    in_no_time(async {
        let begun = now();
        let patient = timeout_scope(Some(SEC), async |scope| {
            for _ in 0..10 {
                scope.reschedule(Some(now() + SEC));
                sleep(SEC / 2).await;
            }
        });
        assert!(patient.await.is_ok());
        assert_eq!(now() - begun, 5 * SEC);
    });
}

#[test]
fn test_repr_active() {
    in_no_time(async {
        let text = timeout_scope(Some(10_000 * MS), async |scope| format!("{scope:?}"));
        let text = text.await.unwrap();
        assert!(text.starts_with("TimeoutScope { when: Some("), "{text}");
        assert!(text.ends_with("is_expired: false }"), "{text}");
    });
}

#[test]
fn test_repr_disabled() {
    in_no_time(async {
        let text = timeout_scope(None, async |scope| format!("{scope:?}"));
        assert_eq!(
            text.await.unwrap(),
            "TimeoutScope { when: None, is_expired: false }"
        );
    });
}

/// Only what is dropped sees an expired scope.
#[test]
fn test_repr_expired() {
    struct Shows<'a>(&'a TimeoutScope, &'a RefCell<String>);
    impl Drop for Shows<'_> {
        fn drop(&mut self) {
            *self.1.borrow_mut() = format!("{:?}", self.0);
        }
    }
    let text = RefCell::new(String::new());
    in_no_time(async {
        let expired = timeout_scope(Some(10 * MS), async |scope| {
            let _shows = Shows(scope, &text);
            sleep(10_000 * MS).await;
        });
        assert!(expired.await.is_err());
    });
    assert!(text.borrow().ends_with("is_expired: true }"), "{text:?}");
}

#[test]
fn test_timeout_without_task() {
    let late = catch_unwind(|| ByHand::new(timeout(MS, pending::<()>())).poll());
    let panic = late.unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("event loop"), "{message}");
}

#[test]
fn test_none_timeout() {
    in_no_time(async {
        let task = spawn(async {
            sleep(100 * MS).await;
            "done"
        });
        let done = timeout_scope(None, async |_| shield(task).await).await;
        assert_eq!(done.unwrap().unwrap().unwrap(), "done");
    });
}

#[test]
fn test_cancel_blocking_wait_for() {
    in_no_time(async {
        let waiting = spawn(timeout_scope(None, async |_| pending::<()>().await));
        yield_now().await;
        waiting.cancel();
        assert!(waiting.await.unwrap_err().is_cancelled());
    });
}

/// The inner one is dropped before the outer one goes on, also without any time.
#[test]
fn test_wait_for_waits_for_task_cancellation_w_timeout_0() {
    let is_dropped = Cell::new(false);
    in_no_time(async {
        let limited = timeout(Duration::ZERO, async {
            let _drops = Drops(&is_dropped);
            sleep(200 * MS).await;
        });
        assert!(limited.await.is_err());
        assert!(is_dropped.get());
    });
}

#[test]
fn test_wait_for() {
    in_no_time(async {
        let begun = now();
        let (is_dropped, is_running) = (Cell::new(false), Cell::new(false));
        let limited = timeout(100 * MS, async {
            let _drops = Drops(&is_dropped);
            is_running.set(true);
            sleep(100 * SEC).await;
            "done"
        });
        assert!(limited.await.is_err());
        assert!(is_running.get() && is_dropped.get());
        assert_eq!(now() - begun, 100 * MS);
    });
}

#[test]
fn what_is_in_time() {
    in_no_time(async {
        let slow = async {
            sleep(SEC).await;
            "done"
        };
        assert_eq!(timeout(2 * SEC, slow).await, Ok("done"));
    });
}

#[test]
fn test_wait_for_with_timeout() {
    in_no_time(async {
        let begun = now();
        assert!(timeout(SEC / 10, sleep(10 * SEC)).await.is_err());
        assert_eq!(now() - begun, SEC / 10);
    });
}

#[test]
fn test_wait_for_timeout_less_then_0_or_0_future_done() {
    run(async {
        assert_eq!(
            timeout(Duration::ZERO, std::future::ready("done")).await,
            Ok("done")
        );
    });
}

#[test]
fn test_wait_for_timeout_less_then_0_or_0() {
    in_no_time(async {
        let trace = Trace::new();
        let body = trace.traced("body", sleep(SEC));
        assert!(timeout(Duration::ZERO, body).await.is_err());
        assert!(trace.take().ends_with("body dropped"));
    });
}

#[test]
fn test_wait_for_blocking() {
    in_no_time(async { assert_eq!(timeout(SEC, async { "done" }).await, Ok("done")) });
}

#[test]
fn test_wait_for_race_condition() {
    in_no_time(async {
        let promise = Rc::new(Promise::new());
        let sets = Rc::clone(&promise);
        drop(spawn(async move { sets.set_result("ok") }));
        assert_eq!(timeout(200 * MS, promise.wait()).await, Ok(Ok("ok")));
        // Also in the iteration in which the time is over.
        let exact = async {
            sleep(SEC).await;
            "done"
        };
        assert_eq!(timeout(SEC, exact).await, Ok("done"));
    });
}

#[test]
fn a_cancellation_wins_over_an_output_of_the_same_iteration() {
    in_no_time(async {
        let task = spawn(timeout(10 * SEC, async { yield_now().await }));
        iterations(1).await;
        task.cancel();
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn test_wait_for_waits_for_task_cancellation() {
    in_no_time(async {
        // What is given up is gone when `timeout` is ready.
        let trace = Trace::new();
        let body = trace.traced("body", pending::<()>());
        let outcome = timeout(SEC, body).await;
        trace.add("awaited");
        assert!(outcome.is_err());
        assert!(trace.take().ends_with("body dropped, awaited"));
    });
}

#[test]
fn test_wait_for_self_cancellation() {
    in_no_time(async {
        let task = spawn(async {
            timeout(10 * SEC, async {
                coloop::current_task().unwrap().cancel();
                pending::<()>().await;
            })
            .await
        });
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn test_shield_in_wait_for() {
    in_no_time(async {
        let inner = shield(async {
            sleep(2 * SEC).await;
            1
        });
        let handle = inner.handle();
        assert!(timeout(SEC, inner).await.is_err());
        assert!(!handle.is_finished());
        sleep(2 * SEC).await;
        assert!(handle.is_finished());
    });
}

#[test]
fn a_scope_polls_its_body_once_a_turn_also_if_it_moves_its_deadline() {
    run(async {
        let trace = Trace::new();
        let other = trace.clone();
        let ticks = spawn(async move {
            for n in 0..3 {
                other.add(format!("other {n}"));
                yield_now().await;
            }
        });
        let moved = timeout_scope(None, async |scope| {
            for n in 0..3 {
                trace.add(format!("body {n}"));
                scope.reschedule(Some(now() + 60 * SEC));
                yield_now().await;
            }
        });
        moved.await.unwrap();
        ticks.await.unwrap();
        assert_eq!(
            trace.take(),
            "body 0, other 0, body 1, other 1, body 2, other 2"
        );
    });
}
