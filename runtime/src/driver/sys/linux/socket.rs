//! Sockets: the calls that the standard library lacks.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use rustix::io::Errno;
use rustix::net::{self, AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

/// The flags of every socket: a system call less each than `set_nonblocking`.
const FLAGS: SocketFlags = SocketFlags::CLOEXEC.union(SocketFlags::NONBLOCK);

/// Takes a connection that has arrived.
///
/// # Errors
///
/// `WouldBlock` if there is none, else of the OS.
pub(crate) fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let (socket, peer) = net::acceptfrom_with(listener, FLAGS)?;
    let peer = peer.ok_or(Errno::AFNOSUPPORT)?;
    Ok((TcpStream::from(socket), SocketAddr::try_from(peer)?))
}

/// Makes a socket that connects to `address`. It becomes writable when that is decided, and knows its error then.
///
/// # Errors
///
/// Of the OS.
pub(crate) fn start_connect(address: SocketAddr) -> io::Result<TcpStream> {
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let socket = net::socket_with(family, SocketType::STREAM, FLAGS, None)?;
    match net::connect(&socket, &address) {
        Ok(()) | Err(Errno::INPROGRESS | Errno::INTR) => Ok(TcpStream::from(socket)),
        Err(error) => Err(error.into()),
    }
}

/// Takes a connection that has arrived at a Unix socket.
///
/// # Errors
///
/// `WouldBlock` if there is none, else of the OS.
pub(crate) fn accept_unix(listener: &UnixListener) -> io::Result<UnixStream> {
    let socket = net::accept_with(listener, FLAGS)?;
    Ok(UnixStream::from(socket))
}

/// Makes a socket that is to connect to a Unix socket; see [`connect_unix`].
///
/// # Errors
///
/// Of the OS.
pub(crate) fn unix_stream() -> io::Result<UnixStream> {
    let socket = net::socket_with(AddressFamily::UNIX, SocketType::STREAM, FLAGS, None)?;
    Ok(UnixStream::from(socket))
}

/// Connects it, at once or not at all.
///
/// # Errors
///
/// `WouldBlock` if the listener's queue is full, of which no event says when it is not; else of the OS.
pub(crate) fn connect_unix(socket: &UnixStream, path: &Path) -> io::Result<()> {
    Ok(net::connect(socket, &SocketAddrUnix::new(path)?)?)
}
