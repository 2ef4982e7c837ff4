//! A counter of permits that never has more than it began with: asyncio's `BoundedSemaphore`.

use super::semaphore::{Semaphore, SemaphoreAcquire, SemaphorePermit};

/// A [`Semaphore`] that finds out about a permit that is released too often. asyncio's `BoundedSemaphore`.
///
/// # Fairness
///
/// As of [`Semaphore`].
///
/// # Examples
///
/// ```
/// use coloop::sync::BoundedSemaphore;
///
/// coloop::run(async {
///     let semaphore = BoundedSemaphore::new(1);
///     semaphore.acquire().await.forget();
///     assert!(semaphore.is_locked());
///     semaphore.release();
///     assert!(!semaphore.is_locked());
/// });
/// ```
#[derive(Debug)]
pub struct BoundedSemaphore {
    semaphore: Semaphore,
    bound: usize,
}

impl BoundedSemaphore {
    /// A semaphore with that many permits, and never more.
    #[must_use]
    pub const fn new(permits: usize) -> Self {
        BoundedSemaphore {
            semaphore: Semaphore::new(permits),
            bound: permits,
        }
    }

    /// See [`Semaphore::acquire`].
    pub fn acquire(&self) -> SemaphoreAcquire<'_> {
        self.semaphore.acquire()
    }

    /// See [`Semaphore::try_acquire`].
    pub fn try_acquire(&self) -> Option<SemaphorePermit<'_>> {
        self.semaphore.try_acquire()
    }

    /// Brings a [forgotten](SemaphorePermit::forget) permit back; see [`Semaphore::release`].
    ///
    /// # Panics
    ///
    /// If there are as many permits as there were in the beginning. asyncio raises `ValueError`.
    #[track_caller]
    pub fn release(&self) {
        assert!(
            self.permits() < self.bound,
            "a `BoundedSemaphore` was released too many times"
        );
        self.semaphore.release();
    }

    /// See [`Semaphore::is_locked`].
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.semaphore.is_locked()
    }

    /// See [`Semaphore::permits`].
    #[must_use]
    pub fn permits(&self) -> usize {
        self.semaphore.permits()
    }
}

impl Default for BoundedSemaphore {
    /// One permit, as in asyncio.
    fn default() -> Self {
        BoundedSemaphore::new(1)
    }
}
