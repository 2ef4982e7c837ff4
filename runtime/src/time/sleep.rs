//! One timer as a future.
//!
//! *Input*: a duration or a deadline. *Output*: a wake in the iteration that finds the deadline passed. *Invariant*:
//! the timer is in the loop's heap exactly while the future is `Armed` and has not fired.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{ready, Context, Poll};
use std::time::{Duration, Instant};

use super::yield_now::{yield_now, YieldNow};
use crate::event_loop::{EventLoop, TimerId};

/// Waits for `duration`, counted from the first poll.
///
/// A zero duration is exactly one iteration of the loop, like [`yield_now`](crate::yield_now). Others never end early.
/// They end late by up to a millisecond, the resolution at which the loop sleeps (with the feature `linux_5_11`: by
/// microseconds), plus the time other tasks take. A duration beyond the clock's range never ends.
///
/// Sleeps that end in the same iteration end in the order of their deadlines, those with equal deadlines in the order
/// in which they were first polled.
///
/// # Panics
///
/// The future panics if it is first polled outside of [`run`](crate::run), or again after its loop has ended.
///
/// # Cancellation
///
/// Dropping the future gives the timer back.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
///
/// coloop::run(async {
///     let start = Instant::now();
///     coloop::sleep(Duration::from_millis(2)).await;
///     assert!(start.elapsed() >= Duration::from_millis(2));
/// });
/// ```
pub fn sleep(duration: Duration) -> Sleep {
    if duration.is_zero() {
        Sleep(State::Yielding(yield_now()))
    } else {
        Sleep(State::For(duration))
    }
}

/// Waits until the clock shows `deadline`; if it does already, for one iteration of the loop. asyncio's `call_at`.
///
/// # Panics
///
/// The future panics if it is first polled outside of [`run`](crate::run), or again after its loop has ended.
///
/// # Cancellation
///
/// Dropping the future gives the timer back.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, Instant};
///
/// coloop::run(async {
///     let deadline = Instant::now() + Duration::from_millis(2);
///     coloop::sleep_until(deadline).await;
///     assert!(Instant::now() >= deadline);
/// });
/// ```
#[doc(alias = "call_at")]
pub fn sleep_until(deadline: Instant) -> Sleep {
    Sleep(State::Until(deadline))
}

/// The future of [`sleep`] and [`sleep_until`].
#[must_use = "futures do nothing unless awaited"]
pub struct Sleep(State);

enum State {
    Yielding(YieldNow),
    For(Duration),
    Until(Instant),
    Armed {
        event_loop: Rc<EventLoop>,
        timer: TimerId,
    },
    Never,
    Over,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.0 {
            State::Yielding(yielding) => ready!(Pin::new(yielding).poll(cx)),
            State::For(duration) => {
                let event_loop = EventLoop::current("coloop::sleep");
                let deadline = event_loop.now().checked_add(*duration);
                self.0 = State::armed(event_loop, deadline, cx);
                return Poll::Pending;
            }
            State::Until(deadline) => {
                let event_loop = EventLoop::current("coloop::sleep_until");
                self.0 = State::armed(event_loop, Some(*deadline), cx);
                return Poll::Pending;
            }
            State::Armed { event_loop, timer } => {
                assert!(
                    !event_loop.is_closing(),
                    "the event loop of this sleep has ended"
                );
                if event_loop.update_timer(*timer, cx.waker()) {
                    return Poll::Pending;
                }
            }
            State::Never => return Poll::Pending,
            State::Over => {}
        }
        self.0 = State::Over;
        Poll::Ready(())
    }
}

impl State {
    fn armed(event_loop: Rc<EventLoop>, deadline: Option<Instant>, cx: &Context<'_>) -> Self {
        let Some(deadline) = deadline else {
            return State::Never;
        };
        let timer = event_loop.set_timer(deadline, cx.waker().clone());
        State::Armed { event_loop, timer }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let State::Armed { event_loop, timer } = &self.0 {
            event_loop.cancel_timer(*timer);
        }
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Armed { .. } | State::Never => "Sleep(started)",
            State::Over => "Sleep(over)",
            State::Yielding(_) | State::For(_) | State::Until(_) => "Sleep(not started)",
        })
    }
}
