//! What threads do for the loop, and how they reach it: against each other.

mod handle;
mod pool;
mod slot;
