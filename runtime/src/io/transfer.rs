//! The futures of the methods that read and write.
//!
//! *Input*: an object and a buffer. *Output*: numbers of bytes. *Invariant*: each future waits in the queue of its
//! direction, so any number may wait at the same time.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::object::Bytes;
use crate::driver::Direction;
use crate::sync::wait_list::Waiter;

pin_project! {
    /// The future of `read` of the streams of this crate, for instance [`TcpStream::read`](crate::net::TcpStream::read).
    #[must_use = "futures do nothing unless awaited"]
    pub struct Read<'a> {
        bytes: &'a dyn Bytes,
        buffer: &'a mut [u8],
        #[pin]
        waiter: Waiter<'a>,
    }
}

impl<'a> Read<'a> {
    pub(crate) fn new(bytes: &'a dyn Bytes, buffer: &'a mut [u8]) -> Self {
        Read {
            bytes,
            buffer,
            waiter: bytes.waiter(Direction::Read),
        }
    }
}

impl Future for Read<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.bytes.read_in_queue(this.waiter, cx, this.buffer)
    }
}

impl fmt::Debug for Read<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Read({} bytes at most)", self.buffer.len())
    }
}

pin_project! {
    /// The future of `write` of the streams of this crate, for instance [`TcpStream::write`](crate::net::TcpStream::write).
    #[must_use = "futures do nothing unless awaited"]
    pub struct Write<'a> {
        to: &'a dyn Bytes,
        bytes: &'a [u8],
        #[pin]
        waiter: Waiter<'a>,
    }
}

impl<'a> Write<'a> {
    pub(crate) fn new(to: &'a dyn Bytes, bytes: &'a [u8]) -> Self {
        Write {
            to,
            bytes,
            waiter: to.waiter(Direction::Write),
        }
    }
}

impl Future for Write<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.to.write_in_queue(this.waiter, cx, this.bytes)
    }
}

impl fmt::Debug for Write<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Write({} bytes at most)", self.bytes.len())
    }
}

pin_project! {
    /// The future of `write_all` of the streams of this crate, for instance
    /// [`TcpStream::write_all`](crate::net::TcpStream::write_all).
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct WriteAll<'a> {
        #[pin]
        write: Write<'a>,
    }
}

impl<'a> WriteAll<'a> {
    pub(crate) fn new(to: &'a dyn Bytes, bytes: &'a [u8]) -> Self {
        WriteAll {
            write: Write::new(to, bytes),
        }
    }
}

impl Future for WriteAll<'_> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut write = self.project().write;
        while !write.bytes.is_empty() {
            let n = ready!(write.as_mut().poll(cx))?;
            if n == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            let rest = write.as_mut().project().bytes;
            *rest = &rest[n..];
        }
        Poll::Ready(Ok(()))
    }
}
