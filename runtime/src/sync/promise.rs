//! A result that somebody else will give: asyncio's `Future`.
//!
//! *Input*: a result, or a cancellation, once. *Output*: the same, to everybody who waits. *Invariant*: what has been decided stays; all
//! who waited are woken, in the order in which they began to wait.

use std::cell::RefCell;
use std::error::Error;
use std::fmt;

use super::wait_list::{notified, WaitList};

/// A result that is given once, and waited for as often as one likes. asyncio's `Future`.
///
/// The low level under what is built of callbacks. [`wait`](Promise::wait) gives a future of it. Share it in an
/// [`Rc`](std::rc::Rc).
///
/// It is not called `Future`, because rustc would then spell the trait of this name in full in its messages.
///
/// # Fairness
///
/// Those who wait are woken in the order of their first polls.
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
/// use coloop::sync::Promise;
///
/// coloop::run(async {
///     let answer = Rc::new(Promise::new());
///     let given = Rc::clone(&answer);
///     drop(coloop::spawn(async move { given.set_result(42) }));
///     assert_eq!(answer.wait().await, Ok(42));
///     assert_eq!(answer.set_result(43).unwrap_err().into_inner(), 43);
/// });
/// ```
#[doc(alias = "Future")]
pub struct Promise<T> {
    state: RefCell<State<T>>,
    waiters: WaitList,
}

enum State<T> {
    Pending,
    Done(T),
    Cancelled,
}

/// Why a future has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoResult {
    /// It has not been decided. asyncio's `InvalidStateError`.
    Pending,
    /// It was cancelled. asyncio's `CancelledError`.
    Cancelled,
}

/// The future has been decided already: the value comes back. asyncio's `InvalidStateError`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InvalidStateError<T>(T);

impl<T> Promise<T> {
    /// A future that has not been decided.
    #[must_use]
    pub const fn new() -> Self {
        Promise {
            state: RefCell::new(State::Pending),
            waiters: WaitList::of("a `Promise`"),
        }
    }

    /// Gives the result, and wakes all who wait.
    ///
    /// # Errors
    ///
    /// If it has been decided already: the value comes back.
    pub fn set_result(&self, result: T) -> Result<(), InvalidStateError<T>> {
        if self.is_done() {
            return Err(InvalidStateError(result));
        }
        self.state.replace(State::Done(result));
        self.waiters.wake(usize::MAX);
        Ok(())
    }

    /// Decides that there will be no result, and wakes all who wait. False if it has been decided already.
    pub fn cancel(&self) -> bool {
        if self.is_done() {
            return false;
        }
        self.state.replace(State::Cancelled);
        self.waiters.wake(usize::MAX);
        true
    }

    /// Waits for the result. If it is there, the first poll is ready.
    ///
    /// # Errors
    ///
    /// [`NoResult::Cancelled`].
    ///
    /// # Cancellation
    ///
    /// Dropping what this gives leaves the future as it is. (asyncio cancels the future with the task that awaits it.)
    pub async fn wait(&self) -> Result<T, NoResult>
    where
        T: Clone,
    {
        if !self.is_done() {
            notified(&self.waiters).await;
        }
        self.result()
    }

    /// The result, if there is one.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn result(&self) -> Result<T, NoResult>
    where
        T: Clone,
    {
        self.with(T::clone)
    }

    /// Calls `read` with the result, if there is one. For results that are not `Clone`.
    ///
    /// # Errors
    ///
    /// Why there is none.
    ///
    /// # Panics
    ///
    /// If `read` decides this very future, or takes its result, which it has in its hands.
    pub fn with<R>(&self, read: impl FnOnce(&T) -> R) -> Result<R, NoResult> {
        match &*self.state.borrow() {
            State::Done(result) => Ok(read(result)),
            State::Pending => Err(NoResult::Pending),
            State::Cancelled => Err(NoResult::Cancelled),
        }
    }

    /// The result, which is then nobody's any more.
    ///
    /// # Errors
    ///
    /// Why there is none.
    pub fn into_result(self) -> Result<T, NoResult> {
        match self.state.into_inner() {
            State::Done(result) => Ok(result),
            State::Pending => Err(NoResult::Pending),
            State::Cancelled => Err(NoResult::Cancelled),
        }
    }

    /// Whether it has been decided: has a result, or is cancelled.
    #[must_use]
    pub fn is_done(&self) -> bool {
        !matches!(*self.state.borrow(), State::Pending)
    }

    /// Whether it is cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(*self.state.borrow(), State::Cancelled)
    }
}

impl<T> Default for Promise<T> {
    fn default() -> Self {
        Promise::new()
    }
}

impl<T> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match *self.state.borrow() {
            State::Pending => "pending",
            State::Done(_) => "finished",
            State::Cancelled => "cancelled",
        };
        write!(f, "<Promise {state}>")
    }
}

impl<T> InvalidStateError<T> {
    /// The value.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for InvalidStateError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvalidStateError(..)")
    }
}

impl<T> fmt::Display for InvalidStateError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the future has been decided already")
    }
}

impl fmt::Display for NoResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoResult::Pending => "the result is not there yet",
            NoResult::Cancelled => "the future was cancelled",
        })
    }
}

impl<T> Error for InvalidStateError<T> {}
impl Error for NoResult {}
