//! Whether a part can be moved out of what it is a part of, as the types tell.
//!
//! A call on `x.a` may consume that part, unless `x` is behind a reference or a smart pointer that is no `Box`, or has a
//! `Drop`. What it leaves of `x` is dropped by code that moves the part once more, and that must compile where the part
//! cannot be moved, too. It begins with a call of `leaves`, which gives [`Infallible`] there: rustc checks what follows a
//! call of such a type for its types, and for nothing else.
//!
//! ```text
//! let whole = whole(&raw const rest);
//! if moved { (&&&&&&whole).leaves(); forget(rest.a); }
//! ```
//!
//! Which `leaves` is meant is decided by the traits that a type has, of those below the first.

use alloc::boxed::Box;
use core::convert::Infallible;
use core::marker::PhantomData;
use core::mem::needs_drop;
use core::ops::Deref;

use crate::unknown::Witness;

/// What a part is a part of.
#[derive(Debug)]
pub struct Whole<T>(PhantomData<T>);

/// What is at the address, by its type alone.
#[inline(always)]
pub const fn whole<T>(_at: *const T) -> Whole<T> {
    Whole(PhantomData)
}

macro_rules! questions {
    ($($(#[$doc:meta])* $name:ident: [$($bound:tt)*] $whole:ty => $answer:ty;)*) => {$(
        $(#[$doc])*
        pub trait $name {
            /// A value, if parts leave.
            fn leaves(&self) -> $answer;
        }

        #[allow(drop_bounds)]
        impl<T: $($bound)*> $name for $whole {
            #[inline(always)]
            fn leaves(&self) -> $answer {
                Answer::answer()
            }
        }
    )*};
}

questions! {
    /// Parts do not leave what has a `Drop`, also if it is in a `Box`.
    BoxOfDrop: [Drop] &&&&&Whole<Box<T>> => Infallible;
    /// Parts do not leave what a smart pointer in a `Box` points to.
    BoxOfPointer: [Deref] &&&&Whole<Box<T>> => Infallible;
    /// Parts leave a `Box`.
    BoxOfParts: [] &&&Whole<Box<T>> => ();
    /// Parts do not leave what has a `Drop`.
    WithDrop: [Drop] &&Whole<T> => Infallible;
    /// Parts do not leave what a reference or smart pointer points to.
    Pointer: [Deref] &Whole<T> => Infallible;
    /// Parts leave anything else.
    Parts: [] Whole<T> => ();
}

/// What `leaves` gives.
pub trait Answer {
    /// Whether parts leave.
    const LEAVES: bool;

    /// That.
    fn answer() -> Self;
}

impl Answer for () {
    const LEAVES: bool = true;

    #[inline(always)]
    fn answer() {}
}

impl Answer for Infallible {
    const LEAVES: bool = false;

    fn answer() -> Self {
        unreachable!("nothing has been moved")
    }
}

/// Refuses a call that moves a part out of what it is not known to leave.
#[inline(always)]
pub const fn moves_part<C, A: Answer>(_call: &Witness<C>, _leaves: &impl Fn() -> A) {
    const {
        assert!(
            !needs_drop::<C>() || A::LEAVES,
            "a method consumes a part of a variable of this coroutine, whose type has both fields and a `Deref`; \
             write `let part = variable.part;` before it and call the method on that"
        );
    }
}
