//! Children whose handles are gone.
//!
//! *Input*: children that nobody waits for. *Output*: no zombies. *Invariant*: a child is in the list from the drop of its handle
//! until it has been reaped. It is reaped when it ends, if the loop runs then, else when the next child is started or dropped.

use std::process::Child;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::ending::Ending;
use crate::event_loop::EventLoop;
use crate::task::spawn;

static ORPHANS: Mutex<Vec<Child>> = Mutex::new(Vec::new());

fn orphans() -> MutexGuard<'static, Vec<Child>> {
    ORPHANS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a child that nobody will wait for.
pub(super) fn adopt(child: Child, mut ending: Ending) {
    let id = child.id();
    orphans().push(child);
    reap();
    if EventLoop::try_current().is_some() {
        drop(spawn(async move {
            let is_reaped = || {
                reap();
                let is_left = orphans().iter().any(|child| child.id() == id);
                Ok((!is_left).then_some(()))
            };
            // An error of the OS leaves it for the next child that is started or dropped.
            let _ = ending.wait(is_reaped).await;
        }));
    }
}

/// Reaps those that have ended.
pub(super) fn reap() {
    // One of which the OS knows nothing has been reaped by somebody else.
    orphans().retain_mut(|child| matches!(child.try_wait(), Ok(None)));
}
