//! The life of a task in one atomic word, and the only atomics of the crate.
//!
//! ```text
//!   bit 0 SCHEDULED   a reference to the task is in the ready queue or in the inbox.
//!                     Set by wakers on any thread (`schedule`), cleared by the loop when its turn begins.
//!   bit 1 CANCELLED   the next turn drops the future instead of polling it. Set on the loop's thread, never cleared.
//!   bit 2 COMPLETED   the future is dropped and the result is decided. Set on the loop's thread, never cleared.
//!   bit 3 HANDLE      the `Task` exists. Cleared when it is dropped, on the loop's thread.
//!   bits 4..          references: the loop's (until completion), the handle's, one for each queue entry and waker.
//!
//!                  schedule                  begin_turn                       complete
//!   idle ---------------------> SCHEDULED --------------> being polled ---------------------> COMPLETED
//!    ^                                                         |
//!    +---------------------------------------------------------+  the future was pending
//! ```
//!
//! *Invariant*: SCHEDULED is cleared before the future is polled, so a wake during the poll queues the task again, and
//! a task has at most one queue entry. Nobody but the loop's thread polls, so "being polled" needs no bit.
//!
//! *Ordering*: what a waking thread wrote before `schedule` is visible to the poll after `begin_turn`, also if the task
//! was scheduled already: hence the exchange that changes nothing. What any thread did with the task before `release`
//! is visible to the one that frees it.

use crate::shared::atomic::{AtomicUsize, Ordering};

const SCHEDULED: usize = 1 << 0;
const CANCELLED: usize = 1 << 1;
const COMPLETED: usize = 1 << 2;
const HANDLE: usize = 1 << 3;
const REFERENCE: usize = 1 << 4;

/// Above this only leaked wakers can have brought the count of references.
const TOO_MANY: usize = isize::MAX as usize;

/// The atomic word.
#[derive(Debug)]
pub(super) struct State(AtomicUsize);

/// What a turn in the loop has to do with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Poll the future.
    Poll,
    /// Drop the future.
    Cancel,
    /// Nothing: it has completed since it was queued.
    Nothing,
}

impl State {
    /// A task that is scheduled and has a handle, with three references: the loop's, the queue's, the handle's.
    pub(super) fn new() -> Self {
        State(AtomicUsize::new(SCHEDULED | HANDLE | (3 * REFERENCE)))
    }

    /// A waker fires. If this returns true, the caller puts a new reference, counted here, into a queue.
    pub(super) fn schedule(&self) -> bool {
        self.try_schedule(REFERENCE)
    }

    /// A waker fires for the last time. If this returns true, its own reference goes into a queue.
    pub(super) fn schedule_with_own_reference(&self) -> bool {
        self.try_schedule(0)
    }

    fn try_schedule(&self, references: usize) -> bool {
        let mut current = self.0.load(Ordering::Relaxed);
        loop {
            if current & COMPLETED != 0 {
                return false;
            }
            let idle = current & SCHEDULED == 0;
            let next = if idle {
                check_count(current);
                (current | SCHEDULED) + references
            } else {
                current
            };
            match self
                .0
                .compare_exchange_weak(current, next, Ordering::AcqRel, Ordering::Relaxed)
            {
                Ok(_) => return idle,
                Err(actual) => current = actual,
            }
        }
    }

    /// The loop has taken the task from the ready queue.
    pub(super) fn begin_turn(&self) -> Turn {
        let before = self.0.fetch_and(!SCHEDULED, Ordering::AcqRel);
        if before & COMPLETED != 0 {
            Turn::Nothing
        } else if before & CANCELLED != 0 {
            Turn::Cancel
        } else {
            Turn::Poll
        }
    }

    /// Asks for cancellation; false if the task has completed. The caller schedules the task.
    pub(super) fn request_cancel(&self) -> bool {
        self.0.fetch_or(CANCELLED, Ordering::Relaxed) & COMPLETED == 0
    }

    pub(super) fn is_cancel_requested(&self) -> bool {
        self.0.load(Ordering::Relaxed) & CANCELLED != 0
    }

    /// The future is dropped and its result stored. True if there is a handle to fetch the result.
    pub(super) fn complete(&self) -> bool {
        self.0.fetch_or(COMPLETED, Ordering::AcqRel) & HANDLE != 0
    }

    pub(super) fn is_completed(&self) -> bool {
        self.0.load(Ordering::Acquire) & COMPLETED != 0
    }

    /// The handle is dropped. True if the task has completed, so that the handle must drop the result.
    pub(super) fn close_handle(&self) -> bool {
        self.0.fetch_and(!HANDLE, Ordering::AcqRel) & COMPLETED != 0
    }

    /// Counts one more reference.
    pub(super) fn retain(&self) {
        check_count(self.0.fetch_add(REFERENCE, Ordering::Relaxed));
    }

    /// Counts one reference less. True if it was the last: the caller frees the task.
    pub(super) fn release(&self) -> bool {
        self.0.fetch_sub(REFERENCE, Ordering::AcqRel) / REFERENCE == 1
    }
}

/// Wakers that are leaked by the billion must not bring the count back to zero.
fn check_count(state: usize) {
    if state > TOO_MANY {
        std::process::abort();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::{State, Turn};

    #[test]
    fn a_wake_is_queued_once_until_the_turn_begins() {
        let state = State::new();
        assert!(!state.schedule());
        assert_eq!(state.begin_turn(), Turn::Poll);
        assert!(state.schedule());
        assert!(!state.schedule());
        assert_eq!(state.begin_turn(), Turn::Poll);
    }

    #[test]
    fn cancellation_turns_the_next_turn_and_none_follows_completion() {
        let state = State::new();
        assert!(state.request_cancel());
        assert!(state.is_cancel_requested());
        assert_eq!(state.begin_turn(), Turn::Cancel);
        assert!(state.complete());
        assert!(!state.request_cancel());
        assert!(!state.schedule());
        assert_eq!(state.begin_turn(), Turn::Nothing);
        assert!(state.close_handle());
    }

    #[test]
    fn the_last_of_all_references_is_reported() {
        let state = State::new();
        state.retain();
        assert!(!state.release());
        assert_eq!(state.begin_turn(), Turn::Poll);
        assert!(state.schedule_with_own_reference());
        assert!(!state.release());
        assert!(!state.release());
        assert!(state.release());
    }
}
