//! `join!` and `try_join!`: all outputs, or the first error.
//!
//! *Input*: a list of members, each a future and then its output. *Output*: the outputs as nested pairs, which the macro
//! makes a tuple. *Invariant*: each poll polls every member that is not ready once, and takes no output before the last
//! poll; an error ends the round at once.

use core::future::{Future, IntoFuture};
use core::ops::Range;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::list::{End, List};
use super::maybe_done::MaybeDone;

/// A future that keeps its output.
#[inline(always)]
pub fn member<F: IntoFuture>(future: F) -> MaybeDone<F::IntoFuture> {
    MaybeDone::new(future.into_future())
}

/// Gives nested pairs another shape.
#[inline(always)]
pub fn flat<N, T>(nested: N, flat: impl FnOnce(N) -> T) -> T {
    flat(nested)
}

/// The same, inside of a result.
#[inline(always)]
pub fn flat_ok<N, T, E>(nested: Result<N, E>, flat: impl FnOnce(N) -> T) -> Result<T, E> {
    nested.map(flat)
}

/// A member where it is kept.
pub trait Member {
    /// The future's output.
    type Output;

    /// Polls the future, if it is not ready yet; true if it is now.
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool;

    /// The output that is there.
    fn output(self: Pin<&mut Self>) -> Option<&mut Self::Output>;

    /// The output, which must be there.
    fn take(self: Pin<&mut Self>) -> Self::Output;
}

impl<F: Future> Member for MaybeDone<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        MaybeDone::poll(self, cx)
    }

    fn output(self: Pin<&mut Self>) -> Option<&mut F::Output> {
        MaybeDone::output(self)
    }

    fn take(self: Pin<&mut Self>) -> F::Output {
        MaybeDone::take(self).expect("polled after completion")
    }
}

impl<M: Member> Member for Pin<&mut M> {
    type Output = M::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> bool {
        self.get_mut().as_mut().poll(cx)
    }

    fn output(self: Pin<&mut Self>) -> Option<&mut M::Output> {
        self.get_mut().as_mut().output()
    }

    fn take(self: Pin<&mut Self>) -> M::Output {
        self.get_mut().as_mut().take()
    }
}

/// A list of members.
pub trait Members {
    /// Their outputs, as nested pairs.
    type Outputs;

    /// How many there are.
    const COUNT: usize;

    /// Polls those at the places in `turn`; true if all of them are ready.
    fn poll(self: Pin<&mut Self>, turn: &Range<usize>, at: usize, cx: &mut Context<'_>) -> bool;

    /// The outputs, which must be there.
    fn take(self: Pin<&mut Self>) -> Self::Outputs;
}

impl Members for End {
    type Outputs = ();

    const COUNT: usize = 0;

    fn poll(self: Pin<&mut Self>, _: &Range<usize>, _: usize, _: &mut Context<'_>) -> bool {
        true
    }

    fn take(self: Pin<&mut Self>) {}
}

impl<M: Member, R: Members> Members for List<M, R> {
    type Outputs = (M::Output, R::Outputs);

    const COUNT: usize = 1 + R::COUNT;

    fn poll(self: Pin<&mut Self>, turn: &Range<usize>, at: usize, cx: &mut Context<'_>) -> bool {
        let this = self.project();
        let ready = !turn.contains(&at) || this.first.poll(cx);
        this.rest.poll(turn, at + 1, cx) && ready
    }

    fn take(self: Pin<&mut Self>) -> Self::Outputs {
        let this = self.project();
        let first = this.first.take();
        (first, this.rest.take())
    }
}

impl<L: Members> Members for Pin<&mut L> {
    type Outputs = L::Outputs;

    const COUNT: usize = L::COUNT;

    fn poll(self: Pin<&mut Self>, turn: &Range<usize>, at: usize, cx: &mut Context<'_>) -> bool {
        self.get_mut().as_mut().poll(turn, at, cx)
    }

    fn take(self: Pin<&mut Self>) -> Self::Outputs {
        self.get_mut().as_mut().take()
    }
}

/// A list of members whose outputs are results with one type of errors.
pub trait TryMembers<E> {
    /// Their values, as nested pairs.
    type Values;

    /// How many there are.
    const COUNT: usize;

    /// Polls those at the places in `turn`, up to the first error; true if all of them are ready.
    fn poll(
        self: Pin<&mut Self>,
        turn: &Range<usize>,
        at: usize,
        cx: &mut Context<'_>,
    ) -> Result<bool, E>;

