//! Sockets: the calls that the standard library lacks.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
#[cfg(unix)]
use std::os::fd::OwnedFd;
#[cfg(unix)]
use std::os::unix::net::{UnixListener, UnixStream};
#[cfg(unix)]
use std::path::Path;

use socket2::{Domain, Socket, Type};

/// Takes a connection that has arrived.
///
/// # Errors
///
/// `WouldBlock` if there is none, else of the OS.
pub(crate) fn accept(listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr)> {
    let (socket, peer) = listener.accept()?;
    socket.set_nonblocking(true)?;
    Ok((socket, peer))
}

/// Makes a socket that connects to `address`. It becomes writable when that is decided, and knows its error then.
///
/// # Errors
///
/// Of the OS.
pub(crate) fn start_connect(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = nonblocking(Domain::for_address(address))?;
    match socket.connect(&address.into()) {
        Err(error) if !has_begun(&error) => Err(error),
        _ => Ok(TcpStream::from(socket)),
    }
}

fn nonblocking(domain: Domain) -> io::Result<Socket> {
    let socket = Socket::new(domain, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

fn has_begun(error: &io::Error) -> bool {
    #[cfg(unix)]
    let in_progress = error.raw_os_error() == Some(libc::EINPROGRESS);
    #[cfg(windows)]
    let in_progress = error.kind() == io::ErrorKind::WouldBlock;
    in_progress || error.kind() == io::ErrorKind::Interrupted
}

/// Takes a connection that has arrived at a Unix socket.
///
/// # Errors
///
/// `WouldBlock` if there is none, else of the OS.
#[cfg(unix)]
pub(crate) fn accept_unix(listener: &UnixListener) -> io::Result<UnixStream> {
    let (socket, _) = listener.accept()?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Makes a socket that is to connect to a Unix socket; see [`connect_unix`].
///
/// # Errors
///
/// Of the OS.
#[cfg(unix)]
pub(crate) fn unix_stream() -> io::Result<UnixStream> {
    let socket = OwnedFd::from(nonblocking(Domain::UNIX)?);
    Ok(UnixStream::from(socket))
}

/// Connects it, at once or not at all.
///
/// # Errors
///
/// `WouldBlock` if the listener's queue is full, of which no event says when it is not; else of the OS.
#[cfg(unix)]
pub(crate) fn connect_unix(socket: &UnixStream, path: &Path) -> io::Result<()> {
    let too_long = |_| io::Error::from_raw_os_error(libc::ENAMETOOLONG);
    let address = socket2::SockAddr::unix(path).map_err(too_long)?;
    socket2::SockRef::from(socket).connect(&address)
}
