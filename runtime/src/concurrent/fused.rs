//! `select!` and `select_biased!` as futures has them: futures that know when they have ended.
//!
//! *Input*: a list of pinned references to futures. *Output*: the output of one, at its place. *Invariant*: a future that
//! has terminated is not polled; if none is left to be polled, the macro decides what happens.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use futures_core::FusedFuture;

use super::list::{Chosen, Disabled, End, List};
use super::random::shuffle;

/// A list of futures.
pub trait Futures {
    /// The output of one of them, or of none.
    type Chosen;

    /// Polls the one at a place; nothing if it has terminated.
    fn poll(&mut self, at: usize, cx: &mut Context<'_>) -> Option<Poll<Self::Chosen>>;

    /// The output of none.
    fn none() -> Self::Chosen;
}

impl Futures for End {
    type Chosen = Disabled;

    fn poll(&mut self, _: usize, _: &mut Context<'_>) -> Option<Poll<Disabled>> {
        None
    }

    fn none() -> Disabled {
        Disabled
    }
}

impl<F: FusedFuture, R: Futures> Futures for List<Pin<&mut F>, R> {
    type Chosen = Chosen<F::Output, R::Chosen>;

    fn poll(&mut self, at: usize, cx: &mut Context<'_>) -> Option<Poll<Self::Chosen>> {
        if at > 0 {
            let polled = self.rest.poll(at - 1, cx)?;
            return Some(polled.map(Chosen::Other));
        }
        if self.first.is_terminated() {
            return None;
        }
        Some(self.first.as_mut().poll(cx).map(Chosen::This))
    }

    fn none() -> Self::Chosen {
        Chosen::Other(R::none())
    }
}

/// In which order the futures are polled.
pub trait Order {
    /// Puts the places in order.
    fn arrange(&self, places: &mut [usize]);
}

/// As they are written.
#[derive(Debug)]
pub struct InTurn;

impl Order for InTurn {
    fn arrange(&self, _: &mut [usize]) {}
}

/// In another one each time.
#[derive(Debug)]
pub struct Shuffled;

impl Order for Shuffled {
    fn arrange(&self, places: &mut [usize]) {
        shuffle(places);
    }
}

/// What `select!` awaits.
#[derive(Debug)]
pub struct SelectFused<L, N, O, const COUNT: usize> {
    futures: L,
    complete: N,
    order: O,
}

/// The output of the first future that is ready. If all have terminated, `complete` is called, and none is chosen.
#[inline(always)]
pub fn select_fused<const COUNT: usize, L: Futures + Unpin, N: Fn() + Unpin, O: Order + Unpin>(
    futures: L,
    complete: N,
    order: O,
) -> SelectFused<L, N, O, COUNT> {
    SelectFused {
        futures,
        complete,
        order,
    }
}

impl<L, N, O, const COUNT: usize> Future for SelectFused<L, N, O, COUNT>
where
    L: Futures + Unpin,
    N: Fn() + Unpin,
    O: Order + Unpin,
{
    type Output = L::Chosen;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<L::Chosen> {
        let this = self.get_mut();
        let mut places: [usize; COUNT] = core::array::from_fn(|place| place);
        this.order.arrange(&mut places);
        let mut pending = false;
        for place in places {
            match this.futures.poll(place, cx) {
                Some(Poll::Ready(chosen)) => return Poll::Ready(chosen),
                Some(Poll::Pending) => pending = true,
                None => {}
            }
        }
        if pending {
            return Poll::Pending;
        }
        (this.complete)();
        Poll::Ready(L::none())
    }
}

/// Polls a future once, and lets nothing wake it.
#[inline(always)]
pub fn poll_once<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    Pin::new(&mut future).poll(&mut Context::from_waker(Waker::noop()))
}
