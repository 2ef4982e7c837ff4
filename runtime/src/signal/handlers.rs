//! Handlers: one for each signal and loop, called by the loop.
//!
//! *Input*: callbacks. *Output*: their calls, in turns of tasks. *Invariant*: a signal has one handler of a loop at most.

use std::io;

use super::{Signal, Signals};
use crate::event_loop::EventLoop;
use crate::task::spawn;

/// Lets the running loop call `handler` for each arrival of a signal, as often as it arrives, in a turn of its own. The handler that
/// the signal had is replaced. With the loop, the handlers end.
///
/// asyncio's `loop.add_signal_handler`.
///
/// # Errors
///
/// As of [`Signals::new`].
///
/// # Panics
///
/// Outside of a loop. A panic of `handler` ends it, and is reported as that of a task nobody awaits.
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
/// use coloop::signal::{add_signal_handler, remove_signal_handler, Signal};
/// use coloop::Event;
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let stop = Rc::new(Event::new());
///     let stopped = Rc::clone(&stop);
///     add_signal_handler(Signal::TERM, move || stop.set())?;
///     Signal::TERM.raise()?;
///     stopped.wait().await;
///     assert!(remove_signal_handler(Signal::TERM));
///     Ok(())
/// })
/// # }
/// ```
#[track_caller]
pub fn add_signal_handler(signal: Signal, handler: impl FnMut() + 'static) -> io::Result<()> {
    let event_loop = EventLoop::current("a signal handler");
    let mut signals = Signals::new(signal)?;
    let mut handler = handler;
    let task = spawn(async move {
        while signals.recv().await.is_ok() {
            handler();
        }
    });
    event_loop.signal_handlers().set(signal, task);
    Ok(())
}

/// Takes the handler of a signal away; says whether there was one.
///
/// asyncio's `loop.remove_signal_handler`.
///
/// # Panics
///
/// Outside of a loop.
///
/// # Examples
///
/// ```
/// use coloop::signal::{remove_signal_handler, Signal};
///
/// coloop::run(async {
///     assert!(!remove_signal_handler(Signal::USR1));
/// });
/// ```
#[track_caller]
pub fn remove_signal_handler(signal: Signal) -> bool {
    let event_loop = EventLoop::current("a signal handler");
    event_loop.signal_handlers().remove(signal)
}
