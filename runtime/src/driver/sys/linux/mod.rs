//! Linux.

mod epoll;
mod socket;

pub(crate) use epoll::{Notifier, Poller};
pub(crate) use socket::{accept, accept_unix, connect_unix, start_connect, unix_stream};
