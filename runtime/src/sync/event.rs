//! A flag to wait for: asyncio's `Event`.
//!
//! *Input*: `set` and `clear`. *Output*: everybody who waited when `set` was called goes on. *Invariant*: nobody waits,
//! unnotified, while the flag is set.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::wait_list::{Place, WaitList, Waiter};

/// A flag that tasks of one thread wait for. asyncio's `Event`.
///
/// # Examples
///
/// ```
/// use coloop::Event;
///
/// coloop::run(async {
///     let event = Event::new();
///     let waiter = async {
///         event.wait().await;
///         "went on"
///     };
///     let (outcome, ()) = coloop::gather!(waiter, async { event.set() }).await;
///     assert_eq!(outcome, "went on");
/// });
/// ```
#[derive(Default)]
pub struct Event {
    is_set: Cell<bool>,
    waiters: WaitList,
}

impl Event {
    /// An event that is not set.
    #[must_use]
    pub const fn new() -> Self {
        Event {
            is_set: Cell::new(false),
            waiters: WaitList::of("an `Event`"),
        }
    }

    /// Sets the flag and wakes all who wait, in the order of their first polls. Does nothing if it is set.
    ///
    /// # Examples
    ///
    /// ```
    /// let event = coloop::Event::new();
    /// event.set();
    /// assert!(event.is_set());
    /// ```
    pub fn set(&self) {
        if !self.is_set.replace(true) {
            self.waiters.wake(usize::MAX);
        }
    }

    /// Unsets the flag. Those who have been woken go on all the same.
    ///
    /// # Examples
    ///
    /// ```
    /// let event = coloop::Event::new();
    /// event.set();
    /// event.clear();
    /// assert!(!event.is_set());
    /// ```
    pub fn clear(&self) {
        self.is_set.set(false);
    }

    /// True while the flag is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.is_set.get()
    }

    /// Waits until the flag is set. If it is, the first poll is ready: there is no yield to the loop.
    ///
    /// A `set` is enough, even if `clear` follows before this future's turn.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let event = std::rc::Rc::new(coloop::Event::new());
    ///     let waiter = coloop::spawn({
    ///         let event = event.clone();
    ///         async move { event.wait().await }
    ///     });
    ///     coloop::yield_now().await;
    ///     event.set();
    ///     event.clear();
    ///     waiter.await.unwrap();
    /// });
    /// ```
    pub fn wait(&self) -> EventWait<'_> {
        EventWait {
            event: self,
            waiter: Waiter::new(&self.waiters),
        }
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("is_set", &self.is_set())
            .field("waiting", &self.waiters.waiting())
            .finish()
    }
}

pin_project! {
    /// The future of [`Event::wait`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct EventWait<'a> {
        event: &'a Event,
        #[pin]
        waiter: Waiter<'a>,
    }
}

impl Future for EventWait<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if this.waiter.place() == Place::Outside && this.event.is_set() {
            return Poll::Ready(());
        }
        this.waiter.poll(cx)
    }
}
