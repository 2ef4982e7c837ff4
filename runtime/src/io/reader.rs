//! A reader with a buffer and a limit: asyncio's `StreamReader`.
//!
//! *Input*: something that is read. *Output*: lines, pieces of a known length, pieces up to a separator. *Invariant*: a byte that has
//! been read is in the buffer until it is given out, so dropping a future loses none; the buffer grows beyond the limit by what one
//! read brings at most.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use futures_core::Stream;
use futures_io::{AsyncBufRead, AsyncRead};

/// asyncio's default.
const LIMIT: usize = 64 * 1024;
/// What is asked for at a time.
const CHUNK: usize = 8 * 1024;

/// Reads lines and other pieces of a stream. asyncio's `StreamReader`.
///
/// It takes what is read, or a reference to it: `StreamReader::new(&stream)` leaves the stream free to be written to.
///
/// # Examples
///
/// ```
/// use coloop::io::StreamReader;
/// use coloop::net::UnixStream;
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let (client, server) = UnixStream::pair()?;
///     client.write_all(b"GET /\nlength: 5\n\nHello").await?;
///
///     let mut reader = StreamReader::new(&server);
///     assert_eq!(reader.read_line().await.unwrap(), b"GET /\n");
///     assert_eq!(reader.read_until(b"\n\n").await.unwrap(), b"length: 5\n\n");
///     assert_eq!(reader.read_exactly(5).await.unwrap(), b"Hello");
///     Ok(())
/// })
/// # }
/// ```
pub struct StreamReader<R> {
    inner: R,
    buffer: Vec<u8>,
    /// How many bytes of the buffer have been given out.
    taken: usize,
    limit: usize,
    is_at_end: bool,
}

/// Why a piece was not read.
#[derive(Debug)]
pub enum ReadError {
    /// The input has ended. asyncio's `IncompleteReadError`.
    Incomplete {
        /// What there was before.
        partial: Vec<u8>,
        /// How many bytes were asked for, if that was said.
        expected: Option<usize>,
    },
    /// There is no separator among as many bytes as the limit allows. asyncio's `LimitOverrunError`.
    LimitOverrun {
        /// How many bytes have been searched; they are still to be read.
        consumed: usize,
    },
    /// What the stream says.
    Io(io::Error),
}

impl<R: AsyncRead + Unpin> StreamReader<R> {
    /// A reader with asyncio's limit for pieces up to a separator, 64 KiB.
    pub fn new(inner: R) -> Self {
        StreamReader::with_limit(LIMIT, inner)
    }

    /// A reader with another limit, in bytes.
    ///
    /// # Panics
    ///
    /// If the limit is 0. asyncio raises `ValueError`.
    #[track_caller]
    pub fn with_limit(limit: usize, inner: R) -> Self {
        assert!(limit > 0, "a limit of 0 bytes lets nothing be read");
        StreamReader {
            inner,
            buffer: Vec::new(),
            taken: 0,
            limit,
            is_at_end: false,
        }
    }

