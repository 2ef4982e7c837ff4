//! The operating system, as one backend of free functions and three types: [`Poller`], [`Notifier`], [`SocketRef`].
//!
//! A backend provides:
//!
//! - `Poller::{new, notifier, add, remove, wait}`: edge-triggered events of both directions of a socket;
//! - `Notifier::notify`: `Send + Sync`, ends a wait;
//! - `accept`, `start_connect`, `take_error`, and the same of Unix sockets: what the standard library cannot do without
//!   blocking or a further system call.

#[cfg(target_os = "linux")]
mod epoll;
#[cfg(target_os = "linux")]
mod socket;

#[cfg(target_os = "linux")]
pub(crate) use epoll::{Notifier, Poller};
#[cfg(target_os = "linux")]
pub(crate) use socket::{
    accept, accept_unix, connect_unix, start_connect, take_error, unix_stream,
};
#[cfg(target_os = "linux")]
pub(crate) use std::os::fd::{AsFd as AsSocket, BorrowedFd as SocketRef};

#[cfg(not(target_os = "linux"))]
compile_error!("coloop's event loop has a backend for Linux only");

/// What has happened on a socket since the last event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    /// There is something to read, or an error to fetch.
    pub(crate) readable: bool,
    /// There is room to write, or an error to fetch.
    pub(crate) writable: bool,
    /// The peer will send nothing more: readable for good.
    pub(crate) end_of_input: bool,
}
