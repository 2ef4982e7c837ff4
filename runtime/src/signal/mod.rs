//! Signals of the OS: streams of them, and handlers that the loop calls.
//!
//! *Input*: signals, which arrive in any thread at any time. *Output*: turns of tasks. *Invariant*: nothing of a program's runs
//! in a signal's context but a write to a file descriptor. So a handler may do everything that a task may.
//!
//! asyncio's `add_signal_handler`. Other libraries' handlers of the same signals stay: all are called. What the OS does by
//! default (ending the program, mostly) it does no more once somebody has listened to the signal, also when nobody does any
//! more; asyncio gives it back.

mod arrivals;
mod claim;
mod handlers;
mod kind;

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{ready, Context, Poll};

use futures_core::Stream;

use arrivals::Arrivals;
pub(crate) use claim::is_claimed;
use claim::Claim;
pub use handlers::{add_signal_handler, remove_signal_handler};
pub use kind::Signal;

/// The arrivals of one signal: a stream, which never ends.
///
/// # Fairness
///
/// Every [`Signals`] sees every arrival, in whatever thread it came. The OS itself makes one of several that arrive while the first
/// has not been delivered.
///
/// # Examples
///
/// ```
/// use coloop::signal::{Signal, Signals};
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let mut hangups = Signals::new(Signal::HUP)?;
///     Signal::HUP.raise()?;
///     hangups.recv().await?;
///     Ok(())
/// })
/// # }
/// ```
pub struct Signals {
    signal: Signal,
    arrivals: Arrivals,
    _claim: Option<Claim>,
}

impl Signals {
    /// Listens to a signal from now on.
    ///
    /// # Errors
    ///
    /// `InvalidInput` for `KILL` and `STOP`, which nobody can listen to, and for those that tell of a mistake of the program itself
    /// (`SEGV`, `ILL`, `FPE`); or of the OS. asyncio raises `RuntimeError` and `ValueError`.
    ///
    /// ```
    /// use coloop::signal::{Signal, Signals};
    ///
    /// assert!(Signals::new(Signal::KILL).is_err());
    /// ```
    pub fn new(signal: Signal) -> io::Result<Self> {
        let _claim = Claim::to(signal);
        Ok(Signals {
            _claim,
            ..Signals::for_runner(signal)?
        })
    }

    /// For what listens only as long as the program does not.
    pub(crate) fn for_runner(signal: Signal) -> io::Result<Self> {
        Ok(Signals {
            signal,
            arrivals: Arrivals::new(signal)?,
            _claim: None,
        })
    }

    /// Waits for the next arrival.
    ///
    /// # Errors
    ///
    /// Of the OS.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no arrival.
    pub async fn recv(&mut self) -> io::Result<()> {
        std::future::poll_fn(|cx| self.arrivals.poll(cx)).await
    }

    pub(crate) fn poll_recv(&mut self, cx: &Context<'_>) -> Poll<io::Result<()>> {
        self.arrivals.poll(cx)
    }
}

impl Stream for Signals {
    type Item = io::Result<()>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<io::Result<()>>> {
        let arrived = ready!(self.arrivals.poll(cx));
        Poll::Ready(Some(arrived))
    }
}

impl fmt::Debug for Signals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Signals").field(&self.signal).finish()
    }
}

/// Waits for `INT`, which Ctrl-C sends.
///
/// While the future waits, or a [`Signals`] or a handler of `INT` is there, Ctrl-C is the program's, and `#[coloop::main]` does not end
/// `main` because of it, as asyncio's `run` does not if the signal has a handler. Afterwards it does.
///
/// # Errors
///
/// Of the OS.
///
/// # Cancellation
///
/// An arrival after the future is dropped is not the program's any more: `#[coloop::main]` ends `main`, and without it nothing happens,
/// as the OS does not end the program either. A program that waits more than once keeps a [`Signals`].
///
/// # Examples
///
/// ```no_run
/// #[coloop::main]
/// async fn main() {
///     println!("press Ctrl-C");
///     coloop::signal::ctrl_c().await.unwrap();
///     println!("good bye");
/// }
/// ```
pub async fn ctrl_c() -> io::Result<()> {
    Signals::new(Signal::INT)?.recv().await
}
