//! From a signal's context to a task.
//!
//! *Input*: arrivals, in any thread, in the middle of anything. *Output*: as many polls that are ready. *Invariant*: the action in
//! the signal's context does only what is allowed there; it lives as long as it is registered.
//!
//! - `unix`: a descriptor, which the loop waits for
//! - `windows`: a counter, since a signal has a thread of its own there

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::io;
use std::task::{Context, Poll};

use signal_hook_registry::{unregister, SigId, FORBIDDEN};

#[cfg(unix)]
use unix::Counter;
#[cfg(windows)]
use windows::Counter;

use super::Signal;

pub(super) struct Arrivals {
    counter: Counter,
    /// Taken from the counter, and not handed out.
    left: u64,
    action: SigId,
}

impl Arrivals {
    pub(super) fn new(signal: Signal) -> io::Result<Self> {
        if FORBIDDEN.contains(&signal.number()) {
            let refused = format!("nobody can listen to {signal}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, refused));
        }
        let (counter, action) = Counter::of(signal)?;
        Ok(Arrivals {
            counter,
            left: 0,
            action,
        })
    }

    pub(super) fn poll(&mut self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        if self.left == 0 {
            self.left = std::task::ready!(self.counter.poll_take(cx))?;
        }
        self.left -= 1;
        Poll::Ready(Ok(()))
    }
}

impl Drop for Arrivals {
    fn drop(&mut self) {
        unregister(self.action);
    }
}
