//! The order of turns: what one iteration of the loop does.

mod common;

use std::cell::Cell;
use std::future::{poll_fn, Future as _};
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use coloop::{run, sleep, sleep_until, spawn, yield_now};
use common::{iterations, Trace};

const MS: Duration = Duration::from_millis(1);

#[test]
fn tasks_run_in_the_order_in_which_they_were_woken() {
    let trace = Trace::new();
    run(async {
        let wakers: Rc<Cell<Vec<Waker>>> = Rc::default();
        for name in ["a", "b", "c"] {
            let (wakers, trace) = (wakers.clone(), trace.clone());
            spawn(async move {
                let mut woken = false;
                poll_fn(|cx| {
                    trace.add(format!("{name} polled"));
                    if woken {
                        return Poll::Ready(());
                    }
                    woken = true;
                    let mut all = wakers.take();
                    all.push(cx.waker().clone());
                    wakers.set(all);
                    Poll::Pending
                })
                .await;
            });
        }
        yield_now().await;
        trace.add("waking backwards, c twice");
        let mut wakers = wakers.take();
        wakers[2].wake_by_ref();
        wakers.drain(..).rev().for_each(Waker::wake);
        yield_now().await;
    });
    assert_eq!(
        trace.take(),
        "a polled, b polled, c polled, waking backwards, c twice, c polled, b polled, a polled"
    );
}

/// `test_tasks.SleepZero`: each `sleep(0)` is one iteration, so tasks alternate.
#[test]
fn a_zero_sleep_and_a_yield_are_one_iteration_each() {
    let trace = Trace::new();
    run(async {
        let other = {
            let trace = trace.clone();
            spawn(async move {
                for i in 0..4 {
                    trace.add(format!("other {i}"));
                    yield_now().await;
                }
            })
        };
        for i in 0..4 {
            trace.add(format!("main {i}"));
            match i % 3 {
                0 => sleep(Duration::ZERO).await,
                1 => yield_now().await,
                _ => sleep_until(Instant::now()).await,
            }
        }
        other.await.unwrap();
    });
    assert_eq!(
        trace.take(),
        "main 0, other 0, main 1, other 1, main 2, other 2, main 3, other 3"
    );
}

#[test]
fn what_a_turn_wakes_waits_for_the_next_iteration() {
    let trace = Trace::new();
    run(async {
        let inner = trace.clone();
        spawn(async move {
            inner.add("outer");
            let innermost = inner.clone();
            spawn(async move { innermost.add("spawned") });
        });
        yield_now().await;
        trace.add("main");
        yield_now().await;
    });
    assert_eq!(trace.take(), "outer, main, spawned");
}

#[test]
fn equal_deadlines_fire_in_the_order_in_which_they_were_set() {
    let trace = Trace::new();
    run(async {
        let now = Instant::now();
        let (early, late) = (now + 3 * MS, now + 4 * MS);
        let naps = [late, early, late, early, early].into_iter().enumerate();
        let naps = naps.map(|(i, deadline)| {
            let trace = trace.clone();
            spawn(async move {
                sleep_until(deadline).await;
                trace.add(i.to_string());
            })
        });
        for nap in naps.collect::<Vec<_>>() {
            nap.await.unwrap();
        }
    });
    assert_eq!(trace.take(), "1, 3, 4, 0, 2");
}

#[test]
fn equal_deadlines_keep_their_order_after_cancelled_timers() {
    let trace = Trace::new();
    run(async {
        let cancelled: Vec<_> = (0..4).map(|_| spawn(sleep(1000 * MS))).collect();
        yield_now().await;
        cancelled.iter().for_each(|task| assert!(task.cancel()));
        yield_now().await;
        let deadline = Instant::now() + 3 * MS;
        let naps = (0..4).map(|i| {
            let trace = trace.clone();
            spawn(async move {
                sleep_until(deadline).await;
                trace.add(i.to_string());
            })
        });
        for nap in naps.collect::<Vec<_>>() {
            nap.await.unwrap();
        }
    });
    assert_eq!(trace.take(), "0, 1, 2, 3");
}

#[test]
fn due_timers_come_after_what_is_ready() {
    let trace = Trace::new();
    run(async {
        let due = Instant::now() + MS;
        let (a, b) = (trace.clone(), trace.clone());
        let timed = spawn(async move {
            sleep_until(due).await;
            a.add("timer");
        });
        yield_now().await;
        while Instant::now() < due {}
        let ready = spawn(async move { b.add("ready") });
        yield_now().await;
        ready.await.unwrap();
        timed.await.unwrap();
    });
    assert_eq!(trace.take(), "ready, timer");
}

#[test]
fn main_is_polled_only_when_woken() {
    let polls = Cell::new(0);
    run(async {
        spawn(iterations(10));
        let nap = sleep(3 * MS);
        let mut nap = Box::pin(nap);
        poll_fn(|cx| {
            polls.set(polls.get() + 1);
            nap.as_mut().poll(cx)
        })
        .await;
    });
    assert_eq!(polls.get(), 2);
}
