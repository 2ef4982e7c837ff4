//! The OS as the model checker sees it: there are other threads, and nothing else.
//!
//! *Input*: notifications. *Output*: ends of waits. *Invariant*: as that of the eventfd: a notification ends the wait that there is, or
//! else the next one, and many before a wait are as one. Time does not pass, so that a wait with a limit ends at once.

use std::io;
use std::time::Duration;

use super::{Event, Interest, SocketRef};
use crate::shared::{Arc, Condvar, Mutex};

pub(crate) struct Poller {
    notifier: Notifier,
}

#[derive(Clone, Default)]
pub(crate) struct Notifier(Arc<Signal>);

#[derive(Default)]
struct Signal {
    notified: Mutex<Notified>,
    changed: Condvar,
}

#[derive(Default)]
struct Notified {
    is_pending: bool,
    count: usize,
}

impl Poller {
    pub(crate) const IS_ONE_SHOT: bool = false;

    pub(crate) fn new() -> io::Result<Self> {
        Ok(Poller {
            notifier: Notifier::default(),
        })
    }

    pub(crate) fn notifier(&self) -> Notifier {
        self.notifier.clone()
    }

    pub(crate) fn add(&self, _socket: SocketRef<'_>, _key: usize) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn want(&self, _key: usize, _interest: Interest) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn remove(&self, _socket: SocketRef<'_>, _key: usize) {}

    pub(crate) fn wait(
        &self,
        timeout: Option<Duration>,
        _report: impl FnMut(usize, Event),
    ) -> io::Result<()> {
        self.notifier.wait(timeout.is_none());
        Ok(())
    }
}

impl Notifier {
    pub(crate) fn notify(&self) {
        let mut notified = self.0.notified.lock().unwrap();
        notified.is_pending = true;
        notified.count += 1;
        drop(notified);
        self.0.changed.notify_one();
    }

    /// How often it was notified.
    pub(crate) fn count(&self) -> usize {
        self.0.notified.lock().unwrap().count
    }

    /// A wait for what is notified; only a look at it, if it must not last.
    pub(crate) fn wait(&self, may_last: bool) {
        let mut notified = self.0.notified.lock().unwrap();
        while may_last && !notified.is_pending {
            notified = self.0.changed.wait(notified).unwrap();
        }
        notified.is_pending = false;
    }
}
