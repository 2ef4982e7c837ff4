//! The tasks that wait for one thread.
//!
//! *Input*: the tasks' wakers, a wake by the thread. *Output*: all of them are woken, in the order of their polls. *Invariant*: every
//! future that waits has its waker here, from its poll to the next wake; so whichever of them is dropped, the others are woken.
//! Wakers of dropped futures go with that wake, or when they are more than those that wait: then everybody is asked to poll again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Wake, Waker};

#[derive(Default)]
pub(super) struct Audience(Mutex<Wakers>);

#[derive(Default)]
struct Wakers {
    futures: Vec<Waker>,
    /// The last task that polled without a future of ours, as with sockets.
    poller: Option<Waker>,
}

impl Audience {
    fn lock(&self) -> MutexGuard<'_, Wakers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the task that polls a future, of which `waiting` wait besides.
    pub(super) fn add_future(self: &Arc<Self>, cx: &Context<'_>, waiting: usize) {
        let waker = cx.waker().clone();
        let wakers = self.lock();
        let is_there = wakers.futures.iter().any(|there| there.will_wake(&waker));
        let has_stale = wakers.futures.len() > 2 * (waiting + 1);
        drop(wakers);
        if has_stale {
            Arc::clone(self).wake();
        }
        if has_stale || !is_there {
            self.lock().futures.push(waker);
        }
    }

    /// Makes the polling task the one that is woken besides the futures.
    pub(super) fn set_poller(&self, cx: &Context<'_>) {
        let waker = cx.waker().clone();
        let before = self.lock().poller.replace(waker);
        drop(before);
    }
}

impl Wake for Audience {
    fn wake(self: Arc<Self>) {
        let Wakers { futures, poller } = std::mem::take(&mut *self.lock());
        Wakes(poller.into_iter().chain(futures)).all();
    }
}

/// Wakes that are due: all of them, whatever becomes of one.
struct Wakes<I: Iterator<Item = Waker>>(I);

impl<I: Iterator<Item = Waker>> Wakes<I> {
    fn all(&mut self) {
        self.0.by_ref().for_each(Waker::wake);
    }
}

impl<I: Iterator<Item = Waker>> Drop for Wakes<I> {
    fn drop(&mut self) {
        self.all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, SeqCst);
        }
    }

    fn counts<const N: usize>() -> ([Arc<Count>; N], [Waker; N]) {
        let counts: [Arc<Count>; N] = std::array::from_fn(|_| Arc::default());
        let wakers = counts.clone().map(Waker::from);
        (counts, wakers)
    }

    fn woken<const N: usize>(counts: &[Arc<Count>; N]) -> [usize; N] {
        std::array::from_fn(|n| counts[n].0.load(SeqCst))
    }

    #[test]
    fn everybody_is_woken_once_and_of_the_pollers_the_last() {
        let (counts, wakers) = counts::<4>();
        let audience = Arc::new(Audience::default());
        for n in [0, 1, 0] {
            audience.add_future(&Context::from_waker(&wakers[n]), n);
        }
        for waker in &wakers[2..] {
            audience.set_poller(&Context::from_waker(waker));
        }
        Arc::clone(&audience).wake();
        assert_eq!(woken(&counts), [1, 1, 0, 1]);
        audience.wake();
        assert_eq!(woken(&counts), [1, 1, 0, 1]);
    }

    #[test]
    fn wakers_of_dropped_futures_do_not_pile_up() {
        let audience = Arc::new(Audience::default());
        for _ in 0..1000 {
            let (_, [waker]) = counts::<1>();
            audience.add_future(&Context::from_waker(&waker), 0);
            assert!(audience.lock().futures.len() <= 3);
        }
    }

    struct Panics;

    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a foreign waker");
        }
    }

    #[test]
    fn those_behind_a_waker_that_panics_are_woken() {
        let (counts, [waker]) = counts::<1>();
        let audience = Arc::new(Audience::default());
        let foreign = Waker::from(Arc::new(Panics));
        audience.add_future(&Context::from_waker(&foreign), 0);
        audience.add_future(&Context::from_waker(&waker), 1);
        let woke = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| audience.wake()));
        assert!(woke.is_err());
        assert_eq!(woken(&counts), [1]);
    }
}
