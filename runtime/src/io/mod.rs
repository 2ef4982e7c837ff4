//! Bytes: what sockets, pipes and the standard streams have in common.
//!
//! *Input*: objects of the OS. *Output*: futures of transfers, halves, readers with a buffer. *Invariant*: nothing blocks the
//! loop, and no byte is read without being handed out.

#[cfg(unix)]
mod async_fd;
#[cfg(any(windows, coloop_threaded))]
mod audience;
mod duplex;
#[cfg(unix)]
mod level;
mod methods;
pub(crate) mod object;
#[cfg(all(unix, not(coloop_threaded)))]
pub(crate) mod pipe;
mod reader;
mod split;
#[cfg(unix)]
mod standard;
#[cfg(any(windows, coloop_threaded))]
pub(crate) mod threaded;
mod transfer;
#[cfg(unix)]
mod watch;

#[cfg(unix)]
pub use async_fd::AsyncFd;
pub use duplex::{duplex, DuplexStream};
pub(crate) use methods::{reads, writes};
pub use reader::{Lines, ReadError, StreamReader};
pub(crate) use split::split;
pub use split::{ReadHalf, WriteHalf};
#[cfg(unix)]
pub use standard::{stderr, stdin, stdout, Stderr, Stdin, Stdout};
pub use transfer::{Read, Write, WriteAll};
#[cfg(unix)]
pub(crate) use watch::Watched;
#[cfg(unix)]
pub use watch::{add_reader, add_writer, remove_reader, remove_writer};
