//! From an address argument to socket addresses.
//!
//! *Input*: [`Addresses`]. *Output*: a future of socket addresses, at least one. *Invariant*: the system's lookup
//! blocks, so it runs on a thread of its own, which is started by the first poll and wakes the task when it is done. A
//! lookup nobody waits for any more ends by itself.

use std::future::Future;
use std::io;
use std::mem;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread;

use super::address::Addresses;

/// The future of the socket addresses.
#[derive(Debug)]
pub(super) enum Resolve {
    NotStarted(Addresses),
    LookingUp(Arc<Lookup>),
    Over,
}

/// Shared by the future and the thread.
#[derive(Debug, Default)]
pub(super) struct Lookup(Mutex<Progress>);

#[derive(Debug, Default)]
struct Progress {
    found: Option<io::Result<Vec<SocketAddr>>>,
    waker: Option<Waker>,
}

impl Resolve {
    pub(super) fn new(addresses: Addresses) -> Self {
        Resolve::NotStarted(addresses)
    }
}

impl Future for Resolve {
    type Output = io::Result<Vec<SocketAddr>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let found = match mem::replace(&mut *self, Resolve::Over) {
            Resolve::NotStarted(Addresses::Known(addresses)) => Ok(addresses),
            Resolve::NotStarted(Addresses::Invalid(error)) => Err(error),
            Resolve::NotStarted(Addresses::Name { host, port }) => {
                *self = Resolve::LookingUp(Lookup::start(host, port, cx.waker().clone())?);
                return Poll::Pending;
            }
            Resolve::LookingUp(lookup) => match lookup.poll(cx) {
                Poll::Ready(found) => found,
                Poll::Pending => {
                    *self = Resolve::LookingUp(lookup);
                    return Poll::Pending;
                }
            },
            Resolve::Over => panic!("polled after completion"),
        };
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

impl Lookup {
    fn start(host: String, port: u16, waker: Waker) -> io::Result<Arc<Self>> {
        let lookup = Arc::new(Lookup::default());
        lookup.lock().waker = Some(waker);
        let on_thread = Arc::clone(&lookup);
        thread::Builder::new()
            .name("coloop-resolve".into())
            .spawn(move || {
                let found = (host.as_str(), port)
                    .to_socket_addrs()
                    .map(Iterator::collect);
                on_thread.finish(found);
            })?;
        Ok(lookup)
    }

    fn finish(&self, found: io::Result<Vec<SocketAddr>>) {
        let mut progress = self.lock();
        progress.found = Some(found);
        let waker = progress.waker.take();
        drop(progress);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn poll(&self, cx: &Context<'_>) -> Poll<io::Result<Vec<SocketAddr>>> {
        let waker = cx.waker().clone();
        let mut progress = self.lock();
        if let Some(found) = progress.found.take() {
            return Poll::Ready(found);
        }
        let before = progress.waker.replace(waker);
        drop(progress);
        drop(before);
        Poll::Pending
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
