//! Generators that wait for nobody: what `iter!` gives.
//!
//! ```text
//! iter!({ … })            Movable: an `Iterator`, which may move between its items
//! iter!(static || { … })   Pinned: borrows its own variables across a `yield`; an `Iterator` once it is pinned
//! ```

use alloc::boxed::Box;
use core::fmt;
use core::iter::FusedIterator;
use core::ops::DerefMut;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use super::{AsyncGenerator, GeneratorState};

/// A computation that hands out items one by one, and is resumed with values: what [`iter!`](crate::iter!) evaluates to.
///
/// `Resume` is the type of what is sent to it: `()` without a parameter. A generator that receives nothing and returns nothing is an
/// [`Iterator`] also. What the methods do is what Python's generators do, after PEP 342.
///
/// | Python | here |
/// |---|---|
/// | `def f(): … yield item` | `fn f() -> impl Iterator<Item = T> { iter!({ … yield item; }) }` |
/// | `next(g)` | `g.next()` |
/// | `g.send(value)` | [`g.send(value)`](Generator::send) |
/// | `received = yield item` | the same, in `iter!(\|first: T\| { … })` |
/// | `g.throw(error)` | [`g.throw(error)`](Generator::throw), where `(yield item)?` receives it |
/// | `g.close()` | [`g.close()`](Generator::close), or dropping it |
/// | `yield from inner` | [`yield_all!(inner)`](crate::yield_all!) |
///
/// ```
/// use coloop::{Generator, GeneratorState::{Returned, Yielded}};
///
/// let mut words = coloop::iter!(|first: &str| {
///     let second = yield first.len();
///     yield second.len();
///     "no more"
/// });
/// assert_eq!(words.send("a"), Yielded(1));
/// assert_eq!(words.send("bc"), Yielded(2));
/// assert_eq!(words.send(""), Returned("no more"));
/// ```
#[must_use = "generators do nothing unless they are resumed"]
pub trait Generator<Resume = ()> {
    /// What it hands out.
    type Yield;
    /// What it evaluates to at its end.
    type Return;

    /// Goes on with a value, up to its next `yield` or its end. The first value is that of its parameter.
    ///
    /// # Panics
    ///
    /// If it panics itself; it has ended then. After its end it gives [`GeneratorState::Ended`], and drops the value.
    fn resume(self: Pin<&mut Self>, value: Resume) -> GeneratorState<Self::Yield, Self::Return>;

    /// Drops its variables where it is.
    fn end(self: Pin<&mut Self>);

    /// Whether it has ended.
    ///
    /// ```
    /// use coloop::Generator;
    ///
    /// let mut one = coloop::iter!({ yield 1; });
    /// assert_eq!((one.next(), one.has_ended()), (Some(1), false));
    /// assert_eq!((one.next(), one.has_ended()), (None, true));
    /// ```
    fn has_ended(&self) -> bool;

    /// Goes on with a value: Python's `send()`. An example is at the top of this page.
    ///
    /// # Panics
    ///
    /// If the generator does.
    fn send(&mut self, value: Resume) -> GeneratorState<Self::Yield, Self::Return>
    where
        Self: Unpin,
    {
        Pin::new(self).resume(value)
    }

    /// Lets the `yield` at which it waits evaluate to an error: Python's `throw()`.
    ///
    /// ```
    /// use coloop::{Generator, GeneratorState::{Returned, Yielded}};
    ///
    /// let mut numbers = coloop::iter!(|first: Result<u32, &str>| -> Result<(), &str> {
    ///     let mut n = first?;
    ///     loop {
    ///         n += (yield n)?;
    ///     }
    /// });
    /// assert_eq!(numbers.send(Ok(1)), Yielded(1));
    /// assert_eq!(numbers.send(Ok(2)), Yielded(3));
    /// assert_eq!(numbers.throw("enough"), Returned(Err("enough")));
    /// ```
    ///
    /// # Panics
    ///
    /// If the generator does.
    fn throw<T, E>(&mut self, error: E) -> GeneratorState<Self::Yield, Self::Return>
    where
        Self: Unpin + Sized,
        Resume: From<Result<T, E>>,
    {
        Pin::new(self).resume(Resume::from(Err(error)))
    }

    /// Ends it where it is: Python's `close()`.
    ///
    /// ```
    /// use coloop::Generator;
    ///
    /// let mut numbers = coloop::iter!({ yield 1; yield 2; });
    /// assert_eq!(numbers.next(), Some(1));
    /// numbers.close();
    /// assert_eq!(numbers.next(), None);
    /// ```
    ///
    /// # Panics
    ///
    /// If a drop does.
    fn close(&mut self)
    where
        Self: Unpin,
    {
        Pin::new(self).end();
    }
}

/// An `iter!` whose variables do not borrow from one another while it is suspended.
pub struct Movable<M> {
    machine: M,
}

// What is pinned in it is so between two suspensions only: the expansion has asked rustc (`movable.rs`), and pins nothing.
impl<M> Unpin for Movable<M> {}

/// An `iter!` with `static`.
pub struct Pinned<M> {
    machine: M,
}

/// A machine that may move between its steps.
#[inline(always)]
pub fn movable<M>(machine: M) -> Movable<M> {
    Movable { machine }
}

