//! What scenarios are written with: the counterpart of `scenario.py`.
//!
//! *Input*: lines. *Output*: the lines on the standard output, after the name of the scenario that runs. *Invariant*: a line is
//! out before the next one is begun, so that a scenario that hangs has said how far it came.

use std::any::Any;
use std::cell::Cell;
use std::fmt::Display;
use std::future::Future;
use std::panic::{resume_unwind, set_hook, take_hook};
use std::time::Duration;

use coloop::{yield_now, JoinError};

thread_local! {
    static CURRENT: Cell<&'static str> = const { Cell::new("") };
}

/// Says which scenario the lines are of that follow.
pub(crate) fn begin(name: &'static str) {
    CURRENT.set(name);
}

/// Writes a line.
pub(crate) fn log(line: impl Display) {
    println!("{}: {line}", CURRENT.get());
}

/// Writes a line of several parts.
macro_rules! log {
    ($($part:tt)+) => { $crate::log::log(format_args!($($part)+)) };
}

/// Writes a line when it is dropped: Python's `finally`.
pub(crate) struct Finally<D: Display>(D);

/// Writes a line when what it gives is dropped.
pub(crate) fn finally<D: Display>(line: D) -> Finally<D> {
    Finally(line)
}

impl<D: Display> Drop for Finally<D> {
    fn drop(&mut self) {
        log(&self.0);
    }
}

/// What awaiting a task gives, as text.
pub(crate) async fn outcome<T: Told>(task: impl Future<Output = Result<T, JoinError>>) -> String {
    told(task.await)
}

/// An outcome, as text.
pub(crate) fn told<T: Told>(outcome: Result<T, JoinError>) -> String {
    match outcome {
        Ok(value) => value.told(),
        Err(error) if error.is_cancelled() => "cancelled".to_owned(),
        Err(error) => format!("failed: {}", message(&*error.into_panic())),
    }
}

/// What a task gives.
pub(crate) trait Told {
    fn told(&self) -> String;
}

impl Told for () {
    fn told(&self) -> String {
        "nothing".to_owned()
    }
}

impl Told for u32 {
    fn told(&self) -> String {
        self.to_string()
    }
}

impl Told for &str {
    fn told(&self) -> String {
        (*self).to_owned()
    }
}

impl Told for String {
    fn told(&self) -> String {
        self.clone()
    }
}

/// Ends a task as an exception does, and without a message on the standard error.
pub(crate) fn raise(error: &'static str) -> ! {
    resume_unwind(Box::new(error))
}

/// What a panic says.
pub(crate) fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "..".to_owned())
}

pub(crate) async fn yields(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// Shows the iterations, for as many.
pub(crate) async fn ticks(count: usize) {
    for tick in 0..count {
        log(format_args!("tick {tick}"));
        yield_now().await;
    }
}

pub(crate) const fn secs(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// Calls what may panic as it is to, without a message of it on the standard error.
pub(crate) fn quietly<R>(call: impl FnOnce() -> R) -> R {
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let returned = call();
    set_hook(hook);
    returned
}

/// Bytes, as Python shows them.
pub(crate) fn bytes(bytes: &[u8]) -> String {
    format!("b'{}'", bytes.escape_ascii())
}
