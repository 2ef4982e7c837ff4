//! What `join!`, `try_join!` and `select!` are made of, inside of coroutines and outside.
//!
//! *Input*: futures in a [`List`], where the macro keeps them. *Output*: a future that polls them in the macro's order.
//! *Invariant*: a list is polled in place, and drops its elements first to last, as a tuple does. Each macro's own
//! definition says which elements begin a round; that is the difference between tokio's, futures' and coloop's.

mod asked;
mod fused;
mod join;
mod list;
mod maybe_done;
mod random;
mod select;

pub use asked::{is_not_of_futures, is_of_futures, is_of_tokio, Around, Asked, NoMask, OfColoop};
pub use fused::{poll_once, select_fused, InTurn, Shuffled};
pub use join::{flat, flat_ok, join, member, try_join, InOrder, Rotating};
pub use list::{list, Chosen, Disabled, End};
#[cfg(feature = "std")]
pub(crate) use maybe_done::MaybeDone;
pub use select::{branch, first, is_ready, select};

/// What stands for tokio's own support where a version of it has less.
pub mod without_tokio {
    pub use super::random::below as thread_rng_n;
    pub use super::select::is_ready as poll_budget_available;
}
