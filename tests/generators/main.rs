//! Generators and `for` loops over streams: what `gen! { … }` and `#[for_await]` do.
//!
//! rustc has no generators on stable, but it has the next best oracle: a body with its `yield`s replaced by
//! awaits of a hand-over ([`given!`]) is an `async` block, and does everything else in the same order. Such a
//! pair runs through all scenarios of the differential suite's harness: to the end, dropped after every
//! poll (so at every `yield` and `.await`), with every step and every drop panicking.
//!
//! What has no such oracle is asserted by hand.

#![recursion_limit = "1024"]
// A body is written for its property, also where there is a better way to write it.
#![allow(clippy::all)]

#[allow(dead_code, unused_imports, unused_macros)]
#[path = "../differential/harness/mod.rs"]
mod harness;
#[warn(clippy::all)]
mod stream;

/// The oracle's body: `yield` is an await of the hand-over `$out`, `#[for_await] for` is a `while let`. The operand of
/// such a `for` must be one token tree.
///
/// ```text
/// { yield a; f(b); }          =>  { out.give(a).await; f(b); }
/// #[for_await] for x in s {}  =>  match s { mut s => while let Some(x) = next(&mut s).await {} }
/// ```
///
/// The `yield`s of a generator inside are its own. The rules walk over the tokens one by one; on the way into a group
/// they put what stands around it on a stack.
macro_rules! given {
    (@ $out:ident $stack:tt [$($done:tt)*] coloop::gen! $inner:tt $($rest:tt)*) => {
        given!(@ $out $stack [$($done)* coloop::gen! $inner] $($rest)*)
    };
    (@ $out:ident $stack:tt [$($done:tt)*] yield; $($rest:tt)*) => {
        given!(@ $out $stack [$($done)* $out.give(()).await;] $($rest)*)
    };
    (@ $out:ident $stack:tt [$($done:tt)*] yield $item:expr; $($rest:tt)*) => {
        given!(@ $out $stack [$($done)* $out.give($item).await;] $($rest)*)
    };
    (@ $out:ident $stack:tt [$($done:tt)*] yield $item:expr, $($rest:tt)*) => {
        given!(@ $out $stack [$($done)* $out.give($item).await,] $($rest)*)
    };
    (@ $out:ident $stack:tt [$($done:tt)*] yield $item:expr) => {
        given!(@ $out $stack [$($done)* $out.give($item).await])
    };
    (@ $out:ident $stack:tt [$($done:tt)*]
        #[for_await] $($label:lifetime :)? for $item:pat in $stream:tt { $($body:tt)* } $($rest:tt)*
    ) => {
        given!(@ $out $stack [$($done)*] {
            match $stream {
                stream => {
                    let mut stream = std::pin::pin!(stream);
                    $($label:)? while let Some($item) = $crate::stream::next(&mut stream).await { $($body)* }
                }
            }
        } $($rest)*)
    };
    (@ $out:ident $stack:tt [$($done:tt)*] { $($inner:tt)* } $($rest:tt)*) => {
        given!(@ $out [brace [$($done)*] [$($rest)*] $stack] [] $($inner)*)
    };
    (@ $out:ident $stack:tt [$($done:tt)*] ( $($inner:tt)* ) $($rest:tt)*) => {
        given!(@ $out [paren [$($done)*] [$($rest)*] $stack] [] $($inner)*)
    };
    (@ $out:ident $stack:tt [$($done:tt)*] [ $($inner:tt)* ] $($rest:tt)*) => {
        given!(@ $out [bracket [$($done)*] [$($rest)*] $stack] [] $($inner)*)
    };
    (@ $out:ident $stack:tt [$($done:tt)*] $next:tt $($rest:tt)*) => {
        given!(@ $out $stack [$($done)* $next] $($rest)*)
    };
    (@ $out:ident [brace [$($outer:tt)*] [$($rest:tt)*] $stack:tt] [$($done:tt)*]) => {
        given!(@ $out $stack [$($outer)* { $($done)* }] $($rest)*)
    };
    (@ $out:ident [paren [$($outer:tt)*] [$($rest:tt)*] $stack:tt] [$($done:tt)*]) => {
        given!(@ $out $stack [$($outer)* ( $($done)* )] $($rest)*)
    };
    (@ $out:ident [bracket [$($outer:tt)*] [$($rest:tt)*] $stack:tt] [$($done:tt)*]) => {
        given!(@ $out $stack [$($outer)* [ $($done)* ]] $($rest)*)
    };
    (@ $out:ident [] [$($done:tt)*]) => { async move { $($done)* } };
}

/// A generator and its oracle. What stands before `gives` runs where the generator is made.
///
/// ```text
/// same_items! {
///     fn captured_values_move_in(t: Trace) { let d = t.d(1); } gives { yield d.id(); }
/// }
/// ```
macro_rules! same_items {
    ($(#[$meta:meta])* fn $name:ident($t:ident: Trace) { $($setup:tt)* } gives { $($body:tt)* }) => {
        $(#[$meta])*
        #[test]
        #[allow(unused_mut, unused_variables, unused_assignments, unreachable_code)]
        fn $name() {
            fn native($t: $crate::harness::Trace) -> impl std::future::Future<Output = ()> {
                let trace = $t.clone();
                $($setup)*
                $crate::stream::collect(trace, $crate::stream::native(move |out| given!(@ out [] [] $($body)*)))
            }
            fn compiled($t: $crate::harness::Trace) -> impl std::future::Future<Output = ()> {
                let trace = $t.clone();
                $($setup)*
                $crate::stream::collect(trace, coloop::gen! { $($body)* })
            }
            $crate::harness::check(native, compiled);
        }
    };
    ($(#[$meta:meta])* fn $name:ident($t:ident: Trace) gives { $($body:tt)* }) => {
        same_items! { $(#[$meta])* fn $name($t: Trace) {} gives { $($body)* } }
    };
}

/// A coroutine with `#[for_await]` loops and its oracle.
macro_rules! same_loop {
    ($(#[$meta:meta])* async fn $name:ident($t:ident: Trace) $(-> $output:ty)? { $($body:tt)* }) => {
        $(#[$meta])*
        #[test]
        #[allow(unused_mut, unused_variables, unused_assignments, unreachable_code)]
        fn $name() {
            async fn native($t: $crate::harness::Trace) $(-> $output)? {
                given!(@ out [] [] $($body)*).await
            }
            #[coloop::coroutine]
            async fn compiled($t: $crate::harness::Trace) $(-> $output)? { $($body)* }
            $crate::harness::check(native, compiled);
        }
    };
}

mod auto_traits;
mod borrows;
mod captures;
mod delegation;
mod ends;
mod executors;
mod for_await;
mod generics;
mod iterators;
mod operands;
mod placing;
mod protocol;
mod results;
mod yields;
