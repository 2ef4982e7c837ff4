//! Bytes: what sockets, pipes and the standard streams have in common.
//!
//! *Input*: objects of the OS. *Output*: futures of transfers, halves, readers with a buffer. *Invariant*: nothing blocks the
//! loop, and no byte is read without being handed out.

mod duplex;
mod methods;
pub(crate) mod object;
#[cfg(unix)]
pub(crate) mod pipe;
mod reader;
mod split;
mod transfer;

pub use duplex::{duplex, DuplexStream};
pub(crate) use methods::{reads, writes};
pub use reader::{Lines, ReadError, StreamReader};
pub(crate) use split::split;
pub use split::{ReadHalf, WriteHalf};
pub use transfer::{Read, Write, WriteAll};
