//! `Barrier`, `BoundedSemaphore`: the cases of CPython's `BarrierTests` under their own names, and others.

mod common;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use coloop::sync::BrokenBarrierError;
use coloop::{gather, run, spawn, yield_now, Barrier, BoundedSemaphore, Task};
use common::{iterations, ByHand};

const N: usize = 5;

type Outcome = Result<usize, BrokenBarrierError>;

fn start(barrier: &Rc<Barrier>, count: usize) -> Vec<Task<Outcome>> {
    let one = |_| {
        let barrier = Rc::clone(barrier);
        spawn(async move { barrier.wait().await })
    };
    (0..count).map(one).collect()
}

async fn outcomes(tasks: Vec<Task<Outcome>>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

#[test]
fn test_barrier() {
    run(async {
        let barrier = Rc::new(Barrier::new(N));
        let mut results = Vec::new();
        for outcome in outcomes(start(&barrier, N)).await {
            results.push(outcome.unwrap());
        }
        assert!(results.into_iter().eq(0..N));
        assert_eq!((barrier.n_waiting(), barrier.is_broken()), (0, false));
    });
}

#[test]
fn test_repr() {
    let barrier = Barrier::new(N);
    assert_eq!(
        format!("{barrier:?}"),
        "Barrier { state: Filling, n_waiting: 0, parties: 5 }"
    );
    let _waits = ByHand::waiting(barrier.wait());
    assert!(format!("{barrier:?}").contains("n_waiting: 1"));
    barrier.abort();
    assert!(format!("{barrier:?}").contains("Broken"));
}

#[test]
fn test_barrier_parties() {
    assert_eq!(Barrier::new(N).parties(), N);
}

#[test]
#[should_panic(expected = "at least one party")]
fn test_barrier_parties_of_none() {
    drop(Barrier::new(0));
}

#[test]
fn test_context_manager() {
    run(async {
        let barrier = Barrier::new(2);
        let results = RefCell::new(Vec::new());
        let party = |name| {
            let (barrier, results) = (&barrier, &results);
            async move {
                barrier.wait().await.unwrap();
                results.borrow_mut().push(name);
            }
        };
        gather!(party("a"), party("b")).await;
        assert_eq!(results.into_inner().len(), 2);
    });
}

#[test]
fn test_context_manager_one_task() {
    run(async {
        assert_eq!(Barrier::new(1).wait().await, Ok(0));
    });
}

#[test]
fn test_context_manager_multiple_tasks() {
    // Round after round.
    run(async {
        let barrier = Rc::new(Barrier::new(N));
        for _ in 0..10 {
            let all = outcomes(start(&barrier, N)).await;
            assert!(all.into_iter().map(Result::unwrap).eq(0..N));
        }
    });
}

#[test]
fn test_wait_task() {
    run(async {
        let barrier = Rc::new(Barrier::new(N));
        let tasks = start(&barrier, N - 1);
        iterations(3).await;
        assert!(tasks.iter().all(|task| !task.is_finished()));
        assert_eq!(barrier.n_waiting(), N - 1);
        assert_eq!(barrier.wait().await, Ok(N - 1));
        assert_eq!(outcomes(tasks).await.len(), N - 1);
    });
}

#[test]
fn test_filling_tasks() {
    run(async {
        let barrier = Rc::new(Barrier::new(3));
        let tasks = start(&barrier, 2);
        yield_now().await;
        assert_eq!(barrier.n_waiting(), 2);
        assert!(!barrier.is_broken());
        barrier.wait().await.unwrap();
        outcomes(tasks).await;
        assert_eq!(barrier.n_waiting(), 0);
    });
}

#[test]
fn test_filling_one_task() {
    run(async {
        let barrier = Barrier::new(1);
        assert_eq!(barrier.wait().await, Ok(0));
        assert_eq!((barrier.n_waiting(), barrier.is_broken()), (0, false));
    });
}

#[test]
fn test_filling_one_task_twice() {
    run(async {
        let barrier = Rc::new(Barrier::new(1));
        let first = start(&barrier, 1);
        yield_now().await;
        assert_eq!(barrier.n_waiting(), 0);
        let second = start(&barrier, 1);
        yield_now().await;
        assert!(first[0].is_finished() && second[0].is_finished());
        assert_eq!(outcomes(first).await, outcomes(second).await);
        assert_eq!((barrier.n_waiting(), barrier.is_broken()), (0, false));
    });
}

#[test]
fn test_filling_task_by_task() {
    run(async {
        let barrier = Rc::new(Barrier::new(3));
        let mut tasks = Vec::new();
        for waiting in 1..3 {
            tasks.extend(start(&barrier, 1));
            yield_now().await;
            assert_eq!(barrier.n_waiting(), waiting);
            assert!(format!("{barrier:?}").contains("Filling"));
        }
        tasks.extend(start(&barrier, 1));
        yield_now().await;
        assert_eq!(outcomes(tasks).await, [Ok(0), Ok(1), Ok(2)]);
        assert_eq!((barrier.n_waiting(), barrier.is_broken()), (0, false));
    });
}

#[test]
fn test_filling_tasks_wait_twice() {
    run(async {
        let barrier = Barrier::new(N);
        let results = RefCell::new(Vec::new());
        let party = |_| async {
            barrier.wait().await.unwrap();
            results.borrow_mut().push(true);
            barrier.wait().await.unwrap();
            results.borrow_mut().push(false);
        };
        gather((0..N).map(party)).await;
        let results = results.into_inner();
        assert_eq!(results.len(), 2 * N);
        assert_eq!(results.iter().filter(|first| **first).count(), N);
        assert_eq!((barrier.n_waiting(), barrier.is_broken()), (0, false));
    });
}

#[test]
fn test_filling_tasks_cancel_one() {
    run(async {
        let barrier = Rc::new(Barrier::new(3));
        let first = start(&barrier, 1).pop().unwrap();
        let mut others = start(&barrier, 1);
        yield_now().await;
        assert_eq!(barrier.n_waiting(), 2);
        first.cancel();
        yield_now().await;
        assert_eq!(barrier.n_waiting(), 1);
        assert!(first.await.unwrap_err().is_cancelled());
        others.extend(start(&barrier, 1));
        yield_now().await;
        assert_eq!(barrier.n_waiting(), 2);
        others.extend(start(&barrier, 1));
        assert_eq!(outcomes(others).await.len(), 3);
        assert_eq!((barrier.n_waiting(), barrier.is_broken()), (0, false));
    });
}

#[test]
fn test_filling_tasks_check_return_value() {
    run(async {
        let barrier = Rc::new(Barrier::new(N));
        let rounds = outcomes(start(&barrier, 2 * N)).await;
        let indices: Vec<usize> = rounds.into_iter().map(Result::unwrap).collect();
        assert!(
            indices.iter().copied().eq((0..N).chain(0..N)),
            "{indices:?}"
        );
    });
}

#[test]
fn test_draining_state() {
    // Who comes while others leave is not counted among them.
    let barrier = Barrier::new(2);
    let mut first = ByHand::waiting(barrier.wait());
    assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(1)));
    assert!(format!("{barrier:?}").contains("Draining"));
    let mut late = ByHand::waiting(barrier.wait());
    assert_eq!(barrier.n_waiting(), 0);
    assert_eq!(first.poll(), Some(Ok(0)));
    assert!(late.is_woken());
    assert_eq!(late.poll(), None);
    assert_eq!(barrier.n_waiting(), 1);
    assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(1)));
    assert_eq!(late.poll(), Some(Ok(0)));
}

