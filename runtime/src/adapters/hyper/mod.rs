//! What hyper 1 asks of a runtime: bytes, tasks and time.
//!
//! *Input*: hyper's traits `Read`, `Write`, `Executor`, `Timer`. *Output*: [`HyperIo`], [`HyperExecutor`], [`HyperTimer`].
//! *Invariant*: everything stays on the thread of the loop; only the sleeps are `Send`, because hyper asks for that.

mod executor;
mod io;
mod timer;

pub use executor::HyperExecutor;
pub use io::HyperIo;
pub use timer::{HyperSleep, HyperTimer};
