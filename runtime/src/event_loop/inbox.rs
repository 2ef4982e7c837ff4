//! The part of a loop that other threads reach: where wakers put tasks, and how a sleeping loop is woken.
//!
//! *Input*: [`Notified`] tasks and calls from other threads (on the loop's own, tasks go to the ready queue). *Output*: the
//! same, in order of arrival, when the loop's next iteration collects them.
//!
//! ```text
//!   Awake ---- prepare_wait: nothing has arrived ----> Waiting ---- first deliver, or collect ----> Awake
//!     |                                                                                              |
//!     +------------------------------------- close ----> Closed <------------------------------------+
//! ```
//!
//! *Invariant*: the system call that wakes the loop is made by the one `deliver` that ends `Waiting`, so a busy loop is
//! never signalled and an idle one is signalled once. After `close` nothing is kept: what arrives is dropped.

use std::mem;
use std::sync::PoisonError;

use crate::driver::Notifier;
use crate::shared::{Mutex, MutexGuard};
use crate::task::Notified;

pub(crate) struct Inbox {
    arrivals: Mutex<Arrivals>,
    notifier: Notifier,
}

struct Arrivals {
    arrived: Vec<Arrival>,
    mode: Mode,
}

/// What arrives.
pub(crate) enum Arrival {
    Task(Notified),
    Call(Box<dyn FnOnce() + Send>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Awake,
    Waiting,
    Closed,
}

impl Inbox {
    pub(crate) fn new(notifier: Notifier) -> Self {
        let arrivals = Arrivals {
            arrived: Vec::new(),
            mode: Mode::Awake,
        };
        Inbox {
            arrivals: Mutex::new(arrivals),
            notifier,
        }
    }

    /// Leaves a task for its loop, from a thread or at a time where the loop does not run.
    pub(crate) fn deliver(&self, task: Notified) {
        self.put(Arrival::Task(task));
    }

    /// Leaves a call for the loop; false if it has ended.
    pub(crate) fn call(&self, function: Box<dyn FnOnce() + Send>) -> bool {
        self.put(Arrival::Call(function))
    }

    fn put(&self, arrival: Arrival) -> bool {
        let mut arrivals = self.lock();
        if arrivals.mode == Mode::Closed {
            drop(arrivals);
            drop(arrival);
            return false;
        }
        arrivals.arrived.push(arrival);
        let was_waiting = mem::replace(&mut arrivals.mode, Mode::Awake) == Mode::Waiting;
        drop(arrivals);
        if was_waiting {
            self.notifier.notify();
        }
        true
    }

    /// The loop is about to wait for the OS; false if it must not, because something has arrived.
    pub(crate) fn prepare_wait(&self) -> bool {
        let mut arrivals = self.lock();
        let may_wait = arrivals.arrived.is_empty();
        if may_wait {
            arrivals.mode = Mode::Waiting;
        }
        may_wait
    }

    /// Moves everything that has arrived to the end of `arrived`.
    pub(crate) fn collect(&self, arrived: &mut Vec<Arrival>) {
        let mut arrivals = self.lock();
        arrivals.mode = Mode::Awake;
        arrived.append(&mut arrivals.arrived);
    }

    /// Drops what has arrived and what will.
    pub(crate) fn close(&self) {
        let mut arrivals = self.lock();
        arrivals.mode = Mode::Closed;
        let arrived = mem::take(&mut arrivals.arrived);
        drop(arrivals);
        drop(arrived);
    }

    /// Nothing can panic while it is locked, so poison means nothing.
    fn lock(&self) -> MutexGuard<'_, Arrivals> {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
