//! A counter of permits: asyncio's `Semaphore`.
//!
//! *Input*: futures that want a permit. *Output*: permits, as many at a time as there are, in the order of first polls.
//!
//! *Invariant*: a notified waiter owns the permits that it needs, which have been taken from the counter for it; so the
//! first who waits unnotified needs more than there are, except while others that have been notified are still in the
//! queue. One who leaves the queue, with its permits or giving them back, notifies as many as the counter then allows.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::owned::OwnedSemaphorePermit;
use super::wait_list::{Place, WaitList, Waiter};

/// A limit on how many tasks of one thread do something at the same time. asyncio's `Semaphore`.
///
/// # Fairness
///
/// Permits go to those who wait in the order of their first polls. A newcomer never overtakes, even if the counter is
/// above zero because those who have been woken have not yet had their turn.
///
/// # Examples
///
/// ```
/// use std::cell::Cell;
/// use coloop::Semaphore;
///
/// coloop::run(async {
///     let semaphore = Semaphore::new(2);
///     let (running, most) = (Cell::new(0), Cell::new(0));
///     let jobs = (0..10).map(|_| async {
///         let _permit = semaphore.acquire().await;
///         running.set(running.get() + 1);
///         most.set(most.get().max(running.get()));
///         coloop::yield_now().await;
///         running.set(running.get() - 1);
///     });
///     coloop::gather(jobs).await;
///     assert_eq!(most.get(), 2);
/// });
/// ```
pub struct Semaphore {
    permits: Cell<usize>,
    waiters: WaitList,
}

impl Semaphore {
    /// A semaphore with that many permits. (asyncio's default is 1.)
    #[must_use]
    pub const fn new(permits: usize) -> Self {
        Semaphore::part_of("a `Semaphore`", permits)
    }

    /// A semaphore in what a report calls `what`.
    pub(super) const fn part_of(what: &'static str, permits: usize) -> Self {
        Semaphore {
            permits: Cell::new(permits),
            waiters: WaitList::of(what),
        }
    }

    /// Takes a permit, waiting until there is one and everybody who came first has had theirs.
    ///
    /// If [`is_locked`](Semaphore::is_locked) is false, the first poll takes it without yielding to the loop.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the queue; if it had been given a permit, the permit goes to the next.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let semaphore = coloop::Semaphore::new(1);
    ///     let permit = semaphore.acquire().await;
    ///     assert_eq!(semaphore.permits(), 0);
    ///     drop(permit);
    ///     assert_eq!(semaphore.permits(), 1);
    /// });
    /// ```
    pub fn acquire(&self) -> SemaphoreAcquire<'_> {
        self.acquire_many(1)
    }

    /// Takes `n` permits at once, waiting until there are as many and everybody who came first has had theirs.
    ///
    /// While it waits, it is in the way of those who came after it, also of those for whom there would be enough: so it
    /// gets its turn. It waits forever if there are never `n` permits. asyncio has nothing like it.
    ///
    /// # Cancellation
    ///
    /// As [`acquire`](Semaphore::acquire).
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let semaphore = coloop::Semaphore::new(5);
    ///     let permit = semaphore.acquire_many(3).await;
    ///     assert_eq!(semaphore.permits(), 2);
    ///     drop(permit);
    ///     assert_eq!(semaphore.permits(), 5);
    /// });
    /// ```
    pub fn acquire_many(&self, n: usize) -> SemaphoreAcquire<'_> {
        SemaphoreAcquire {
            semaphore: self,
            waiter: Waiter::in_need_of(&self.waiters, n),
        }
    }

    /// Takes a permit if there is one and nobody waits, else gives `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = coloop::Semaphore::new(1);
    /// let permit = semaphore.try_acquire();
    /// assert!(permit.is_some());
    /// assert!(semaphore.try_acquire().is_none());
    /// ```
    pub fn try_acquire(&self) -> Option<SemaphorePermit<'_>> {
        self.try_acquire_many(1)
    }

    /// Takes `n` permits at once if there are as many and nobody waits, else gives `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = coloop::Semaphore::new(2);
    /// assert!(semaphore.try_acquire_many(3).is_none());
    /// assert!(semaphore.try_acquire_many(2).is_some());
    /// ```
    pub fn try_acquire_many(&self, n: usize) -> Option<SemaphorePermit<'_>> {
        self.take(n).then(|| self.permit(n))
    }

    /// As [`acquire`](Semaphore::acquire), with a permit that keeps the semaphore alive: for a task, which may not
    /// borrow.
    ///
    /// # Cancellation
    ///
    /// As [`acquire`](Semaphore::acquire).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    ///
    /// coloop::run(async {
    ///     let semaphore = Rc::new(coloop::Semaphore::new(1));
    ///     let permit = semaphore.clone().acquire_owned().await;
    ///     coloop::spawn(async move { drop(permit) }).await.unwrap();
    ///     assert_eq!(semaphore.permits(), 1);
    /// });
    /// ```
    pub async fn acquire_owned(self: Rc<Self>) -> OwnedSemaphorePermit {
        self.acquire().await.forget();
        OwnedSemaphorePermit::of_taken(self)
    }

    /// As [`try_acquire`](Semaphore::try_acquire), with a permit that keeps the semaphore alive.
    pub fn try_acquire_owned(self: Rc<Self>) -> Option<OwnedSemaphorePermit> {
        self.try_acquire()?.forget();
        Some(OwnedSemaphorePermit::of_taken(self))
    }

    /// Adds a permit, and gives it to the first who waits. asyncio's `release`, for permits that were
    /// [forgotten](SemaphorePermit::forget) or are new; a permit that is dropped releases itself.
    ///
    /// # Panics
    ///
    /// If there were more than `usize::MAX` permits.
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = coloop::Semaphore::new(0);
    /// semaphore.release();
    /// assert_eq!(semaphore.permits(), 1);
    /// ```
    #[doc(alias = "add_permits")]
    #[track_caller]
    pub fn release(&self) {
        self.release_many(1);
    }

    /// A permit is dropped: `n` permits, taken at once, are back.
    fn give_back(&self, n: usize) {
        self.waiters.note_released();
        self.add(n);
    }

    /// Adds `n` permits, and gives them to those who wait. See [`release`](Semaphore::release).
    ///
    /// # Panics
    ///
    /// If there were more than `usize::MAX` permits.
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = coloop::Semaphore::new(0);
    /// semaphore.release_many(3);
    /// assert_eq!(semaphore.permits(), 3);
    /// ```
    #[track_caller]
    pub fn release_many(&self, n: usize) {
        self.waiters.note_released();
        self.add(n);
    }

    #[track_caller]
    fn add(&self, n: usize) {
        let permits = self.permits.get().checked_add(n);
        self.permits.set(permits.expect("too many permits"));
        for _ in 0..n {
            if !self.give_one() {
                return;
            }
        }
    }

    /// True if [`acquire`](Semaphore::acquire) would wait: there is no permit, or somebody came first. asyncio's
    /// `locked`.
    #[doc(alias = "locked")]
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.permits.get() == 0 || !self.waiters.is_empty()
    }

    /// The number of permits that nobody has and that have not been promised to one who waits.
    #[doc(alias = "available_permits")]
    #[must_use]
    pub fn permits(&self) -> usize {
        self.permits.get()
    }

    fn take(&self, n: usize) -> bool {
        let is_free = self.permits.get() >= n && self.waiters.is_empty();
        if is_free {
            self.permits.set(self.permits.get() - n);
        }
        is_free
    }

    /// The caller has just taken as many.
    fn permit(&self, count: usize) -> SemaphorePermit<'_> {
        self.waiters.note_taken();
        SemaphorePermit {
            semaphore: self,
            count,
        }
    }

    /// Takes the permits that the first needs who waits unnotified, and wakes it. False if there is no such, or it
    /// needs more than there are.
    fn give_one(&self) -> bool {
        let permits = self.permits.get();
        let needs = self.waiters.first_needs();
        let Some(left) = needs.and_then(|needs| permits.checked_sub(needs)) else {
            return false;
        };
        self.permits.set(left);
        self.waiters.wake(1);
        true
    }

    fn give_all(&self) {
        while self.give_one() {}
    }
}

