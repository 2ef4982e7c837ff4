//! From a signal's context to a task.
//!
//! *Input*: arrivals, in any thread, in the middle of anything. *Output*: as many polls that are ready. *Invariant*: the action in
//! the signal's context is one `write` to an eventfd, which adds them up; it lives as long as it is registered.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::task::{ready, Context, Poll};

use rustix::event::{eventfd, EventfdFlags};
use signal_hook_registry::{register, unregister, SigId, FORBIDDEN};

use super::Signal;
use crate::driver::{Direction, Source};

pub(super) struct Arrivals {
    counter: Source<Arc<OwnedFd>>,
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
        let counter = Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?);
        let written = Arc::clone(&counter);
        let count = move || {
            // An error would mean that 2^64 - 2 have arrived.
            let _ = rustix::io::write(&*written, &1_u64.to_ne_bytes());
        };
        // SAFETY: in a signal's context, the action makes one system call, `write`, which POSIX allows there: it allocates nothing,
        // takes no lock, does not panic. rustix calls the kernel directly, so that `errno` is left alone.
        let action = unsafe { register(signal.number(), count) }?;
        Ok(Arrivals {
            counter: Source::new(counter),
            left: 0,
            action,
        })
    }

    pub(super) fn poll(&mut self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        if self.left == 0 {
            let taken = self.counter.poll(Direction::Read, cx, |counter| {
                let mut count = [0; 8];
                rustix::io::read(&**counter, &mut count)?;
                Ok(u64::from_ne_bytes(count))
            });
            self.left = ready!(taken)?;
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
