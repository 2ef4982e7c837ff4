//! What rust-analyzer takes for a generator: an expression of its type, which is never built.
//!
//! *Input*: what the macros give to rust-analyzer instead of a machine. *Output*: what may be done with a generator.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::stream::{FusedStream, Stream};

use super::results::{results, Results};
use super::synchronous::{movable, pinned, Movable, Pinned};
use super::{AsyncGenerator, GeneratorState};

/// The type of what is yielded.
#[derive(Debug)]
pub struct Items<Y>(PhantomData<Y>);

/// The type of what is received.
#[derive(Debug)]
pub struct Received<S>(PhantomData<S>);

/// A generator that nobody polls.
#[derive(Debug)]
pub struct Plain<S, Y, R>(PhantomData<(S, Y, R)>);

impl<Y> Items<Y> {
    #[expect(clippy::new_without_default, missing_docs)]
    pub fn new() -> Self {
        Items(PhantomData)
    }

    /// `yield`.
    pub fn give<S>(&self, _received: &Received<S>, _item: Y) -> S {
        unreachable!()
    }

    /// `yield_all!`.
    pub fn give_all<S, G, R>(&self, _received: &Received<S>, _inner: G) -> R {
        unreachable!()
    }
}

impl<S> Received<S> {
    #[expect(clippy::new_without_default, missing_docs)]
    pub fn new() -> Self {
        Received(PhantomData)
    }

    /// The value of the parameter.
    pub fn first(&self) -> S {
        unreachable!()
    }
}

/// `gen!`.
pub fn generator<S, Y, R, F>(_items: &Items<Y>, _received: &Received<S>, _body: F) -> Plain<S, Y, R>
where
    F: Future<Output = R>,
{
    Plain(PhantomData)
}

/// `try_gen!`.
pub fn try_gen<S, Y, R, F>(
    items: &Items<Y>,
    received: &Received<S>,
    body: F,
) -> Results<Plain<S, Y, R>>
where
    F: Future<Output = R>,
{
    results(generator(items, received, body))
}

/// `iter!`.
pub fn iter<S, Y, R, F>(
    _items: &Items<Y>,
    _received: &Received<S>,
    _body: F,
) -> Movable<Plain<S, Y, R>>
where
    F: FnOnce() -> R,
{
    movable(Plain(PhantomData))
}

/// `iter!` with `static`.
pub fn iter_static<S, Y, R, F>(
    _items: &Items<Y>,
    _received: &Received<S>,
    _body: F,
) -> Pinned<Plain<S, Y, R>>
where
    F: FnOnce() -> R,
{
    pinned(Plain(PhantomData))
}

impl<S, Y, R> AsyncGenerator<S> for Plain<S, Y, R> {
    type Yield = Y;
    type Return = R;

    fn poll_resume(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        _sent: &mut Option<S>,
    ) -> Poll<GeneratorState<Y, R>> {
        unreachable!()
    }

    fn poll_close(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        unreachable!()
    }

    fn has_ended(&self) -> bool {
        unreachable!()
    }
}

impl<Y> Stream for Plain<(), Y, ()> {
    type Item = Y;

    fn poll_next(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Y>> {
        unreachable!()
    }
}

impl<Y> FusedStream for Plain<(), Y, ()> {
    fn is_terminated(&self) -> bool {
        unreachable!()
    }
}