    /// The values, which must be there.
    fn take(self: Pin<&mut Self>) -> Self::Values;
}

impl<E> TryMembers<E> for End {
    type Values = ();

    const COUNT: usize = 0;

    fn poll(
        self: Pin<&mut Self>,
        _: &Range<usize>,
        _: usize,
        _: &mut Context<'_>,
    ) -> Result<bool, E> {
        Ok(true)
    }

    fn take(self: Pin<&mut Self>) {}
}

impl<T, E, M: Member<Output = Result<T, E>>, R: TryMembers<E>> TryMembers<E> for List<M, R> {
    type Values = (T, R::Values);

    const COUNT: usize = 1 + R::COUNT;

    fn poll(
        self: Pin<&mut Self>,
        turn: &Range<usize>,
        at: usize,
        cx: &mut Context<'_>,
    ) -> Result<bool, E> {
        let mut this = self.project();
        let mut ready = true;
        if turn.contains(&at) {
            ready = this.first.as_mut().poll(cx);
            if matches!(this.first.as_mut().output(), Some(Err(_))) {
                this.first.take()?;
            }
        }
        Ok(this.rest.poll(turn, at + 1, cx)? && ready)
    }

    fn take(self: Pin<&mut Self>) -> Self::Values {
        let this = self.project();
        let Ok(first) = this.first.take() else {
            unreachable!("an error ends the round")
        };
        (first, this.rest.take())
    }
}

impl<E, L: TryMembers<E>> TryMembers<E> for Pin<&mut L> {
    type Values = L::Values;

    const COUNT: usize = L::COUNT;

    fn poll(
        self: Pin<&mut Self>,
        turn: &Range<usize>,
        at: usize,
        cx: &mut Context<'_>,
    ) -> Result<bool, E> {
        self.get_mut().as_mut().poll(turn, at, cx)
    }

    fn take(self: Pin<&mut Self>) -> Self::Values {
        self.get_mut().as_mut().take()
    }
}

/// Who is polled first.
pub trait Turns {
    /// The place at which this round begins.
    fn begin(&mut self, count: usize) -> usize;
}

/// Always the first.
#[derive(Debug)]
pub struct InOrder;

impl Turns for InOrder {
    fn begin(&mut self, _: usize) -> usize {
        0
    }
}

/// Each in its turn.
#[derive(Debug)]
pub struct Rotating(pub usize);

impl Turns for Rotating {
    fn begin(&mut self, count: usize) -> usize {
        let begin = self.0;
        self.0 = if begin + 1 >= count { 0 } else { begin + 1 };
        begin
    }
}

/// What `join!` awaits.
#[derive(Debug)]
pub struct Join<L, T> {
    members: L,
    turns: T,
}

/// All outputs of the members.
#[inline(always)]
pub fn join<L: Members + Unpin, T: Turns + Unpin>(members: L, turns: T) -> Join<L, T> {
    Join { members, turns }
}

impl<L: Members + Unpin, T: Turns + Unpin> Future for Join<L, T> {
    type Output = L::Outputs;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<L::Outputs> {
        let this = self.get_mut();
        let begin = this.turns.begin(L::COUNT);
        let mut members = Pin::new(&mut this.members);
        let later = members.as_mut().poll(&(begin..L::COUNT), 0, cx);
        let earlier = members.as_mut().poll(&(0..begin), 0, cx);
        match later && earlier {
            true => Poll::Ready(members.take()),
            false => Poll::Pending,
        }
    }
}

/// What `try_join!` awaits.
#[derive(Debug)]
pub struct TryJoin<L, T, E> {
    members: L,
    turns: T,
    error: core::marker::PhantomData<fn() -> E>,
}

/// All values of the members, or the first error.
#[inline(always)]
pub fn try_join<E, L: TryMembers<E> + Unpin, T: Turns + Unpin>(
    members: L,
    turns: T,
) -> TryJoin<L, T, E> {
    TryJoin {
        members,
        turns,
        error: core::marker::PhantomData,
    }
}

impl<E, L: TryMembers<E> + Unpin, T: Turns + Unpin> Future for TryJoin<L, T, E> {
    type Output = Result<L::Values, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let begin = this.turns.begin(L::COUNT);
        let mut members = Pin::new(&mut this.members);
        let mut ready = true;
        for turn in [begin..L::COUNT, 0..begin] {
            match members.as_mut().poll(&turn, 0, cx) {
                Ok(all) => ready &= all,
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        match ready {
            true => Poll::Ready(Ok(members.take())),
            false => Poll::Pending,
        }
    }
}
