//! What several of the suites share. They are the test targets of this package.

pub mod auto_trait;
pub mod corpus;
pub mod mutation;
pub mod robust;
pub mod toolchain;

/// The programs of docs/generators.md.
#[cfg(doctest)]
#[doc = include_str!("../docs/generators.md")]
mod generators {}
