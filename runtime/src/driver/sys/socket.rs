//! Sockets: the three calls that `std::net` lacks.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

use rustix::io::Errno;
use rustix::net::{self, AddressFamily, SocketFlags, SocketType};

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

/// Makes a socket that connects to `address`. It becomes writable when that is decided; see [`take_error`].
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

/// The outcome of a connection attempt, once the socket is writable.
///
/// # Errors
///
/// Why the attempt failed.
pub(crate) fn take_error(socket: &TcpStream) -> io::Result<()> {
    Ok(net::sockopt::socket_error(socket)??)
}