impl Default for Semaphore {
    /// One permit, as in asyncio.
    fn default() -> Self {
        Semaphore::new(1)
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("permits", &self.permits())
            .field("waiting", &self.waiters.waiting())
            .finish()
    }
}

pin_project! {
    /// The future of [`Semaphore::acquire`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct SemaphoreAcquire<'a> {
        semaphore: &'a Semaphore,
        #[pin]
        waiter: Waiter<'a>,
    }

    impl PinnedDrop for SemaphoreAcquire<'_> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let place = this.waiter.as_ref().leave();
            let semaphore = this.semaphore;
            if place == Place::Notified {
                let permits = semaphore.permits.get() + this.waiter.needs();
                semaphore.permits.set(permits);
            }
            if place != Place::Outside {
                semaphore.give_all();
            }
        }
    }
}

impl<'a> Future for SemaphoreAcquire<'a> {
    type Output = SemaphorePermit<'a>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let semaphore: &'a Semaphore = this.semaphore;
        let n = this.waiter.needs();
        if this.waiter.place() != Place::Outside || !semaphore.take(n) {
            ready!(this.waiter.poll(cx));
            semaphore.give_all();
        }
        Poll::Ready(semaphore.permit(n))
    }
}

/// A permit of a [`Semaphore`], or several; released when it is dropped.
#[must_use = "the permit is released when it is dropped"]
#[derive(Debug)]
pub struct SemaphorePermit<'a> {
    semaphore: &'a Semaphore,
    count: usize,
}

impl SemaphorePermit<'_> {
    /// Ends the permit without releasing it. [`Semaphore::release`] brings it back.
    ///
    /// # Examples
    ///
    /// ```
    /// let semaphore = coloop::Semaphore::new(1);
    /// semaphore.try_acquire().unwrap().forget();
    /// assert!(semaphore.is_locked());
    /// ```
    pub fn forget(self) {
        std::mem::forget(self);
    }

    /// Releases all but `count` of its permits.
    pub(super) fn shrink(&mut self, count: usize) {
        let many = std::mem::replace(&mut self.count, count);
        self.semaphore.add(many - count);
    }
}

impl Drop for SemaphorePermit<'_> {
    fn drop(&mut self) {
        self.semaphore.give_back(self.count);
    }
}
