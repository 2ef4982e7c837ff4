//! The driver: what the loop knows of the OS.
//!
//! *Input*: sockets, and a time to wait. *Output*: the wakers of those that wait for a socket that has become ready.
//! *Invariant*: a socket is known from its first wait until its [`Source`] is dropped, with one system call for each of
//! the two; in between waiting costs none but the loop's own.
//!
//! Only [`sys`] knows which OS it is.

mod readiness;
mod source;
pub(crate) mod sys;

pub(crate) use readiness::Direction;
pub(crate) use source::Source;
pub(crate) use sys::Notifier;

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::task::Waker;
use std::time::Duration;

use crate::slab::Slab;
use readiness::Readiness;
use sys::{Poller, SocketRef};

pub(crate) struct Driver {
    poller: Poller,
    sources: RefCell<Slab<Rc<Readiness>>>,
}

impl Driver {
    /// # Errors
    ///
    /// Of the OS, if it gives no file descriptors.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Driver {
            poller: Poller::new()?,
            sources: RefCell::default(),
        })
    }

    /// What ends a wait, from any thread.
    pub(crate) fn notifier(&self) -> Notifier {
        self.poller.notifier()
    }

    pub(crate) fn has_sources(&self) -> bool {
        self.sources.borrow().len() > 0
    }

    /// Starts to report into `readiness` what happens on `socket`; the key ends it.
    ///
    /// # Errors
    ///
    /// Of the OS, if `socket` cannot be waited for.
    pub(crate) fn register(
        &self,
        socket: SocketRef<'_>,
        readiness: &Rc<Readiness>,
    ) -> io::Result<usize> {
        let mut sources = self.sources.borrow_mut();
        let key = sources.insert(Rc::clone(readiness));
        self.poller.add(socket, key).inspect_err(|_| {
            sources.remove(key);
        })?;
        Ok(key)
    }

    /// Ends what `register` started.
    pub(crate) fn deregister(&self, socket: SocketRef<'_>, key: usize) {
        let readiness = self.sources.borrow_mut().remove(key);
        if readiness.is_some() {
            self.poller.remove(socket, key);
        }
    }

    /// Says that somebody waits for the directions of a socket that are not ready.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub(crate) fn want(&self, key: usize, readiness: &Readiness) -> io::Result<()> {
        self.poller.want(key, readiness.interest())
    }

    /// Waits until something happens, for `timeout` at most (`None`: without a limit), and never less. Adds the wakers
    /// of what has become ready to `wakers`, in the order the OS reports it.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub(crate) fn wait(
        &self,
        timeout: Option<Duration>,
        wakers: &mut Vec<Waker>,
    ) -> io::Result<()> {
        self.poller.wait(timeout, |key, event| {
            let source = self.sources.borrow().get(key).cloned();
            if let Some(readiness) = source {
                readiness.report(event, wakers);
                if Poller::IS_ONE_SHOT {
                    // If the OS refuses, there is no event: whoever waits tries again when it is polled.
                    let _ = self.want(key, &readiness);
                }
            }
        })
    }

    /// Forgets all sockets.
    pub(crate) fn clear(&self) {
        let sources = self.sources.borrow_mut().take_all();
        drop(sources);
    }
}
