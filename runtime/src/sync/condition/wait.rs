//! The futures of those who wait for a notification.
//!
//! *Input*: a held lock. *Output*: the lock, held again.
//!
//! ```text
//!            first poll: join `waiters`,               notified: queue for                acquired
//!   (held) -----------------------------> Waiting --------------------------> Acquiring -----------> Done
//!            release the lock                          the lock
//! ```
//!
//! *Invariant*: a notification is used by one who gets the lock. One who has been notified and is dropped before that,
//! Waiting or Acquiring, notifies the next.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::{Condition, ConditionGuard};
use crate::sync::lock::{LockAcquire, LockGuard};
use crate::sync::wait_list::{Place, Waiter};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Acquiring,
    Done,
}

pin_project! {
    /// The future of [`ConditionGuard::wait`].
    #[must_use = "futures do nothing unless awaited"]
    pub struct ConditionWait<'a, T: ?Sized> {
        condition: &'a Condition<T>,
        // The lock, until the first poll.
        held: Option<LockGuard<'a, T>>,
        stage: Stage,
        #[pin]
        waiter: Waiter<'a>,
        #[pin]
        acquire: LockAcquire<'a, T>,
    }

    impl<T: ?Sized> PinnedDrop for ConditionWait<'_, T> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let place = this.waiter.as_ref().leave();
            if place == Place::Notified || *this.stage == Stage::Acquiring {
                this.condition.waiters.wake(1);
            }
        }
    }
}

impl<'a, T: ?Sized> ConditionWait<'a, T> {
    pub(super) fn new(condition: &'a Condition<T>, held: LockGuard<'a, T>) -> Self {
        ConditionWait {
            condition,
            held: Some(held),
            stage: Stage::Waiting,
            waiter: Waiter::new(&condition.waiters),
            acquire: condition.lock.lock(),
        }
    }
}

impl<'a, T: ?Sized> Future for ConditionWait<'a, T> {
    type Output = ConditionGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Some(held) = this.held.take() {
            let joined = this.waiter.poll(cx);
            debug_assert!(
                joined.is_pending(),
                "nobody notifies before the lock is released"
            );
            drop(held);
            return Poll::Pending;
        }
        if *this.stage == Stage::Waiting {
            ready!(this.waiter.poll(cx));
            *this.stage = Stage::Acquiring;
        }
        assert!(
            *this.stage == Stage::Acquiring,
            "`ConditionWait` polled after completion"
        );
        let guard = ready!(this.acquire.poll(cx));
        *this.stage = Stage::Done;
        Poll::Ready(this.condition.guard(guard))
    }
}

impl<T: ?Sized> fmt::Debug for ConditionWait<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionWait").finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of [`ConditionGuard::wait_for`].
    #[must_use = "futures do nothing unless awaited"]
    pub struct ConditionWaitFor<'a, T: ?Sized, P> {
        guard: Option<ConditionGuard<'a, T>>,
        #[pin]
        wait: Option<ConditionWait<'a, T>>,
        predicate: P,
    }
}

impl<'a, T: ?Sized, P> ConditionWaitFor<'a, T, P> {
    pub(super) fn new(guard: ConditionGuard<'a, T>, predicate: P) -> Self {
        ConditionWaitFor {
            guard: Some(guard),
            wait: None,
            predicate,
        }
    }
}

impl<'a, T: ?Sized, P> Future for ConditionWaitFor<'a, T, P>
where
    P: FnMut(&mut T) -> bool,
{
    type Output = ConditionGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            if let Some(wait) = this.wait.as_mut().as_pin_mut() {
                *this.guard = Some(ready!(wait.poll(cx)));
                this.wait.set(None);
            }
            let guard = this.guard.take();
            let mut guard = guard.expect("`ConditionWaitFor` polled after completion");
            if (this.predicate)(&mut guard) {
                return Poll::Ready(guard);
            }
            this.wait.set(Some(guard.wait()));
        }
    }
}

impl<T: ?Sized, P> fmt::Debug for ConditionWaitFor<'_, T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionWaitFor").finish_non_exhaustive()
    }
}
