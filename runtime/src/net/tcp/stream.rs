//! A connection.
//!
//! *Input* and *output*: bytes. *Invariant*: the socket is nonblocking.

use std::fmt;
use std::io;
use std::net::{self, Shutdown, SocketAddr};

use super::connect::Connect;
use crate::driver::Source;
use crate::io::{reads, split, writes, ReadHalf, WriteHalf};
use crate::net::descriptor::descriptor;
use crate::net::{end_output, ToSocketAddrs};

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
    /// Connects to the first of `address` that answers. They are tried one after the other, IPv6 and IPv4 by turns; one that has not
    /// answered for a while is [joined by the next](Connect::happy_eyeballs_delay): "happy eyeballs", RFC 8305.
    ///
    /// # Errors
    ///
    /// Of the lookup of a host name, or of the OS for the address that was the last to fail, usually `ConnectionRefused`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future gives up the attempts and closes their sockets.
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
    pub fn split(&mut self) -> (ReadHalf<'_, Self>, WriteHalf<'_, Self>) {
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
}

reads!(TcpStream, "TcpStream", "TcpStream");
writes!(TcpStream, "TcpStream", "TcpStream", |stream| end_output(
    stream.source.get_ref().shutdown(Shutdown::Write)
));

/// A stream of the standard library, which becomes nonblocking.
impl TryFrom<net::TcpStream> for TcpStream {
    type Error = io::Error;

    fn try_from(socket: net::TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(Self::from_nonblocking(socket))
    }
}

descriptor!(TcpStream of net::TcpStream);

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.get_ref().fmt(f)
    }
}
