//! An end of a pipe that blocks, and so is read or written by threads.
//!
//! *Input*: a pipe's end that cannot be waited for by the loop. *Output*: its bytes. *Invariant*: as that of a [`File`], which does the
//! work: one thread is in the pipe at a time, and what it has read for a future that was dropped is given to the next. The thread is
//! one of those that the loop does not wait for, as the other side may leave it there for as long as it likes.

use std::cell::RefCell;
use std::fs;
use std::io::{self, IoSlice, IoSliceMut};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_io::{AsyncRead, AsyncWrite};

use super::audience::Audience;
use super::object::Bytes;
use crate::driver::Direction;
use crate::fs::File;
use crate::sync::wait_list::{WaitList, Waiter};

/// The most that is given to a thread at a time, and so what may still be on its way when a write is ready. As much as most pipes hold.
const MOST: usize = 64 * 1024;

/// One end, of which only one direction is used.
pub(crate) struct Threaded {
    descriptor: Arc<fs::File>,
    file: RefCell<File>,
    /// The futures that wait. The thread cannot reach it: it wakes the audience.
    waiters: WaitList,
    audience: Arc<Audience>,
}

impl Threaded {
    pub(crate) fn new(end: fs::File) -> Self {
        let descriptor = Arc::new(end);
        Threaded {
            file: RefCell::new(File::of_others(Arc::clone(&descriptor))),
            descriptor,
            waiters: WaitList::new(),
            audience: Arc::default(),
        }
    }

    pub(crate) fn get_ref(&self) -> &fs::File {
        &self.descriptor
    }

    /// A step of the file, of which the audience is told.
    fn poll<R>(
        &self,
        step: impl FnOnce(Pin<&mut File>, &mut Context<'_>) -> Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        let waker = Waker::from(Arc::clone(&self.audience));
        let mut file = self.file.borrow_mut();
        step(Pin::new(&mut *file), &mut Context::from_waker(&waker))
    }

    fn poll_in_queue<R>(
        &self,
        waiter: Pin<&mut Waiter<'_>>,
        cx: &Context<'_>,
        step: impl FnOnce(Pin<&mut File>, &mut Context<'_>) -> Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        // First, so that nothing that the thread does meanwhile is missed.
        self.audience.add_future(cx, self.waiters.waiting());
        let polled = self.poll(step);
        match polled.is_ready() {
            true => _ = waiter.as_ref().leave(),
            false => _ = waiter.poll(cx),
        }
        polled
    }

    fn poll_alone<R>(
        &self,
        cx: &Context<'_>,
        step: impl FnOnce(Pin<&mut File>, &mut Context<'_>) -> Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        self.audience.set_poller(cx);
        self.poll(step)
    }
}

fn write(file: Pin<&mut File>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
    if bytes.is_empty() {
        return Poll::Ready(Ok(0));
    }
    file.poll_write(cx, &bytes[..bytes.len().min(MOST)])
}

impl Bytes for Threaded {
    fn waiter(&self, _: Direction) -> Waiter<'_> {
        Waiter::new(&self.waiters)
    }

    fn read_in_queue(
        &self,
        waiter: Pin<&mut Waiter<'_>>,
        cx: &Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_in_queue(waiter, cx, |file, cx| file.poll_read(cx, buffer))
    }

    fn write_in_queue(
        &self,
        waiter: Pin<&mut Waiter<'_>>,
        cx: &Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_in_queue(waiter, cx, |file, cx| write(file, cx, bytes))
    }

    fn poll_read(&self, cx: &Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        self.poll_alone(cx, |file, cx| file.poll_read(cx, buffer))
    }

    /// Into the first that is not empty.
    fn poll_read_vectored(
        &self,
        cx: &Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = buffers.iter_mut().find(|buffer| !buffer.is_empty());
        first.map_or(Poll::Ready(Ok(0)), |buffer| self.poll_read(cx, buffer))
    }

    fn poll_write(&self, cx: &Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_alone(cx, |file, cx| write(file, cx, bytes))
    }

    /// The first that is not empty.
    fn poll_write_vectored(
        &self,
        cx: &Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = slices.iter().find(|slice| !slice.is_empty());
        first.map_or(Poll::Ready(Ok(0)), |slice| self.poll_write(cx, slice))
    }

    fn poll_flush(&self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        self.poll_alone(cx, |file, cx| file.poll_flush(cx))
    }
}
