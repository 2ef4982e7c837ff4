//! Generators: what `gen!`, `try_gen!` and `iter!` give, and how one talks to it.
//!
//! A generator suspends at `.await`, to whoever polls it, and at `yield`, to whoever has asked for the next item. The second
//! gives a value back: the one of the call that makes it go on.
//!
//! ```text
//!                asend(value)                        asend(value), next()
//! not started ------------------> runs ---- yield ----> waits for a value ----> runs …
//!      |                           |  return                   |
//!      +---------- aclose() -------+---------> ended <---------+ aclose()
//! ```
//!
//! *Invariant*: after its end a generator stays ended. Nothing that is asked of it then panics or suspends.

mod calls;
mod delegate;
mod delegate_now;
mod movable;
#[doc(hidden)]
pub mod plain;
mod results;
#[allow(unsafe_code)]
mod synchronous;

use alloc::boxed::Box;
use core::ops::DerefMut;
use core::pin::Pin;
use core::task::{Context, Poll};

pub use calls::{Aclose, Asend, Next};
#[doc(hidden)]
pub use delegate::{
    delegated, delegated_to_ended, resumed_with, Delegated, Streamed, ViaGenerator, ViaNothing,
    ViaStream,
};
#[doc(hidden)]
pub use delegate_now::{
    delegated_now, resumed_now, DelegatedNow, Iterated, ViaGeneratorNow, ViaIterator, ViaNothingNow,
};
#[doc(hidden)]
pub use movable::{
    bounded, moves, outlives, IsCopied, IsReference, Kept, MayBeDropped, Outside, Variables,
};
#[doc(hidden)]
pub use results::{results, Results};
pub use synchronous::Generator;
#[doc(hidden)]
pub use synchronous::{movable, pinned, Movable, Pinned};

/// What a generator answers when it goes on: what [`asend`](AsyncGenerator::asend) gives.
///
/// ```
/// use coloop::{AsyncGenerator, GeneratorState};
/// use std::pin::pin;
///
/// # coloop::run(async {
/// let mut words = pin!(coloop::generator!(|name: &str| {
///     let second = yield format!("hello {name}");
///     format!("goodbye {second}")
/// }));
/// assert_eq!(words.asend("Ada").await, GeneratorState::Yielded("hello Ada".to_owned()));
/// assert_eq!(words.asend("Bob").await, GeneratorState::Returned("goodbye Bob".to_owned()));
/// assert_eq!(words.asend("Eve").await, GeneratorState::Ended);
/// # });
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum GeneratorState<Y, R> {
    /// It has yielded an item, and waits.
    Yielded(Y),
    /// It has returned: Python's `StopIteration(value)`.
    Returned(R),
    /// It had ended before, by itself, by [`aclose`](AsyncGenerator::aclose) or by a panic.
    Ended,
}

/// A computation that suspends to be awaited, and to hand out items one by one. It is what [`gen!`](crate::gen!) evaluates to.
///
/// `Resume` is the type of what is sent to it: `()` without a parameter. A generator that receives nothing and returns nothing is
/// a [`Stream`](futures_core::Stream) also. What the methods do is what Python's asynchronous generators do, after PEP 525.
///
/// | Python | here |
/// |---|---|
/// | `async def f(): … yield item` | `fn f() -> impl AsyncGenerator<Yield = Item, Return = ()> { gen!({ … yield item; }) }` |
/// | `await anext(g)`, `StopAsyncIteration` | [`g.next().await`](AsyncGenerator::next), `None` |
/// | `await g.asend(value)` | [`g.asend(value).await`](AsyncGenerator::asend) |
/// | `received = yield item` | the same, in `gen!(\|first: T\| { … })` |
/// | `await g.athrow(error)` | [`g.athrow(error).await`](AsyncGenerator::athrow), where `(yield item)?` receives it |
/// | `await g.aclose()` | [`g.aclose().await`](AsyncGenerator::aclose), or dropping it |
/// | `yield from inner` | [`yield_all!(inner)`](crate::yield_all!) |
/// | "asynchronous generator is already running" | cannot be written: a call borrows the generator |
///
/// The first value is not lost, as Python's is, which must be `None`: the generator's parameter receives it.
///
/// Generators borrow from themselves and must be pinned: `pin!(generator)`, `Box::pin(generator)`. A pinned generator is one too.
///
/// ```
/// use coloop::AsyncGenerator;
/// use std::pin::pin;
///
/// # coloop::run(async {
/// let mut squares = pin!(coloop::generator!({
///     for n in 1..4 {
///         coloop::yield_now().await;
///         yield n * n;
///     }
/// }));
/// let mut sum = 0;
/// while let Some(n) = squares.next().await {
///     sum += n;
/// }
/// assert_eq!(sum, 14);
/// # });
/// ```
///
/// `futures::StreamExt` has a `next` also: of a generator that is known to be one, a call of it is ambiguous where both traits are
/// imported. Behind `impl Stream` it is a stream, and the methods here are not seen.
#[must_use = "generators do nothing unless they are asked"]
pub trait AsyncGenerator<Resume = ()> {
    /// What it hands out.
    type Yield;
    /// What it evaluates to at its end.
    type Return;

