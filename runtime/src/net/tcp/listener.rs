//! The side that waits for connections.
//!
//! *Input*: a local address. *Output*: connections, each to one [`Accept`]. *Invariant*: the listener is nonblocking.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{self, SocketAddr};
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::stream::TcpStream;
use crate::driver::{sys, Direction, Source};
use crate::net::descriptor::descriptor;
use crate::net::resolve::Resolve;
use crate::net::ToSocketAddrs;
use crate::sync::wait_list::Waiter;

/// A TCP socket that accepts connections. The low level under asyncio's `start_server`.
///
/// Dropping it closes the socket and refuses further connections.
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
///     let (server, client) = coloop::gather!(listener.accept(), TcpStream::connect(address)).await;
///     let ((server, peer), client) = (server?, client?);
///     assert_eq!(client.local_addr()?, peer);
///     assert_eq!(server.local_addr()?, address);
///     Ok(())
/// })
/// # }
/// ```
pub struct TcpListener {
    source: Source<net::TcpListener>,
}

impl TcpListener {
    /// Listens on the first of `address` that can be bound; port 0 lets the OS choose one.
    ///
    /// # Errors
    ///
    /// Of the lookup of a host name, or of the OS for the last address, usually `AddrInUse` or `PermissionDenied`.
    ///
    /// # Cancellation
    ///
    /// Dropping the future binds nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::net::TcpListener;
    ///
    /// coloop::run(async {
    ///     let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    ///     let taken = TcpListener::bind(listener.local_addr().unwrap()).await;
    ///     assert_eq!(taken.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    /// });
    /// ```
    pub fn bind(address: impl ToSocketAddrs) -> Bind {
        Bind {
            resolve: Resolve::new(address.addresses()),
        }
    }

    /// Waits for a connection: the stream, and the address of the peer.
    ///
    /// # Errors
    ///
    /// Of the OS, for instance if there are no file descriptors left; the listener remains usable. A connection that is
    /// gone before it is accepted is skipped.
    ///
    /// # Fairness
    ///
    /// Several tasks may wait; they are woken in the order of their first polls.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no connection.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use coloop::net::TcpListener;
    ///
    /// coloop::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    ///     let nobody = coloop::timeout(Duration::from_millis(1), listener.accept()).await;
    ///     assert!(nobody.is_err());
    /// });
    /// ```
    pub fn accept(&self) -> Accept<'_> {
        Accept {
            waiter: self.source.waiter(Direction::Read),
            listener: self,
        }
    }

    /// The address it listens on.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().local_addr()
    }
}

/// A listener of the standard library, which becomes nonblocking.
impl TryFrom<net::TcpListener> for TcpListener {
    type Error = io::Error;

    fn try_from(listener: net::TcpListener) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        Ok(TcpListener {
            source: Source::new(listener),
        })
    }
}

descriptor!(TcpListener of net::TcpListener);

impl fmt::Debug for TcpListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.get_ref().fmt(f)
    }
}

/// The future of [`TcpListener::bind`].
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct Bind {
    resolve: Resolve,
}

impl Future for Bind {
    type Output = io::Result<TcpListener>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let addresses = ready!(Pin::new(&mut self.resolve).poll(cx))?;
        Poll::Ready(net::TcpListener::bind(&*addresses)?.try_into())
    }
}

pin_project! {
    /// The future of [`TcpListener::accept`].
    #[derive(Debug)]
    #[must_use = "futures do nothing unless awaited"]
    pub struct Accept<'a> {
        listener: &'a TcpListener,
        #[pin]
        waiter: Waiter<'a>,
    }
}

impl Future for Accept<'_> {
    type Output = io::Result<(TcpStream, SocketAddr)>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let source = &this.listener.source;
        let accepted = source.poll_waiting(Direction::Read, this.waiter, cx, accept_next);
        accepted.map_ok(|(socket, peer)| (TcpStream::from_nonblocking(socket), peer))
    }
}

fn accept_next(listener: &net::TcpListener) -> io::Result<(net::TcpStream, SocketAddr)> {
    loop {
        match sys::accept(listener) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            accepted => return accepted,
        }
    }
}
