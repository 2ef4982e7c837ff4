//! A connection.
//!
//! *Input* and *output*: bytes. *Invariant*: the socket is nonblocking, and every transfer goes through `poll_read` or
//! `poll_write` of this file or through the futures of [`transfer`](super::transfer), which share `Transfer`.

use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{self, Shutdown, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};

use super::connect::Connect;
use super::split::{split, ReadHalf, WriteHalf};
use super::transfer::{self, Read, Write, WriteAll};
use crate::driver::{Direction, Source};
use crate::net::ToSocketAddrs;

/// A TCP connection. The low level under asyncio's `open_connection`.
///
/// It implements `AsyncRead` and `AsyncWrite` of the `futures-io` crate. Its own methods [`read`](TcpStream::read),
/// [`write`](TcpStream::write) and [`write_all`](TcpStream::write_all) take `&self`: one task may read while another
/// writes to the same stream, in an [`Rc`](std::rc::Rc).
///
/// Dropping it closes the connection.
///
/// # Fairness
///
/// Tasks that wait for the same direction by the methods are woken in the order of their first polls. Through
/// `AsyncRead` and `AsyncWrite`, which have no place for a queue, only the task that polled last is woken.
///
/// A transfer that does not have to wait does not yield to the loop either.
///
/// # Examples
///
/// ```
/// use coloop::net::{TcpListener, TcpStream};
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let listener = TcpListener::bind("127.0.0.1:0").await?;
///     let address = listener.local_addr()?;
///     let echo = coloop::spawn(async move {
///         let (stream, _) = listener.accept().await?;
///         let mut buffer = [0; 64];
///         let n = stream.read(&mut buffer).await?;
///         stream.write_all(&buffer[..n]).await
///     });
///
///     let stream = TcpStream::connect(address).await?;
///     stream.write_all(b"Hello").await?;
///     let mut buffer = [0; 64];
///     let n = stream.read(&mut buffer).await?;
///     assert_eq!(&buffer[..n], b"Hello");
///     echo.await.unwrap()
/// })
/// # }
/// ```
pub struct TcpStream {
    source: Source<net::TcpStream>,
}

impl TcpStream {
    /// Connects to the first of `address` that answers; they are tried one after the other.
    ///
    /// # Errors
    ///
    /// Of the lookup of a host name, or of the OS for the last address, usually `ConnectionRefused`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future gives up the attempt and closes its socket.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::net::{TcpListener, TcpStream};
    ///
    /// coloop::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    ///     let port = listener.local_addr().unwrap().port();
    ///     assert!(TcpStream::connect(("127.0.0.1", port)).await.is_ok());
    ///     drop(listener);
    ///     let refused = TcpStream::connect(("127.0.0.1", port)).await;
    ///     assert_eq!(refused.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
    /// });
    /// ```
    #[doc(alias = "open_connection")]
    pub fn connect(address: impl ToSocketAddrs) -> Connect {
        Connect::new(address.addresses())
    }

    pub(super) fn from_nonblocking(socket: net::TcpStream) -> Self {
        Self::from_source(Source::new(socket))
    }

    pub(super) fn from_source(source: Source<net::TcpStream>) -> Self {
        TcpStream { source }
    }

    pub(super) fn source(&self) -> &Source<net::TcpStream> {
        &self.source
    }

    /// Reads what is there into `buffer`, waiting until there is something; gives the number of bytes, 0 at the end of
    /// the input or if `buffer` is empty.
    ///
    /// # Errors
    ///
    /// Of the OS, for instance `ConnectionReset`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no bytes.
    ///
    /// # Examples
    ///
    /// See [`TcpStream`].
    pub fn read<'a>(&'a self, buffer: &'a mut [u8]) -> Read<'a> {
        Read::new(self, buffer)
    }

    /// Writes a part of `bytes`, waiting until there is room for some; gives the number of bytes written.
    ///
    /// # Errors
    ///
    /// Of the OS, for instance `BrokenPipe`.
    ///
    /// # Cancellation
    ///
    /// If the future is dropped before it is ready, nothing has been written.
    ///
    /// # Examples
    ///
    /// See [`TcpStream`].
    pub fn write<'a>(&'a self, bytes: &'a [u8]) -> Write<'a> {
        Write::new(self, bytes)
    }

