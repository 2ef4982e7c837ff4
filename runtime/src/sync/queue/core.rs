//! What all kinds of queues have in common.
//!
//! *Input*: items, and those who put and get them. *Output*: wake-ups. *Invariant*: as of [`queue`](super). Items are moved in and out
//! while the storage is borrowed; user code (comparisons aside) runs when it is not.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::error::{PutError, QueueShutDown, TryGetError, TryPutError};
use super::storage::Storage;
use crate::sync::wait_list::{notified, Place, WaitList, Waiter};

pub(super) struct Core<T, S> {
    items: RefCell<S>,
    maxsize: usize,
    getters: WaitList,
    putters: WaitList,
    joiners: WaitList,
    /// The items whose work is not done.
    unfinished: Cell<usize>,
    is_shut_down: Cell<bool>,
    kind: PhantomData<fn(T) -> T>,
}

impl<T, S: Storage<T>> Core<T, S> {
    pub(super) fn new(maxsize: usize) -> Self {
        Core {
            items: RefCell::default(),
            maxsize,
            getters: WaitList::of("an item of a `Queue`"),
            putters: WaitList::of("room in a `Queue`"),
            joiners: WaitList::of("the work of a `Queue`"),
            unfinished: Cell::new(0),
            is_shut_down: Cell::new(false),
            kind: PhantomData,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.items.borrow().len()
    }

    pub(super) fn maxsize(&self) -> usize {
        self.maxsize
    }

    pub(super) fn is_full(&self) -> bool {
        self.maxsize > 0 && self.len() >= self.maxsize
    }

    pub(super) fn try_put(&self, item: T) -> Result<(), TryPutError<T>> {
        if self.is_shut_down.get() {
            return Err(TryPutError::ShutDown(item));
        }
        if self.is_full() {
            return Err(TryPutError::Full(item));
        }
        self.items.borrow_mut().push(item);
        self.unfinished.set(self.unfinished.get() + 1);
        self.getters.wake(1);
        Ok(())
    }

    pub(super) async fn put(&self, item: T) -> Result<(), PutError<T>> {
        let mut item = item;
        loop {
            match self.try_put(item) {
                Ok(()) => return Ok(()),
                Err(TryPutError::ShutDown(item)) => return Err(PutError(item)),
                Err(TryPutError::Full(again)) => item = again,
            }
            let may_go_on = || !self.is_full();
            Turn::new(&self.putters, &may_go_on).await;
        }
    }

    pub(super) fn try_get(&self) -> Result<T, TryGetError> {
        let item = self.items.borrow_mut().pop();
        match item {
            Some(item) => {
                self.putters.wake(1);
                Ok(item)
            }
            None if self.is_shut_down.get() => Err(TryGetError::ShutDown),
            None => Err(TryGetError::Empty),
        }
    }

    pub(super) async fn get(&self) -> Result<T, QueueShutDown> {
        loop {
            match self.try_get() {
                Ok(item) => return Ok(item),
                Err(TryGetError::ShutDown) => return Err(QueueShutDown),
                Err(TryGetError::Empty) => {}
            }
            let may_go_on = || self.len() > 0;
            Turn::new(&self.getters, &may_go_on).await;
        }
    }

    #[track_caller]
    pub(super) fn task_done(&self) {
        let unfinished = self.unfinished.get().checked_sub(1);
        self.set_unfinished(unfinished.expect("`task_done` was called too many times"));
    }

    fn set_unfinished(&self, unfinished: usize) {
        self.unfinished.set(unfinished);
        if unfinished == 0 {
            self.joiners.wake(usize::MAX);
        }
    }

    pub(super) async fn join(&self) {
        if self.unfinished.get() > 0 {
            notified(&self.joiners).await;
        }
    }

    pub(super) fn shutdown(&self, immediate: bool) {
        self.is_shut_down.set(true);
        if immediate {
            let left = self.items.take();
            self.set_unfinished(self.unfinished.get() - left.len());
            drop(left);
        }
        self.getters.wake(usize::MAX);
        self.putters.wake(usize::MAX);
    }

    pub(super) fn describe(&self, name: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct(name)
            .field("len", &self.len())
            .field("maxsize", &self.maxsize)
            .field("getters", &self.getters.waiting())
            .field("putters", &self.putters.waiting())
            .field("unfinished", &self.unfinished.get())
            .finish()
    }
}

pin_project! {
    /// Waits to be woken. If it is dropped after that, and whoever is next may go on, the next is woken.
    struct Turn<'a> {
        list: &'a WaitList,
        next_may_go_on: &'a dyn Fn() -> bool,
        #[pin]
        waiter: Waiter<'a>,
    }

    impl PinnedDrop for Turn<'_> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if this.waiter.as_ref().leave() == Place::Notified && (this.next_may_go_on)() {
                this.list.wake(1);
            }
        }
    }
}

impl<'a> Turn<'a> {
    fn new(list: &'a WaitList, next_may_go_on: &'a dyn Fn() -> bool) -> Self {
        Turn {
            list,
            next_may_go_on,
            waiter: Waiter::new(list),
        }
    }
}

impl Future for Turn<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().waiter.poll(cx)
    }
}
