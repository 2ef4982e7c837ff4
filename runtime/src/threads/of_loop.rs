//! The threads of a loop, by how long they may block.
//!
//! *Input*: a loop. *Output*: two pools. *Invariant*: those for calls are few, and have ended when the loop has; those for other
//! programs are as many as there are programs and pipes to wait for, since each may keep its thread for as long as it likes, and the
//! loop waits for none of them.

use super::pool::Pool;

pub(crate) struct Threads {
    for_calls: Pool,
    #[cfg(any(windows, coloop_threaded))]
    for_others: Pool,
}

impl Threads {
    pub(crate) fn new() -> Self {
        Threads {
            for_calls: Pool::default(),
            #[cfg(any(windows, coloop_threaded))]
            for_others: Pool::unlimited(),
        }
    }

    /// For calls that block and come to an end by themselves.
    pub(super) fn for_calls(&self) -> &Pool {
        &self.for_calls
    }

    /// For calls that end when another program does something.
    #[cfg(any(windows, coloop_threaded))]
    pub(super) fn for_others(&self) -> &Pool {
        &self.for_others
    }

    /// Whether no thread does anything, and there is nothing to do.
    pub(crate) fn are_idle(&self) -> bool {
        #[cfg(any(windows, coloop_threaded))]
        let others_are = self.for_others.is_idle();
        #[cfg(not(any(windows, coloop_threaded)))]
        let others_are = true;
        others_are && self.for_calls.is_idle()
    }

    /// Ends the threads, and waits for those that do.
    pub(crate) fn close(&self) {
        #[cfg(any(windows, coloop_threaded))]
        self.for_others.leave();
        self.for_calls.join();
    }
}
