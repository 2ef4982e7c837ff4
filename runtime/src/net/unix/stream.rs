//! A connection.
//!
//! *Input* and *output*: bytes. *Invariant*: the socket is nonblocking.

use std::fmt;
use std::io;
use std::net::Shutdown;
use std::os::unix::net::{self, SocketAddr};
use std::path::Path;
use std::time::Duration;

use crate::driver::{sys, Source};
use crate::io::{reads, split, writes, ReadHalf, WriteHalf};
use crate::net::descriptor::descriptor;
use crate::net::end_output;
use crate::time::sleep;

/// Between two attempts to connect to a listener whose queue is full. No event tells when it is not.
const FULL: Duration = Duration::from_millis(1);

/// A connection over a Unix socket. The low level under asyncio's `open_unix_connection`.
///
/// It is used as a [`TcpStream`](crate::net::TcpStream) is, by methods that take `&self` or through `AsyncRead` and `AsyncWrite`.
/// Dropping it closes the connection.
///
/// # Examples
///
/// ```
/// use coloop::net::UnixStream;
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let (left, right) = UnixStream::pair()?;
///     left.write_all(b"Hello").await?;
///     drop(left);
///
///     let mut buffer = [0; 64];
///     let n = right.read(&mut buffer).await?;
///     assert_eq!(&buffer[..n], b"Hello");
///     assert_eq!(right.read(&mut buffer).await?, 0);
///     Ok(())
/// })
/// # }
/// ```
pub struct UnixStream {
    source: Source<net::UnixStream>,
}

impl UnixStream {
    /// Connects to the socket at `path`. While its queue is full, it tries again each millisecond.
    ///
    /// # Errors
    ///
    /// Of the OS, usually `NotFound` or `ConnectionRefused`, or that the path is too long.
    ///
    /// # Cancellation
    ///
    /// Dropping the future gives up the attempt and closes its socket.
    ///
    /// # Examples
    ///
    /// See [`UnixListener`](crate::net::UnixListener).
    pub async fn connect(path: impl AsRef<Path>) -> io::Result<Self> {
        let socket = sys::unix_stream()?;
        loop {
            match sys::connect_unix(&socket, path.as_ref()) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => sleep(FULL).await,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(()) => return Ok(Self::from_nonblocking(socket)),
            }
        }
    }

    /// Two ends of one connection.
    ///
    /// # Errors
    ///
    /// Of the OS, if there are no file descriptors left.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (left, right) = net::UnixStream::pair()?;
        Ok((left.try_into()?, right.try_into()?))
    }

    pub(super) fn from_nonblocking(socket: net::UnixStream) -> Self {
        UnixStream {
            source: Source::new(socket),
        }
    }

    /// Two halves that can be used at the same time, for what wants an `AsyncRead` and an `AsyncWrite` of its own.
    pub fn split(&mut self) -> (ReadHalf<'_, Self>, WriteHalf<'_, Self>) {
        split(self)
    }

    /// Ends one direction or both; the peer reads the end of the input after `Shutdown::Write`. asyncio's `write_eof`.
    ///
    /// # Errors
    ///
    /// Of the OS.
    #[doc(alias = "write_eof")]
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.source.get_ref().shutdown(how)
    }

    /// The address of this end.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().local_addr()
    }

    /// The address of the other end.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().peer_addr()
    }
}

reads!(UnixStream, "UnixStream", "UnixStream");
writes!(UnixStream, "UnixStream", "UnixStream", |stream| end_output(
    stream.source.get_ref().shutdown(Shutdown::Write)
));

/// A stream of the standard library, which becomes nonblocking.
impl TryFrom<net::UnixStream> for UnixStream {
    type Error = io::Error;

    fn try_from(socket: net::UnixStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self::from_nonblocking(socket))
    }
}

descriptor!(UnixStream of net::UnixStream);

impl fmt::Debug for UnixStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.get_ref().fmt(f)
    }
}
