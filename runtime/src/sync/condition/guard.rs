//! The holder of a condition's lock.
//!
//! *Input*: an acquired lock. *Output*: access to the value, waits, notifications. *Invariant*: a wait takes the guard,
//! so nobody has a guard without the lock.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::wait::{ConditionWait, ConditionWaitFor};
use super::Condition;
use crate::sync::lock::LockGuard;

/// A held [`Condition`]; gives access to the value, and releases the lock when it is dropped.
#[must_use = "the lock is released when the guard is dropped"]
pub struct ConditionGuard<'a, T: ?Sized> {
    condition: &'a Condition<T>,
    guard: LockGuard<'a, T>,
}

impl<'a, T: ?Sized> ConditionGuard<'a, T> {
    pub(super) fn new(condition: &'a Condition<T>, guard: LockGuard<'a, T>) -> Self {
        ConditionGuard { condition, guard }
    }

    /// Releases the lock, waits for a notification, and takes the lock again.
    ///
    /// The guard goes in and comes out, as with [`std::sync::Condvar`]. What is notified is that the value has changed,
    /// not that it is as wanted, and others may have come first: wait in a loop, or with
    /// [`wait_for`](ConditionGuard::wait_for). The lock is released by the first poll.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the queue, *without* the lock: asyncio takes it again before `CancelledError` goes
    /// on, which a drop cannot wait for. As the guard has been moved into the future, nothing is left that could be
    /// misused: after a timeout, lock again. If the future had been notified, also if it then waited for the lock, the
    /// notification goes to the next who waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// coloop::run(async {
    ///     let condition = coloop::Condition::new(0);
    ///     let guard = condition.lock().await;
    ///     let waited = coloop::timeout(Duration::from_millis(1), guard.wait()).await;
    ///     assert!(waited.is_err());
    ///     assert!(!condition.is_locked());
    /// });
    /// ```
    pub fn wait(self) -> ConditionWait<'a, T> {
        ConditionWait::new(self.condition, self.guard)
    }

    /// Waits until `predicate` is true of the value; the guard comes out while it is.
    ///
    /// The predicate is called first of all, and if it is true then, nothing yields to the loop; afterwards it is
    /// called after each notification, with the lock held.
    ///
    /// # Cancellation
    ///
    /// As [`wait`](ConditionGuard::wait).
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let condition = coloop::Condition::new(0);
    ///     let count = async {
    ///         for _ in 0..3 {
    ///             let mut guard = condition.lock().await;
    ///             *guard += 1;
    ///             guard.notify_all();
    ///         }
    ///     };
    ///     let wait = async { *condition.lock().await.wait_for(|n| *n >= 3).await };
    ///     assert_eq!(coloop::gather!(wait, count).await, (3, ()));
    /// });
    /// ```
    pub fn wait_for<P>(self, predicate: P) -> ConditionWaitFor<'a, T, P>
    where
        P: FnMut(&mut T) -> bool,
    {
        ConditionWaitFor::new(self, predicate)
    }

    /// Wakes the first `n` of those who wait. They go on when they get the lock, so after this guard is gone.
    ///
    /// asyncio's default for `n` is 1.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let condition = coloop::Condition::new(());
    ///     condition.lock().await.notify(1);
    /// });
    /// ```
    #[doc(alias = "notify_one")]
    pub fn notify(&self, n: usize) {
        self.condition.waiters.wake(n);
    }

    /// Wakes all who wait.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let condition = coloop::Condition::new(());
    ///     condition.lock().await.notify_all();
    /// });
    /// ```
    pub fn notify_all(&self) {
        self.notify(usize::MAX);
    }
}

impl<T: ?Sized> Deref for ConditionGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T: ?Sized> DerefMut for ConditionGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for ConditionGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
