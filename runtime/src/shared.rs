//! What crosses threads, by the name of who checks it: the standard library's types, or the model checker's.
//!
//! *Input*: `cfg(loom)`, in the crate's own tests. *Output*: types of the same names and methods. *Invariant*: without it these are the
//! standard library's, and [`Witness`] is nothing. What no model reaches (a static, a signal's context) names `std` itself.

#[cfg(not(all(test, loom)))]
pub(crate) use std::{
    sync::{atomic, Arc, Condvar, Mutex, MutexGuard},
    thread, thread_local,
};

#[cfg(all(test, loom))]
pub(crate) use loom::{
    sync::{atomic, Arc, Condvar, Mutex, MutexGuard},
    thread,
};

#[cfg(not(all(test, loom)))]
pub(crate) use unseen::Witness;

#[cfg(all(test, loom))]
pub(crate) use seen::{thread_local, Witness};

#[cfg(not(all(test, loom)))]
mod unseen {
    /// Stands in memory that whoever comes last frees, and tells the model checker of uses and of the end.
    #[derive(Default)]
    pub(crate) struct Witness(());

    impl Witness {
        #[inline(always)]
        pub(crate) fn used(&self) {}

        #[inline(always)]
        pub(crate) fn freed(&self) {}
    }
}

#[cfg(all(test, loom))]
mod seen {
    use loom::cell::UnsafeCell;

    /// The checker's own does not know `const`.
    macro_rules! local {
        (static $name:ident: $type:ty = const $value:block;) => {
            loom::thread_local! { static $name: $type = $value; }
        };
    }
    pub(crate) use local as thread_local;

    /// A use is a read and the end is a write: a use that does not happen before the end is a race.
    #[derive(Default)]
    pub(crate) struct Witness(UnsafeCell<()>);

    impl Witness {
        pub(crate) fn used(&self) {
            self.0.with(|_| ());
        }

        pub(crate) fn freed(&self) {
            self.0.with_mut(|_| ());
        }
    }
}
