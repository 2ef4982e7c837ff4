//! Ctrl-C: the first ends the main future, the second the process.
//!
//! *Input*: the signal. *Output*: that it has arrived. *Invariant*: once it has, the next one ends the process.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use signal_hook_registry::{register, unregister, SigId};

use crate::signal::{Signal, Signals};

/// What a shell gives for a process that the signal has ended.
const STATUS: i32 = 130;

pub(super) struct Interrupts {
    signals: Signals,
    action: SigId,
}

impl Interrupts {
    pub(super) fn listen() -> io::Result<Self> {
        let signals = Signals::new(Signal::INT)?;
        // Known here, and not from the loop, which may be faster than the rest of the signal's context.
        let has_arrived = AtomicBool::new(false);
        let end_if_second = move || {
            if has_arrived.swap(true, Ordering::Relaxed) {
                // SAFETY: it ends the process without running anything else, which is allowed in a signal's context.
                unsafe { libc::_exit(STATUS) }
            }
        };
        // SAFETY: the action swaps an atomic and may end the process: both are allowed in a signal's context.
        let action = unsafe { register(Signal::INT.number(), end_if_second) }?;
        Ok(Interrupts { signals, action })
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.signals.poll_recv(cx).map(drop)
    }
}

impl Drop for Interrupts {
    fn drop(&mut self) {
        unregister(self.action);
    }
}

/// Ends this process as the signal does when nobody listens to it.
pub(super) fn end_process() -> ! {
    // SAFETY: the default action is put back and the signal raised, which ends the process before anything else of it runs.
    unsafe {
        libc::signal(libc::SIGINT, libc::SIG_DFL);
        libc::raise(libc::SIGINT);
        // In case it is blocked.
        libc::_exit(STATUS)
    }
}
