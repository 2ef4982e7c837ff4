//! The way to a connection.
//!
//! *Input*: addresses. *Output*: a connected stream. *Invariant*: the addresses are begun with in order; a further one when one has
//! failed, or when none has answered for a while. The first that answers is the stream, the other attempts are closed. The error is
//! that of the last one that fails.
//!
//! ```text
//!             found                writable, no error
//!   Resolving -----> Connecting ----------------------> the stream
//!                      ^  |
//!                      +--+ failed, or late: another address
//! ```

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{self, SocketAddr};
use std::pin::Pin;
use std::task::{ready, Context, Poll};
use std::time::Duration;
use std::vec;

use super::stream::TcpStream;
use crate::driver::{sys, Direction, Source};
use crate::net::address::Addresses;
use crate::net::resolve::Resolve;
use crate::time::{sleep, Sleep};

/// What RFC 8305 and asyncio recommend.
const DELAY: Duration = Duration::from_millis(250);

/// The future of [`TcpStream::connect`].
#[must_use = "futures do nothing unless awaited"]
pub struct Connect {
    stage: Stage,
    delay: Option<Duration>,
}

enum Stage {
    Resolving(Resolve),
    Connecting(Attempts),
    Over,
}

impl Connect {
    pub(super) fn new(addresses: Addresses) -> Self {
        Connect {
            stage: Stage::Resolving(Resolve::new(addresses)),
            delay: Some(DELAY),
        }
    }

    /// How long an address may take until the next one is tried beside it: 250 milliseconds, if nothing is said. With `None` they are
    /// tried one after the other.
    ///
    /// asyncio's parameter of the same name, which is `None` at first.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::net::{TcpListener, TcpStream};
    ///
    /// coloop::run(async {
    ///     let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    ///     let address = listener.local_addr().unwrap();
    ///     assert!(TcpStream::connect(address).happy_eyeballs_delay(None).await.is_ok());
    /// });
    /// ```
    pub fn happy_eyeballs_delay(mut self, delay: Option<Duration>) -> Self {
        self.delay = delay;
        self
    }
}

impl Future for Connect {
    type Output = io::Result<TcpStream>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::Resolving(resolve) = &mut self.stage {
            let found = ready!(Pin::new(resolve).poll(cx));
            self.stage = Stage::Over;
            self.stage = Stage::Connecting(Attempts::new(found?, self.delay));
        }
        let Stage::Connecting(attempts) = &mut self.stage else {
            panic!("`Connect` polled after completion");
        };
        let decided = ready!(attempts.poll(cx));
        self.stage = Stage::Over;
        Poll::Ready(decided.map(TcpStream::from_source))
    }
}

struct Attempts {
    begun: Vec<Source<net::TcpStream>>,
    others: vec::IntoIter<SocketAddr>,
    delay: Option<Duration>,
    /// Until the next one is begun with.
    late: Option<Sleep>,
    error: Option<io::Error>,
}

impl Attempts {
    fn new(addresses: Vec<SocketAddr>, delay: Option<Duration>) -> Self {
        let addresses = match delay {
            Some(_) => interleaved(addresses),
            None => addresses,
        };
        Attempts {
            begun: Vec::new(),
            others: addresses.into_iter(),
            delay,
            late: None,
            error: None,
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Source<net::TcpStream>>> {
        loop {
            let (before, mut n) = (self.begun.len(), 0);
            while n < self.begun.len() {
                match self.begun[n].poll(Direction::Write, cx, outcome) {
                    Poll::Ready(Ok(())) => return Poll::Ready(Ok(self.begun.swap_remove(n))),
                    Poll::Ready(Err(error)) => {
                        self.error = Some(error);
                        self.begun.remove(n);
                    }
                    Poll::Pending => n += 1,
                }
            }
            let has_failed = self.begun.len() < before;
            let is_due = self.begun.is_empty() || has_failed || self.is_late(cx);
            if !(is_due && self.begin()) {
                break;
            }
        }
        if !self.begun.is_empty() {
            return Poll::Pending;
        }
        let error = self.error.take();
        Poll::Ready(Err(error.unwrap_or_else(no_address)))
    }

    /// Whether nobody has answered for so long that another address is to be tried.
    fn is_late(&mut self, cx: &mut Context<'_>) -> bool {
        let late = self.late.as_mut();
        late.is_some_and(|late| Pin::new(late).poll(cx).is_ready())
    }

    /// Begins with the next address for which the OS makes a socket, if there is one.
    fn begin(&mut self) -> bool {
        for address in self.others.by_ref() {
            match sys::start_connect(address) {
                Ok(socket) => {
                    self.begun.push(Source::new_connecting(socket));
                    let has_others = !self.others.as_slice().is_empty();
                    self.late = self.delay.filter(|_| has_others).map(sleep);
                    return true;
                }
                Err(error) => self.error = Some(error),
            }
        }
        false
    }
}

/// IPv6 and IPv4 by turns, beginning with the first of them; each in its order.
fn interleaved(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(first.next());
        all.extend(second.next());
        if all.len() == before {
            return all;
        }
    }
}

/// The outcome of an attempt, once the socket is writable.
fn outcome(socket: &net::TcpStream) -> io::Result<()> {
    socket.take_error()?.map_or(Ok(()), Err)
}

fn no_address() -> io::Error {
    io::ErrorKind::AddrNotAvailable.into()
}

impl fmt::Debug for Connect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.stage {
            Stage::Resolving(_) => "Connect(resolving)",
            Stage::Connecting(_) => "Connect(connecting)",
            Stage::Over => "Connect(over)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::interleaved;

    #[test]
    fn families_take_turns() {
        let order = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|text| text.parse().unwrap());
            let ports = interleaved(addresses.collect())
                .into_iter()
                .map(|a| a.port());
            ports.collect::<Vec<_>>()
        };
        assert_eq!(
            order(&[
                "[::1]:1",
                "[::1]:2",
                "[::1]:3",
                "127.0.0.1:4",
                "127.0.0.1:5"
            ]),
            [1, 4, 2, 5, 3]
        );
        assert_eq!(order(&["127.0.0.1:1", "127.0.0.1:2", "[::1]:3"]), [1, 3, 2]);
        assert_eq!(order(&[]), Vec::<u16>::new());
    }
}
