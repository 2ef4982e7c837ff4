//! The queue of those who wait, which every primitive and every socket is built on. All `unsafe` of waiting is here.
//!
//! *Input*: [`Waiter`]s, which are pinned inside the futures that wait, so waiting allocates nothing. *Output*: the
//! waker of the first that has not been notified, whenever the owner of the list asks for it.
//!
//! ```text
//!           first poll               notify_first                next poll, or `leave`
//!   Outside ----------> Waiting ---------------------> Notified ----------------------> Outside
//!      ^                   |
//!      +-------------------+  `leave`, or dropped
//! ```
//!
//! A notified waiter keeps its place until it is polled or leaves: that is how a lock knows that somebody is about to
//! take it. What a notification stands for, and to whom it goes if its receiver leaves, is up to the primitive.
//!
//! *Invariants*
//!
//! - Waiters stand in the order of their first poll, and the notified ones come first: notification is by order of
//!   arrival. `first_waiting` is the first that is not notified.
//! - A linked waiter is pinned, and unlinks itself before it is dropped; so a link always leads to a live [`Node`].
//! - Nodes are only used through shared references, and no user code runs in here, except that wakers are cloned and
//!   dropped while no link is in flux: a notified waker is handed out, for the caller to wake when it is done.

use std::cell::Cell;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomPinned;
use std::pin::{pin, Pin};
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

use crate::event_loop::{note_released, note_taken, note_wait, Awaited};

type Link = Cell<Option<NonNull<Node>>>;

/// A queue of waiters.
pub(crate) struct WaitList {
    first: Link,
    last: Link,
    first_waiting: Link,
    waiting: Cell<usize>,
    /// What those wait for who stand in it, for people.
    what: Option<&'static str>,
}

struct Node {
    previous: Link,
    next: Link,
    place: Cell<Place>,
    waker: Cell<Option<Waker>>,
    /// How much of what the owner of the list hands out.
    needs: usize,
    _pinned: PhantomPinned,
}

/// Where a waiter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Not in the list.
    Outside,
    /// In the list, not notified.
    Waiting,
    /// In the list, notified, and not polled since.
    Notified,
}

impl WaitList {
    pub(crate) const fn new() -> Self {
        WaitList {
            first: Cell::new(None),
            last: Cell::new(None),
            first_waiting: Cell::new(None),
            waiting: Cell::new(0),
            what: None,
        }
    }

    /// A list of those who wait for what a report calls `what`.
    pub(crate) const fn of(what: &'static str) -> Self {
        WaitList {
            what: Some(what),
            ..WaitList::new()
        }
    }

    /// What those wait for who stand in the list has been taken, for a report.
    pub(crate) fn note_taken(&self) {
        note_taken(self.address());
    }

    /// It has been released.
    pub(crate) fn note_released(&self) {
        note_released(self.address());
    }

    fn address(&self) -> *const () {
        std::ptr::from_ref(self).cast()
    }

    /// True if nobody stands in the list, notified or not.
    pub(crate) fn is_empty(&self) -> bool {
        self.first.get().is_none()
    }

    /// The number of those who have not been notified.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.get()
    }

    /// True if the one at the head has been notified.
    pub(crate) fn is_first_notified(&self) -> bool {
        !self.is_empty() && self.first.get() != self.first_waiting.get()
    }

    /// How much the first needs that has not been notified.
    pub(crate) fn first_needs(&self) -> Option<usize> {
        // SAFETY: the link leads to a live node.
        self.first_waiting
            .get()
            .map(|first| unsafe { node(first) }.needs)
    }

    /// Notifies the first that has not been; the caller wakes the waker.
    pub(crate) fn notify_first(&self) -> Option<Waker> {
        let first = self.first_waiting.get()?;
        // SAFETY: the link leads to a live node.
        let node = unsafe { node(first) };
        self.first_waiting.set(node.next.get());
        self.waiting.set(self.waiting.get() - 1);
        node.place.set(Place::Notified);
        let waker = node.waker.take();
        debug_assert!(
            waker.is_some(),
            "a waiter is linked by a poll, which leaves a waker"
        );
        waker
    }

    /// Notifies and wakes the first `n` that have not been; the others also if a foreign waker panics.
    pub(crate) fn wake(&self, n: usize) {
        let mut wakes = Wakes {
            list: self,
            left: n.min(self.waiting()),
        };
        wakes.all();
    }

    fn push(&self, new: &Node) {
        let link = Some(NonNull::from(new));
        let last = self.last.replace(link);
        new.previous.set(last);
        match last {
            // SAFETY: the link leads to a live node.
            Some(last) => unsafe { node(last) }.next.set(link),
            None => self.first.set(link),
        }
        if self.first_waiting.get().is_none() {
            self.first_waiting.set(link);
        }
        self.waiting.set(self.waiting.get() + 1);
        new.place.set(Place::Waiting);
    }

    fn unlink(&self, old: &Node) {
        let (previous, next) = (old.previous.take(), old.next.take());
        if self.first_waiting.get() == Some(NonNull::from(old)) {
            self.first_waiting.set(next);
        }
        match previous {
            // SAFETY: the link leads to a live node.
            Some(previous) => unsafe { node(previous) }.next.set(next),
            None => self.first.set(next),
        }
        match next {
            // SAFETY: the link leads to a live node.
            Some(next) => unsafe { node(next) }.previous.set(previous),
            None => self.last.set(previous),
        }
        if old.place.replace(Place::Outside) == Place::Waiting {
            self.waiting.set(self.waiting.get() - 1);
        }
    }
}

