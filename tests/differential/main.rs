//! The differential suite: every body runs twice, as rustc's `async fn` and as `#[coloop::coroutine]`,
//! and everything it does is recorded and compared. rustc is the oracle.
//!
//! ```text
//! cargo test -p coloop-tests --test differential                         the whole suite
//! COLOOP_SELF_CHECK=1 cargo test -p coloop-tests --test differential     native against native
//! COLOOP_ONLY=loops,call_* COLOOP_SKIP=…  cargo test …                   compile only these topics or bodies
//! COLOOP_SWEEP=run,cancel,panic,drop_panic cargo test …                  run only these kinds of scenario
//! COLOOP_VERBOSE=1 cargo test … -- --nocapture                           print scenarios as they start
//! tests/survey.py [topic or body …]      rejected, differing, crashing bodies, one process for each body
//! ```
//!
//! A body is one property, and its name says which. It is driven to its end, dropped at every suspension
//! point, made to panic at every step and in every drop (`harness::check`); a body writes none of that.

// Names of bodies are used as `cfg`s, see `build.rs`.
#![allow(unexpected_cfgs)]
// Helpers of the bodies left out.
#![cfg_attr(subset, allow(unused))]
// A body is written for its property, also where there is a better way to write it.
#![allow(clippy::all)]

#[macro_use]
#[warn(clippy::all)]
mod harness;

mod arrays;
mod await_arguments;
mod await_operands;
mod await_statements;
mod borrows;
mod branches;
mod calls;
mod closures;
mod concurrent;
mod configured;
mod drops;
mod editions;
mod everyday;
mod found;
mod generics;
mod hygiene;
mod items;
mod lifetimes;
mod loop_exits;
mod loops;
mod macros;
mod methods;
mod moves;
mod nested_async;
mod oracle;
mod parts;
mod patterns;
mod places;
mod programs;
mod question_mark;
mod receivers;
mod sharing;
mod struct_update;
mod temporaries;
mod traits;
mod variables;
