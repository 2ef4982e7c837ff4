//! A lock with a second queue, for those who wait for a change of the value: asyncio's `Condition`.
//!
//! *Input*: guards that wait or notify. *Output*: guards again, in the order of notification. *Invariant*: waiting and
//! notifying are reached through the guard only, so the lock is held.

mod guard;
mod wait;

pub use guard::ConditionGuard;
pub use wait::{ConditionWait, ConditionWaitFor};

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::lock::{Lock, LockAcquire, LockGuard};
use super::wait_list::WaitList;

/// A [`Lock`] whose holder can wait until another holder has changed the value. asyncio's `Condition`.
///
/// Waiting and notifying are methods of the guard, so they cannot be called without the lock; asyncio raises
/// `RuntimeError` there.
///
/// # Fairness
///
/// Those who wait are notified in the order in which they began to, and then queue for the lock like everybody else.
///
/// # Examples
///
/// ```
/// use std::collections::VecDeque;
/// use coloop::Condition;
///
/// coloop::run(async {
///     let queue = Condition::new(VecDeque::new());
///     let consumer = async {
///         let mut queue = queue.lock().await;
///         while queue.is_empty() {
///             queue = queue.wait().await;
///         }
///         queue.pop_front()
///     };
///     let producer = async {
///         let mut queue = queue.lock().await;
///         queue.push_back("item");
///         queue.notify(1);
///     };
///     let (item, ()) = coloop::gather!(consumer, producer).await;
///     assert_eq!(item, Some("item"));
/// });
/// ```
#[derive(Default)]
pub struct Condition<T: ?Sized> {
    waiters: WaitList,
    lock: Lock<T>,
}

impl<T> Condition<T> {
    /// A condition around `value`.
    pub const fn new(value: T) -> Self {
        Condition {
            waiters: WaitList::of("a `Condition`"),
            lock: Lock::new(value),
        }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.lock.into_inner()
    }
}

impl<T: ?Sized> Condition<T> {
    /// Takes the lock, as [`Lock::lock`] does.
    ///
    /// # Cancellation
    ///
    /// As [`Lock::lock`].
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let condition = coloop::Condition::new(1);
    ///     *condition.lock().await += 1;
    ///     assert_eq!(condition.into_inner(), 2);
    /// });
    /// ```
    #[doc(alias = "acquire")]
    pub fn lock(&self) -> ConditionAcquire<'_, T> {
        ConditionAcquire {
            condition: self,
            acquire: self.lock.lock(),
        }
    }

    /// Takes the lock if it is free and nobody waits for it, else gives `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// let condition = coloop::Condition::new(());
    /// let guard = condition.try_lock();
    /// assert!(guard.is_some());
    /// assert!(condition.try_lock().is_none());
    /// ```
    pub fn try_lock(&self) -> Option<ConditionGuard<'_, T>> {
        self.lock.try_lock().map(|guard| self.guard(guard))
    }

    /// True while a guard exists. asyncio's `locked`.
    #[doc(alias = "locked")]
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.lock.is_locked()
    }

    /// The value, without locking: `&mut self` proves that there is no guard.
    pub fn get_mut(&mut self) -> &mut T {
        self.lock.get_mut()
    }

    fn guard<'a>(&'a self, guard: LockGuard<'a, T>) -> ConditionGuard<'a, T> {
        ConditionGuard::new(self, guard)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Condition<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condition")
            .field("lock", &&self.lock)
            .field("waiting", &self.waiters.waiting())
            .finish()
    }
}

pin_project! {
    /// The future of [`Condition::lock`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct ConditionAcquire<'a, T: ?Sized> {
        condition: &'a Condition<T>,
        #[pin]
        acquire: LockAcquire<'a, T>,
    }
}

impl<'a, T: ?Sized> Future for ConditionAcquire<'a, T> {
    type Output = ConditionGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let guard = ready!(this.acquire.poll(cx));
        Poll::Ready(this.condition.guard(guard))
    }
}
