//! Guards that own what they guard: for tasks, which may not borrow.
//!
//! *Input*: a primitive in an [`Rc`]. *Output*: guards without a lifetime. *Invariant*: a guard has acquired what it
//! releases, and keeps the primitive alive until then.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use super::lock::Lock;
use super::semaphore::Semaphore;

/// A [`LockGuard`](super::LockGuard) that keeps the lock alive instead of borrowing it.
#[must_use = "the lock is released when the guard is dropped"]
pub struct OwnedLockGuard<T: ?Sized> {
    lock: Rc<Lock<T>>,
}

impl<T: ?Sized> OwnedLockGuard<T> {
    /// The caller has just acquired `lock`.
    pub(super) fn of_acquired(lock: Rc<Lock<T>>) -> Self {
        OwnedLockGuard { lock }
    }
}

impl<T: ?Sized> Deref for OwnedLockGuard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is held by this guard, and the value is reached only by the holder; the exception is
        // `&mut Lock`, which nobody has while this guard shares the lock.
        unsafe { &*self.lock.as_ptr() }
    }
}

impl<T: ?Sized> DerefMut for OwnedLockGuard<T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, and `&mut self` excludes other references out of this guard.
        unsafe { &mut *self.lock.as_ptr() }
    }
}

impl<T: ?Sized> Drop for OwnedLockGuard<T> {
    fn drop(&mut self) {
        self.lock.release();
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for OwnedLockGuard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// A [`SemaphorePermit`](super::SemaphorePermit) that keeps the semaphore alive instead of borrowing it.
#[must_use = "the permit is released when it is dropped"]
#[derive(Debug)]
pub struct OwnedSemaphorePermit {
    semaphore: Rc<Semaphore>,
}

impl OwnedSemaphorePermit {
    /// The caller has just taken a permit.
    pub(super) fn of_taken(semaphore: Rc<Semaphore>) -> Self {
        OwnedSemaphorePermit { semaphore }
    }
}

impl Drop for OwnedSemaphorePermit {
    fn drop(&mut self) {
        self.semaphore.release();
    }
}
