//! Other programs: [`Command`] starts one, [`Child`] is one that runs.
//!
//! *Input*: a program, its arguments, what its standard streams are. *Output*: its streams, and how it ended. *Invariant*: a
//! child whose handle is gone leaves no zombie.
//!
//! asyncio's `create_subprocess_exec` and `create_subprocess_shell`.
//!
//! # Windows
//!
//! There the loop waits for sockets only, and threads wait for pipes and for the ends of children: see [`Child`], [`ChildStdin`] and
//! [`ChildStdout`] for what is different.

mod child;
mod command;
mod ending;
#[cfg(unix)]
mod orphans;
mod pipes;

pub use child::Child;
pub use command::Command;
pub use pipes::{ChildStderr, ChildStdin, ChildStdout};
pub use std::process::{ExitStatus, Output, Stdio};
