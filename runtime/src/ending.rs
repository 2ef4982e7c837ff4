//! The last expression of a block whose variables are in slots.
//!
//! Its temporaries are locals of the step, and outlive the block's variables: where it unwinds or jumps, the variables are
//! dropped first. An operand that stands beside the expression does it, as operands are dropped before temporaries.
//!
//! ```text
//! { let x = …; suspend; value }      =>      match (Within { ending: guard of x, value }.value) { tail => { end(x); tail } }
//! ```
//!
//! Where the value is reached, the guard is dropped after the variables have ended, and finds nothing.

use core::cell::Cell;
use core::mem::{needs_drop, ManuallyDrop};

use crate::__private::end;

/// The last expression of a block, beside what ends the block's variables if the expression is left otherwise.
#[derive(Debug)]
pub struct Within<E, T> {
    /// The guard.
    pub ending: E,
    /// The expression.
    pub value: T,
}

/// How a variable's scope ends. It does not have the variable's type, so that it borrows nothing that the variable does.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    live: *mut u8,
    slot: usize,
    at: *mut (),
    /// None if there is nothing to drop.
    end: Option<unsafe fn(*mut u8, usize, *mut ())>,
}

impl Ending {
    /// That of a slot.
    ///
    /// # Safety
    /// While there is a guard, the slot's bit tells whether it holds a value.
    #[inline(always)]
    pub const unsafe fn of<T>(live: *mut u8, slot: usize, at: *mut T) -> Self {
        unsafe fn erased<T>(live: *mut u8, slot: usize, at: *mut ()) {
            // SAFETY: the promise of `of`, which has erased the type.
            unsafe { end(live, slot, at.cast::<T>()) };
        }
        let end: Option<unsafe fn(*mut u8, usize, *mut ())> = match const { needs_drop::<T>() } {
            true => Some(erased::<T>),
            false => None,
        };
        let at = at.cast();
        Ending {
            live,
            slot,
            at,
            end,
        }
    }

    /// What ends it when it is dropped.
    #[inline(always)]
    pub const fn guard(self) -> EndingGuard {
        EndingGuard(self)
    }
}

/// Ends a variable's scope when it is dropped.
#[derive(Debug)]
pub struct EndingGuard(Ending);

impl Drop for EndingGuard {
    #[inline(always)]
    fn drop(&mut self) {
        let Ending {
            live,
            slot,
            at,
            end,
        } = self.0;
        if let Some(end) = end {
            // SAFETY: the promise of `of`.
            unsafe { end(live, slot, at) };
        }
    }
}

/// The same, of a variable whose parts may have been moved.
#[derive(Debug)]
pub struct EndingBy<F: FnMut()>(F);

impl<F: FnMut()> EndingBy<F> {
    /// What ends the scope.
    #[inline(always)]
    pub const fn of(end: F) -> Self {
        EndingBy(end)
    }
}

impl<F: FnMut()> Drop for EndingBy<F> {
    #[inline(always)]
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Whether the last expression of a block has been reached.
#[derive(Debug)]
pub struct Armed(Cell<bool>);

impl Armed {
    /// It has not.
    #[inline(always)]
    pub const fn not_yet() -> Self {
        Armed(Cell::new(false))
    }

    /// It has.
    #[inline(always)]
    pub fn arm(&self) {
        self.0.set(true);
    }

    /// Drops `ending` only then.
    #[inline(always)]
    pub const fn guard<E>(&self, ending: E) -> ArmedGuard<'_, E> {
        ArmedGuard {
            armed: self,
            ending: ManuallyDrop::new(ending),
        }
    }
}

/// Ends variables if it is dropped after the last expression of their block has been reached.
#[derive(Debug)]
pub struct ArmedGuard<'a, E> {
    armed: &'a Armed,
    ending: ManuallyDrop<E>,
}

impl<E> Drop for ArmedGuard<'_, E> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.armed.0.get() {
            // SAFETY: it is dropped once.
            unsafe { ManuallyDrop::drop(&mut self.ending) };
        }
    }
}
