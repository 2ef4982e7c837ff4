//! Sockets: [`TcpListener`], [`TcpStream`], [`UdpSocket`], [`UnixListener`], [`UnixStream`], [`UnixDatagram`].
//!
//! *Input*: addresses, bytes. *Output*: futures that wait for the OS without blocking the loop. *Invariant*: a socket
//! is closed when its last owner drops it, and no future of it outlives it.
//!
//! Streams implement `AsyncRead` and `AsyncWrite` of the `futures-io` crate, so everything that is written for these
//! works with them; the most common operations are also methods, which take `&self`.

mod address;
mod descriptor;
mod resolve;
mod server;
mod tcp;
#[cfg(feature = "tls")]
pub mod tls;
mod udp;
#[cfg(unix)]
mod unix;

pub use address::ToSocketAddrs;
pub use server::{start_server, Server};
pub use tcp::{Accept, Bind, Connect, TcpListener, TcpStream};
pub use udp::UdpSocket;
#[cfg(unix)]
pub use unix::{UnixDatagram, UnixListener, UnixStream};

use std::io;

/// Closing a stream that writes through `AsyncWrite` ends the output; that it has ended already is no error.
fn end_output(ended: io::Result<()>) -> io::Result<()> {
    match ended {
        Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
        ended => ended,
    }
}