#[test]
fn test_blocking_tasks_while_draining() {
    run(async {
        let barrier = Rc::new(Barrier::new(2));
        let tasks = start(&barrier, 7);
        iterations(10).await;
        assert_eq!(tasks.iter().filter(|task| task.is_finished()).count(), 6);
        assert_eq!(barrier.wait().await, Ok(1));
        assert_eq!(outcomes(tasks).await.len(), 7);
    });
}

#[test]
fn test_finish_all_tasks() {
    run(async {
        let barrier = Rc::new(Barrier::new(N));
        let finished = Rc::new(Cell::new(0));
        let tasks: Vec<_> = (0..N)
            .map(|_| {
                let (barrier, finished) = (Rc::clone(&barrier), Rc::clone(&finished));
                spawn(async move {
                    barrier.wait().await.unwrap();
                    finished.set(finished.get() + 1);
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(finished.get(), N);
    });
}

#[test]
fn test_cancelled_wait() {
    let barrier = Barrier::new(3);
    let first = ByHand::waiting(barrier.wait());
    let mut second = ByHand::waiting(barrier.wait());
    drop(first);
    assert_eq!((barrier.n_waiting(), barrier.is_broken()), (1, false));
    let mut third = ByHand::waiting(barrier.wait());
    assert!(ByHand::new(barrier.wait()).poll().is_some());
    assert!(second.poll().is_some() && third.poll().is_some());
}

#[test]
fn one_that_is_released_and_dropped_keeps_nobody_inside() {
    let barrier = Barrier::new(2);
    let first = ByHand::waiting(barrier.wait());
    assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(1)));
    drop(first);
    let _again = ByHand::waiting(barrier.wait());
    assert_eq!(barrier.n_waiting(), 1);
}

#[test]
fn test_reset_barrier() {
    let barrier = Barrier::new(1);
    barrier.reset();
    assert!(!barrier.is_broken());
    assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(0)));
}

#[test]
fn test_reset_barrier_while_tasks_waiting() {
    run(async {
        let barrier = Rc::new(Barrier::new(N));
        let tasks = start(&barrier, N - 1);
        iterations(2).await;
        barrier.reset();
        assert!(outcomes(tasks).await.iter().all(Result::is_err));
        assert_eq!((barrier.n_waiting(), barrier.is_broken()), (0, false));
    });
}

