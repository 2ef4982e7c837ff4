//! The operating system, as one backend of free functions and three types: [`Poller`], [`Notifier`], [`SocketRef`].
//!
//! A backend provides:
//!
//! - `Poller::{new, notifier, add, want, remove, wait}`: events of both directions of a socket;
//! - `Notifier::notify`: `Send + Sync`, ends a wait;
//! - `accept`, `start_connect`, and the same of Unix sockets: what the standard library cannot do without blocking.
//!
//! `linux` is epoll. `portable` is for every other OS that the `polling` crate knows; it builds on Linux too, with
//! `--cfg coloop_portable`, so that it can be tested there.

#[cfg(all(target_os = "linux", not(coloop_portable)))]
mod linux;
#[cfg(all(test, loom))]
mod model;
#[cfg(not(all(target_os = "linux", not(coloop_portable))))]
mod portable;

#[cfg(all(target_os = "linux", not(coloop_portable)))]
use linux as backend;
#[cfg(not(all(target_os = "linux", not(coloop_portable))))]
use portable as backend;

pub(crate) use backend::{accept, start_connect};
#[cfg(unix)]
pub(crate) use backend::{accept_unix, connect_unix, unix_stream};
#[cfg(not(all(test, loom)))]
pub(crate) use backend::{Notifier, Poller};
#[cfg(all(test, loom))]
pub(crate) use model::{Notifier, Poller};
#[cfg(unix)]
pub(crate) use std::os::fd::{AsFd as AsSocket, BorrowedFd as SocketRef};
#[cfg(windows)]
pub(crate) use std::os::windows::io::{AsSocket, BorrowedSocket as SocketRef};

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

/// What somebody waits for.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(all(target_os = "linux", not(coloop_portable)), allow(dead_code))]
pub(crate) struct Interest {
    pub(crate) readable: bool,
    pub(crate) writable: bool,
}

/// The reference that a socket is known by to the OS.
pub(crate) fn socket_ref(socket: &impl AsSocket) -> SocketRef<'_> {
    #[cfg(unix)]
    return socket.as_fd();
    #[cfg(windows)]
    return socket.as_socket();
}
