//! What several of the suites share. They are the test targets of this package.

pub mod auto_trait;
pub mod corpus;
pub mod mutation;
pub mod robust;
pub mod toolchain;
