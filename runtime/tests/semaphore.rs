//! `Semaphore`. Names are those of `SemaphoreTests` in CPython's `test_locks.py`.

mod common;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use coloop::{gather, run, sleep, spawn, timeout, yield_now, Semaphore, Task};
use common::{iterations, ByHand, Trace};

/// Takes a permit for good.
fn acquire(semaphore: &Rc<Semaphore>, trace: &Trace, name: &'static str) -> Task<()> {
    let (semaphore, trace) = (semaphore.clone(), trace.clone());
    spawn(async move {
        semaphore.acquire().await.forget();
        trace.add(name);
    })
}

#[test]
fn test_initial_value_zero() {
    assert!(Semaphore::new(0).is_locked());
    assert!(!Semaphore::default().is_locked());
}

#[test]
fn test_acquire() {
    let trace = Trace::new();
    run(async {
        let semaphore = Rc::new(Semaphore::new(3));
        semaphore.acquire().await.forget();
        semaphore.acquire().await.forget();
        assert!(!semaphore.is_locked());
        let first = acquire(&semaphore, &trace, "1");
        let _second = acquire(&semaphore, &trace, "2");
        let _third = acquire(&semaphore, &trace, "3");
        yield_now().await;
        assert_eq!(trace.take(), "1");
        assert!(first.is_finished() && semaphore.is_locked());
        assert_eq!(
            format!("{semaphore:?}"),
            "Semaphore { permits: 0, waiting: 2 }"
        );

        let _fourth = acquire(&semaphore, &trace, "4");
        semaphore.release();
        semaphore.release();
        assert_eq!(semaphore.permits(), 0);
        yield_now().await;
        assert_eq!(trace.take(), "2, 3");
        assert_eq!(
            format!("{semaphore:?}"),
            "Semaphore { permits: 0, waiting: 1 }"
        );
    });
}

#[test]
fn test_acquire_cancel() {
    run(async {
        let semaphore = Rc::new(Semaphore::new(1));
        let permit = semaphore.acquire().await;
        let waiting = acquire(&semaphore, &Trace::new(), "");
        yield_now().await;
        waiting.cancel();
        assert!(waiting.await.unwrap_err().is_cancelled());
        drop(permit);
        assert!(!semaphore.is_locked());
    });
}

#[test]
fn test_acquire_cancel_before_awoken() {
    let trace = Trace::new();
    run(async {
        let semaphore = Rc::new(Semaphore::new(0));
        let tasks = ["1", "2", "3", "4"].map(|name| acquire(&semaphore, &trace, name));
        yield_now().await;
        tasks[0].cancel();
        tasks[1].cancel();
        semaphore.release();
        iterations(2).await;
        assert_eq!(trace.take(), "3");
        assert!(tasks[2].is_finished() && !tasks[3].is_finished());
    });
}

#[test]
fn test_acquire_hang() {
    run(async {
        let semaphore = Rc::new(Semaphore::new(0));
        let first = acquire(&semaphore, &Trace::new(), "");
        let second = acquire(&semaphore, &Trace::new(), "");
        yield_now().await;
        first.cancel();
        semaphore.release();
        iterations(2).await;
        assert!(semaphore.is_locked());
        assert!(second.is_finished());
    });
}

#[test]
fn test_acquire_no_hang() {
    run(async {
        let semaphore = Rc::new(Semaphore::new(1));
        let second: Rc<RefCell<Option<Task<()>>>> = Rc::default();
        let first = {
            let (semaphore, second) = (semaphore.clone(), second.clone());
            spawn(async move {
                let permit = semaphore.acquire().await;
                yield_now().await;
                drop(permit);
                second.borrow().as_ref().unwrap().cancel();
            })
        };
        let task = {
            let semaphore = semaphore.clone();
            spawn(async move {
                let _permit = semaphore.acquire().await;
                panic!("not reached");
            })
        };
        *second.borrow_mut() = Some(task);
        first.await.unwrap();
        let second = second.take().unwrap();
        assert!(second.await.unwrap_err().is_cancelled());
        let again = timeout(Duration::from_secs(1), semaphore.acquire()).await;
        assert!(again.is_ok());
    });
}

