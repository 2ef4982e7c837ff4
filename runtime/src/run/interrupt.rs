//! Ctrl-C: the first ends the main future, the second the process.
//!
//! *Input*: the signal, while the program does not listen to it itself. *Output*: that it has arrived. *Invariant*: once it has, the
//! next one ends the process.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::task::{ready, Context, Poll};

use signal_hook_registry::{register, unregister, SigId};

use crate::signal::{is_claimed, Signal, Signals};

/// What a shell gives for a process that the signal has ended.
const STATUS: i32 = 130;

pub(super) struct Interrupts {
    signals: Signals,
    has_arrived: Arc<AtomicBool>,
    action: SigId,
}

impl Interrupts {
    pub(super) fn listen() -> io::Result<Self> {
        // Whose an arrival is, and whether it is the second, is known here, and not from the loop, which may be faster than the rest
        // of the signal's context, or slower than a program that listens no more.
        let has_arrived = Arc::new(AtomicBool::new(false));
        let arrived = Arc::clone(&has_arrived);
        let end_if_second = move || {
            if !is_claimed() && arrived.swap(true, Ordering::SeqCst) {
                // SAFETY: it ends the process without running anything else, which is allowed in a signal's context.
                unsafe { libc::_exit(STATUS) }
            }
        };
        // SAFETY: the action looks at atomics and may end the process: both are allowed in a signal's context.
        let action = unsafe { register(Signal::INT.number(), end_if_second) }?;
        // Actions are called in their order, so the flag is set when the loop hears of it.
        let signals = Signals::for_runner(Signal::INT);
        let signals = signals.inspect_err(|_| {
            unregister(action);
        })?;
        Ok(Interrupts {
            signals,
            has_arrived,
            action,
        })
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let heard = ready!(self.signals.poll_recv(cx));
            if heard.is_err() || self.has_arrived.load(Ordering::SeqCst) {
                return Poll::Ready(());
            }
        }
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
