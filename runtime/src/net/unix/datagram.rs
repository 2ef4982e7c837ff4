//! Datagrams between processes of one machine.
//!
//! *Input* and *output*: datagrams, each as a whole. *Invariant*: the socket is nonblocking, and removes the file that it has made.

use std::fmt;
use std::io;
use std::os::unix::net::{self, SocketAddr};
use std::path::{Path, PathBuf};

use crate::driver::{Direction, Source};
use crate::net::descriptor::descriptor;

/// A Unix socket for datagrams. None is lost: a send waits while the receiver's queue is full.
///
/// # Examples
///
/// ```
/// use coloop::net::UnixDatagram;
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let (left, right) = UnixDatagram::pair()?;
///     left.send(b"one").await?;
///     left.send(b"two").await?;
///     let mut buffer = [0; 64];
///     assert_eq!(right.recv(&mut buffer).await?, 3);
///     assert_eq!(&buffer[..3], b"one");
///     Ok(())
/// })
/// # }
/// ```
pub struct UnixDatagram {
    source: Source<net::UnixDatagram>,
    /// What is removed in the end.
    file: Option<PathBuf>,
}

impl UnixDatagram {
    /// A socket at `path`, whose file is removed when the socket is dropped.
    ///
    /// # Errors
    ///
    /// Of the OS: `AddrInUse` if there is such a file already.
    pub fn bind(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let mut socket = Self::try_from(net::UnixDatagram::bind(path)?)?;
        socket.file = Some(path.to_path_buf());
        Ok(socket)
    }

    /// A socket without an address.
    ///
    /// # Errors
    ///
    /// Of the OS, if there are no file descriptors left.
    pub fn unbound() -> io::Result<Self> {
        net::UnixDatagram::unbound()?.try_into()
    }

    /// Two sockets that are each other's peer.
    ///
    /// # Errors
    ///
    /// Of the OS, if there are no file descriptors left.
    pub fn pair() -> io::Result<(Self, Self)> {
        let (left, right) = net::UnixDatagram::pair()?;
        Ok((left.try_into()?, right.try_into()?))
    }

    /// Makes the socket at `path` the peer.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn connect(&self, path: impl AsRef<Path>) -> io::Result<()> {
        self.source.get_ref().connect(path)
    }

    /// Sends a datagram to the peer; gives the number of bytes.
    ///
    /// # Errors
    ///
    /// Of the OS.
    ///
    /// # Cancellation
    ///
    /// If the future is dropped before it is ready, nothing has been sent.
    pub async fn send(&self, datagram: &[u8]) -> io::Result<usize> {
        let send = |socket: &net::UnixDatagram| socket.send(datagram);
        self.source.attempts(Direction::Write, send).await
    }

    /// Waits for a datagram of the peer; gives the number of bytes. What does not fit into `buffer` is lost.
    ///
    /// # Errors
    ///
    /// Of the OS.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no datagram.
    pub async fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let receive = |socket: &net::UnixDatagram| socket.recv(buffer);
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
        let receive = |socket: &net::UnixDatagram| socket.recv_from(buffer);
        self.source.attempts(Direction::Read, receive).await
    }

    /// Sends a datagram to the socket at `path`, if it has room for it; gives the number of bytes.
    ///
    /// # Errors
    ///
    /// Of the OS: `WouldBlock` if the receiver's queue is full, of which nothing tells when it is not. A socket that is
    /// [connected](Self::connect) waits.
    pub fn try_send_to(&self, datagram: &[u8], path: impl AsRef<Path>) -> io::Result<usize> {
        self.source.get_ref().send_to(datagram, path)
    }

    /// The address of this socket.
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.source.get_ref().local_addr()
    }
}

impl Drop for UnixDatagram {
    fn drop(&mut self) {
        if let Some(path) = &self.file {
            // Somebody else may have removed it.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A socket of the standard library, which becomes nonblocking. Its file stays.
impl TryFrom<net::UnixDatagram> for UnixDatagram {
    type Error = io::Error;

    fn try_from(socket: net::UnixDatagram) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        Ok(UnixDatagram {
            source: Source::new(socket),
            file: None,
        })
    }
}

descriptor!(UnixDatagram of net::UnixDatagram);

impl fmt::Debug for UnixDatagram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.get_ref().fmt(f)
    }
}
