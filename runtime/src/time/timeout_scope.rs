//! A limit of time that can be moved: asyncio's `timeout` context manager.
//!
//! *Input*: a body, which may move its deadline. *Output*: what it gives, or that it was late. *Invariant*: the body is not polled
//! after the deadline has been found to be over.

use std::cell::Cell;
use std::fmt;
use std::future::{poll_fn, Future};
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::{now, sleep_until, TimeoutError};

/// The limit of a [`timeout_scope`].
pub struct TimeoutScope {
    deadline: Cell<Option<Instant>>,
    is_expired: Cell<bool>,
    has_moved: Cell<bool>,
}

/// Runs `body`, which may move its own deadline, until that is over: then it is dropped. asyncio's `async with timeout(delay) as scope`.
///
/// Without a `delay`, there is no deadline until `body` sets one.
///
/// # Errors
///
/// [`TimeoutError`], if `body` was late.
///
/// # Cancellation
///
/// Dropping the future drops `body`.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// let runner = &mut coloop::Runner::builder().virtual_time(true).build();
/// let finished = runner.run(coloop::timeout_scope(Some(Duration::from_secs(1)), async |scope| {
///     scope.reschedule(Some(coloop::now() + Duration::from_secs(10)));
///     coloop::sleep(Duration::from_secs(5)).await;
///     "in time"
/// }));
/// assert_eq!(finished, Ok("in time"));
/// ```
pub async fn timeout_scope<T>(
    delay: Option<Duration>,
    body: impl AsyncFnOnce(&TimeoutScope) -> T,
) -> Result<T, TimeoutError> {
    let scope = TimeoutScope {
        deadline: Cell::new(delay.and_then(|delay| now().checked_add(delay))),
        is_expired: Cell::new(false),
        has_moved: Cell::new(true),
    };
    let mut body = pin!(body(&scope));
    let mut timer = pin!(None);
    poll_fn(|cx| {
        // A body that is ready in the turn in which it would be late is in time. It has one poll in a turn, also if it
        // moves the deadline: with another, what waits for its next turn would not wait.
        if let Poll::Ready(output) = body.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        if scope.has_moved.take() {
            timer.set(scope.deadline.get().map(sleep_until));
        }
        let timer = timer.as_mut().as_pin_mut();
        if !timer.is_some_and(|timer| timer.poll(cx).is_ready()) {
            return Poll::Pending;
        }
        scope.is_expired.set(true);
        Poll::Ready(Err(TimeoutError::new()))
    })
    .await
}

impl TimeoutScope {
    /// The deadline, if there is one.
    #[must_use]
    pub fn when(&self) -> Option<Instant> {
        self.deadline.get()
    }

    /// Moves the deadline; with `None`, there is none any more.
    pub fn reschedule(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
        self.has_moved.set(true);
    }

    /// Whether the deadline was found to be over. What `body` drops then can ask.
    #[must_use]
    pub fn is_expired(&self) -> bool {
        self.is_expired.get()
    }
}

impl fmt::Debug for TimeoutScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimeoutScope")
            .field("when", &self.when())
            .field("is_expired", &self.is_expired())
            .finish()
    }
}
