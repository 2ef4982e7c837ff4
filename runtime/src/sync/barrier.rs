//! A point where tasks wait for each other: asyncio's `Barrier`.
//!
//! *Input*: tasks that arrive. *Output*: all of them, as soon as there are enough.
//!
//! ```text
//!              the last one arrives                  all have left
//!   Filling -------------------------> Draining -------------------------> Filling
//!     | |                             |                                       ^
//!     | +-- reset, somebody inside ---+--------> Resetting --- all have left -+
//!     |                                                                       |
//!     +---- abort (from every state) ----> Broken ------------- reset --------+
//! ```
//!
//! *Invariant*: `inside` counts those who are between arriving and leaving; nobody arrives while others leave.

use std::cell::Cell;
use std::error::Error;
use std::fmt;

use super::wait_list::{notified, WaitList};

/// A point where a number of tasks of one thread wait until all of them are there; then again. asyncio's `Barrier`.
///
/// # Fairness
///
/// Tasks go on in the order in which they arrived. One that comes while others leave waits until they have.
///
/// # Examples
///
/// ```
/// use coloop::sync::Barrier;
///
/// coloop::run(async {
///     let barrier = Barrier::new(3);
///     let tasks = (0..3).map(|_| async { barrier.wait().await.unwrap() });
///     assert_eq!(coloop::gather(tasks).await, [0, 1, 2]);
/// });
/// ```
pub struct Barrier {
    parties: usize,
    state: Cell<State>,
    inside: Cell<usize>,
    /// Those who are inside, and wait.
    waiters: WaitList,
    /// Those who wait to come in.
    arrivals: WaitList,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Filling,
    Draining,
    Resetting,
    Broken,
}

/// The barrier was reset while this task waited, or is aborted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenBarrierError;

impl Barrier {
    /// A barrier for `parties` tasks.
    ///
    /// # Panics
    ///
    /// If `parties` is 0. asyncio raises `ValueError`.
    #[must_use]
    #[track_caller]
    pub fn new(parties: usize) -> Self {
        assert!(parties > 0, "a barrier is for at least one party");
        Barrier {
            parties,
            state: Cell::new(State::Filling),
            inside: Cell::new(0),
            waiters: WaitList::of("a `Barrier`"),
            arrivals: WaitList::of("a `Barrier` that others leave"),
        }
    }

    /// Arrives, and waits until all are there; gives the number of those who were there before.
    ///
    /// # Errors
    ///
    /// If the barrier is [reset](Self::reset) meanwhile, or is [aborted](Self::abort).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the barrier as if it had not arrived; others go on waiting.
    pub async fn wait(&self) -> Result<usize, BrokenBarrierError> {
        while matches!(self.state.get(), State::Draining | State::Resetting) {
            notified(&self.arrivals).await;
        }
        if self.is_broken() {
            return Err(BrokenBarrierError);
        }
        let inside = Inside::enter(self);
        if inside.number + 1 == self.parties {
            self.state.set(State::Draining);
            self.waiters.wake(usize::MAX);
            return Ok(inside.number);
        }
        notified(&self.waiters).await;
        match self.state.get() {
            State::Broken | State::Resetting => Err(BrokenBarrierError),
            State::Draining | State::Filling => Ok(inside.number),
        }
    }

    /// Lets those who wait fail, and begins anew. A barrier that is aborted can be used again.
    ///
    /// Those who have been released, and have not had their turn, fail as well.
    pub fn reset(&self) {
        self.state.set(match self.inside.get() {
            0 => State::Filling,
            _ => State::Resetting,
        });
        self.waiters.wake(usize::MAX);
    }

    /// Lets those who wait fail, and those who come, until it is [reset](Self::reset).
    pub fn abort(&self) {
        self.state.set(State::Broken);
        self.waiters.wake(usize::MAX);
        self.arrivals.wake(usize::MAX);
    }

    /// The number of tasks that it is for.
    #[must_use]
    pub fn parties(&self) -> usize {
        self.parties
    }

    /// The number of tasks that have arrived and wait.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        match self.state.get() {
            State::Filling => self.inside.get(),
            _ => 0,
        }
    }

    /// Whether it is aborted.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.state.get() == State::Broken
    }
}

/// One who is inside, from arriving to leaving.
struct Inside<'a> {
    barrier: &'a Barrier,
    number: usize,
}

impl<'a> Inside<'a> {
    fn enter(barrier: &'a Barrier) -> Self {
        let number = barrier.inside.get();
        barrier.inside.set(number + 1);
        Inside { barrier, number }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        let barrier = self.barrier;
        let left = barrier.inside.get() - 1;
        barrier.inside.set(left);
        let leaving = matches!(barrier.state.get(), State::Draining | State::Resetting);
        if left == 0 && leaving {
            barrier.state.set(State::Filling);
            barrier.arrivals.wake(usize::MAX);
        }
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier")
            .field("state", &self.state.get())
            .field("n_waiting", &self.n_waiting())
            .field("parties", &self.parties)
            .finish()
    }
}

impl fmt::Display for BrokenBarrierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the barrier is broken")
    }
}

impl Error for BrokenBarrierError {}
