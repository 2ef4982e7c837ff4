//! Linux.

#[cfg(not(all(test, loom)))]
mod epoll;
mod socket;

#[cfg(not(all(test, loom)))]
pub(crate) use epoll::{Notifier, Poller};
pub(crate) use socket::{accept, accept_unix, connect_unix, start_connect, unix_stream};
