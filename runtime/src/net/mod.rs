//! Sockets: [`TcpListener`], [`TcpStream`].
//!
//! *Input*: addresses, bytes. *Output*: futures that wait for the OS without blocking the loop. *Invariant*: a socket
//! is closed when its last owner drops it, and no future of it outlives it.
//!
//! Streams implement `AsyncRead` and `AsyncWrite` of the `futures-io` crate, so everything that is written for these
//! works with them; the most common operations are also methods, which take `&self`.

mod address;
mod resolve;
mod tcp;

pub use address::ToSocketAddrs;
pub use tcp::{
    Accept, Bind, Connect, Read, ReadHalf, TcpListener, TcpStream, Write, WriteAll, WriteHalf,
};
