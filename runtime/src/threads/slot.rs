//! One value, from one thread to another, which waits as a task or blocks.
//!
//! ```text
//!   Empty ---- put ----> Full ---- take ----> Empty
//!     |
//!     +---- the Sender is dropped ----> Closed
//! ```
//!
//! *Invariant*: no user code runs while the mutex is locked.

use std::sync::PoisonError;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::shared::{Arc, Condvar, Mutex, MutexGuard};

struct Slot<T> {
    content: Mutex<Content<T>>,
    changed: Condvar,
}

struct Content<T> {
    value: Option<T>,
    is_closed: bool,
    /// The receiver is gone, or wants nothing any more.
    is_unwanted: bool,
    receiver: Option<Waker>,
    sender: Option<Waker>,
}

/// The side that gives the value.
pub(super) struct Sender<T>(Arc<Slot<T>>);

/// The side that waits for it.
pub(super) struct Receiver<T>(Arc<Slot<T>>);

/// There is no value, and there will be none.
#[derive(Debug)]
pub(super) struct Closed;

pub(super) fn slot<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(Slot {
        content: Mutex::new(Content {
            value: None,
            is_closed: false,
            is_unwanted: false,
            receiver: None,
            sender: None,
        }),
        changed: Condvar::new(),
    });
    (Sender(Arc::clone(&slot)), Receiver(slot))
}

impl<T> Slot<T> {
    fn lock(&self) -> MutexGuard<'_, Content<T>> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the content, and wakes who waits for it.
    fn change(&self, change: impl FnOnce(&mut Content<T>)) {
        let mut content = self.lock();
        change(&mut content);
        let receiver = content.receiver.take();
        drop(content);
        self.changed.notify_all();
        if let Some(receiver) = receiver {
            receiver.wake();
        }
    }
}

impl<T> Sender<T> {
    pub(super) fn put(self, value: T) {
        self.0.change(|content| content.value = Some(value));
    }

    pub(super) fn is_unwanted(&self) -> bool {
        self.0.lock().is_unwanted
    }

    /// Ready when the value is not wanted any more.
    pub(super) fn poll_unwanted(&self, cx: &Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let mut content = self.0.lock();
        if content.is_unwanted {
            return Poll::Ready(());
        }
        let before = content.sender.replace(waker);
        drop(content);
        drop(before);
        Poll::Pending
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.change(|content| content.is_closed = true);
    }
}

impl<T> Receiver<T> {
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<Result<T, Closed>> {
        let waker = cx.waker().clone();
        let mut content = self.0.lock();
        if let Some(value) = content.value.take() {
            return Poll::Ready(Ok(value));
        }
        if content.is_closed {
            return Poll::Ready(Err(Closed));
        }
        let before = content.receiver.replace(waker);
        drop(content);
        drop(before);
        Poll::Pending
    }

    /// Blocks the thread until there is a value, or until `deadline`: then there is none.
    pub(super) fn wait(&self, deadline: Option<Instant>) -> Option<Result<T, Closed>> {
        let mut content = self.0.lock();
        loop {
            if let Some(value) = content.value.take() {
                return Some(Ok(value));
            }
            if content.is_closed {
                return Some(Err(Closed));
            }
            content = match deadline.map(|at| at.saturating_duration_since(Instant::now())) {
                None => self.wait_on(content),
                Some(Duration::ZERO) => return None,
                Some(left) => {
                    let waited = self.0.changed.wait_timeout(content, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn wait_on<'a>(&self, content: MutexGuard<'a, Content<T>>) -> MutexGuard<'a, Content<T>> {
        let waited = self.0.changed.wait(content);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_decided(&self) -> bool {
        let content = self.0.lock();
        content.value.is_some() || content.is_closed
    }

    /// Says that the value is not wanted any more.
    pub(super) fn give_up(&self) {
        let mut content = self.0.lock();
        content.is_unwanted = true;
        let sender = content.sender.take();
        drop(content);
        if let Some(sender) = sender {
            sender.wake();
        }
    }
}
