//! A list of any length, each element with a type of its own.
//!
//! *Input*: elements, from the last to the first. *Output*: a structure in which each is pinned with the whole.
//! *Invariant*: what is chosen of a list says in its type at which place it stood.

use pin_project_lite::pin_project;

pin_project! {
    /// An element and those after it.
    #[derive(Debug)]
    pub struct List<T, R> {
        #[pin]
        pub(super) first: T,
        #[pin]
        pub(super) rest: R,
    }
}

/// The end of a list.
#[derive(Debug)]
pub struct End;

/// Puts an element before a list.
#[inline(always)]
pub fn list<T, R>(first: T, rest: R) -> List<T, R> {
    List { first, rest }
}

/// The output of one element of a list.
#[derive(Debug)]
pub enum Chosen<T, R> {
    /// The first's.
    This(T),
    /// That of one after it.
    Other(R),
}

/// The output of none.
#[derive(Debug)]
pub struct Disabled;
