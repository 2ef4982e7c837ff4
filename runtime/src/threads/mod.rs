//! Other threads: what they do for the loop, and how they reach it.
//!
//! *Input*: functions that block, calls from elsewhere. *Output*: futures, turns of the loop. *Invariant*: nothing but what is `Send`
//! crosses; a thread that works for a loop has ended when `run` returns, unless it waits for another program.
//!
//! - `slot`: one value from one thread to another
//! - `pool`: threads that take jobs
//! - `of_loop`: the two pools of a loop
//! - `to_thread`: a blocking call as a future
//! - `loop_handle`: the loop, for other threads

#[cfg(all(test, loom))]
mod loom_tests;
mod loop_handle;
mod of_loop;
mod pool;
mod slot;
mod to_thread;

pub use loop_handle::{ConcurrentFuture, LoopClosed, LoopHandle};
pub(crate) use of_loop::Threads;
pub(crate) use to_thread::Patience;
pub use to_thread::{to_thread, ToThread};