    /// Goes on until it yields, returns, or waits for something else.
    ///
    /// It takes `sent` when it begins, and when it goes on from a `yield`, and only then: if a value is still there at the end, the
    /// answer is that to an earlier call, which was not polled to its end.
    ///
    /// # Panics
    ///
    /// If it begins, or goes on from a `yield`, and `sent` is `None`. If it panics itself; it has ended then.
    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        sent: &mut Option<Resume>,
    ) -> Poll<GeneratorState<Self::Yield, Self::Return>>;

    /// Ends it where it is.
    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()>;

    /// Whether it has ended.
    ///
    /// ```
    /// use coloop::AsyncGenerator;
    /// use std::pin::pin;
    ///
    /// # coloop::run(async {
    /// let mut one = pin!(coloop::generator!({ yield 1; }));
    /// assert_eq!((one.next().await, one.has_ended()), (Some(1), false));
    /// assert_eq!((one.next().await, one.has_ended()), (None, true));
    /// # });
    /// ```
    fn has_ended(&self) -> bool;

    /// The next item, or `None` at the end and after it: Python's `anext()`. What the generator returns is dropped.
    ///
    /// # Cancellation
    ///
    /// Nothing is lost: the next call goes on where the generator is.
    ///
    /// # Panics
    ///
    /// If the generator does.
    ///
    /// An example is at the top of this page.
    fn next(&mut self) -> Next<'_, Self>
    where
        Self: AsyncGenerator<(), Yield = <Self as AsyncGenerator<Resume>>::Yield> + Unpin + Sized,
    {
        Next::new(self)
    }

    /// Lets it go on with a value, up to its next `yield` or its end: Python's `asend()`. The value is that of the `yield` at
    /// which the generator waits; the first is that of its parameter.
    ///
    /// ```
    /// use coloop::{AsyncGenerator, GeneratorState::Yielded};
    /// use std::pin::pin;
    ///
    /// # coloop::run(async {
    /// let mut mean = pin!(coloop::generator!(|first: f64| {
    ///     let (mut sum, mut count) = (first, 1.0);
    ///     loop {
    ///         sum += yield sum / count;
    ///         count += 1.0;
    ///     }
    /// }));
    /// assert_eq!(mean.asend(1.0).await, Yielded(1.0));
    /// assert_eq!(mean.asend(4.0).await, Yielded(2.5));
    /// # });
    /// ```
    ///
    /// # Cancellation
    ///
    /// Dropped before it is ready, the generator has the value and is in the middle of its answer. The next call gives that answer,
    /// and its own value is not received: [`Asend::unsent`] gives it back.
    ///
    /// # Panics
    ///
    /// If the generator does.
    fn asend(&mut self, value: Resume) -> Asend<'_, Self, Resume>
    where
        Self: Unpin + Sized,
    {
        Asend::new(self, value)
    }

    /// Lets the `yield` at which it waits evaluate to an error: Python's `athrow()`. The generator is one that receives results, and
    /// leaves with `(yield item)?`, or goes on by matching on it.
    ///
    /// ```
    /// use coloop::{AsyncGenerator, GeneratorState::{Returned, Yielded}};
    /// use std::pin::pin;
    ///
    /// # coloop::run(async {
    /// let mut lines = pin!(coloop::generator!(|first: Result<u32, String>| -> Result<(), String> {
    ///     let mut n = first?;
    ///     loop {
    ///         n = match yield n + 1 {
    ///             Err(error) if error == "again" => n,
    ///             other => other?,
    ///         };
    ///     }
    /// }));
    /// assert_eq!(lines.asend(Ok(1)).await, Yielded(2));
    /// assert_eq!(lines.athrow("again".to_owned()).await, Yielded(2));
    /// assert_eq!(lines.athrow("stop".to_owned()).await, Returned(Err("stop".to_owned())));
    /// # });
    /// ```
    ///
    /// Cancellation and panics are those of [`asend`](AsyncGenerator::asend).
    fn athrow<T, E>(&mut self, error: E) -> Asend<'_, Self, Resume>
    where
        Self: Unpin + Sized,
        Resume: From<Result<T, E>>,
    {
        Asend::new(self, Resume::from(Err(error)))
    }

    /// Ends it where it is: its variables are dropped, in the order in which they would be if it were dropped. Ended, it may stay where
    /// it is. Python's `aclose()`.
    ///
    /// ```
    /// use coloop::AsyncGenerator;
    /// use std::pin::pin;
    /// use std::rc::Rc;
    ///
    /// # coloop::run(async {
    /// let shared = Rc::new(1);
    /// let mut items = pin!(coloop::generator!(|()| {
    ///     let mine = Rc::clone(&shared);
    ///     yield *mine;
    ///     yield 2;
    /// }));
    /// assert_eq!(items.next().await, Some(1));
    /// items.aclose().await;
    /// assert_eq!(items.next().await, None);
    /// # });
    /// ```
    ///
    /// # Panics
    ///
    /// If a drop does.
    fn aclose(&mut self) -> Aclose<'_, Self, Resume>
    where
        Self: Unpin + Sized,
    {
        Aclose::new(self)
    }
}