    /// Reads what is there, up to `n` bytes, waiting until there is something; empty at the end of the input, or if `n` is 0.
    ///
    /// # Errors
    ///
    /// Of the stream.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    pub async fn read(&mut self, n: usize) -> io::Result<Vec<u8>> {
        if n > 0 && self.left().is_empty() {
            self.fill().await?;
        }
        Ok(self.take(n.min(self.left().len())))
    }

    /// Reads to the end of the input. asyncio's `read()`.
    ///
    /// # Errors
    ///
    /// Of the stream.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    pub async fn read_to_end(&mut self) -> io::Result<Vec<u8>> {
        while self.fill().await? > 0 {}
        Ok(self.take(self.left().len()))
    }

    /// Reads `n` bytes. asyncio's `readexactly`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Incomplete`] at the end of the input, with what there was, which is gone then.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    #[doc(alias = "readexactly")]
    pub async fn read_exactly(&mut self, n: usize) -> Result<Vec<u8>, ReadError> {
        while self.left().len() < n {
            if self.fill().await? == 0 {
                return Err(self.incomplete(Some(n)));
            }
        }
        Ok(self.take(n))
    }

    /// Reads up to the next `\n`, which is included; to the end of the input, if there is none; so it is empty only at the end.
    /// asyncio's `readline`.
    ///
    /// # Errors
    ///
    /// [`ReadError::LimitOverrun`] if the line is longer than the limit. The line is skipped then, as far as it has been read.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    #[doc(alias = "readline")]
    pub async fn read_line(&mut self) -> Result<Vec<u8>, ReadError> {
        match self.read_until(b"\n").await {
            Err(ReadError::Incomplete { partial, .. }) => Ok(partial),
            Err(ReadError::LimitOverrun { consumed }) => {
                let ends_there = self.left().get(consumed) == Some(&b'\n');
                let skipped = match ends_there {
                    true => consumed + 1,
                    false => self.left().len(),
                };
                drop(self.take(skipped));
                Err(ReadError::LimitOverrun { consumed })
            }
            read => read,
        }
    }

    /// Reads up to a separator, which is included. asyncio's `readuntil`.
    ///
    /// # Errors
    ///
    /// [`ReadError::Incomplete`] at the end of the input, with what there was, which is gone then; [`ReadError::LimitOverrun`] if there
    /// is more than the limit before the separator: it stays, and can be read otherwise.
    ///
    /// # Panics
    ///
    /// If the separator is empty. asyncio raises `ValueError`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    #[doc(alias = "readuntil")]
    pub async fn read_until(&mut self, separator: &[u8]) -> Result<Vec<u8>, ReadError> {
        self.read_until_any(&[separator]).await
    }

    /// Reads up to the first of several separators, which is included: to the one that ends first. asyncio's `readuntil` with a tuple.
    ///
    /// # Errors
    ///
    /// As of [`read_until`](Self::read_until).
    ///
    /// # Panics
    ///
    /// If there is no separator, or an empty one.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    pub async fn read_until_any(&mut self, separators: &[&[u8]]) -> Result<Vec<u8>, ReadError> {
        let longest = separators.iter().map(|separator| separator.len()).max();
        let is_empty = separators.iter().any(|separator| separator.is_empty());
        let longest = longest.filter(|_| !is_empty);
        let longest = longest.expect("a separator has at least one byte");
        let mut searched = 0;
        loop {
            let left = self.left();
            if let Some(found) = first_of(left, separators, searched) {
                let (start, end) = found;
                if start > self.limit {
                    return Err(ReadError::LimitOverrun { consumed: start });
                }
                return Ok(self.take(end));
            }
            // The separator may have begun.
            searched = (left.len() + 1).saturating_sub(longest);
            if searched > self.limit {
                return Err(ReadError::LimitOverrun { consumed: searched });
            }
            if self.fill().await? == 0 {
                return Err(self.incomplete(None));
            }
        }
    }

    /// Whether the input has ended, and everything has been given out.
    #[must_use]
    pub fn at_eof(&self) -> bool {
        self.is_at_end && self.left().is_empty()
    }

    /// What has been read, and not given out.
    #[must_use]
    pub fn buffer(&self) -> &[u8] {
        self.left()
    }

    /// The stream. What is in the [`buffer`](Self::buffer) is lost.
    pub fn into_inner(self) -> R {
        self.inner
    }

    /// The lines, as a stream, without their ends. asyncio's `async for line in reader`, which leaves them in.
    pub fn lines(self) -> Lines<R> {
        Lines { reader: self }
    }

    fn left(&self) -> &[u8] {
        &self.buffer[self.taken..]
    }

    fn take(&mut self, n: usize) -> Vec<u8> {
        let piece = self.left()[..n].to_vec();
        self.consume_bytes(n);
        piece
    }

    fn consume_bytes(&mut self, n: usize) {
        self.taken += n;
        if self.taken == self.buffer.len() {
            self.buffer.clear();
            self.taken = 0;
        }
    }

    fn incomplete(&mut self, expected: Option<usize>) -> ReadError {
        let partial = self.take(self.left().len());
        ReadError::Incomplete { partial, expected }
    }

    /// Reads more into the buffer; 0 at the end of the input.
    async fn fill(&mut self) -> io::Result<usize> {
        poll_fn(|cx| self.poll_fill(cx)).await
    }

    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.is_at_end {
            return Poll::Ready(Ok(0));
        }
        self.buffer.drain(..self.taken);
        self.taken = 0;
        let there = self.buffer.len();
        self.buffer.resize(there + CHUNK, 0);
        let read = Pin::new(&mut self.inner).poll_read(cx, &mut self.buffer[there..]);
        let n = match &read {
            Poll::Ready(Ok(n)) => *n,
            _ => 0,
        };
        self.buffer.truncate(there + n);
        self.is_at_end = matches!(read, Poll::Ready(Ok(0)));
        read
    }
}