/// A machine that must not move.
#[inline(always)]
pub fn pinned<M>(machine: M) -> Pinned<M> {
    Pinned { machine }
}

/// One step of a machine that does not wait.
#[inline(always)]
fn step<M, Resume>(machine: Pin<&mut M>, value: Resume) -> GeneratorState<M::Yield, M::Return>
where
    M: AsyncGenerator<Resume>,
{
    let mut cx = Context::from_waker(Waker::noop());
    match machine.poll_resume(&mut cx, &mut Some(value)) {
        Poll::Ready(state) => state,
        Poll::Pending => unreachable!("it awaits nothing"),
    }
}

/// Drops what is alive in a machine, in its place.
fn end<M: AsyncGenerator<Resume>, Resume>(machine: Pin<&mut M>) {
    let _ready = machine.poll_close(&mut Context::from_waker(Waker::noop()));
}

macro_rules! synchronous {
    ($($name:ident)*) => {$(
        impl<M> $name<M> {
            #[inline(always)]
            fn machine(self: Pin<&mut Self>) -> Pin<&mut M> {
                // SAFETY: the machine is pinned with what it is a field of; of the one that may move, nothing relies on its place
                // between two steps.
                unsafe { self.map_unchecked_mut(|this| &mut this.machine) }
            }
        }

        impl<M, Resume> Generator<Resume> for $name<M>
        where
            M: AsyncGenerator<Resume>,
        {
            type Yield = M::Yield;
            type Return = M::Return;

            #[inline]
            fn resume(self: Pin<&mut Self>, value: Resume) -> GeneratorState<M::Yield, M::Return> {
                step(self.machine(), value)
            }

            fn end(self: Pin<&mut Self>) {
                end(self.machine());
            }

            fn has_ended(&self) -> bool {
                self.machine.has_ended()
            }
        }

        impl<M: fmt::Debug> fmt::Debug for $name<M> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.machine.fmt(f)
            }
        }
    )*};
}

synchronous!(Movable Pinned);

#[inline(always)]
fn next<G: Generator<(), Return = ()> + ?Sized>(generator: Pin<&mut G>) -> Option<G::Yield> {
    match generator.resume(()) {
        GeneratorState::Yielded(item) => Some(item),
        GeneratorState::Returned(()) | GeneratorState::Ended => None,
    }
}

fn size_hint<G: Generator<(), Return = ()> + ?Sized>(generator: &G) -> (usize, Option<usize>) {
    match generator.has_ended() {
        true => (0, Some(0)),
        false => (0, None),
    }
}

macro_rules! iterators {
    ($($name:ty, $pinned:expr;)*) => {$(
        impl<M> Iterator for $name
        where
            M: AsyncGenerator<(), Return = ()>,
        {
            type Item = M::Yield;

            #[inline]
            fn next(&mut self) -> Option<M::Yield> {
                next($pinned(self))
            }

            fn size_hint(&self) -> (usize, Option<usize>) {
                size_hint(&**self)
            }
        }

        impl<M> FusedIterator for $name where M: AsyncGenerator<(), Return = ()> {}
    )*};
}

impl<M> Iterator for Movable<M>
where
    M: AsyncGenerator<(), Return = ()>,
{
    type Item = M::Yield;

    #[inline]
    fn next(&mut self) -> Option<M::Yield> {
        next(Pin::new(self))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        size_hint(self)
    }
}

impl<M> FusedIterator for Movable<M> where M: AsyncGenerator<(), Return = ()> {}

iterators! {
    Pin<&mut Pinned<M>>, Pin::as_mut;
    Pin<Box<Pinned<M>>>, Pin::as_mut;
}

impl<G, Resume> Generator<Resume> for &mut G
where
    G: Generator<Resume> + Unpin + ?Sized,
{
    type Yield = G::Yield;
    type Return = G::Return;

    fn resume(mut self: Pin<&mut Self>, value: Resume) -> GeneratorState<G::Yield, G::Return> {
        Pin::new(&mut **self).resume(value)
    }

    fn end(mut self: Pin<&mut Self>) {
        Pin::new(&mut **self).end();
    }

    fn has_ended(&self) -> bool {
        (**self).has_ended()
    }
}

impl<G, Resume> Generator<Resume> for Box<G>
where
    G: Generator<Resume> + Unpin + ?Sized,
{
    type Yield = G::Yield;
    type Return = G::Return;

    fn resume(mut self: Pin<&mut Self>, value: Resume) -> GeneratorState<G::Yield, G::Return> {
        Pin::new(&mut **self).resume(value)
    }

    fn end(mut self: Pin<&mut Self>) {
        Pin::new(&mut **self).end();
    }

    fn has_ended(&self) -> bool {
        (**self).has_ended()
    }
}

impl<P, Resume> Generator<Resume> for Pin<P>
where
    P: DerefMut<Target: Generator<Resume>>,
{
    type Yield = <P::Target as Generator<Resume>>::Yield;
    type Return = <P::Target as Generator<Resume>>::Return;

    fn resume(self: Pin<&mut Self>, value: Resume) -> GeneratorState<Self::Yield, Self::Return> {
        self.as_deref_mut().resume(value)
    }

    fn end(self: Pin<&mut Self>) {
        self.as_deref_mut().end();
    }

    fn has_ended(&self) -> bool {
        (**self).has_ended()
    }
}
