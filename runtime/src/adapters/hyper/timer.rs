//! hyper's timers.
//!
//! *Input*: durations and deadlines. *Output*: sleeps, which are `Send` and `Sync` because hyper asks for that. *Invariant*: a sleep
//! does not hold its loop, only the loop's inbox, by which it is known, and the number of its timer. The timer is in the loop
//! exactly while the sleep is `Armed` and has not fired; where the sleep is dropped does not matter.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use ::hyper::rt::{Sleep, Timer};

use crate::event_loop::{EventLoop, Inbox, TimerId};
use crate::time::now;

/// The timers of the loop for hyper: what its timeouts need, for instance `header_read_timeout` and HTTP/2's `keep_alive_interval`.
///
/// Its clock is that of the loop, also a [virtual](crate::RunnerBuilder::virtual_time) one.
///
/// # Examples
///
/// A client that connects and says nothing:
///
/// ```
/// use std::convert::Infallible;
/// use std::time::Duration;
///
/// use coloop::adapters::{HyperIo, HyperTimer};
/// use coloop::io::duplex;
/// use http_body_util::Empty;
/// use hyper::body::Bytes;
/// use hyper::service::service_fn;
/// use hyper::Response;
///
/// coloop::run(async {
///     let (_silent, far) = duplex(64);
///     let service = service_fn(|_| async { Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new())) });
///     let connection = hyper::server::conn::http1::Builder::new()
///         .timer(HyperTimer::new())
///         .header_read_timeout(Duration::from_millis(2))
///         .serve_connection(HyperIo::new(far), service);
///     assert!(connection.await.unwrap_err().is_timeout());
/// });
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct HyperTimer(());

impl HyperTimer {
    /// The timers of the loop that runs where they are used.
    #[must_use]
    pub fn new() -> Self {
        HyperTimer::default()
    }
}

impl Timer for HyperTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(HyperSleep(State::Until(now().checked_add(duration))))
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        Box::pin(HyperSleep(State::Until(Some(deadline))))
    }

    fn now(&self) -> Instant {
        now()
    }
}

/// A sleep of [`HyperTimer`]: as that of [`sleep_until`](crate::sleep_until), but `Send` and `Sync`.
///
/// That is what hyper's trait asks for, not a second thread: the sleep can be moved and dropped anywhere, but it is polled where
/// the loop runs that polled it first.
///
/// # Panics
///
/// When it is polled outside of a loop, by another loop than at first, or after its loop has ended.
///
/// # Cancellation
///
/// Dropping it gives the timer back: at once where its loop runs, elsewhere in the loop's next iteration.
#[must_use = "futures do nothing unless awaited"]
pub struct HyperSleep(State);

enum State {
    /// Not polled yet; without a deadline if the clock cannot show it.
    Until(Option<Instant>),
    Armed {
        inbox: Arc<Inbox>,
        timer: TimerId,
    },
    Over,
}

impl Sleep for HyperSleep {}

impl Future for HyperSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match &self.0 {
            State::Until(None) => return Poll::Pending,
            State::Until(Some(deadline)) => {
                let here = EventLoop::current("hyper's timer");
                let timer = here.set_timer(*deadline, cx.waker().clone());
                let inbox = here.shared_inbox();
                self.0 = State::Armed { inbox, timer };
                return Poll::Pending;
            }
            State::Armed { inbox, timer } => {
                let here = loop_of(inbox).filter(|here| !here.is_closing());
                let here = here.expect("hyper's sleep is polled by the loop that polled it first");
                if here.update_timer(*timer, cx.waker()) {
                    return Poll::Pending;
                }
            }
            State::Over => {}
        }
        self.0 = State::Over;
        Poll::Ready(())
    }
}

/// The loop with this inbox, if it runs on this thread.
fn loop_of(inbox: &Arc<Inbox>) -> Option<Rc<EventLoop>> {
    EventLoop::try_current().filter(|here| ptr::eq(here.inbox(), &**inbox))
}

impl Drop for HyperSleep {
    fn drop(&mut self) {
        let State::Armed { inbox, timer } = &self.0 else {
            return;
        };
        let timer = *timer;
        match loop_of(inbox) {
            Some(here) => here.cancel_timer(timer),
            None => {
                let cancel = move || EventLoop::current("hyper's timer").cancel_timer(timer);
                inbox.call(Box::new(cancel));
            }
        }
    }
}

impl fmt::Debug for HyperSleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            State::Until(_) => "HyperSleep(not started)",
            State::Armed { .. } => "HyperSleep(started)",
            State::Over => "HyperSleep(over)",
        })
    }
}
