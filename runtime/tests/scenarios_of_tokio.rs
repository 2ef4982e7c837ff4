//! What tokio tests of its `Semaphore`, `Notify` and `Barrier`, of coloop's, under tokio's names: a second source beside CPython.
//!
//! A `Notify` with a permit is a [`Semaphore`] of at most one, a `notify_waiters` is [`Event::set`] and `clear` in one turn.

mod common;

use std::cell::Cell;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::rc::Rc;

use coloop::{gather, run, spawn, yield_now, Barrier, Event, Semaphore};
use common::ByHand;

mod semaphore {
    use super::*;

    #[test]
    fn no_permits() {
        // Nothing to give, and nothing goes wrong.
        let semaphore = Semaphore::new(0);
        assert!(semaphore.try_acquire().is_none());
        assert_eq!(semaphore.permits(), 0);
    }

    #[test]
    fn try_acquire() {
        let semaphore = Semaphore::new(1);
        {
            let first = semaphore.try_acquire();
            assert!(first.is_some());
            assert!(semaphore.try_acquire().is_none());
        }
        assert!(semaphore.try_acquire().is_some());
    }

    #[test]
    fn try_acquire_many() {
        let semaphore = Semaphore::new(42);
        {
            let first = semaphore.try_acquire_many(42);
            assert!(first.is_some());
            assert!(semaphore.try_acquire().is_none());
        }
        assert!(semaphore.try_acquire_many(32).is_some());
        let second = semaphore.try_acquire_many(41);
        assert!(second.is_some());
        assert!(semaphore.try_acquire_many(2).is_none());
        assert!(semaphore.try_acquire().is_some());
    }

    #[test]
    fn acquire() {
        let semaphore = Semaphore::new(1);
        let first = semaphore.try_acquire().unwrap();
        let mut second = ByHand::waiting(semaphore.acquire());
        drop(first);
        assert!(second.is_woken());
        assert!(second.poll().is_some());
    }

    #[test]
    fn acquire_many() {
        let semaphore = Semaphore::new(42);
        let first = semaphore.try_acquire_many(32).unwrap();
        let mut second = ByHand::waiting(semaphore.acquire_many(32));
        drop(first);
        assert!(second.poll().is_some());
    }

    #[test]
    fn add_permits() {
        let semaphore = Semaphore::new(0);
        let mut waits = ByHand::waiting(semaphore.acquire());
        semaphore.release();
        assert!(waits.poll().is_some());
    }

    #[test]
    fn forget() {
        let semaphore = Semaphore::new(1);
        let permit = semaphore.try_acquire().unwrap();
        assert_eq!(semaphore.permits(), 0);
        permit.forget();
        assert_eq!(semaphore.permits(), 0);
        assert!(semaphore.try_acquire().is_none());
    }

    #[test]
    fn add_max_amount_permits() {
        let semaphore = Semaphore::new(0);
        semaphore.release_many(usize::MAX);
        assert_eq!(semaphore.permits(), usize::MAX);
    }

    #[test]
    fn add_more_than_max_amount_permits() {
        let semaphore = Semaphore::new(1);
        let added = catch_unwind(AssertUnwindSafe(|| semaphore.release_many(usize::MAX)));
        assert!(added.is_err());
        assert_eq!(semaphore.permits(), 1);
    }

    #[test]
    fn stresstest() {
        run(async {
            let semaphore = Rc::new(Semaphore::new(5));
            let mut tasks = Vec::new();
            for _ in 0..1000 {
                let one = Rc::clone(&semaphore);
                tasks.push(spawn(async move { one.acquire().await.forget() }));
                let other = Rc::clone(&semaphore);
                tasks.push(spawn(async move {
                    let _permit = other.acquire().await;
                    yield_now().await;
                    other.release();
                }));
            }
            gather(tasks).await;
            let permits: Vec<_> = (0..5).map(|_| semaphore.try_acquire().unwrap()).collect();
            assert!(semaphore.try_acquire().is_none());
            drop(permits);
        });
    }

    /// A poll that finds permits for another's sake does not take them twice.
    #[test]
    fn batch_semaphore_poll_acquire_many_unavailable() {
        let semaphore = Semaphore::new(5);
        let permit = semaphore.try_acquire_many(1).unwrap();
        let mut five = ByHand::waiting(semaphore.acquire_many(5));
        let mut one = ByHand::waiting(semaphore.acquire());
        drop(permit);
        assert!(five.is_woken() && !one.is_woken());
        let taken = five.poll().unwrap();
        assert!(one.poll().is_none());
        drop(taken);
        assert!(one.is_woken() && one.poll().is_some());
    }

    /// Permits that have been given to one who leaves go to those behind.
    #[test]
    fn batch_semaphore_cancel_acquire_releases_permits() {
        let semaphore = Semaphore::new(10);
        let first = semaphore.try_acquire_many(4).unwrap();
        let waits = ByHand::waiting(semaphore.acquire_many(8));
        assert_eq!(semaphore.permits(), 6);
        drop(waits);
        assert_eq!(semaphore.permits(), 6);
        drop(first);
        assert_eq!(semaphore.permits(), 10);
    }

