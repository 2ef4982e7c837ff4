//! A lock that many may read at a time, or one write.
//!
//! *Input*: futures that want to read or to write. *Output*: guards, in the order of first polls.
//!
//! *Invariant*: there are `ALL` permits. A reader has one of them, a writer has all; so the order, also between readers
//! and writers, is the semaphore's.

use std::cell::{Ref, RefCell, RefMut};
use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::semaphore::{Semaphore, SemaphoreAcquire, SemaphorePermit};

/// As many readers as a `RefCell` can count.
const ALL: usize = isize::MAX as usize;

/// A value that many tasks of one thread may read at a time, or one may change.
///
/// asyncio has none; this is what a [`Lock`](super::Lock) of it would be. A panic of a holder releases it; there is no
/// poison.
///
/// # Fairness
///
/// Readers and writers stand in one queue, in the order of their first polls. A reader that comes while a writer waits
/// waits behind it, so writers do not starve; neighbouring readers go on together.
///
/// So one who reads, and wants to read again before it has released, may wait forever: for a writer in between, which
/// waits for the first guard.
///
/// # Examples
///
/// ```
/// use coloop::sync::RwLock;
///
/// coloop::run(async {
///     let lock = RwLock::new(vec![1]);
///     {
///         let (one, other) = (lock.read().await, lock.read().await);
///         assert_eq!(*one, *other);
///     }
///     lock.write().await.push(2);
///     assert_eq!(lock.into_inner(), [1, 2]);
/// });
/// ```
pub struct RwLock<T: ?Sized> {
    semaphore: Semaphore,
    value: RefCell<T>,
}

impl<T> RwLock<T> {
    /// A free lock around `value`.
    pub const fn new(value: T) -> Self {
        RwLock {
            semaphore: Semaphore::part_of("an `RwLock`", ALL),
            value: RefCell::new(value),
        }
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until nobody writes and everybody who came first has had their turn, and reads.
    ///
    /// If nobody writes or waits, the first poll is ready, without yielding to the loop.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the queue, and those behind it go on if they may.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let lock = coloop::sync::RwLock::new(1);
    ///     assert_eq!(*lock.read().await, 1);
    /// });
    /// ```
    pub fn read(&self) -> RwLockRead<'_, T> {
        RwLockRead {
            lock: self,
            acquire: self.semaphore.acquire(),
        }
    }

    /// Waits until nobody reads or writes and everybody who came first has had their turn, and writes.
    ///
    /// If the lock is free and nobody waits, the first poll is ready, without yielding to the loop.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the queue, and those behind it go on if they may.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let lock = coloop::sync::RwLock::new(1);
    ///     *lock.write().await += 1;
    ///     assert_eq!(lock.into_inner(), 2);
    /// });
    /// ```
    pub fn write(&self) -> RwLockWrite<'_, T> {
        RwLockWrite {
            lock: self,
            acquire: self.semaphore.acquire_many(ALL),
        }
    }

    /// Reads if nobody writes or waits, else gives `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// let lock = coloop::sync::RwLock::new(1);
    /// let guard = lock.try_read();
    /// assert!(lock.try_read().is_some());
    /// assert!(lock.try_write().is_none());
    /// ```
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, T>> {
        let permit = self.semaphore.try_acquire()?;
        Some(self.reader(permit))
    }

    /// Writes if the lock is free and nobody waits, else gives `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// let lock = coloop::sync::RwLock::new(1);
    /// let guard = lock.try_write();
    /// assert!(lock.try_read().is_none());
    /// ```
    pub fn try_write(&self) -> Option<RwLockWriteGuard<'_, T>> {
        let permit = self.semaphore.try_acquire_many(ALL)?;
        Some(self.writer(permit))
    }

    /// The value, without locking: `&mut self` proves that there is no guard.
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    fn reader<'a>(&'a self, permit: SemaphorePermit<'a>) -> RwLockReadGuard<'a, T> {
        RwLockReadGuard {
            value: self.value.borrow(),
            _permit: permit,
        }
    }

    fn writer<'a>(&'a self, permit: SemaphorePermit<'a>) -> RwLockWriteGuard<'a, T> {
        RwLockWriteGuard {
            value: self.value.borrow_mut(),
            lock: self,
            permit,
        }
    }
}

impl<T: Default> Default for RwLock<T> {
    fn default() -> Self {
        RwLock::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> Self {
        RwLock::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lock = f.debug_struct("RwLock");
        if let Ok(value) = self.value.try_borrow() {
            lock.field("value", &&*value);
        }
        lock.finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of [`RwLock::read`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct RwLockRead<'a, T: ?Sized> {
        lock: &'a RwLock<T>,
        #[pin]
        acquire: SemaphoreAcquire<'a>,
    }
}

impl<'a, T: ?Sized> Future for RwLockRead<'a, T> {
    type Output = RwLockReadGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let permit = ready!(this.acquire.poll(cx));
        Poll::Ready(this.lock.reader(permit))
    }
}

pin_project! {
    /// The future of [`RwLock::write`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct RwLockWrite<'a, T: ?Sized> {
        lock: &'a RwLock<T>,
        #[pin]
        acquire: SemaphoreAcquire<'a>,
    }
}

impl<'a, T: ?Sized> Future for RwLockWrite<'a, T> {
    type Output = RwLockWriteGuard<'a, T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let permit = ready!(this.acquire.poll(cx));
        Poll::Ready(this.lock.writer(permit))
    }
}

/// Reads an [`RwLock`], together with others, until it is dropped.
#[must_use = "the lock is released when the guard is dropped"]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    // Dropped in this order: the borrow has ended when the next holder is woken.
    value: Ref<'a, T>,
    _permit: SemaphorePermit<'a>,
}

/// Writes an [`RwLock`], alone, until it is dropped.
#[must_use = "the lock is released when the guard is dropped"]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    // Dropped in this order: the borrow has ended when the next holder is woken.
    value: RefMut<'a, T>,
    lock: &'a RwLock<T>,
    permit: SemaphorePermit<'a>,
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// From here on only reads, and lets the readers in who are next. No writer comes in between.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let lock = coloop::sync::RwLock::new(1);
    ///     let mut writer = lock.write().await;
    ///     *writer += 1;
    ///     let reader = writer.downgrade();
    ///     assert_eq!((*reader, *lock.read().await), (2, 2));
    /// });
    /// ```
    pub fn downgrade(self) -> RwLockReadGuard<'a, T> {
        let RwLockWriteGuard {
            value,
            lock,
            mut permit,
        } = self;
        drop(value);
        let value = lock.value.borrow();
        permit.shrink(1);
        RwLockReadGuard {
            value,
            _permit: permit,
        }
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
