//! The way in: [`run`], [`Runner`], and what `#[coloop::main]` calls.
//!
//! *Input*: the main future, which may borrow from the caller. *Output*: its output. *Invariant*: the loop is the
//! current one of the thread from before the first poll until the last task is dropped, also when the main future
//! panics.
//!
//! - `runner`: a loop that runs one future after the other
//! - `interrupt`: Ctrl-C

#[allow(unsafe_code)]
mod interrupt;
mod runner;

pub use runner::{Interrupted, Runner, RunnerBuilder};

use std::future::Future;

/// Runs a future to its end on a new event loop on this thread, together with everything it starts.
///
/// asyncio's `run`, except that the future may borrow, that errors are its own output, and that Ctrl-C ends the process as ever:
/// `#[coloop::main]` and [`Runner::run_until_interrupted`] cancel the main future first.
///
/// The loop sleeps in the OS while nothing is ready. When `future` ends, the loop finishes its iteration and does one
/// more, as asyncio does (a task that was started last is so polled once), without waiting for anything. Then the tasks
/// that have not ended are cancelled: their futures are dropped, in the order in which they were started, while the
/// loop still counts as running, so that what they hold can use it. A task that is started by such a drop is dropped at
/// once.
///
/// # Panics
///
/// - If an event loop runs on this thread already.
/// - If the OS has no file descriptors left for the loop.
/// - If `future` panics: the other tasks are cancelled, then the panic goes on. A panic in another task goes to who
///   awaits its [`Task`](crate::Task) instead.
///
/// # Examples
///
/// ```
/// let name = String::from("World");
/// let length = coloop::run(async {
///     println!("Hello");
///     coloop::sleep(std::time::Duration::from_millis(1)).await;
///     println!("{name}");
///     name.len()
/// });
/// assert_eq!(length, 5);
/// ```
#[track_caller]
pub fn run<F: Future>(future: F) -> F::Output {
    Runner::new().run(future)
}

/// What `#[coloop::main]` does: as [`run`], but that Ctrl-C drops the future and the tasks before it ends the process.
#[doc(hidden)]
#[track_caller]
pub fn main<F: Future>(mut runner: Runner, future: F) -> F::Output {
    let ended = runner.run_until_interrupted(future);
    drop(runner);
    ended.unwrap_or_else(|Interrupted| interrupt::end_process())
}
