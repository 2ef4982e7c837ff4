//! A lock with a second queue, for those who wait for a change of the value: asyncio's `Condition`.
//!
//! *Input*: guards that wait or notify. *Output*: guards again, in the order of notification.
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
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::lock::{Lock, LockAcquire, LockGuard};
use super::wait_list::{Place, WaitList, Waiter};

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
            waiters: WaitList::new(),
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
        ConditionGuard {
            condition: self,
            guard,
        }
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

/// A held [`Condition`]; gives access to the value, and releases the lock when it is dropped.
#[must_use = "the lock is released when the guard is dropped"]
pub struct ConditionGuard<'a, T: ?Sized> {
    condition: &'a Condition<T>,
    guard: LockGuard<'a, T>,
}

impl<'a, T: ?Sized> ConditionGuard<'a, T> {
    /// Releases the lock, waits for a notification, and takes the lock again.
    ///
    /// The guard goes in and comes out, as with [`std::sync::Condvar`]. What is notified is that the value has changed,
    /// not that it is as wanted, and others may have come first: wait in a loop, or with
    /// [`wait_for`](ConditionGuard::wait_for). The lock is released by the first poll.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the queue, *without* the lock: asyncio takes it again before `CancelledError` goes on,
    /// which a drop cannot wait for. As the guard has been moved into the future, nothing is left that could be misused:
    /// after a timeout, lock again. If the future had been notified, also if it then waited for the lock, the
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
        let condition = self.condition;
        ConditionWait {
            condition,
            held: Some(self.guard),
            stage: Stage::Waiting,
            waiter: Waiter::new(&condition.waiters),
            acquire: condition.lock.lock(),
        }
    }

    /// Waits until `predicate` is true of the value; the guard comes out while it is.
    ///
    /// The predicate is called first of all, and if it is true then, nothing yields to the loop; afterwards it is called
    /// after each notification, with the lock held.
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
        ConditionWaitFor {
            guard: Some(self),
            wait: None,
            predicate,
        }
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
