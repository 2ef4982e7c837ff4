//! Variables that move into closures and async blocks, or are borrowed by them: which of both it is depends on their types.
//! See the compiler's `emit/code.rs`.

use core::marker::PhantomData;

/// What a variable is that moves into a closure and is used again: what can be copied, unless only a part of it moves.
#[diagnostic::on_unimplemented(
    message = "a `move` closure or async block captures a part of a variable of this coroutine, which is used again",
    label = "write `let part = variable.part;` before it and capture that"
)]
pub trait MovesAndStays {}

#[diagnostic::do_not_recommend]
impl<T: Copy> MovesAndStays for T {}

/// Says that a variable moves into a closure and is used again.
#[inline(always)]
pub fn moves_and_stays<T: MovesAndStays>(_: *mut T) {}

/// A variable that moves into a closure and is used again.
///
/// # Safety
/// The slot holds a value.
#[inline(always)]
pub unsafe fn copied<T: MovesAndStays>(at: *mut T) -> T {
    // SAFETY: the caller's promise, and `T` is `Copy`.
    unsafe { at.read() }
}

/// A captured variable, in its slot or outside: `x.0` is a place in both cases.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Captured<T>(pub T);

impl<T> Captured<T> {
    /// The variable as a value, beside uses as a place.
    #[inline(always)]
    pub fn value(self) -> T {
        self.0
    }
}

/// A captured variable that holds a unique reference, in its slot.
#[derive(Debug)]
#[repr(transparent)]
pub struct Reborrowed<T>(pub T);

impl<'x, T: ?Sized> Reborrowed<&'x mut T> {
    /// The variable as a value: moved, or borrowed again, which of both the proof copy has judged.
    ///
    /// # Safety
    /// The variable is not used before the value is done with.
    #[inline(always)]
    pub const unsafe fn value(&mut self) -> &'x mut T {
        // SAFETY: the caller's promise.
        unsafe { core::ptr::read(&raw const self.0) }
    }
}

/// Asks whether a captured variable that is used as a value is `Copy`: methods of the type itself come first.
#[derive(Debug)]
pub struct Probe<'a, T>(*mut T, PhantomData<&'a mut T>);

impl<'a, T> Probe<'a, T> {
    /// The variable at an address.
    #[inline(always)]
    pub const fn at(address: *mut T) -> Self {
        Probe(address, PhantomData)
    }

    /// The variable behind a reference.
    #[inline(always)]
    pub fn behind(variable: &'a mut T) -> Self {
        Probe::at(variable)
    }
}

/// A closure uses a `Copy` variable as a value: it borrows it.
pub trait BorrowCaptured<'a, T> {
    /// The variable, in its slot.
    fn capture(&self, take: impl FnOnce() -> T) -> &'a mut Captured<T>;
}

impl<'a, T: Copy> BorrowCaptured<'a, T> for Probe<'a, T> {
    #[inline(always)]
    fn capture(&self, _take: impl FnOnce() -> T) -> &'a mut Captured<T> {
        // SAFETY: the slot holds a value, and `Captured` has the layout of what it holds.
        unsafe { &mut *self.0.cast() }
    }
}

/// A closure uses a unique reference as a value and as a place: it borrows the variable.
pub trait ReborrowCaptured<'a, T> {
    /// The variable, in its slot.
    fn capture(&self, take: impl FnOnce() -> T) -> &'a mut Reborrowed<T>;
}

impl<'a, 'x, T: ?Sized> ReborrowCaptured<'a, &'x mut T> for Probe<'a, &'x mut T> {
    #[inline(always)]
    fn capture(&self, _take: impl FnOnce() -> &'x mut T) -> &'a mut Reborrowed<&'x mut T> {
        // SAFETY: the slot holds a value, and `Reborrowed` has the layout of what it holds.
        unsafe { &mut *self.0.cast() }
    }
}

/// A closure uses a variable as a value that is not `Copy`: it owns it.
pub trait MoveCaptured<T> {
    /// The variable, out of its slot.
    fn capture(&self, take: impl FnOnce() -> T) -> Captured<T>;
}

impl<T> MoveCaptured<T> for &Probe<'_, T> {
    #[inline(always)]
    fn capture(&self, take: impl FnOnce() -> T) -> Captured<T> {
        Captured(take())
    }
}
