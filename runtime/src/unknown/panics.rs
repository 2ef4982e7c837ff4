//! Panics that are kept back for a moment. Without the standard library they cannot be, and end the program.

#[cfg(not(feature = "std"))]
pub(super) use without_std::Panics;

#[cfg(feature = "std")]
use std::any::Any;
#[cfg(feature = "std")]
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};

/// The panic that is kept.
#[cfg(feature = "std")]
#[derive(Debug, Default)]
pub(super) struct Panics(Option<Box<dyn Any + Send>>);

#[cfg(feature = "std")]
impl Panics {
    #[inline(always)]
    pub(super) const fn none() -> Self {
        Panics(None)
    }

    /// What a function gives; nothing if it panics.
    #[inline(always)]
    pub(super) fn keep<R>(&mut self, function: impl FnOnce() -> R) -> Option<R> {
        catch_unwind(AssertUnwindSafe(function))
            .map_err(|panic| self.0 = Some(panic))
            .ok()
    }

    /// Goes on with the panic.
    #[inline(always)]
    pub(super) fn resume(self) {
        if let Some(panic) = self.0 {
            resume_unwind(panic);
        }
    }
}

#[cfg(not(feature = "std"))]
mod without_std {
    /// No panic is kept.
    #[derive(Debug, Default)]
    pub(in crate::unknown) struct Panics;

    /// Ends the program when a panic unwinds past it: a panic in a drop that unwinds does.
    struct Abort;

    impl Drop for Abort {
        fn drop(&mut self) {
            panic!("a match guard has panicked where nothing can be unwound without the standard library");
        }
    }

    impl Panics {
        #[inline(always)]
        pub(in crate::unknown) const fn none() -> Self {
            Panics
        }

        /// What a function gives.
        #[inline(always)]
        pub(in crate::unknown) fn keep<R>(&mut self, function: impl FnOnce() -> R) -> Option<R> {
            let abort = Abort;
            let value = function();
            core::mem::forget(abort);
            Some(value)
        }

        #[inline(always)]
        pub(in crate::unknown) fn resume(self) {}
    }
}
