//! The left side of a comparison whose right side suspends, and the receiver of a call whose arguments do.
//! See the compiler's `lower/changed.rs`.

use alloc::boxed::Box;
use core::marker::PhantomData;
use core::ops::Deref;

use crate::unknown::{Padded, Witness};

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

/// The receiver of a call, before the arguments are evaluated: copied, if it is `Copy`.
#[derive(Debug)]
pub struct Receiver<T: ?Sized>(pub *const T);

/// A receiver that the call takes, if it takes it by value.
#[derive(Debug)]
pub struct ReceiverCopy<T>(T);

impl<T: Copy> ReceiverCopy<T> {
    /// What a scope may keep, as it is suspended in the arguments.
    pub fn whole(&self) -> Padded<T> {
        unreachable!()
    }

    /// Whether the scope does not keep it: the call takes it by value, or what it points to.
    #[inline(always)]
    pub const fn is_taken<S>(&self, scope: &Witness<S>) -> bool {
        !scope.keeps()
    }

    /// Where the copy is.
    #[inline(always)]
    pub const fn at(&mut self) -> *mut T {
        &raw mut self.0
    }
}

/// A receiver that is borrowed, or that no argument can change.
#[derive(Debug)]
pub struct ReceiverPlace<T: ?Sized>(PhantomData<fn() -> *const T>);

/// A receiver of any size.
#[derive(Debug)]
pub struct Unpadded<T: ?Sized> {
    /// The receiver, on which its own methods are found.
    pub value: Box<T>,
}

impl<T: ?Sized> ReceiverPlace<T> {
    /// What the call is made on, where it is never made.
    pub fn whole(&self) -> Unpadded<T> {
        unreachable!()
    }

    /// Never.
    #[inline(always)]
    pub const fn is_taken<S>(&self, _scope: &Witness<S>) -> bool {
        false
    }

    /// Nothing is copied.
    pub fn at(&mut self) -> *mut T {
        unreachable!()
    }
}

/// A receiver of a type that is copied.
pub trait ReceiveCopied<T> {
    /// A copy.
    ///
    /// # Safety
    /// The place holds a value.
    unsafe fn now(&self) -> ReceiverCopy<T>;
}

impl<T: Copy> ReceiveCopied<T> for Receiver<T> {
    #[inline(always)]
    unsafe fn now(&self) -> ReceiverCopy<T> {
        // SAFETY: the caller's promise; it may be a field of a packed struct.
        ReceiverCopy(unsafe { self.0.read_unaligned() })
    }
}

/// A receiver that points to what is copied, and is not copied itself.
pub trait ReceivePointed<T> {
    /// A copy of what it points to.
    ///
    /// # Safety
    /// As where it is copied.
    unsafe fn now(&self) -> ReceiverCopy<T>;
}

impl<T: Copy> ReceivePointed<T> for Receiver<&mut T> {
    #[inline(always)]
    unsafe fn now(&self) -> ReceiverCopy<T> {
        // SAFETY: the caller's promise.
        ReceiverCopy(unsafe { **self.0 })
    }
}

impl<T: Copy> ReceivePointed<T> for Receiver<Box<T>> {
    #[inline(always)]
    unsafe fn now(&self) -> ReceiverCopy<T> {
        // SAFETY: the caller's promise.
        ReceiverCopy(unsafe { **self.0 })
    }
}

/// A receiver of any other type.
pub trait ReceiveBorrowed<T: ?Sized> {
    /// Nothing.
    ///
    /// # Safety
    /// As where it is copied.
    unsafe fn now(&self) -> ReceiverPlace<T>;
}

impl<T: ?Sized> ReceiveBorrowed<T> for &Receiver<T> {
    #[inline(always)]
    unsafe fn now(&self) -> ReceiverPlace<T> {
        ReceiverPlace(PhantomData)
    }
}
