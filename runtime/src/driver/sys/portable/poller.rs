//! The `polling` crate's poller.
//!
//! *Invariant*: a socket is registered for one event at a time, of the directions that somebody waits for. An event ends that, so
//! what is still wanted is said again. The OS reports what is so already, therefore nothing is missed in between.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use polling::{Event as Polled, Events};

#[cfg(unix)]
use std::os::fd::{AsRawFd, RawFd as RawSocket};
#[cfg(windows)]
use std::os::windows::io::{AsRawSocket, RawSocket};

use super::super::{Event, Interest, SocketRef};

pub(crate) struct Poller {
    poller: Arc<polling::Poller>,
    events: RefCell<Events>,
    /// The sockets that are registered, by their keys.
    sockets: RefCell<HashMap<usize, RawSocket>>,
}

/// Ends the wait of a [`Poller`], from any thread.
#[derive(Clone)]
pub(crate) struct Notifier(Arc<polling::Poller>);

impl Poller {
    /// Whether an event is the last one until [`want`](Self::want) is called again.
    pub(crate) const IS_ONE_SHOT: bool = true;

    pub(crate) fn new() -> io::Result<Self> {
        Ok(Poller {
            poller: Arc::new(polling::Poller::new()?),
            events: RefCell::new(Events::new()),
            sockets: RefCell::default(),
        })
    }

    pub(crate) fn notifier(&self) -> Notifier {
        Notifier(Arc::clone(&self.poller))
    }

    pub(crate) fn add(&self, socket: SocketRef<'_>, key: usize) -> io::Result<()> {
        // SAFETY: it is removed before it is closed: a `Source` deregisters its socket when it is dropped.
        unsafe { self.poller.add(raw(socket), Polled::none(key)) }?;
        self.sockets.borrow_mut().insert(key, raw(socket));
        Ok(())
    }

    /// Asks for one event of a registered socket.
    pub(crate) fn want(&self, key: usize, interest: Interest) -> io::Result<()> {
        let socket = self.sockets.borrow().get(&key).copied();
        let Some(socket) = socket else {
            return Ok(());
        };
        // SAFETY: it is open: who closes it removes it first.
        let socket = unsafe { SocketRef::borrow_raw(socket) };
        let event = Polled::new(key, interest.readable, interest.writable);
        self.poller.modify(socket, event)
    }

    /// The only possible error is that the OS does not know the socket, and that is what is wanted.
    pub(crate) fn remove(&self, socket: SocketRef<'_>, key: usize) {
        self.sockets.borrow_mut().remove(&key);
        let _ = self.poller.delete(socket);
    }

    pub(crate) fn wait(
        &self,
        timeout: Option<Duration>,
        mut report: impl FnMut(usize, Event),
    ) -> io::Result<()> {
        let events = &mut *self.events.borrow_mut();
        events.clear();
        self.poller.wait(events, timeout)?;
        for event in events.iter() {
            let happened = Event {
                readable: event.readable,
                writable: event.writable,
                // What is so already is reported again, the end of the input as well.
                end_of_input: false,
            };
            report(event.key, happened);
        }
        Ok(())
    }
}

impl Notifier {
    pub(crate) fn notify(&self) {
        // An error would be that of a poller that has been closed, which nobody waits for.
        let _ = self.0.notify();
    }
}

fn raw(socket: SocketRef<'_>) -> RawSocket {
    #[cfg(unix)]
    return socket.as_raw_fd();
    #[cfg(windows)]
    return socket.as_raw_socket();
}
