//! A socket that can be waited for.
//!
//! *Input*: a nonblocking socket, and attempts to use it. *Output*: polls of those attempts. *Invariant*: the OS is
//! asked first and waited for second, so a socket that never blocks is never registered; it is registered with the loop
//! on which it is waited for, which may change when one loop has ended and another runs.

use std::cell::RefCell;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::readiness::{Direction, Readiness};
use super::sys::{socket_ref, AsSocket};
use crate::event_loop::EventLoop;
use crate::sync::wait_list::Waiter;

pub(crate) struct Source<S: AsSocket> {
    socket: S,
    readiness: Rc<Readiness>,
    registration: RefCell<Option<Registration>>,
}

struct Registration {
    event_loop: Rc<EventLoop>,
    key: usize,
}

impl<S: AsSocket> Source<S> {
    /// A socket that may be worth an attempt at once.
    pub(crate) fn new(socket: S) -> Self {
        Self::with_readiness(socket, true)
    }

    /// A socket that is not worth an attempt before its first event.
    pub(crate) fn new_connecting(socket: S) -> Self {
        Self::with_readiness(socket, false)
    }

    fn with_readiness(socket: S, is_ready: bool) -> Self {
        Source {
            socket,
            readiness: Rc::new(Readiness::new(is_ready)),
            registration: RefCell::new(None),
        }
    }

    pub(crate) fn get_ref(&self) -> &S {
        &self.socket
    }

    /// A place in the queue of those who wait for `direction`, for [`Source::poll_waiting`].
    pub(crate) fn waiter(&self, direction: Direction) -> Waiter<'_> {
        Waiter::new(self.readiness.waiters(direction))
    }

    /// Attempts `call`; if it would block, wakes the task of `cx` when `direction` becomes ready. Of several tasks that
    /// poll the same direction, only the last is woken.
    pub(crate) fn poll<R>(
        &self,
        direction: Direction,
        cx: &Context<'_>,
        call: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let attempt = self.attempt(direction, call);
        if attempt.is_pending() {
            self.register()?;
            self.readiness.set_poller(direction, cx);
        }
        attempt
    }

    /// Attempts `call`; if it would block, waits in the queue of `direction`.
    pub(crate) fn poll_waiting<R>(
        &self,
        direction: Direction,
        mut waiter: Pin<&mut Waiter<'_>>,
        cx: &Context<'_>,
        mut call: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        loop {
            let attempt = self.attempt(direction, &mut call);
            if attempt.is_ready() {
                waiter.as_ref().leave();
                return attempt;
            }
            self.register()?;
            ready!(waiter.as_mut().poll(cx));
        }
    }

    /// Attempts `call` until it does not block, waiting in the queue of `direction` in between.
    pub(crate) fn attempts<R, F>(&self, direction: Direction, call: F) -> Attempts<'_, S, F>
    where
        F: FnMut(&S) -> io::Result<R>,
    {
        Attempts {
            source: self,
            direction,
            call,
            waiter: self.waiter(direction),
        }
    }

    /// Tells that a transfer took less than it could: the next would block.
    pub(crate) fn ran_short(&self, direction: Direction) {
        if self.registration.borrow().is_some() {
            self.readiness.ran_short(direction);
        }
    }

    fn attempt<R>(
        &self,
        direction: Direction,
        mut call: impl FnMut(&S) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        if !self.readiness.is_ready(direction) {
            return Poll::Pending;
        }
        loop {
            match call(&self.socket) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.readiness.would_block(direction);
                    return Poll::Pending;
                }
                result => return Poll::Ready(result),
            }
        }
    }

    /// Makes the current loop the one that reports events. The first report comes from its next iteration and says what
    /// is so already, therefore nothing is missed.
    fn register(&self) -> io::Result<()> {
        let event_loop = EventLoop::current("waiting for a socket");
        let mut registration = self.registration.borrow_mut();
        match &*registration {
            Some(here) if Rc::ptr_eq(&here.event_loop, &event_loop) => {
                return event_loop.driver().want(here.key, &self.readiness);
            }
            Some(there) => there.end(&self.socket),
            None => {}
        }
        *registration = None;
        let key = event_loop
            .driver()
            .register(socket_ref(&self.socket), &self.readiness)?;
        let here = registration.insert(Registration { event_loop, key });
        here.event_loop.driver().want(key, &self.readiness)
    }
}

pin_project! {
    /// The future of [`Source::attempts`].
    #[must_use = "futures do nothing unless awaited"]
    pub(crate) struct Attempts<'a, S: AsSocket, F> {
        source: &'a Source<S>,
        direction: Direction,
        call: F,
        #[pin]
        waiter: Waiter<'a>,
    }
}

impl<S: AsSocket, R, F> Future for Attempts<'_, S, F>
where
    F: FnMut(&S) -> io::Result<R>,
{
    type Output = io::Result<R>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.source
            .poll_waiting(*this.direction, this.waiter, cx, this.call)
    }
}

impl Registration {
    fn end(&self, socket: &impl AsSocket) {
        self.event_loop
            .driver()
            .deregister(socket_ref(socket), self.key);
    }
}

impl<S: AsSocket> Drop for Source<S> {
    fn drop(&mut self) {
        if let Some(registration) = self.registration.get_mut() {
            registration.end(&self.socket);
        }
    }
}
