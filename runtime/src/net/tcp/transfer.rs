//! The futures of a stream's methods.
//!
//! *Input*: a stream and a buffer. *Output*: numbers of bytes. *Invariant*: each future waits in the queue of its
//! direction, so any number may wait at the same time. A transfer that takes less than it could has emptied or filled
//! the socket's buffer, and saves the attempt that would only say so.

use std::future::Future;
use std::io::{self, Read as _, Write as _};
use std::net;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::stream::TcpStream;
use crate::driver::{Direction, Source};
use crate::sync::wait_list::Waiter;

/// An attempt to read.
pub(super) fn reading<'a>(
    source: &'a Source<net::TcpStream>,
    buffer: &'a mut [u8],
) -> impl FnMut(&net::TcpStream) -> io::Result<usize> + 'a {
    move |mut socket| {
        let n = socket.read(buffer)?;
        if n > 0 && n < buffer.len() {
            source.ran_short(Direction::Read);
        }
        Ok(n)
    }
}

/// An attempt to write.
pub(super) fn writing<'a>(
    source: &'a Source<net::TcpStream>,
    bytes: &'a [u8],
) -> impl FnMut(&net::TcpStream) -> io::Result<usize> + 'a {
    move |mut socket| {
        let n = socket.write(bytes)?;
        if n > 0 && n < bytes.len() {
            source.ran_short(Direction::Write);
        }
        Ok(n)
    }
}

pin_project! {
    /// The future of [`TcpStream::read`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Read<'a> {
        stream: &'a TcpStream,
        buffer: &'a mut [u8],
        #[pin]
        waiter: Waiter<'a>,
    }
}

impl<'a> Read<'a> {
    pub(super) fn new(stream: &'a TcpStream, buffer: &'a mut [u8]) -> Self {
        Read {
            stream,
            buffer,
            waiter: stream.source().waiter(Direction::Read),
        }
    }
}

impl Future for Read<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let source = this.stream.source();
        let read = reading(source, this.buffer);
        source.poll_waiting(Direction::Read, this.waiter, cx, read)
    }
}

pin_project! {
    /// The future of [`TcpStream::write`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Write<'a> {
        stream: &'a TcpStream,
        bytes: &'a [u8],
        #[pin]
        waiter: Waiter<'a>,
    }
}

impl<'a> Write<'a> {
    pub(super) fn new(stream: &'a TcpStream, bytes: &'a [u8]) -> Self {
        Write {
            stream,
            bytes,
            waiter: stream.source().waiter(Direction::Write),
        }
    }
}

impl Future for Write<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let source = this.stream.source();
        let write = writing(source, this.bytes);
        source.poll_waiting(Direction::Write, this.waiter, cx, write)
    }
}

pin_project! {
    /// The future of [`TcpStream::write_all`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct WriteAll<'a> {
        #[pin]
        write: Write<'a>,
    }
}

impl<'a> WriteAll<'a> {
    pub(super) fn new(stream: &'a TcpStream, bytes: &'a [u8]) -> Self {
        WriteAll {
            write: Write::new(stream, bytes),
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
