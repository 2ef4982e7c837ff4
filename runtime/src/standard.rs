//! What tells whether a macro is the standard library's, or does the same with its operands: see the compiler's
//! `lower/standard.rs`. All of it is named in code that never runs.

use core::fmt::{self, Display, Formatter};

/// The macros whose operands are known to move, and those that are written as the code that they stand for. A glob of them
/// is ambiguous with another macro of the name that is in force around it.
pub mod macros {
    #[cfg(feature = "std")]
    pub use crate::gather;
    pub use alloc::vec;
    #[cfg(not(feature = "std"))]
    pub use core::panic;
    pub use core::{assert, assert_eq, assert_ne, debug_assert, debug_assert_eq, debug_assert_ne};
    pub use core::{matches, todo, unimplemented, unreachable, write, writeln};
    #[cfg(feature = "std")]
    pub use std::{dbg, panic};
}

/// An operand that is not copied.
#[derive(Debug, PartialEq)]
pub struct Operand;

impl Display for Operand {
    fn fmt(&self, _: &mut Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// What `write!` writes to.
#[derive(Debug)]
pub struct Writer;

impl Writer {
    /// As of all writers.
    pub fn write_fmt(&mut self, _: fmt::Arguments<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Takes a closure that moves nothing out of what it has captured.
pub fn is_fn<F: Fn()>(_: &F) {}
