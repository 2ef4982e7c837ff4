//! A lock with a value in it: asyncio's `Lock`.
//!
//! *Input*: futures that want the value. *Output*: guards, one at a time, in the order of the first polls.
//!
//! *Invariant*: if the lock is free and somebody waits, the one at the head of the queue has been notified. Only that
//! one may take the lock then. So: `release` frees the lock and notifies the head; a newcomer takes the lock only if it
//! is free and the queue is empty; one who leaves a free lock's queue notifies the new head.

use std::cell::{Cell, RefCell, RefMut};
use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::owned::OwnedLockGuard;
use super::wait_list::{Place, WaitList, Waiter};

/// Mutual exclusion between the tasks of one thread, strictly first in, first out.
///
/// asyncio's `Lock`, with the value that it protects inside; `Lock::new(())` is the bare lock. A panic while the lock
/// is held releases it, as `async with` does; there is no poison.
///
/// # Fairness
///
/// The lock goes to those who wait in the order of their first polls. A newcomer never overtakes: neither by
/// [`lock`](Lock::lock) nor by [`try_lock`](Lock::try_lock), not even while the lock is free and the next holder has
/// been woken but has not yet had its turn.
///
/// # Examples
///
/// ```
/// use coloop::Lock;
///
/// coloop::run(async {
///     let total = Lock::new(0);
///     let add = async |n: u32| {
///         let mut total = total.lock().await;
///         let before = *total;
///         coloop::yield_now().await;
///         *total = before + n;
///     };
///     coloop::gather!(add(1), add(2), add(3)).await;
///     assert_eq!(total.into_inner(), 6);
/// });
/// ```
#[derive(Default)]
pub struct Lock<T: ?Sized> {
    raw: RawLock,
    value: RefCell<T>,
}

impl<T> Lock<T> {
    /// A free lock around `value`.
    pub const fn new(value: T) -> Self {
        Lock {
            raw: RawLock::new(),
            value: RefCell::new(value),
        }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Lock<T> {
    /// Takes the lock, waiting until it is free and everybody who came first has had it. asyncio's `acquire`.
    ///
    /// If the lock is free and nobody waits, the first poll takes it without yielding to the loop.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the queue; if the lock was about to be taken, the next in the queue is woken.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let lock = coloop::Lock::new(String::new());
    ///     lock.lock().await.push_str("held for one statement");
    ///     assert!(!lock.is_locked());
    /// });
    /// ```
    #[doc(alias = "acquire")]
    pub fn lock(&self) -> LockAcquire<'_, T> {
        LockAcquire {
            lock: self,
            acquire: RawAcquire::new(&self.raw),
        }
    }

    /// Takes the lock if it is free and nobody waits for it, else gives `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// let lock = coloop::Lock::new(1);
    /// let guard = lock.try_lock().unwrap();
    /// assert!(lock.try_lock().is_none());
    /// drop(guard);
    /// assert!(lock.try_lock().is_some());
    /// ```
    pub fn try_lock(&self) -> Option<LockGuard<'_, T>> {
        self.raw.try_acquire().then(|| self.guard())
    }

    /// As [`lock`](Lock::lock), with a guard that keeps the lock alive: for a task, which may not borrow.
    ///
    /// # Cancellation
    ///
    /// As [`lock`](Lock::lock).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    ///
    /// coloop::run(async {
    ///     let lock = Rc::new(coloop::Lock::new(1));
    ///     let mut guard = lock.clone().lock_owned().await;
    ///     coloop::spawn(async move { *guard += 1 }).await.unwrap();
    ///     assert_eq!(*lock.lock().await, 2);
    /// });
    /// ```
    pub async fn lock_owned(self: Rc<Self>) -> OwnedLockGuard<T> {
        RawAcquire::new(&self.raw).await;
        OwnedLockGuard::of_acquired(self)
    }

    /// As [`try_lock`](Lock::try_lock), with a guard that keeps the lock alive.
    pub fn try_lock_owned(self: Rc<Self>) -> Option<OwnedLockGuard<T>> {
        self.raw
            .try_acquire()
            .then(|| OwnedLockGuard::of_acquired(self))
    }