    /// Writes all of `bytes`.
    ///
    /// Two tasks that do so at the same time mix their bytes; a [`Lock`](crate::Lock) keeps them apart.
    ///
    /// # Errors
    ///
    /// Of the OS, for instance `BrokenPipe`.
    ///
    /// # Cancellation
    ///
    /// If the future is dropped before it is ready, any part of `bytes` may have been written.
    ///
    /// # Examples
    ///
    /// See [`TcpStream`].
    pub fn write_all<'a>(&'a self, bytes: &'a [u8]) -> WriteAll<'a> {
        WriteAll::new(self, bytes)
    }

    /// Two halves that can be used at the same time, for what wants an `AsyncRead` and an `AsyncWrite` of its own.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::net::{TcpListener, TcpStream};
    ///
    /// coloop::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    ///     let mut stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    ///     let (reader, writer) = stream.split();
    /// #   let _: (&dyn futures_io::AsyncRead, &dyn futures_io::AsyncWrite) = (&reader, &writer);
    /// });
    /// ```
    pub fn split(&mut self) -> (ReadHalf<'_>, WriteHalf<'_>) {
        split(self)
    }

    /// Ends one direction or both; the peer reads the end of the input after `Shutdown::Write`. asyncio's `write_eof`.
    ///
    /// # Errors
    ///
    /// Of the OS, for instance `NotConnected`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::net::Shutdown;
    /// use coloop::net::{TcpListener, TcpStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// coloop::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await?;
    ///     let client = TcpStream::connect(listener.local_addr()?).await?;
    ///     let (server, _) = listener.accept().await?;
    ///     client.shutdown(Shutdown::Write)?;
    ///     assert_eq!(server.read(&mut [0; 8]).await?, 0);
    ///     server.write_all(b"still open").await
    /// })
    /// # }
    /// ```
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
    /// Of the OS, for instance `NotConnected`.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().peer_addr()
    }

    /// Whether small writes are sent at once (`true`) or collected (`false`, as it is at first).
    ///
    /// asyncio sets this on its streams; coloop leaves it to the program.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        self.source.get_ref().set_nodelay(nodelay)
    }

    /// See [`TcpStream::set_nodelay`].
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn nodelay(&self) -> io::Result<bool> {
        self.source.get_ref().nodelay()
    }

    pub(super) fn poll_read(&self, cx: &Context<'_>, buffer: &mut [u8]) -> Poll<io::Result<usize>> {
        let read = transfer::reading(&self.source, buffer);
        self.source.poll(Direction::Read, cx, read)
    }

    pub(super) fn poll_read_vectored(
        &self,
        cx: &Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        let read = |mut socket: &net::TcpStream| io::Read::read_vectored(&mut socket, buffers);
        self.source.poll(Direction::Read, cx, read)
    }

    pub(super) fn poll_write(&self, cx: &Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let write = transfer::writing(&self.source, bytes);
        self.source.poll(Direction::Write, cx, write)
    }

    pub(super) fn poll_write_vectored(
        &self,
        cx: &Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = |mut socket: &net::TcpStream| io::Write::write_vectored(&mut socket, slices);
        self.source.poll(Direction::Write, cx, write)
    }

    /// Closing a stream that writes through `AsyncWrite` ends the output; that it has ended already is no error.
    pub(super) fn poll_close(&self) -> Poll<io::Result<()>> {
        match self.shutdown(Shutdown::Write) {
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Poll::Ready(Ok(())),
            result => Poll::Ready(result),
        }
    }
}

impl AsyncRead for TcpStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        TcpStream::poll_read(&self, cx, buffer)
    }

    fn poll_read_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        TcpStream::poll_read_vectored(&self, cx, buffers)
    }
}

impl AsyncWrite for TcpStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        TcpStream::poll_write(&self, cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        TcpStream::poll_write_vectored(&self, cx, slices)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        TcpStream::poll_close(&self)
    }
}

/// A stream of the standard library, which becomes nonblocking.
impl TryFrom<net::TcpStream> for TcpStream {
    type Error = io::Error;

    fn try_from(socket: net::TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self::from_nonblocking(socket))
    }
}

impl TryFrom<OwnedFd> for TcpStream {
    type Error = io::Error;

    fn try_from(socket: OwnedFd) -> io::Result<Self> {
        net::TcpStream::from(socket).try_into()
    }
}

impl AsFd for TcpStream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.source.get_ref().as_fd()
    }
}

impl AsRawFd for TcpStream {
    fn as_raw_fd(&self) -> RawFd {
        self.source.get_ref().as_raw_fd()
    }
}

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.get_ref().fmt(f)
    }
}
