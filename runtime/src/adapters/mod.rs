//! What other libraries ask of a runtime, given by coloop.
//!
//! *Input*: a library's own traits. *Output*: types that implement them over the loop, its streams and its timers. *Invariant*:
//! each library is a feature of the crate, and none is a dependency without its feature.
//!
//! Libraries that take `futures-io` streams need nothing of this: coloop's streams implement these traits.

#[cfg(feature = "hyper")]
mod hyper;

#[cfg(feature = "hyper")]
pub use hyper::{HyperExecutor, HyperIo, HyperSleep, HyperTimer};
