//! Wakes from other threads, and what the loop does while it waits for them.

mod common;

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::mpsc;
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use coloop::{gather, run, sleep, spawn, yield_now};

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_waker_wakes_from_another_thread() {
    let (wakers, received) = mpsc::channel::<Waker>();
    let (woken_at, when) = mpsc::channel();
    let waking = thread::spawn(move || {
        let waker = received.recv().unwrap();
        thread::sleep(20 * MS);
        woken_at.send(Instant::now()).unwrap();
        waker.wake_by_ref();
        waker.wake();
    });
    let polls = run(async {
        let mut polls = 0;
        let polls = spawn(poll_fn(move |cx| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(polls);
            }
            wakers.send(cx.waker().clone()).unwrap();
            Poll::Pending
        }));
        polls.await.unwrap()
    });
    assert_eq!(polls, 2);
    assert!(when.recv().unwrap().elapsed() < 500 * MS);
    waking.join().unwrap();
}

#[test]
fn threads_that_wake_a_busy_loop_lose_nothing() {
    const TASKS: usize = 8;
    const WAKES: usize = 500;
    let woken = run(async {
        let (wakers, received) = mpsc::channel::<Waker>();
        let waking = thread::spawn(move || received.iter().for_each(Waker::wake));
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let wakers = wakers.clone();
                let mut polls = 0;
                spawn(poll_fn(move |cx| {
                    if polls == WAKES {
                        return Poll::Ready(polls);
                    }
                    polls += 1;
                    wakers.send(cx.waker().clone()).unwrap();
                    Poll::Pending
                }))
            })
            .collect();
        drop(wakers);
        let mut woken = 0;
        for task in tasks {
            woken += task.await.unwrap();
        }
        waking.join().unwrap();
        woken
    });
    assert_eq!(woken, TASKS * WAKES);
}

#[test]
fn threads_that_wake_a_gather_lose_nothing() {
    const CHILDREN: usize = 8;
    const WAKES: usize = 500;
    let woken: Vec<usize> = run(async {
        let (wakers, received) = mpsc::channel::<Waker>();
        let waking = thread::spawn(move || received.iter().for_each(Waker::wake));
        let children: Vec<_> = (0..CHILDREN)
            .map(|_| {
                let wakers = wakers.clone();
                let mut polls = 0;
                poll_fn(move |cx| {
                    if polls == WAKES {
                        return Poll::Ready(polls);
                    }
                    polls += 1;
                    wakers.send(cx.waker().clone()).unwrap();
                    Poll::Pending
                })
            })
            .collect();
        drop(wakers);
        let woken = gather(children).await;
        waking.join().unwrap();
        woken
    });
    assert_eq!(woken, [WAKES; CHILDREN]);
}

#[test]
fn a_waker_that_outlives_its_loop_does_nothing() {
    let waker = run(async {
        let task = spawn(poll_fn(|cx| Poll::Ready(cx.waker().clone())));
        let stuck: Rc<Cell<Option<Waker>>> = Rc::default();
        let inside = stuck.clone();
        spawn(poll_fn(move |cx| {
            inside.set(Some(cx.waker().clone()));
            Poll::<()>::Pending
        }));
        let finished = task.await.unwrap();
        finished.wake_by_ref();
        (finished, stuck.take().unwrap())
    });
    waker.1.wake_by_ref();
    let elsewhere = thread::spawn(move || {
        let second = waker.clone();
        second.0.wake();
        second.1.wake();
        drop(waker);
    });
    run(async { yield_now().await });
    elsewhere.join().unwrap();
}

#[test]
fn an_idle_loop_uses_no_cpu() {
    let before = cpu_time();
    run(async {
        gather!(sleep(40 * MS), sleep(30 * MS), sleep(20 * MS)).await;
    });
    let used = cpu_time() - before;
    assert!(used <= 10 * MS, "{used:?}");
}

/// The time this thread has spent running, by the kernel's count.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanoseconds = stat.split(' ').next().unwrap().parse().unwrap();
    Duration::from_nanos(nanoseconds)
}

#[test]
fn loops_on_several_threads_do_not_meet() {
    let threads: Vec<_> = (0..4)
        .map(|n| {
            thread::spawn(move || {
                run(async {
                    let task = spawn(async move { n * 2 });
                    sleep(MS).await;
                    task.await.unwrap()
                })
            })
        })
        .collect();
    let results: Vec<_> = threads.into_iter().map(|t| t.join().unwrap()).collect();
    assert_eq!(results, [0, 2, 4, 6]);
}
