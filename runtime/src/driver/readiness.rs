//! What is known about a socket between two events: whether it is worth trying, and who waits for it.
//!
//! *Input*: events of the poller, and attempts that would have blocked. *Output*: the wakers of the waiting.
//! *Invariant*: a direction is "not ready" only after an attempt would have blocked (or before the first event of a
//! connecting socket), and then the next edge makes it ready again. So whoever finds it not ready may wait.

use std::cell::Cell;
use std::task::{Context, Waker};

use super::sys::{Event, Interest};
use crate::sync::wait_list::WaitList;

/// One of the two directions of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Read,
    Write,
}

pub(crate) struct Readiness {
    read: Side,
    write: Side,
    /// Seen the end of the input: no edge will announce it again.
    end_of_input: Cell<bool>,
}

struct Side {
    is_ready: Cell<bool>,
    /// The last task that polled through `AsyncRead` or `AsyncWrite`, which have no future to keep a place in a list.
    poller: Cell<Option<Waker>>,
    /// The futures that wait.
    waiters: WaitList,
}

impl Readiness {
    /// `is_ready` is what is assumed until the first attempt or event.
    pub(super) fn new(is_ready: bool) -> Self {
        let side = || Side {
            is_ready: Cell::new(is_ready),
            poller: Cell::new(None),
            waiters: WaitList::new(),
        };
        Readiness {
            read: side(),
            write: side(),
            end_of_input: Cell::new(false),
        }
    }

    fn side(&self, direction: Direction) -> &Side {
        match direction {
            Direction::Read => &self.read,
            Direction::Write => &self.write,
        }
    }

    pub(super) fn is_ready(&self, direction: Direction) -> bool {
        self.side(direction).is_ready.get()
    }

    /// What events are to tell of: an attempt would have blocked.
    pub(super) fn interest(&self) -> Interest {
        Interest {
            readable: !self.is_ready(Direction::Read),
            writable: !self.is_ready(Direction::Write),
        }
    }

    /// An attempt would have blocked.
    pub(super) fn would_block(&self, direction: Direction) {
        self.side(direction).is_ready.set(false);
    }

    /// An attempt transferred less than it could take, so the next one would block: unless the end has been announced.
    pub(super) fn ran_short(&self, direction: Direction) {
        if direction == Direction::Write || !self.end_of_input.get() {
            self.would_block(direction);
        }
    }

    pub(super) fn waiters(&self, direction: Direction) -> &WaitList {
        &self.side(direction).waiters
    }

    /// Makes the polling task the one to wake.
    pub(super) fn set_poller(&self, direction: Direction, cx: &Context<'_>) {
        let poller = &self.side(direction).poller;
        let waker = poller.take().filter(|waker| waker.will_wake(cx.waker()));
        poller.set(Some(waker.unwrap_or_else(|| cx.waker().clone())));
    }

    /// Notes what has happened and adds who waited for it to `wakers`.
    pub(super) fn report(&self, event: Event, wakers: &mut Vec<Waker>) {
        if event.end_of_input {
            self.end_of_input.set(true);
        }
        if event.readable {
            self.read.become_ready(wakers);
        }
        if event.writable {
            self.write.become_ready(wakers);
        }
    }
}

impl Side {
    fn become_ready(&self, wakers: &mut Vec<Waker>) {
        self.is_ready.set(true);
        wakers.extend(self.poller.take());
        while let Some(waker) = self.waiters.notify_first() {
            wakers.push(waker);
        }
    }
}