#[test]
fn test_release_no_waiters() {
    run(async {
        let semaphore = Semaphore::new(1);
        let permit = semaphore.acquire().await;
        assert!(semaphore.is_locked());
        drop(permit);
        assert!(!semaphore.is_locked());
    });
}

#[test]
fn test_acquire_fifo_order() {
    let trace = Trace::new();
    run(async {
        let semaphore = Semaphore::new(1);
        gather(["c1", "c2", "c3"].map(|tag| {
            let (semaphore, trace) = (&semaphore, &trace);
            async move {
                for round in 1..=2 {
                    let permit = semaphore.acquire().await;
                    trace.add(format!("{tag}_{round}"));
                    sleep(Duration::from_millis(1)).await;
                    drop(permit);
                }
            }
        }))
        .await;
    });
    assert_eq!(trace.take(), "c1_1, c2_1, c3_1, c1_2, c2_2, c3_2");
}

#[test]
fn test_acquire_fifo_order_2() {
    let trace = Trace::new();
    run(async {
        let semaphore = Rc::new(Semaphore::new(1));
        let first = acquire(&semaphore, &trace, "1");
        let second = {
            let (semaphore, trace) = (semaphore.clone(), trace.clone());
            spawn(async move {
                semaphore.acquire().await.forget();
                trace.add("2");
                semaphore.release();
                semaphore.acquire().await.forget();
                trace.add("4");
            })
        };
        let third = acquire(&semaphore, &trace, "3");
        yield_now().await;
        semaphore.release();
        semaphore.release();
        for task in [first, second, third] {
            task.await.unwrap();
        }
    });
    assert_eq!(trace.take(), "1, 2, 3, 4");
}

#[test]
fn test_acquire_fifo_order_3() {
    let trace = Trace::new();
    run(async {
        let semaphore = Rc::new(Semaphore::new(0));
        let tasks = ["1", "2", "3"].map(|name| acquire(&semaphore, &trace, name));
        yield_now().await;
        tasks[0].cancel();
        yield_now().await;
        semaphore.release();
        semaphore.release();
        let ends = gather(tasks).await;
        assert!(ends[0].is_err() && ends[1].is_ok() && ends[2].is_ok());
    });
    assert_eq!(trace.take(), "2, 3");
}

/// One who acquires wakes as many as had to wait only because of the order.
#[test]
fn test_acquire_fifo_order_4() {
    let trace = Trace::new();
    run(async {
        let semaphore = Rc::new(Semaphore::new(0));
        let fourth: Rc<RefCell<Option<Task<()>>>> = Rc::default();
        let first = {
            let (semaphore, trace, fourth) = (semaphore.clone(), trace.clone(), fourth.clone());
            spawn(async move {
                assert_eq!(semaphore.permits(), 0);
                semaphore.acquire().await.forget();
                assert_eq!(semaphore.permits(), 0);
                *fourth.borrow_mut() = Some(acquire(&semaphore, &trace, "4"));
                trace.add("1");
            })
        };
        let second = {
            let (semaphore, trace) = (semaphore.clone(), trace.clone());
            spawn(async move {
                for _ in 0..3 {
                    semaphore.release();
                }
                assert_eq!(semaphore.permits(), 2);
                assert!(semaphore.is_locked(), "the first has not had its turn");
                semaphore.acquire().await.forget();
                trace.add("2");
            })
        };
        let third = {
            let (semaphore, trace) = (semaphore.clone(), trace.clone());
            spawn(async move {
                assert!(semaphore.is_locked());
                semaphore.acquire().await.forget();
                assert!(semaphore.is_locked());
                trace.add("3");
            })
        };
        for task in [first, second, third] {
            task.await.unwrap();
        }
        assert_eq!(trace.take(), "1, 2, 3");
        semaphore.release();
        let fourth = fourth.take().unwrap();
        fourth.await.unwrap();
        assert_eq!(trace.take(), "4");
    });
}