/// The last one to leave resets it while the others wait for the next round.
#[test]
fn test_reset_barrier_while_tasks_draining() {
    run(async {
        let barrier = Barrier::new(N);
        let (left, passed, broken) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let ends = Cell::new(0);
        let add = |count: &Cell<usize>| count.set(count.get() + 1);
        let party = |_| async {
            barrier.wait().await.unwrap();
            add(&left);
            if left.get() == N {
                barrier.reset();
                barrier.wait().await.unwrap();
            } else {
                match barrier.wait().await {
                    Ok(_) => add(&passed),
                    Err(_) => add(&broken),
                }
            }
            barrier.wait().await.unwrap();
            add(&ends);
        };
        gather((0..N).map(party)).await;
        assert_eq!((passed.get(), broken.get(), ends.get()), (N - 1, 0, N));
        assert_eq!((barrier.n_waiting(), barrier.is_broken()), (0, false));
    });
}

#[test]
fn test_reset_barrier_when_tasks_half_draining() {
    // Those who have been released, and have not had their turn, fail.
    let barrier = Barrier::new(3);
    let mut first = ByHand::waiting(barrier.wait());
    let mut second = ByHand::waiting(barrier.wait());
    assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(2)));
    assert_eq!(first.poll(), Some(Ok(0)));
    barrier.reset();
    assert_eq!(second.poll(), Some(Err(BrokenBarrierError)));
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
}

#[test]
fn test_reset_barrier_when_tasks_half_draining_half_blocking() {
    let barrier = Barrier::new(2);
    let mut first = ByHand::waiting(barrier.wait());
    assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(1)));
    let mut blocked = ByHand::waiting(barrier.wait());
    barrier.reset();
    assert_eq!(blocked.poll(), None);
    assert_eq!(first.poll(), Some(Err(BrokenBarrierError)));
    assert_eq!(blocked.poll(), None);
    assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(1)));
    assert_eq!(blocked.poll(), Some(Ok(0)));
}

#[test]
fn test_reset_barrier_while_tasks_waiting_and_waiting_again() {
    run(async {
        let barrier = Rc::new(Barrier::new(N));
        let again = |barrier: Rc<Barrier>| async move {
            match barrier.wait().await {
                Err(BrokenBarrierError) => barrier.wait().await,
                Ok(_) => panic!("the barrier has been reset"),
            }
        };
        let tasks: Vec<_> = (0..N - 1)
            .map(|_| spawn(again(Rc::clone(&barrier))))
            .collect();
        iterations(2).await;
        barrier.reset();
        iterations(3).await;
        assert_eq!(barrier.n_waiting(), N - 1);
        assert_eq!(barrier.wait().await, Ok(N - 1));
        assert!(outcomes(tasks).await.iter().all(Result::is_ok));
    });
}

#[test]
fn test_abort_barrier() {
    let barrier = Barrier::new(1);
    barrier.abort();
    assert!(barrier.is_broken());
    assert_eq!(
        ByHand::new(barrier.wait()).poll(),
        Some(Err(BrokenBarrierError))
    );
}

#[test]
fn test_abort_barrier_when_tasks_half_draining_half_blocking() {
    let barrier = Barrier::new(2);
    let mut first = ByHand::waiting(barrier.wait());
    assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(1)));
    let mut blocked = ByHand::waiting(barrier.wait());
    barrier.abort();
    assert_eq!(first.poll(), Some(Err(BrokenBarrierError)));
    assert_eq!(blocked.poll(), Some(Err(BrokenBarrierError)));
}

#[test]
fn test_abort_barrier_when_exception() {
    run(async {
        let barrier = Rc::new(Barrier::new(3));
        let tasks = start(&barrier, 2);
        yield_now().await;
        barrier.abort();
        assert!(outcomes(tasks).await.iter().all(Result::is_err));
        assert!(barrier.is_broken());
        assert_eq!(barrier.wait().await, Err(BrokenBarrierError));
        assert_eq!(BrokenBarrierError.to_string(), "the barrier is broken");
    });
}

#[test]
fn test_abort_barrier_when_exception_then_resetting() {
    run(async {
        let barrier = Rc::new(Barrier::new(2));
        let tasks = start(&barrier, 1);
        yield_now().await;
        barrier.abort();
        assert!(outcomes(tasks).await[0].is_err());
        barrier.reset();
        assert!(!barrier.is_broken());
        let tasks = start(&barrier, 2);
        assert!(outcomes(tasks).await.iter().all(Result::is_ok));
    });
}

#[test]
#[should_panic(expected = "a `BoundedSemaphore` was released too many times")]
fn test_initial_value_of_a_bounded_semaphore() {
    BoundedSemaphore::new(1).release();
}

#[test]
fn a_bounded_semaphore_takes_back_what_it_has_given() {
    run(async {
        let semaphore = BoundedSemaphore::default();
        let permit = semaphore.acquire().await;
        assert!(semaphore.try_acquire().is_none() && semaphore.is_locked());
        permit.forget();
        let mut waits = ByHand::waiting(semaphore.acquire());
        semaphore.release();
        drop(waits.poll().unwrap());
        assert_eq!(semaphore.permits(), 1);
    });
}