    /// Where the value is. It is the holder's.
    pub(super) fn as_ptr(&self) -> *mut T {
        self.value.as_ptr()
    }

    /// The caller holds the lock, and has no guard.
    pub(super) fn release(&self) {
        self.raw.release();
    }

    /// True while a guard exists. asyncio's `locked`.
    #[doc(alias = "locked")]
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.raw.is_locked.get()
    }

    /// The value, without locking: `&mut self` proves that there is no guard.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// The caller has just acquired `raw`.
    fn guard(&self) -> LockGuard<'_, T> {
        LockGuard {
            value: self.value.borrow_mut(),
            _release: ReleaseOnDrop(&self.raw),
        }
    }
}

impl<T> From<T> for Lock<T> {
    fn from(value: T) -> Self {
        Lock::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lock = f.debug_struct("Lock");
        lock.field("locked", &self.is_locked());
        // A guard, since an owned one does not borrow the cell, and `T` may lock while it is shown.
        if let Some(value) = self.try_lock() {
            lock.field("value", &&*value);
        }
        lock.finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of [`Lock::lock`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct LockAcquire<'a, T: ?Sized> {
        lock: &'a Lock<T>,
        #[pin]
        acquire: RawAcquire<'a>,
    }
}

impl<'a, T: ?Sized> Future for LockAcquire<'a, T> {
    type Output = LockGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        ready!(this.acquire.poll(cx));
        Poll::Ready(this.lock.guard())
    }
}

/// A held [`Lock`]; gives access to the value, and releases the lock when it is dropped.
///
/// Releasing wakes the next in the queue, which then has the lock in its turn: no other can take it before.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let lock = coloop::Lock::new(vec![1]);
///     let mut guard = lock.lock().await;
///     guard.push(2);
///     assert_eq!(guard.len(), 2);
/// });
/// ```
#[must_use = "the lock is released when the guard is dropped"]
pub struct LockGuard<'a, T: ?Sized> {
    // Dropped in this order: the borrow has ended when the next holder is woken.
    value: RefMut<'a, T>,
    _release: ReleaseOnDrop<'a>,
}

impl<T: ?Sized> Deref for LockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> DerefMut for LockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for LockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for LockGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

struct ReleaseOnDrop<'a>(&'a RawLock);

impl Drop for ReleaseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// The lock without the value.
#[derive(Debug, Default)]
struct RawLock {
    is_locked: Cell<bool>,
    waiters: WaitList,
}

impl RawLock {
    const fn new() -> Self {
        RawLock {
            is_locked: Cell::new(false),
            waiters: WaitList::of("a `Lock`"),
        }
    }

    fn try_acquire(&self) -> bool {
        let is_free = !self.is_locked.get() && self.waiters.is_empty();
        if is_free {
            self.take();
        }
        is_free
    }

    fn take(&self) {
        self.is_locked.set(true);
        self.waiters.note_taken();
    }

    fn release(&self) {
        self.is_locked.set(false);
        self.waiters.note_released();
        self.wake_head();
    }

    /// Wakes the one at the head of the queue, unless that has been done.
    fn wake_head(&self) {
        if !self.waiters.is_first_notified() {
            self.waiters.wake(1);
        }
    }
}

pin_project! {
    /// Becomes ready when the lock has been acquired.
    #[derive(Debug)]
    struct RawAcquire<'a> {
        lock: &'a RawLock,
        #[pin]
        waiter: Waiter<'a>,
    }

    impl PinnedDrop for RawAcquire<'_> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let place = this.waiter.as_ref().leave();
            if place != Place::Outside && !this.lock.is_locked.get() {
                this.lock.wake_head();
            }
        }
    }
}

impl<'a> RawAcquire<'a> {
    fn new(lock: &'a RawLock) -> Self {
        RawAcquire {
            lock,
            waiter: Waiter::new(&lock.waiters),
        }
    }
}

impl Future for RawAcquire<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if this.waiter.place() == Place::Outside && this.lock.try_acquire() {
            return Poll::Ready(());
        }
        ready!(this.waiter.poll(cx));
        this.lock.take();
        Poll::Ready(())
    }
}
