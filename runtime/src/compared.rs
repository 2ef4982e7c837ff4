//! The left side of a comparison whose right side suspends, and other places that are read before what follows changes them.
//! See the compiler's `lower/changed.rs`.

use core::ops::Deref;

/// What a place of a type that is copied holds.
#[inline(always)]
pub fn copy_of<T: Copy>(place: &T) -> T {
    *place
}

/// The left side of a comparison, as it is before the right side is evaluated: copied, if it is `Copy`.
#[derive(Debug)]
pub struct Compared<'a, T: ?Sized>(pub &'a T);

/// What is copied.
#[derive(Clone, Copy, Debug)]
pub struct Copied<T>(T);

impl<T> Deref for Copied<T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.0
    }
}

/// A comparison of what is copied.
pub trait CompareCopied<T> {
    /// A copy.
    fn now(&self) -> Copied<T>;
}

impl<T: Copy> CompareCopied<T> for Compared<'_, T> {
    #[inline(always)]
    fn now(&self) -> Copied<T> {
        Copied(*self.0)
    }
}

/// A comparison of what is borrowed.
pub trait CompareBorrowed<'a, T: ?Sized> {
    /// The reference.
    fn now(&self) -> &'a T;
}

impl<'a, T: ?Sized> CompareBorrowed<'a, T> for &Compared<'a, T> {
    #[inline(always)]
    fn now(&self) -> &'a T {
        self.0
    }
}