impl<G, Resume> AsyncGenerator<Resume> for &mut G
where
    G: AsyncGenerator<Resume> + Unpin + ?Sized,
{
    type Yield = G::Yield;
    type Return = G::Return;

    fn poll_resume(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        sent: &mut Option<Resume>,
    ) -> Poll<GeneratorState<G::Yield, G::Return>> {
        Pin::new(&mut **self).poll_resume(cx, sent)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut **self).poll_close(cx)
    }

    fn has_ended(&self) -> bool {
        (**self).has_ended()
    }
}

impl<P, Resume> AsyncGenerator<Resume> for Pin<P>
where
    P: DerefMut<Target: AsyncGenerator<Resume>>,
{
    type Yield = <P::Target as AsyncGenerator<Resume>>::Yield;
    type Return = <P::Target as AsyncGenerator<Resume>>::Return;

    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        sent: &mut Option<Resume>,
    ) -> Poll<GeneratorState<Self::Yield, Self::Return>> {
        self.as_deref_mut().poll_resume(cx, sent)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.as_deref_mut().poll_close(cx)
    }

    fn has_ended(&self) -> bool {
        (**self).has_ended()
    }
}

impl<G, Resume> AsyncGenerator<Resume> for Box<G>
where
    G: AsyncGenerator<Resume> + Unpin + ?Sized,
{
    type Yield = G::Yield;
    type Return = G::Return;

    fn poll_resume(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        sent: &mut Option<Resume>,
    ) -> Poll<GeneratorState<G::Yield, G::Return>> {
        Pin::new(&mut **self).poll_resume(cx, sent)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut **self).poll_close(cx)
    }

    fn has_ended(&self) -> bool {
        (**self).has_ended()
    }
}