#[test]
fn a_newcomer_does_not_overtake_while_there_are_permits() {
    let semaphore = Semaphore::new(0);
    let mut first = ByHand::waiting(semaphore.acquire());
    semaphore.release();
    semaphore.release();
    assert_eq!(semaphore.permits(), 1);
    assert!(semaphore.try_acquire().is_none());
    let mut newcomer = ByHand::waiting(semaphore.acquire());
    assert!(!newcomer.is_woken());
    let first = first.poll().unwrap();
    assert!(newcomer.is_woken());
    let newcomer = newcomer.poll().unwrap();
    first.forget();
    drop(newcomer);
    assert!(semaphore.try_acquire().is_some());
}

#[test]
fn one_who_was_given_a_permit_and_leaves_passes_it_on() {
    let semaphore = Semaphore::new(0);
    let [a, b, c] = [(); 3].map(|()| ByHand::waiting(semaphore.acquire()));
    semaphore.release();
    assert!(a.is_woken() && !b.is_woken());
    drop(a);
    assert!(b.is_woken() && !c.is_woken());
    drop(c);
    drop(b);
    assert_eq!(semaphore.permits(), 1);
    assert!(!semaphore.is_locked());
}

#[test]
fn one_who_leaves_without_a_permit_lets_those_behind_through() {
    let semaphore = Semaphore::new(0);
    let mut first = ByHand::waiting(semaphore.acquire());
    semaphore.release();
    semaphore.release();
    let second = ByHand::waiting(semaphore.acquire());
    let third = ByHand::waiting(semaphore.acquire());
    assert!(!second.is_woken());
    drop(second);
    assert!(third.is_woken());
    drop(third);
    drop(first.poll());
    assert_eq!(semaphore.permits(), 2);
}

#[test]
fn a_failed_try_acquire_releases_nothing() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.try_acquire();
    assert!(semaphore.try_acquire().is_none());
    assert!(semaphore.try_acquire().is_none());
    assert_eq!(semaphore.permits(), 0);
    drop(permit);
    assert_eq!(semaphore.permits(), 1);
}

#[test]
fn several_permits_at_once() {
    let semaphore = Semaphore::new(5);
    let three = semaphore.try_acquire_many(3).unwrap();
    assert!(semaphore.try_acquire_many(3).is_none());
    assert_eq!(semaphore.permits(), 2);
    drop(three);
    assert_eq!(semaphore.permits(), 5);
}

#[test]
fn one_who_waits_for_several_permits_is_not_overtaken() {
    let semaphore = Semaphore::new(1);
    let mut several = ByHand::waiting(semaphore.acquire_many(3));
    let mut one = ByHand::waiting(semaphore.acquire());
    assert!(semaphore.try_acquire().is_none());
    semaphore.release();
    assert!(!several.is_woken() && !one.is_woken());
    semaphore.release_many(2);
    assert!(several.is_woken());
    let permits = several.poll().unwrap();
    let permit = one.poll().unwrap();
    assert_eq!(semaphore.permits(), 0);
    drop((permits, permit));
    assert_eq!(semaphore.permits(), 4);
}

#[test]
fn one_who_leaves_gives_all_its_permits_back() {
    let semaphore = Semaphore::new(0);
    let several = ByHand::waiting(semaphore.acquire_many(2));
    let mut behind = [(); 2].map(|()| ByHand::waiting(semaphore.acquire()));
    semaphore.release_many(2);
    assert!(several.is_woken() && !behind[0].is_woken());
    drop(several);
    assert!(behind.iter().all(ByHand::is_woken));
    assert!(behind.iter_mut().all(|one| one.poll().is_some()));
}
