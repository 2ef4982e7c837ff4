//! The way to a connection.
//!
//! *Input*: addresses. *Output*: a connected stream. *Invariant*: the addresses are tried in order, one at a time; the
//! error is that of the last.
//!
//! ```text
//!             found                writable, no error
//!   Resolving -----> Connecting ----------------------> the stream
//!                      ^  |
//!                      +--+ failed: the next address
//! ```

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{self, SocketAddr};
use std::pin::Pin;
use std::task::{ready, Context, Poll};
use std::vec;

use super::stream::TcpStream;
use crate::driver::{sys, Direction, Source};
use crate::net::address::Addresses;
use crate::net::resolve::Resolve;

/// The future of [`TcpStream::connect`].
#[must_use = "futures do nothing unless awaited"]
pub struct Connect {
    stage: Stage,
}

enum Stage {
    Resolving(Resolve),
    Connecting {
        source: Source<net::TcpStream>,
        others: vec::IntoIter<SocketAddr>,
    },
    Over,
}

impl Connect {
    pub(super) fn new(addresses: Addresses) -> Self {
        Connect {
            stage: Stage::Resolving(Resolve::new(addresses)),
        }
    }
}

impl Future for Connect {
    type Output = io::Result<TcpStream>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::Resolving(resolve) = &mut self.stage {
            let addresses = ready!(Pin::new(resolve).poll(cx))?;
            self.stage = Stage::first_of(addresses.into_iter(), no_address())?;
        }
        loop {
            let Stage::Connecting { source, .. } = &self.stage else {
                panic!("`Connect` polled after completion");
            };
            let decided = ready!(source.poll(Direction::Write, cx, outcome));
            let stage = std::mem::replace(&mut self.stage, Stage::Over);
            match (decided, stage) {
                (Ok(()), Stage::Connecting { source, .. }) => {
                    return Poll::Ready(Ok(TcpStream::from_source(source)));
                }
                (Err(error), Stage::Connecting { others, .. }) => {
                    self.stage = Stage::first_of(others, error)?;
                }
                (_, Stage::Resolving(_) | Stage::Over) => unreachable!("it is connecting"),
            }
        }
    }
}

impl Stage {
    /// Begins with the first address for which the OS makes a socket; the error is that of the last, or `error`.
    fn first_of(
        mut addresses: vec::IntoIter<SocketAddr>,
        mut error: io::Error,
    ) -> io::Result<Self> {
        while let Some(address) = addresses.next() {
            match sys::start_connect(address) {
                Ok(socket) => {
                    return Ok(Stage::Connecting {
                        source: Source::new_connecting(socket),
                        others: addresses,
                    })
                }
                Err(failed) => error = failed,
            }
        }
        Err(error)
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
            Stage::Connecting { .. } => "Connect(connecting)",
            Stage::Over => "Connect(over)",
        })
    }
}
