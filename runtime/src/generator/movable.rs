//! What asks rustc whether the variables of an `iter!` may move while it is suspended. None of it runs.
//!
//! *Invariant*: a reference that [`bounded`] gives lives no longer than the closure's own reference to the variables, and [`outlives`]
//! accepts nothing that lives no longer than that.

use core::marker::PhantomData;

use crate::machine::Flow;
use crate::storage::Output;

/// The variables, by the types that they have outside.
#[derive(Debug)]
pub struct Variables<T>(PhantomData<T>);

impl<T> Variables<T> {
    /// These.
    pub const fn of(_types: T) -> Self
    where
        T: Copy,
    {
        Variables(PhantomData)
    }
}

/// The lifetime of what is outside.
#[derive(Debug)]
pub struct Outside<'o>(PhantomData<fn(&'o ()) -> &'o ()>);

impl Outside<'_> {
    /// Some lifetime.
    #[expect(clippy::new_without_default)]
    pub const fn new() -> Self {
        Outside(PhantomData)
    }
}

/// The states, between any two suspensions.
pub fn moves<T, Y, R>(
    _variables: Variables<T>,
    _output: Output<R>,
    _states: impl FnOnce(&Variables<T>) -> Flow<Y, R>,
) {
}

/// What is at an address, for as long as the variables stay where they are.
///
/// # Safety
/// It is not called.
#[allow(unsafe_code)]
#[expect(clippy::mut_from_ref)]
pub unsafe fn bounded<T, V>(_variables: &Variables<V>, _address: *mut T) -> &mut T {
    unreachable!()
}

/// Says that what is at an address is not bounded.
pub const fn outlives<'o, T: 'o>(_outside: &Outside<'o>, _address: *mut T) {}

/// What is not used again. Whether it is dropped, its methods tell.
#[derive(Debug)]
pub struct Kept<T>(PhantomData<T>);

impl<T> Kept<T> {
    /// What is at an address.
    pub const fn at(_address: *mut T) -> Self {
        Kept(PhantomData)
    }
}

/// It has nothing to drop.
pub trait IsCopied<'o> {
    /// It may have been borrowed.
    fn outlives(&self, _outside: &Outside<'o>) {}
}

impl<T: Copy> IsCopied<'_> for &Kept<T> {}

/// It has nothing to drop either.
pub trait IsReference<'o> {
    /// It may have been borrowed.
    fn outlives(&self, _outside: &Outside<'o>) {}
}

impl<T: ?Sized> IsReference<'_> for &&Kept<&mut T> {}

/// It may have something to drop.
pub trait MayBeDropped<'o, T: 'o> {
    /// It has not been borrowed.
    fn outlives(&self, _outside: &Outside<'o>) {}
}

impl<'o, T: 'o> MayBeDropped<'o, T> for Kept<T> {}
