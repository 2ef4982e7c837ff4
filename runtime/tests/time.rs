//! `sleep`, `sleep_until`, `timeout`.

mod common;

use std::cell::Cell;
use std::future::{pending, ready, Future};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;
use std::time::{Duration, Instant};

use coloop::{
    now, run, sleep, sleep_until, spawn, timeout, timeout_at, yield_now, Runner, TimeoutError,
};
use common::{ByHand, Trace};

const MS: Duration = Duration::from_millis(1);

fn in_no_time<F: Future>(future: F) -> F::Output {
    Runner::builder().virtual_time(true).build().run(future)
}

#[test]
fn a_sleep_is_never_short_and_not_much_longer() {
    run(async {
        for duration in [Duration::from_nanos(1), Duration::from_micros(300), 3 * MS] {
            let start = Instant::now();
            sleep(duration).await;
            let slept = start.elapsed();
            assert!(slept >= duration, "{slept:?} < {duration:?}");
            assert!(slept < duration + 500 * MS, "{slept:?}");
        }
    });
}

#[test]
fn test_sleep() {
    in_no_time(async {
        let begun = now();
        let task = spawn(async {
            sleep(50 * MS).await;
            sleep(50 * MS).await;
            "yeah"
        });
        assert_eq!(task.await.unwrap(), "yeah");
        assert_eq!(now() - begun, 100 * MS);
    });
}

/// Nobody waits for the timer of a sleep that is cancelled.
#[test]
fn test_sleep_cancel() {
    in_no_time(async {
        let begun = now();
        let task = spawn(sleep(10_000 * MS));
        yield_now().await;
        task.cancel();
        yield_now().await;
        assert!(task.is_finished());
        sleep(MS).await;
        assert_eq!(now() - begun, MS);
    });
}

/// A sleep of no time is one iteration of the loop.
#[test]
fn test_sleep_zero() {
    in_no_time(async {
        let result = Rc::new(Cell::new(0));
        let increments = Rc::clone(&result);
        drop(spawn(async move { increments.set(increments.get() + 1) }));
        assert_eq!(result.get(), 0);
        sleep(Duration::ZERO).await;
        assert_eq!(result.get(), 1);
    });
}

#[test]
fn time_begins_with_the_first_poll() {
    run(async {
        let nap = sleep(5 * MS);
        sleep(5 * MS).await;
        let start = Instant::now();
        nap.await;
        assert!(start.elapsed() >= 5 * MS);
    });
}

#[test]
fn sleeps_end_in_the_order_of_their_deadlines() {
    let trace = Trace::new();
    run(async {
        let start = Instant::now();
        let nap = |ms: u32| {
            let trace = trace.clone();
            spawn(async move {
                sleep_until(start + ms * MS).await;
                trace.add(ms.to_string());
            })
        };
        for task in [nap(8), nap(2), nap(6), nap(4)] {
            task.await.unwrap();
        }
    });
    assert_eq!(trace.take(), "2, 4, 6, 8");
}

/// `test_base_events.test__run_once_cancelled_event_cleanup`, seen from outside: nothing is left to wait for.
#[test]
fn cancelled_timers_do_not_keep_the_loop_waiting() {
    run(async {
        let start = Instant::now();
        let naps: Vec<_> = (0..500)
            .map(|_| spawn(sleep(Duration::from_secs(60))))
            .collect();
        yield_now().await;
        naps.iter().for_each(|nap| assert!(nap.cancel()));
        sleep(MS).await;
        assert!(naps.iter().all(coloop::Task::is_finished));
        assert!(start.elapsed() < Duration::from_secs(1));
    });
}

#[test]
fn an_endless_sleep_can_be_given_up() {
    run(async {
        let endless = timeout(MS, sleep(Duration::MAX)).await;
        assert!(endless.is_err());
    });
}

#[test]
fn a_sleep_that_moves_to_another_task_wakes_that_task() {
    run(async {
        let mut nap = Box::pin(sleep(3 * MS));
        assert!(timeout(Duration::ZERO, nap.as_mut()).await.is_err());
        spawn(nap).await.unwrap();
    });
}

#[test]
fn a_sleep_may_outlive_its_loop() {
    let mut naps = run(async {
        let mut naps = [
            ByHand::new(sleep(MS)),
            ByHand::new(sleep(Duration::from_secs(60))),
        ];
        for nap in &mut naps {
            assert!(nap.poll().is_none());
        }
        naps
    });
    for nap in &mut naps {
        let outcome = catch_unwind(AssertUnwindSafe(|| nap.poll()));
        assert!(outcome.is_err());
    }
    run(async { drop(naps) });
}

#[test]
fn timeout_gives_the_output_or_the_error() {
    run(async {
        assert_eq!(timeout(5 * MS, async { 1 }).await, Ok(1));
        let late = timeout(MS, pending::<()>()).await;
        let error: TimeoutError = late.unwrap_err();
        assert_eq!(error.to_string(), "the time is over");
        assert!(timeout_at(Instant::now(), pending::<()>()).await.is_err());
    });
}

/// `test_waitfor.test_wait_for_race_condition`: both are there in the same iteration.
#[test]
fn an_output_that_is_there_wins_over_the_deadline() {
    run(async {
        let deadline = Instant::now() + MS;
        let both = timeout_at(deadline, sleep_until(deadline)).await;
        assert_eq!(both, Ok(()));
        let passed = timeout_at(deadline, ready(2)).await;
        assert_eq!(passed, Ok(2));
    });
}

#[test]
fn an_expired_future_is_dropped_before_its_user_goes_on() {
    let trace = Trace::new();
    run(async {
        let expired = timeout(Duration::ZERO, trace.traced("inner", pending::<()>())).await;
        trace.add(format!("{expired:?}"));
    });
    assert_eq!(
        trace.take(),
        "inner pending, inner pending, inner dropped, Err(TimeoutError(()))"
    );
}

#[test]
fn nested_timeouts_expire_from_the_shorter() {
    run(async {
        let inner = timeout(2 * MS, pending::<()>());
        assert!(timeout(60_000 * MS, inner).await.unwrap().is_err());
        let inner = timeout(60_000 * MS, pending::<()>());
        assert!(timeout(2 * MS, inner).await.is_err());
    });
}
