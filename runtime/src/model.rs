//! What the models of the crate are made of: how they are explored, and values that tell where they were dropped.
//!
//! *Input*: a model, a function that starts threads and asserts. *Output*: a failed test, with the interleaving that breaks it.
//! *Invariant*: every interleaving with up to [`PREEMPTIONS`] switches away from a thread that could go on is tried, and in each of them every
//! load that may give an older value gives each. That nobody is left waiting, and no `Arc` is left over, is checked at the end of each.

use std::future::{poll_fn, Future};
use std::sync::atomic::AtomicUsize;
use std::sync::Arc;
use std::task::Poll;

use loom::thread::{self, ThreadId};

use crate::shared::atomic::{AtomicBool, Ordering};

/// With one more, a model of three threads and a loop takes minutes instead of seconds.
const PREEMPTIONS: usize = 3;

/// Explores a model.
pub(crate) fn check(model: impl Fn() + Send + Sync + 'static) {
    check_within(PREEMPTIONS, model);
}

/// The same with another limit.
pub(crate) fn check_within(preemptions: usize, model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(preemptions);
    builder.max_branches = 10_000;
    builder.check(model);
}

/// Ready when another thread, which the first poll starts, has said so. Nothing but the wake orders what that one wrote before it.
pub(crate) fn woken() -> impl Future<Output = ()> {
    let is_set = Arc::new(AtomicBool::new(false));
    let mut is_started = false;
    poll_fn(move |cx| {
        if !is_started {
            let (is_set, waker) = (Arc::clone(&is_set), cx.waker().clone());
            drop(thread::spawn(move || {
                is_set.store(true, Ordering::Relaxed);
                waker.wake();
            }));
            is_started = true;
        }
        match is_set.load(Ordering::Relaxed) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    })
}

/// How often something was dropped, and where. The checker does not see it.
#[derive(Clone, Default)]
pub(crate) struct Drops(Arc<Counts>);

#[derive(Default)]
struct Counts {
    at_home: AtomicUsize,
    elsewhere: AtomicUsize,
}

/// Something to be dropped.
pub(crate) struct Guard {
    home: ThreadId,
    drops: Drops,
}

impl Drops {
    /// A value whose home is this thread.
    pub(crate) fn guard(&self) -> Guard {
        Guard {
            home: thread::current().id(),
            drops: self.clone(),
        }
    }

    fn counts(&self) -> (usize, usize) {
        let Counts { at_home, elsewhere } = &*self.0;
        (
            at_home.load(Ordering::Relaxed),
            elsewhere.load(Ordering::Relaxed),
        )
    }

    pub(crate) fn assert_once_at_home(&self) {
        assert_eq!(self.counts(), (1, 0));
    }

    pub(crate) fn assert_once(&self) {
        let (at_home, elsewhere) = self.counts();
        assert_eq!(at_home + elsewhere, 1);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let Counts { at_home, elsewhere } = &*self.drops.0;
        let is_at_home = thread::current().id() == self.home;
        let count = if is_at_home { at_home } else { elsewhere };
        count.fetch_add(1, Ordering::Relaxed);
    }
}
