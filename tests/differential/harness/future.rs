//! Futures that record being created, polled, finished and dropped.

use std::future::Future;
use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::trace::Trace;
use super::value::D;

/// Suspends a number of times, then gives its value. Notices being moved after its first poll.
pub(crate) struct Wait<T> {
    trace: Trace,
    id: u32,
    left: u32,
    value: Option<T>,
    /// Where it was when it was first polled.
    address: Option<usize>,
    _pinned: PhantomPinned,
}

impl<T> Wait<T> {
    pub(super) fn new(trace: &Trace, id: u32, times: u32, value: T) -> Wait<T> {
        trace.step(format_args!("create wait {id}"));
        Wait {
            trace: trace.clone(),
            id,
            left: times,
            value: Some(value),
            address: None,
            _pinned: PhantomPinned,
        }
    }

    fn note_if_moved(&self) {
        let moved = self
            .address
            .is_some_and(|before| before != address_of(self));
        if moved {
            self.trace.note(format_args!(
                "wait {} WAS MOVED AFTER IT WAS PINNED",
                self.id
            ));
        }
    }
}

fn address_of<T>(wait: &Wait<T>) -> usize {
    std::ptr::from_ref(wait) as usize
}

impl<T> Future for Wait<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        // SAFETY: nothing is moved out of the future but the value, which is never pinned.
        let this = unsafe { self.get_unchecked_mut() };
        this.note_if_moved();
        this.address = Some(address_of(this));
        this.trace.step(format_args!("poll wait {}", this.id));
        if this.left > 0 {
            this.left -= 1;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        this.trace.note(format_args!("wait {} is ready", this.id));
        Poll::Ready(
            this.value
                .take()
                .expect("a future is not polled after it was ready"),
        )
    }
}

impl<T> Drop for Wait<T> {
    fn drop(&mut self) {
        self.note_if_moved();
        self.trace.dropped(format_args!("drop wait {}", self.id));
    }
}

/// Holds a shared borrow across a suspension.
pub(crate) async fn borrow_wait(d: &D) -> u32 {
    d.by_ref_wait().await
}

/// Holds a unique borrow across a suspension.
pub(crate) async fn borrow_mut_wait(d: &mut D) -> u32 {
    d.by_mut_wait().await
}

/// Owns its argument across a suspension.
pub(crate) async fn consume_wait(d: D) -> u32 {
    d.by_value_wait().await
}
