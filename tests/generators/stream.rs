//! Streams: the oracle's, a recording one, and what drives one by hand.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::future::{poll_fn, Future};
use std::marker::PhantomPinned;
use std::pin::{pin, Pin};
use std::task::{Context, Poll, Waker};

use coloop::{AsyncGenerator, GeneratorState};
use futures::Stream;

use crate::harness::{handed_over, Give, HandedOver, Trace, D};

/// The stream of what an `async` block gives.
pub(crate) fn native<Y, F: Future<Output = ()>>(
    body: impl FnOnce(Give<Y>) -> F,
) -> impl Stream<Item = Y> {
    Native(handed_over(body))
}

struct Native<Y, F>(HandedOver<Y, F>);

impl<Y, F: Future<Output = ()>> Stream for Native<Y, F> {
    type Item = Y;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Y>> {
        let polled = Pin::new(&mut self.0).poll_resume(cx, &mut Some(()));
        polled.map(|state| match state {
            GeneratorState::Yielded(item) => Some(item),
            _ => None,
        })
    }
}

/// Records the items of a stream. Suspends after each, so that the stream can be dropped there.
pub(crate) fn collect<S: Stream<Item: Debug>>(trace: Trace, stream: S) -> impl Future<Output = ()> {
    Collect {
        stream: Box::pin(stream),
        trace,
    }
}

struct Collect<S> {
    stream: Pin<Box<S>>,
    trace: Trace,
}

impl<S: Stream<Item: Debug>> Future for Collect<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.stream.as_mut().poll_next(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => {
                self.trace.note("-- no more items");
                Poll::Ready(())
            }
            Poll::Ready(Some(item)) => {
                self.trace.note(format_args!("-- item {item:?}"));
                drop(item);
                Poll::Pending
            }
        }
    }
}

/// A stream of values whose drops are recorded. Suspends before each, and before its end.
pub(crate) struct Source {
    trace: Trace,
    id: u32,
    left: VecDeque<u32>,
    suspended: bool,
    /// Where it was when it was first polled.
    address: Option<usize>,
    _pinned: PhantomPinned,
}

/// The source `id`, of values `id * 10 + 1` up to `id * 10 + count`.
pub(crate) fn source(trace: &Trace, id: u32, count: u32) -> Source {
    trace.step(format_args!("create source {id}"));
    Source {
        trace: trace.clone(),
        id,
        left: (1..=count).map(|n| id * 10 + n).collect(),
        suspended: false,
        address: None,
        _pinned: PhantomPinned,
    }
}

impl Source {
    fn note_if_moved(&self) {
        let address = std::ptr::from_ref(self) as usize;
        if self.address.is_some_and(|before| before != address) {
            self.trace.note(format_args!(
                "source {} WAS MOVED AFTER IT WAS PINNED",
                self.id
            ));
        }
    }
}

impl Stream for Source {
    type Item = D;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<D>> {
        // SAFETY: nothing is moved out of the source.
        let this = unsafe { self.get_unchecked_mut() };
        this.note_if_moved();
        this.address = Some(std::ptr::from_ref(this) as usize);
        this.trace.step(format_args!("poll source {}", this.id));
        this.suspended = !this.suspended;
        match this.suspended {
            true => Poll::Pending,
            false => Poll::Ready(this.left.pop_front().map(|id| this.trace.d(id))),
        }
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.note_if_moved();
        self.trace.dropped(format_args!("drop source {}", self.id));
    }
}

/// The next item.
pub(crate) async fn next<S: Stream>(stream: &mut Pin<&mut S>) -> Option<S::Item> {
    poll_fn(|cx| stream.as_mut().poll_next(cx)).await
}

/// Polls a stream once, with a waker that does nothing.
pub(crate) fn poll<S: Stream>(
    stream: &mut Pin<impl std::ops::DerefMut<Target = S>>,
) -> Poll<Option<S::Item>> {
    stream
        .as_mut()
        .poll_next(&mut Context::from_waker(Waker::noop()))
}

/// All items of a stream that ends, polled as often as it takes.
pub(crate) fn all<S: Stream>(stream: S) -> Vec<S::Item> {
    let mut stream = pin!(stream);
    let mut items = Vec::new();
    loop {
        match poll(&mut stream) {
            Poll::Ready(Some(item)) => items.push(item),
            Poll::Ready(None) => return items,
            Poll::Pending => {}
        }
    }
}

/// Suspends once, and wakes.
pub(crate) async fn pause() {
    let mut suspended = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut suspended, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}