/// The node behind a link.
///
/// # Safety
///
/// The node is live, for as long as the result is used.
unsafe fn node<'a>(link: NonNull<Node>) -> &'a Node {
    // SAFETY: as the caller promises; nodes are only used through shared references.
    unsafe { link.as_ref() }
}

impl Default for WaitList {
    fn default() -> Self {
        WaitList::new()
    }
}

impl fmt::Debug for WaitList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WaitList({} waiting)", self.waiting())
    }
}

/// A place in a [`WaitList`], taken by the first poll.
pub(crate) struct Waiter<'a> {
    list: &'a WaitList,
    node: Node,
}

impl<'a> Waiter<'a> {
    pub(crate) const fn new(list: &'a WaitList) -> Self {
        Waiter::in_need_of(list, 1)
    }

    /// One that needs more than others, or less.
    pub(crate) const fn in_need_of(list: &'a WaitList, needs: usize) -> Self {
        Waiter {
            list,
            node: Node {
                previous: Cell::new(None),
                next: Cell::new(None),
                place: Cell::new(Place::Outside),
                waker: Cell::new(None),
                needs,
                _pinned: PhantomPinned,
            },
        }
    }

    pub(crate) fn place(&self) -> Place {
        self.node.place.get()
    }

    pub(crate) fn needs(&self) -> usize {
        self.node.needs
    }

    /// Waits for a notification. With it, leaves the list.
    pub(crate) fn poll(self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<()> {
        let this = self.as_ref().get_ref();
        if this.place() != Place::Notified {
            this.keep_waker(cx);
        }
        match this.place() {
            Place::Notified => {
                this.unlink();
                return Poll::Ready(());
            }
            Place::Outside => this.list.push(&this.node),
            Place::Waiting => {}
        }
        if let Some(what) = this.list.what {
            let at = this.list.address();
            note_wait(Awaited::Thing { what, at });
        }
        Poll::Pending
    }

    /// Clones the waker unless the node has it. Code of a foreign waker may run, and change the list, so this comes
    /// first and the old waker stays until the new one is there.
    fn keep_waker(&self, cx: &Context<'_>) {
        let slot = &self.node.waker;
        let old = slot.take();
        let has_it = old.as_ref().is_some_and(|old| old.will_wake(cx.waker()));
        slot.set(old);
        if !has_it {
            drop(slot.replace(Some(cx.waker().clone())));
        }
    }

    /// Leaves the list, and tells where the waiter stood.
    pub(crate) fn leave(self: Pin<&Self>) -> Place {
        self.get_ref().unlink()
    }

    fn unlink(&self) -> Place {
        let place = self.place();
        if place != Place::Outside {
            self.list.unlink(&self.node);
            drop(self.node.waker.take());
        }
        place
    }
}

/// Wakes that are due: all of them, whatever becomes of one.
struct Wakes<'a> {
    list: &'a WaitList,
    left: usize,
}

impl Wakes<'_> {
    fn all(&mut self) {
        while let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            if let Some(waker) = self.list.notify_first() {
                waker.wake();
            }
        }
    }
}

impl Drop for Wakes<'_> {
    fn drop(&mut self) {
        self.all();
    }
}

/// Waits in a list for one notification. If it is dropped after that, nobody has the notification.
pub(crate) async fn notified(list: &WaitList) {
    let mut waiter = pin!(Waiter::new(list));
    poll_fn(|cx| waiter.as_mut().poll(cx)).await;
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.unlink();
    }
}

impl fmt::Debug for Waiter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Waiter({:?})", self.place())
    }
}
