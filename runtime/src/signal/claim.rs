//! Whose Ctrl-C is: the program's, or the runner's.
//!
//! *Input*: the listeners to `INT` that a program has. *Output*: whether there is one, also in a signal's context. *Invariant*: a
//! listener claims the signal from its first moment to its last.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Signal;

static CLAIMS: AtomicUsize = AtomicUsize::new(0);

/// Whether the program listens itself, so that a runner does not end its main future.
pub(crate) fn is_claimed() -> bool {
    CLAIMS.load(Ordering::SeqCst) > 0
}

/// Of one listener.
pub(super) struct Claim(());

impl Claim {
    /// For a listener to `signal`, if that is the one that runners listen to.
    pub(super) fn to(signal: Signal) -> Option<Self> {
        (signal == Signal::INT).then(|| {
            CLAIMS.fetch_add(1, Ordering::SeqCst);
            Claim(())
        })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        CLAIMS.fetch_sub(1, Ordering::SeqCst);
    }
}
