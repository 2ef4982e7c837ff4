//! `select!` as tokio and coloop have it: branches with patterns, of which the first that matches wins.
//!
//! *Input*: a list of branches, and which of them are disabled. *Output*: the output of one branch, at its place.
//! *Invariant*: a branch whose future is ready without matching its pattern is disabled and not polled again; each poll
//! polls the others in turn, from a place that the macro's definition chooses, and stops at the first that wins.

use core::future::{Future, IntoFuture};
use core::ops::Range;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::list::{Chosen, Disabled, End, List};

pin_project! {
    /// A future and the pattern that its output has to match.
    #[derive(Debug)]
    pub struct Branch<F, M> {
        #[pin]
        future: F,
        matches: M,
    }
}

/// A branch.
#[inline(always)]
pub fn branch<F: IntoFuture, M: Fn(&F::Output) -> bool>(
    future: F,
    matches: M,
) -> Branch<F::IntoFuture, M> {
    Branch {
        future: future.into_future(),
        matches,
    }
}

/// What one poll knows.
#[derive(Debug)]
pub struct Round {
    /// One bit for each branch that is not polled any more.
    disabled: u64,
    /// Whether a branch is still waiting.
    pending: bool,
}

/// A list of branches.
pub trait Branches {
    /// The output of one of them, or of none.
    type Chosen;

    /// How many there are.
    const COUNT: u32;

    /// Polls those at the places in `turn`, up to the first that wins.
    fn poll(
        self: Pin<&mut Self>,
        turn: &Range<u32>,
        at: u32,
        round: &mut Round,
        cx: &mut Context<'_>,
    ) -> Option<Self::Chosen>;

    /// The output of none.
    fn none() -> Self::Chosen;
}

impl Branches for End {
    type Chosen = Disabled;

    const COUNT: u32 = 0;

    fn poll(
        self: Pin<&mut Self>,
        _: &Range<u32>,
        _: u32,
        _: &mut Round,
        _: &mut Context<'_>,
    ) -> Option<Disabled> {
        None
    }

    fn none() -> Disabled {
        Disabled
    }
}

impl<F: Future, M: Fn(&F::Output) -> bool, R: Branches> Branches for List<Branch<F, M>, R> {
    type Chosen = Chosen<F::Output, R::Chosen>;

    const COUNT: u32 = 1 + R::COUNT;

    fn poll(
        self: Pin<&mut Self>,
        turn: &Range<u32>,
        at: u32,
        round: &mut Round,
        cx: &mut Context<'_>,
    ) -> Option<Self::Chosen> {
        let this = self.project();
        let bit = 1 << at;
        if turn.contains(&at) && round.disabled & bit == 0 {
            let branch = this.first.project();
            match branch.future.poll(cx) {
                Poll::Pending => round.pending = true,
                Poll::Ready(output) => {
                    round.disabled |= bit;
                    if (branch.matches)(&output) {
                        return Some(Chosen::This(output));
                    }
                }
            }
        }
        this.rest.poll(turn, at + 1, round, cx).map(Chosen::Other)
    }

    fn none() -> Self::Chosen {
        Chosen::Other(R::none())
    }
}

/// What `select!` awaits.
#[derive(Debug)]
pub struct Select<'a, L, S, B> {
    branches: Pin<&'a mut L>,
    disabled: u64,
    start: S,
    budget: B,
}

/// The output of the first branch that wins.
#[inline(always)]
pub fn select<L, S, B>(
    branches: Pin<&mut L>,
    disabled: u64,
    start: S,
    budget: B,
) -> Select<'_, L, S, B>
where
    L: Branches,
    S: Fn(u32) -> u32 + Unpin,
    B: Fn(&mut Context<'_>) -> Poll<()> + Unpin,
{
    Select {
        branches,
        disabled,
        start,
        budget,
    }
}

/// Begins with the first branch.
#[inline(always)]
pub fn first(_: u32) -> u32 {
    0
}

/// Has no budget.
#[inline(always)]
pub fn is_ready(_: &mut Context<'_>) -> Poll<()> {
    Poll::Ready(())
}

impl<L, S, B> Future for Select<'_, L, S, B>
where
    L: Branches,
    S: Fn(u32) -> u32 + Unpin,
    B: Fn(&mut Context<'_>) -> Poll<()> + Unpin,
{
    type Output = L::Chosen;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<L::Chosen> {
        let this = self.get_mut();
        core::task::ready!((this.budget)(cx));
        let start = (this.start)(L::COUNT);
        let mut round = Round {
            disabled: this.disabled,
            pending: false,
        };
        for turn in [start..L::COUNT, 0..start] {
            let branches = this.branches.as_mut();
            let chosen = branches.poll(&turn, 0, &mut round, cx);
            this.disabled = round.disabled;
            if let Some(chosen) = chosen {
                return Poll::Ready(chosen);
            }
        }
        match round.pending {
            true => Poll::Pending,
            false => Poll::Ready(L::none()),
        }
    }
}
