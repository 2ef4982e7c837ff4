//! A connection in memory, for tests: what one end writes, the other reads.
//!
//! *Input* and *output*: bytes. *Invariant*: a direction holds `capacity` bytes at most; nothing depends on the OS, so a run can be
//! repeated.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use futures_io::{AsyncRead, AsyncWrite};

/// One end of a connection in memory, from [`duplex`]. Dropping it ends the input of the other, and breaks its output.
pub struct DuplexStream {
    input: Rc<Direction>,
    output: Rc<Direction>,
}

struct Direction(RefCell<Bytes>);

struct Bytes {
    buffer: VecDeque<u8>,
    capacity: usize,
    /// Nobody writes any more.
    is_ended: bool,
    /// Nobody reads any more.
    is_broken: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// Two ends of a connection in memory, of which each direction holds up to `capacity` bytes.
///
/// # Panics
///
/// If `capacity` is 0.
///
/// # Examples
///
/// ```
/// use coloop::io::{duplex, StreamReader};
/// use futures_util::AsyncWriteExt;
///
/// coloop::run(async {
///     let (mut left, right) = duplex(64);
///     left.write_all(b"Hello\nWorld\n").await.unwrap();
///     drop(left);
///     let mut reader = StreamReader::new(right);
///     assert_eq!(reader.read_line().await.unwrap(), b"Hello\n");
/// });
/// ```
#[must_use]
#[track_caller]
pub fn duplex(capacity: usize) -> (DuplexStream, DuplexStream) {
    assert!(capacity > 0, "a connection holds at least one byte");
    let direction = || Rc::new(Direction::new(capacity));
    let (there, back) = (direction(), direction());
    let left = DuplexStream {
        input: Rc::clone(&back),
        output: Rc::clone(&there),
    };
    let right = DuplexStream {
        input: there,
        output: back,
    };
    (left, right)
}

impl Direction {
    fn new(capacity: usize) -> Self {
        Direction(RefCell::new(Bytes {
            buffer: VecDeque::new(),
            capacity,
            is_ended: false,
            is_broken: false,
            reader: None,
            writer: None,
        }))
    }

    /// Changes the bytes, and wakes whom that concerns.
    fn change<R>(&self, change: impl FnOnce(&mut Bytes) -> R) -> R {
        let mut bytes = self.0.borrow_mut();
        let changed = change(&mut bytes);
        let wakers = [bytes.reader.take(), bytes.writer.take()];
        drop(bytes);
        wakers.into_iter().flatten().for_each(Waker::wake);
        changed
    }

    fn poll_read(&self, cx: &Context<'_>, into: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut bytes = self.0.borrow_mut();
        if bytes.buffer.is_empty() && !bytes.is_ended && !into.is_empty() {
            bytes.reader = Some(cx.waker().clone());
            return Poll::Pending;
        }
        drop(bytes);
        Poll::Ready(self.change(|bytes| bytes.buffer.read(into)))
    }

    fn poll_write(&self, cx: &Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        let mut bytes = self.0.borrow_mut();
        if bytes.is_broken || bytes.is_ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let room = bytes.capacity - bytes.buffer.len();
        if room == 0 && !from.is_empty() {
            bytes.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        drop(bytes);
        let from = &from[..room.min(from.len())];
        Poll::Ready(self.change(|bytes| bytes.buffer.write(from)))
    }
}

impl AsyncRead for DuplexStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.input.poll_read(cx, buffer)
    }
}

impl AsyncWrite for DuplexStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.output.poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.output.change(|bytes| bytes.is_ended = true);
        Poll::Ready(Ok(()))
    }
}

impl Drop for DuplexStream {
    fn drop(&mut self) {
        self.output.change(|bytes| bytes.is_ended = true);
        self.input.change(|bytes| bytes.is_broken = true);
    }
}

impl fmt::Debug for DuplexStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let there = self.input.0.borrow().buffer.len();
        f.debug_struct("DuplexStream")
            .field("to_read", &there)
            .finish_non_exhaustive()
    }
}
