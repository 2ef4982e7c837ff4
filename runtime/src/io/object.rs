//! What bytes go through, whatever it is: a socket, a pipe.
//!
//! *Input*: a nonblocking object of the OS, attempts. (What blocks, and so has a thread: `threaded`.) *Output*: polls of transfers. *Invariant*: a transfer that takes less
//! than it could has emptied or filled the object's buffer, and saves the attempt that would only say so.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll};

#[cfg(all(unix, not(coloop_threaded)))]
use super::pipe::Pipe;
use crate::driver::sys::AsSocket;
use crate::driver::{Direction, Source};
use crate::sync::wait_list::Waiter;

/// A nonblocking object of the OS.
pub(crate) trait Object: AsSocket {
    /// Whether a transfer that takes less than it could has emptied or filled the buffer of the OS.
    const SHORT_MEANS_EMPTY: bool = true;

    fn read(&self, buffer: &mut [u8]) -> io::Result<usize>;
    fn read_vectored(&self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize>;
    fn write(&self, bytes: &[u8]) -> io::Result<usize>;
    fn write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize>;
}

macro_rules! objects {
    ($($object:ty),*) => {$(
        impl Object for $object {
            fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
                Read::read(&mut &*self, buffer)
            }

            fn read_vectored(&self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
                Read::read_vectored(&mut &*self, buffers)
            }

            fn write(&self, bytes: &[u8]) -> io::Result<usize> {
                Write::write(&mut &*self, bytes)
            }

            fn write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
                Write::write_vectored(&mut &*self, slices)
            }
        }
    )*};
}

objects!(TcpStream);
#[cfg(unix)]
objects!(UnixStream);
#[cfg(all(unix, not(coloop_threaded)))]
objects!(Pipe);

/// Transfers, of any [`Object`], or by threads.
pub(crate) trait Bytes {
    /// A place in the queue of a direction.
    fn waiter(&self, direction: Direction) -> Waiter<'_>;

    /// Reads, or waits in the queue.
    fn read_in_queue(
        &self,
        waiter: Pin<&mut Waiter<'_>>,
        cx: &Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>>;

    /// Writes, or waits in the queue.
    fn write_in_queue(
        &self,
        waiter: Pin<&mut Waiter<'_>>,
        cx: &Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>>;

    /// Reads, or makes the task the one that is woken.
    fn poll_read(&self, cx: &Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>>;

    fn poll_read_vectored(
        &self,
        cx: &Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>>;

    /// Writes, or makes the task the one that is woken.
    fn poll_write(&self, cx: &Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>>;

    fn poll_write_vectored(
        &self,
        cx: &Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>>;

    /// Waits until the OS has what was written, or makes the task the one that is woken.
    fn poll_flush(&self, cx: &Context<'_>) -> Poll<io::Result<()>>;
}

fn reading<'a, O: Object>(
    source: &'a Source<O>,
    buffer: &'a mut [u8],
) -> impl FnMut(&O) -> io::Result<usize> + 'a {
    move |object| {
        let n = object.read(buffer)?;
        if O::SHORT_MEANS_EMPTY && n > 0 && n < buffer.len() {
            source.ran_short(Direction::Read);
        }
        Ok(n)
    }
}

fn writing<'a, O: Object>(
    source: &'a Source<O>,
    bytes: &'a [u8],
) -> impl FnMut(&O) -> io::Result<usize> + 'a {
    move |object| {
        let n = object.write(bytes)?;
        if O::SHORT_MEANS_EMPTY && n > 0 && n < bytes.len() {
            source.ran_short(Direction::Write);
        }
        Ok(n)
    }
}

impl<O: Object> Bytes for Source<O> {
    fn waiter(&self, direction: Direction) -> Waiter<'_> {
        Source::waiter(self, direction)
    }

    fn read_in_queue(
        &self,
        waiter: Pin<&mut Waiter<'_>>,
        cx: &Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_waiting(Direction::Read, waiter, cx, reading(self, buffer))
    }

    fn write_in_queue(
        &self,
        waiter: Pin<&mut Waiter<'_>>,
        cx: &Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_waiting(Direction::Write, waiter, cx, writing(self, bytes))
    }

    fn poll_read(&self, cx: &Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        self.poll(Direction::Read, cx, reading(self, buffer))
    }

    fn poll_read_vectored(
        &self,
        cx: &Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll(Direction::Read, cx, |object| object.read_vectored(buffers))
    }

    fn poll_write(&self, cx: &Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll(Direction::Write, cx, writing(self, bytes))
    }

    fn poll_write_vectored(
        &self,
        cx: &Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll(Direction::Write, cx, |object| object.write_vectored(slices))
    }

    /// A write that is ready has given the OS what it says.
    fn poll_flush(&self, _: &Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
