//! Datagrams over IP.
//!
//! *Input* and *output*: datagrams, each as a whole. *Invariant*: the socket is nonblocking.

use std::fmt;
use std::io;
use std::net::{self, SocketAddr};

use super::resolve::Resolve;
use super::ToSocketAddrs;
use crate::driver::{Direction, Source};
use crate::net::descriptor::descriptor;

/// A UDP socket: asyncio's `create_datagram_endpoint`.
///
/// Options that are not methods here can be set through its file descriptor, or socket on Windows.
///
/// # Fairness
///
/// Tasks that wait for the same direction are woken in the order of their first polls.
///
/// # Examples
///
/// ```
/// use coloop::net::UdpSocket;
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let server = UdpSocket::bind("127.0.0.1:0").await?;
///     let client = UdpSocket::bind("127.0.0.1:0").await?;
///     client.connect(server.local_addr()?).await?;
///     client.send(b"Hello").await?;
///
///     let mut buffer = [0; 64];
///     let (n, peer) = server.recv_from(&mut buffer).await?;
///     assert_eq!((&buffer[..n], peer), (&b"Hello"[..], client.local_addr()?));
///     server.send_to(b"World", peer).await?;
///     let n = client.recv(&mut buffer).await?;
///     assert_eq!(&buffer[..n], b"World");
///     Ok(())
/// })
/// # }
/// ```
pub struct UdpSocket {
    source: Source<net::UdpSocket>,
}

impl UdpSocket {
    /// A socket at the first of `address` that can be bound; port 0 lets the OS choose one.
    ///
    /// # Errors
    ///
    /// Of the lookup of a host name, or of the OS for the last address.
    ///
    /// # Cancellation
    ///
    /// Dropping the future binds nothing.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Self> {
        let addresses = Resolve::new(address.addresses()).await?;
        net::UdpSocket::bind(&*addresses)?.try_into()
    }

    /// Makes the first of `address` that the OS takes the peer: [`send`](Self::send) goes to it, and only what comes from it is
    /// received.
    ///
    /// # Errors
    ///
    /// As of [`bind`](Self::bind).
    pub async fn connect(&self, address: impl ToSocketAddrs) -> io::Result<()> {
        let addresses = Resolve::new(address.addresses()).await?;
        self.source.get_ref().connect(&*addresses)
    }

    /// Sends a datagram to the peer; gives the number of bytes.
    ///
    /// # Errors
    ///
    /// Of the OS: `ConnectionRefused` if the peer has refused an earlier one, or if it is too long.
    ///
    /// # Cancellation
    ///
    /// If the future is dropped before it is ready, nothing has been sent.
    pub async fn send(&self, datagram: &[u8]) -> io::Result<usize> {
        let send = |socket: &net::UdpSocket| socket.send(datagram);
        self.source.attempts(Direction::Write, send).await
    }

    /// Sends a datagram to `address`; gives the number of bytes.
    ///
    /// # Errors
    ///
    /// Of the OS, for instance if it is too long.
    ///
    /// # Cancellation
    ///
    /// If the future is dropped before it is ready, nothing has been sent.
    pub async fn send_to(&self, datagram: &[u8], address: SocketAddr) -> io::Result<usize> {
        let send = |socket: &net::UdpSocket| socket.send_to(datagram, address);
        self.source.attempts(Direction::Write, send).await
    }

    /// Waits for a datagram of the peer; gives the number of bytes. What does not fit into `buffer` is lost.
    ///
    /// # Errors
    ///
    /// Of the OS: `ConnectionRefused` if the peer has refused an earlier one that was sent.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no datagram.
    pub async fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let receive = |socket: &net::UdpSocket| socket.recv(buffer);
        self.source.attempts(Direction::Read, receive).await
    }

    /// Waits for a datagram; gives the number of bytes and who sent it. What does not fit into `buffer` is lost.
    ///
    /// # Errors
    ///
    /// Of the OS.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no datagram.
    pub async fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let receive = |socket: &net::UdpSocket| socket.recv_from(buffer);
        self.source.attempts(Direction::Read, receive).await
    }

    /// As [`recv_from`](Self::recv_from), but the datagram stays, to be received again.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub async fn peek_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let peek = |socket: &net::UdpSocket| socket.peek_from(buffer);
        self.source.attempts(Direction::Read, peek).await
    }

    /// The address of this socket.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().local_addr()
    }

    /// The peer.
    ///
    /// # Errors
    ///
    /// `NotConnected` if there is none.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().peer_addr()
    }

    /// Whether it may send to broadcast addresses. asyncio's `allow_broadcast`.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn set_broadcast(&self, allowed: bool) -> io::Result<()> {
        self.source.get_ref().set_broadcast(allowed)
    }
}

/// A socket of the standard library, which becomes nonblocking.
impl TryFrom<net::UdpSocket> for UdpSocket {
    type Error = io::Error;

    fn try_from(socket: net::UdpSocket) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(UdpSocket {
            source: Source::new(socket),
        })
    }
}

descriptor!(UdpSocket of net::UdpSocket);

impl fmt::Debug for UdpSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.get_ref().fmt(f)
    }
}
