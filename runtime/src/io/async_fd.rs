//! Any descriptor that the loop can wait for.
//!
//! *Input*: what has a descriptor. *Output*: futures that are ready when it is. *Invariant*: the OS is asked before anything is said,
//! so nothing is said that is no longer so.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

use super::level::ready;
use crate::driver::{Direction, Source};

/// What has a descriptor, and is read and written by calls of its own: a device, a socket of another library.
///
/// The low level under asyncio's `add_reader`; [`add_reader`](super::add_reader) is the form with callbacks. The mode of the
/// descriptor is left as it is: calls that are not to block the loop need a nonblocking one.
///
/// # Fairness
///
/// Tasks that wait for the same direction are woken in the order of their first polls.
///
/// # Examples
///
/// ```
/// use std::io::{Read, Write};
/// use std::os::unix::net::UnixStream;
/// use coloop::io::AsyncFd;
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let (mut here, there) = UnixStream::pair()?;
///     there.set_nonblocking(true)?;
///     let there = AsyncFd::new(there);
///     here.write_all(b"Hello")?;
///
///     let mut buffer = [0; 64];
///     let n = there.read_with(|mut socket| socket.read(&mut buffer)).await?;
///     assert_eq!(&buffer[..n], b"Hello");
///     Ok(())
/// })
/// # }
/// ```
pub struct AsyncFd<T: AsFd> {
    source: Source<T>,
}

impl<T: AsFd> AsyncFd<T> {
    /// Takes what has the descriptor. The loop hears of it when it is waited for.
    #[must_use]
    pub fn new(inner: T) -> Self {
        AsyncFd {
            source: Source::new(inner),
        }
    }

    /// What has the descriptor.
    pub fn get_ref(&self) -> &T {
        self.source.get_ref()
    }

    /// Waits until it can be read: until there is something, or the end of the input, or an error.
    ///
    /// # Errors
    ///
    /// Of the OS: `PermissionDenied` if it cannot be waited for.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Write;
    ///
    /// # coloop::run(async {
    /// let (mut here, there) = std::os::unix::net::UnixStream::pair().unwrap();
    /// here.write_all(b"x").unwrap();
    /// coloop::io::AsyncFd::new(there).readable().await.unwrap();
    /// # });
    /// ```
    pub async fn readable(&self) -> io::Result<()> {
        self.level(Direction::Read).await
    }

    /// Waits until it can be written.
    ///
    /// # Errors
    ///
    /// As of [`readable`](Self::readable).
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let (here, _there) = std::os::unix::net::UnixStream::pair().unwrap();
    /// coloop::io::AsyncFd::new(here).writable().await.unwrap();
    /// # });
    /// ```
    pub async fn writable(&self) -> io::Result<()> {
        self.level(Direction::Write).await
    }

    async fn level(&self, direction: Direction) -> io::Result<()> {
        let is_ready = |descriptor: &T| ready(descriptor, direction);
        self.source.attempts(direction, is_ready).await
    }

    /// Calls `read` until it gives something else than `WouldBlock`, waiting until it can be read in between.
    ///
    /// # Errors
    ///
    /// Those of `read`, and as of [`readable`](Self::readable).
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing: `read` has given `WouldBlock`, or was not called.
    pub async fn read_with<R>(&self, read: impl FnMut(&T) -> io::Result<R>) -> io::Result<R> {
        self.source.attempts(Direction::Read, read).await
    }

    /// Calls `write` until it gives something else than `WouldBlock`, waiting until it can be written in between.
    ///
    /// # Errors
    ///
    /// Those of `write`, and as of [`readable`](Self::readable).
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing: `write` has given `WouldBlock`, or was not called.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Write;
    ///
    /// # coloop::run(async {
    /// let (here, _there) = std::os::unix::net::UnixStream::pair().unwrap();
    /// here.set_nonblocking(true).unwrap();
    /// let here = coloop::io::AsyncFd::new(here);
    /// let n = here.write_with(|mut socket| socket.write(b"Hello")).await;
    /// assert_eq!(n.unwrap(), 5);
    /// # });
    /// ```
    pub async fn write_with<R>(&self, write: impl FnMut(&T) -> io::Result<R>) -> io::Result<R> {
        self.source.attempts(Direction::Write, write).await
    }
}

impl<T: AsFd> AsFd for AsyncFd<T> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.get_ref().as_fd()
    }
}

impl<T: AsFd> AsRawFd for AsyncFd<T> {
    fn as_raw_fd(&self) -> RawFd {
        self.as_fd().as_raw_fd()
    }
}

impl<T: AsFd + fmt::Debug> fmt::Debug for AsyncFd<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AsyncFd").field(self.get_ref()).finish()
    }
}
