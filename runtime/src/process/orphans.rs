//! Children whose handles are gone.
//!
//! *Input*: children that nobody waits for. *Output*: no zombies. *Invariant*: a child is in the list from the drop of its handle
//! until it has been reaped. It is reaped when it ends, if the loop runs then, else when the next child is started or dropped.

use std::io;
use std::os::fd::OwnedFd;
use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{pidfd_open, Pid, PidfdFlags};

use crate::driver::{Direction, Source};
use crate::event_loop::EventLoop;
use crate::task::spawn;

static ORPHANS: Mutex<Vec<Child>> = Mutex::new(Vec::new());

fn orphans() -> MutexGuard<'static, Vec<Child>> {
    ORPHANS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a child that nobody will wait for.
pub(super) fn adopt(child: Child) {
    let pidfd = pidfd_open(Pid::from_child(&child), PidfdFlags::NONBLOCK);
    orphans().push(child);
    reap();
    if let (Some(_), Ok(pidfd)) = (EventLoop::try_current(), pidfd) {
        drop(spawn(end(pidfd)));
    }
}

/// Reaps those that have ended.
pub(super) fn reap() {
    // One of which the OS knows nothing has been reaped by somebody else.
    orphans().retain_mut(|child| matches!(child.try_wait(), Ok(None)));
}

/// Waits until one ends.
async fn end(pidfd: OwnedFd) {
    let pidfd = Source::new(pidfd);
    let mut is_first = true;
    let ended = pidfd.attempts(Direction::Read, |_| match std::mem::take(&mut is_first) {
        true => Err(io::Error::from(io::ErrorKind::WouldBlock)),
        false => Ok(()),
    });
    if ended.await.is_ok() {
        reap();
    }
}
