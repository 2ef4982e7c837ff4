//! A future with a limit on its time: asyncio's `timeout` and `wait_for`.
//!
//! *Input*: a future and a [`Sleep`]. *Output*: what ends first. *Invariant*: the future is polled before the clock is
//! looked at, so an output that is there is never lost to a deadline that has passed.

use std::error::Error;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;

use super::sleep::{sleep, sleep_until, Sleep};

/// Gives the output of `future`, or [`TimeoutError`] if that takes longer than `duration`, counted from the first poll.
///
/// asyncio's `wait_for` (and `timeout`, of which a block is a future here). If both are there in the same iteration, the
/// output wins; asyncio since 3.12 throws it away. With a zero duration the future is polled, has one more iteration to
/// get ready, and is then given up; asyncio would not start it.
///
/// # Errors
///
/// [`TimeoutError`] when the time is over. The future is then dropped together with the `Timeout`; in an expression
/// `timeout(..).await` that is at once. (asyncio waits until the cancelled future has cleaned up; a drop does not wait.)
///
/// # Panics
///
/// The future panics if it has to wait outside of [`run`](crate::run).
///
/// # Cancellation
///
/// Dropping it drops `future`, and gives the timer back.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use coloop::{sleep, timeout};
///
/// coloop::run(async {
///     let quick = timeout(Duration::from_secs(5), async { "in time" }).await;
///     assert_eq!(quick, Ok("in time"));
///     let slow = timeout(Duration::from_millis(1), sleep(Duration::from_secs(5))).await;
///     assert!(slow.is_err());
/// });
/// ```
#[doc(alias = "wait_for")]
pub fn timeout<F: IntoFuture>(duration: Duration, future: F) -> Timeout<F::IntoFuture> {
    Timeout {
        future: future.into_future(),
        sleep: sleep(duration),
    }
}

/// Like [`timeout`], with the moment at which the time is over. asyncio's `timeout_at`.
///
/// # Errors
///
/// [`TimeoutError`] when the time is over, as [`timeout`].
///
/// # Panics
///
/// The future panics if it has to wait outside of [`run`](crate::run).
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
///
/// coloop::run(async {
///     let deadline = Instant::now() + Duration::from_millis(1);
///     let late = coloop::timeout_at(deadline, std::future::pending::<()>()).await;
///     assert!(late.is_err());
/// });
/// ```
pub fn timeout_at<F: IntoFuture>(deadline: Instant, future: F) -> Timeout<F::IntoFuture> {
    Timeout {
        future: future.into_future(),
        sleep: sleep_until(deadline),
    }
}

pin_project! {
    /// The future of [`timeout`] and [`timeout_at`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Timeout<F> {
        #[pin]
        future: F,
        sleep: Sleep,
    }
}

impl<F: Future> Future for Timeout<F> {
    type Output = Result<F::Output, TimeoutError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        if let Poll::Ready(output) = this.future.poll(cx) {
            return Poll::Ready(Ok(output));
        }
        Pin::new(this.sleep)
            .poll(cx)
            .map(|()| Err(TimeoutError::new()))
    }
}

/// The time of a [`timeout`] is over. asyncio's `TimeoutError`.
///
/// It turns into an [`io::Error`] of kind `TimedOut` by `?`.
///
/// # Examples
///
/// ```
/// use std::{future::pending, io, time::Duration};
///
/// async fn give_up() -> io::Result<()> {
///     coloop::timeout(Duration::ZERO, pending::<()>()).await?;
///     Ok(())
/// }
/// let error = coloop::run(give_up()).unwrap_err();
/// assert_eq!(error.kind(), io::ErrorKind::TimedOut);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "Elapsed")]
pub struct TimeoutError(());

impl TimeoutError {
    pub(super) fn new() -> Self {
        TimeoutError(())
    }
}

impl fmt::Display for TimeoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time is over")
    }
}

impl Error for TimeoutError {}

impl From<TimeoutError> for io::Error {
    fn from(error: TimeoutError) -> Self {
        io::Error::new(io::ErrorKind::TimedOut, error)
    }
}