/// Where the separator that ends first begins and ends, from `from` on: the shortest, if several end there.
fn first_of(bytes: &[u8], separators: &[&[u8]], from: usize) -> Option<(usize, usize)> {
    let found = separators.iter().filter_map(|separator| {
        let rest = bytes.get(from..)?;
        let at = rest
            .windows(separator.len())
            .position(|window| window == *separator)?;
        Some((from + at, from + at + separator.len()))
    });
    found.min_by_key(|(start, end)| (*end, end - start))
}

impl<R: AsyncRead + Unpin> AsyncRead for StreamReader<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        let there = ready!(self.as_mut().poll_fill_buf(cx))?;
        let n = there.len().min(into.len());
        into[..n].copy_from_slice(&there[..n]);
        self.consume(n);
        Poll::Ready(Ok(n))
    }
}

impl<R: AsyncRead + Unpin> AsyncBufRead for StreamReader<R> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        if this.left().is_empty() {
            ready!(this.poll_fill(cx))?;
        }
        Poll::Ready(Ok(this.left()))
    }

    fn consume(mut self: Pin<&mut Self>, n: usize) {
        let n = n.min(self.left().len());
        self.consume_bytes(n);
    }
}

/// The lines of a [`StreamReader`], from [`StreamReader::lines`].
#[derive(Debug)]
#[must_use = "streams do nothing unless they are polled"]
pub struct Lines<R> {
    reader: StreamReader<R>,
}

impl<R: AsyncRead + Unpin> Stream for Lines<R> {
    type Item = Result<Vec<u8>, ReadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // Whatever has been read stays in the buffer, so that a future that begins anew loses nothing.
        let line = {
            let mut read = std::pin::pin!(self.reader.read_line());
            ready!(std::future::Future::poll(read.as_mut(), cx))
        };
        Poll::Ready(match line {
            Ok(line) if line.is_empty() => None,
            Ok(mut line) => {
                if line.last() == Some(&b'\n') {
                    line.pop();
                }
                Some(Ok(line))
            }
            Err(error) => Some(Err(error)),
        })
    }
}

/// How much there is, not what.
impl<R: fmt::Debug> fmt::Debug for StreamReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamReader")
            .field("inner", &self.inner)
            .field("buffered", &(self.buffer.len() - self.taken))
            .field("limit", &self.limit)
            .field(
                "at_eof",
                &(self.is_at_end && self.taken == self.buffer.len()),
            )
            .finish()
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Incomplete { partial, expected } => {
                let expected = expected.map_or("undefined".to_owned(), |n| n.to_string());
                write!(
                    f,
                    "{} bytes read on a total of {expected} expected bytes",
                    partial.len()
                )
            }
            ReadError::LimitOverrun { .. } => f.write_str("there is no separator within the limit"),
            ReadError::Io(error) => error.fmt(f),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ReadError::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        ReadError::Io(error)
    }
}

/// An end of the input is `UnexpectedEof`, a piece that is too long `InvalidData`.
impl From<ReadError> for io::Error {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Io(error) => error,
            ReadError::Incomplete { .. } => io::Error::new(io::ErrorKind::UnexpectedEof, error),
            ReadError::LimitOverrun { .. } => io::Error::new(io::ErrorKind::InvalidData, error),
        }
    }
}
