//! From an address argument to socket addresses.
//!
//! *Input*: [`Addresses`]. *Output*: a future of socket addresses, at least one. *Invariant*: the system's lookup
//! blocks, so it runs on a thread of the loop, which is asked by the first poll.

use std::future::Future;
use std::io;
use std::mem;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::address::Addresses;
use crate::threads::{to_thread, ToThread};

/// The future of the socket addresses.
#[derive(Debug)]
pub(super) enum Resolve {
    NotStarted(Addresses),
    LookingUp(ToThread<io::Result<Vec<SocketAddr>>>),
    Over,
}

impl Resolve {
    pub(super) fn new(addresses: Addresses) -> Self {
        Resolve::NotStarted(addresses)
    }
}

impl Future for Resolve {
    type Output = io::Result<Vec<SocketAddr>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Resolve::NotStarted(addresses) = &mut *self {
            let nothing = Addresses::Known(Vec::new());
            match mem::replace(addresses, nothing) {
                Addresses::Known(addresses) => return self.end(Ok(addresses)),
                Addresses::Invalid(error) => return self.end(Err(error)),
                Addresses::Name { host, port } => {
                    let look_up = move || (&*host, port).to_socket_addrs().map(Iterator::collect);
                    *self = Resolve::LookingUp(to_thread(look_up));
                }
            }
        }
        let Resolve::LookingUp(lookup) = &mut *self else {
            panic!("polled after completion");
        };
        match Pin::new(lookup).poll(cx) {
            Poll::Ready(found) => self.end(found),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl Resolve {
    fn end(&mut self, found: io::Result<Vec<SocketAddr>>) -> Poll<io::Result<Vec<SocketAddr>>> {
        *self = Resolve::Over;
        Poll::Ready(found.and_then(at_least_one))
    }
}

fn at_least_one(addresses: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
    if addresses.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "there is no address",
        ));
    }
    Ok(addresses)
}