    #[test]
    fn batch_semaphore_drop_while_notified() {
        let semaphore = Semaphore::new(0);
        let first = ByHand::waiting(semaphore.acquire());
        let mut second = ByHand::waiting(semaphore.acquire());
        semaphore.release();
        assert!(first.is_woken() && !second.is_woken());
        drop(first);
        assert!(second.is_woken() && second.poll().is_some());
    }
}

mod notify {
    use super::*;

    #[test]
    fn notify_notified_one() {
        let notify = Semaphore::new(0);
        notify.release();
        assert!(ByHand::new(notify.acquire()).poll().is_some());
    }

    #[test]
    fn notified_one_notify() {
        let notify = Semaphore::new(0);
        let mut waits = ByHand::waiting(notify.acquire());
        notify.release();
        assert!(waits.is_woken() && waits.poll().is_some());
    }

    #[test]
    fn notified_multi_notify() {
        let notify = Semaphore::new(0);
        let mut first = ByHand::waiting(notify.acquire());
        let mut second = ByHand::waiting(notify.acquire());
        notify.release();
        assert!(first.is_woken() && !second.is_woken());
        first.poll().unwrap().forget();
        assert!(second.poll().is_none());
    }

    #[test]
    fn notified_drop_notified_notify() {
        let notify = Semaphore::new(0);
        drop(ByHand::waiting(notify.acquire()));
        let mut second = ByHand::waiting(notify.acquire());
        notify.release();
        assert!(second.is_woken() && second.poll().is_some());
    }

    #[test]
    fn notified_multi_notify_drop_one() {
        let notify = Semaphore::new(0);
        let first = ByHand::waiting(notify.acquire());
        let mut second = ByHand::waiting(notify.acquire());
        notify.release();
        assert!(first.is_woken() && !second.is_woken());
        drop(first);
        assert!(second.is_woken() && second.poll().is_some());
    }

    #[test]
    fn notify_one_after_dropped_all() {
        let notify = Semaphore::new(0);
        drop((notify.acquire(), ByHand::waiting(notify.acquire())));
        notify.release();
        assert!(ByHand::new(notify.acquire()).poll().is_some());
    }

    #[test]
    fn notify_waiters() {
        let event = Event::new();
        let (mut first, mut second) =
            (ByHand::waiting(event.wait()), ByHand::waiting(event.wait()));
        event.set();
        event.clear();
        // Those who came before have it; who comes after waits.
        assert!(first.poll().is_some() && second.poll().is_some());
        let _third = ByHand::waiting(event.wait());
    }

    #[test]
    fn test_notify_waiters_handle_panicking_waker() {
        use std::sync::Arc;
        use std::task::{Context, Wake, Waker};
        struct Panics;
        impl Wake for Panics {
            fn wake(self: Arc<Self>) {
                panic!("waker panicked");
            }
        }
        let event = Event::new();
        let mut first = Box::pin(event.wait());
        let waker = Waker::from(Arc::new(Panics));
        assert!(first
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending());
        let mut second = ByHand::waiting(event.wait());
        assert!(catch_unwind(AssertUnwindSafe(|| event.set())).is_err());
        // The one behind is not lost: the event is set.
        assert!(event.is_set());
        assert!(second.poll().is_some());
        assert!(first
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_ready());
    }
}

mod barrier {
    use super::*;

    #[test]
    fn zero_does_not_block() {
        // Here it is a mistake, as in asyncio.
        assert!(catch_unwind(|| Barrier::new(0)).is_err());
    }

    #[test]
    fn single() {
        let barrier = Barrier::new(1);
        for _ in 0..3 {
            assert_eq!(ByHand::new(barrier.wait()).poll(), Some(Ok(0)));
        }
    }

    #[test]
    fn tango() {
        let barrier = Barrier::new(2);
        let mut first = ByHand::waiting(barrier.wait());
        let mut second = ByHand::new(barrier.wait());
        let last = second.poll().unwrap().unwrap();
        assert!(first.is_woken());
        let other = first.poll().unwrap().unwrap();
        assert!(last != other);
    }

    /// In each of many rounds, exactly one is the first.
    #[test]
    fn lots() {
        run(async {
            let barrier = Rc::new(Barrier::new(100));
            let leaders = Rc::new(Cell::new(0));
            for round in 1..=10 {
                let arrive = |_| {
                    let (barrier, leaders) = (Rc::clone(&barrier), Rc::clone(&leaders));
                    spawn(async move {
                        let is_leader = barrier.wait().await.unwrap() == 0;
                        leaders.set(leaders.get() + u32::from(is_leader));
                    })
                };
                let tasks: Vec<_> = (0..100).map(arrive).collect();
                gather(tasks).await;
                assert_eq!(leaders.get(), round);
            }
        });
    }
}
