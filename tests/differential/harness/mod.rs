//! What the bodies are written with and how they are judged.
//!
//! - `trace`: the recorder, which is also what injects panics
//! - `value`: `D`, a value whose uses and drop are recorded
//! - `future`: futures that record their life and suspend on demand
//! - `generator`: generators, as the oracle and as a recording
//! - `drive`: runs one body through one scenario and returns the recording
//! - `check`: the scenarios of a body, run on both sides and compared
//! - `diff`: two recordings, aligned

mod check;
mod diff;
mod drive;
mod future;
#[allow(dead_code)]
mod generator;
mod trace;
mod value;

pub(crate) use check::{check, difference};
pub(crate) use future::{borrow_mut_wait, borrow_wait, consume_wait, Wait};
#[allow(unused_imports)]
pub(crate) use generator::{handed_over, recorded, Give, HandedOver};
pub(crate) use trace::Trace;
pub(crate) use value::{Pair, D, E};

/// One body, given as the `async fn` it is.
///
/// ```text
/// differential! {
///     /// what the property is, where the name does not say it all
///     async fn locals_drop_in_reverse(t: Trace) -> u32 { … }
/// }
/// ```
///
/// The function's tokens reach the attribute untouched. Items after the function are helpers, which both
/// sides have as they are.
macro_rules! differential {
    ($(#[$meta:meta])* async fn $name:ident $($function:tt)*) => {
        $(#[$meta])*
        #[cfg(not($name))]
        #[test]
        fn $name() {
            let native = {
                async fn $name $($function)*
                $name
            };
            let compiled = {
                #[cfg_attr(not(self_check), coloop::coroutine)]
                async fn $name $($function)*
                $name
            };
            $crate::harness::check(native, compiled);
        }
    };
}

/// A body that needs more than one function under the attribute: methods, generics, traits.
///
/// ```text
/// differential_items! {
///     mod method_by_value($co) {
///         struct S(D);
///         impl S { #[$co] async fn m(self) { … } }
///         #[$co] async fn body(t: Trace) -> u32 { … }
///     }
/// }
/// ```
///
/// `#[$co]` is nothing on one side and the attribute on the other.
macro_rules! differential_items {
    ($(#[$meta:meta])* mod $name:ident($dollar:tt $co:ident) { $($items:tt)* }) => {
        $(#[$meta])*
        #[cfg(not($name))]
        #[test]
        fn $name() {
            macro_rules! both {
                ($dollar $co:meta) => { $($items)* };
            }
            let native = {
                both! { cfg_attr(any(), coloop::coroutine) }
                body
            };
            let compiled = {
                both! { cfg_attr(not(self_check), coloop::coroutine) }
                body
            };
            $crate::harness::check(native, compiled);
        }
    };
}
