//! One iteration of the loop: asyncio's `sleep(0)`.
//!
//! *Input*: a poll. *Output*: a wake at once, and readiness in the next poll. *Invariant*: none of the loop is used.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Lets everybody else who is ready have a turn: the future goes on in the next iteration of the loop.
///
/// asyncio's `sleep(0)`, as is [`sleep`](crate::sleep) with a zero duration. It works under any executor.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let task = coloop::spawn(async { "had its turn" });
///     assert!(!task.is_finished());
///     coloop::yield_now().await;
///     assert!(task.is_finished());
/// });
/// ```
pub fn yield_now() -> YieldNow {
    YieldNow { has_yielded: false }
}

/// The future of [`yield_now`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct YieldNow {
    has_yielded: bool,
}

impl Future for YieldNow {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.has_yielded {
            return Poll::Ready(());
        }
        self.has_yielded = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
