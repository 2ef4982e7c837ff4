//! epoll: one descriptor that waits for all sockets, and an eventfd in it for the other threads.
//!
//! *Invariant*: everything is registered once, for both directions and edge-triggered. Whoever is told that a socket is
//! ready must use it until it would block; the eventfd is written and never read, because each write is a new edge.

use std::cell::RefCell;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::{epoll, eventfd, EventfdFlags, Timespec};
use rustix::io::Errno;

use super::super::{Event, Interest};

/// Events fetched by one system call; if more are pending, the next call brings them.
const EVENTS_AT_ONCE: usize = 256;
/// The key of the eventfd. No socket has it: a slab cannot hold that many.
const NOTIFIER_KEY: u64 = u64::MAX;

pub(crate) struct Poller {
    epoll: OwnedFd,
    notifier: Notifier,
    events: RefCell<Vec<epoll::Event>>,
}

/// Ends the wait of a [`Poller`], from any thread.
#[derive(Clone)]
pub(crate) struct Notifier(Arc<OwnedFd>);

impl Poller {
    /// Whether an event is the last one until [`want`](Self::want) is called again.
    pub(crate) const IS_ONE_SHOT: bool = false;

    pub(crate) fn new() -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let flags = EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK;
        let notifier = eventfd(0, flags)?;
        let interest = epoll::EventFlags::IN | epoll::EventFlags::ET;
        epoll::add(
            &epoll,
            &notifier,
            epoll::EventData::new_u64(NOTIFIER_KEY),
            interest,
        )?;
        Ok(Poller {
            epoll,
            notifier: Notifier(Arc::new(notifier)),
            events: RefCell::new(Vec::with_capacity(EVENTS_AT_ONCE)),
        })
    }

    pub(crate) fn notifier(&self) -> Notifier {
        self.notifier.clone()
    }

    pub(crate) fn add(&self, socket: BorrowedFd<'_>, key: usize) -> io::Result<()> {
        let interest = epoll::EventFlags::IN
            | epoll::EventFlags::OUT
            | epoll::EventFlags::RDHUP
            | epoll::EventFlags::ET;
        let data = epoll::EventData::new_u64(key as u64);
        Ok(epoll::add(&self.epoll, socket, data, interest)?)
    }

    /// Everything is wanted from the beginning.
    #[allow(clippy::unnecessary_wraps, clippy::unused_self)]
    pub(crate) fn want(&self, _: usize, _: Interest) -> io::Result<()> {
        Ok(())
    }

    /// The only possible error is that epoll does not know the socket, and that is what is wanted.
    pub(crate) fn remove(&self, socket: BorrowedFd<'_>, _: usize) {
        let _ = epoll::delete(&self.epoll, socket);
    }

    /// One system call. An interruption by a signal counts as a wait in which nothing has happened.
    pub(crate) fn wait(
        &self,
        timeout: Option<Duration>,
        mut report: impl FnMut(usize, Event),
    ) -> io::Result<()> {
        let timeout = timeout.map(timespec);
        let events = &mut *self.events.borrow_mut();
        events.clear();
        match epoll::wait(&self.epoll, spare_capacity(events), timeout.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        for event in events.iter() {
            let key = event.data.u64();
            if key != NOTIFIER_KEY {
                report(key as usize, translate(event.flags));
            }
        }
        Ok(())
    }
}

impl Notifier {
    /// The only possible error is a counter that is about to overflow, and then the edge has long been raised.
    pub(crate) fn notify(&self) {
        let _ = rustix::io::write(&*self.0, &1_u64.to_ne_bytes());
    }
}

/// rustix rounds it up to what the system call takes: a wait is never short, so the loop never spins.
fn timespec(timeout: Duration) -> Timespec {
    Timespec {
        tv_sec: timeout.as_secs().try_into().unwrap_or(i64::MAX),
        tv_nsec: timeout.subsec_nanos().into(),
    }
}

fn translate(flags: epoll::EventFlags) -> Event {
    use epoll::EventFlags as Flags;
    Event {
        readable: flags.intersects(Flags::IN | Flags::RDHUP | Flags::HUP | Flags::ERR),
        writable: flags.intersects(Flags::OUT | Flags::HUP | Flags::ERR),
        end_of_input: flags.intersects(Flags::RDHUP | Flags::HUP | Flags::ERR),
    }
}
