//! Every OS that the `polling` crate knows: kqueue on macOS and the BSDs, and Windows.

#[allow(unsafe_code)]
mod poller;
mod socket;

pub(crate) use poller::{Notifier, Poller};
pub(crate) use socket::{accept, start_connect};
#[cfg(unix)]
pub(crate) use socket::{accept_unix, connect_unix, unix_stream};
