//! Waiting for tasks without taking part in what they do: asyncio's `wait`, `as_completed` and `shield`.
//!
//! *Input*: tasks. *Output*: the outcomes of those that have ended, and the others. *Invariant*: no task is cancelled here.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;

use super::{spawn, JoinError, Task};
use crate::time::{sleep, yield_now};

/// When [`wait`] is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnWhen {
    /// As soon as one task has ended.
    FirstCompleted,
    /// As soon as one task has panicked, or all have ended. What else is an error is for [`Wait::until`] to say.
    FirstException,
    /// When all tasks have ended.
    AllCompleted,
}

/// What [`wait`] gives: each with its number among those that were given, in that order.
#[derive(Debug)]
pub struct Waited<T> {
    /// The outcomes of the tasks that have ended.
    pub done: Vec<(usize, Result<T, JoinError>)>,
    /// The others, which go on.
    pub pending: Vec<(usize, Task<T>)>,
}

/// Waits for tasks. asyncio's `wait`.
///
/// # Cancellation
///
/// Dropping the future drops the handles; the tasks go on.
///
/// # Examples
///
/// ```
/// use coloop::{wait, ReturnWhen};
///
/// coloop::run(async {
///     let tasks = [
///         coloop::spawn(std::future::pending::<u32>()),
///         coloop::spawn(std::future::pending()),
///     ];
///     tasks[1].cancel();
///     let waited = wait(tasks, ReturnWhen::FirstCompleted).await;
///     assert_eq!((waited.done[0].0, waited.pending[0].0), (1, 0));
/// });
/// ```
pub fn wait<T>(tasks: impl IntoIterator<Item = Task<T>>, until: ReturnWhen) -> Wait<T> {
    let is_enough: fn(&Result<T, JoinError>) -> bool = match until {
        ReturnWhen::FirstCompleted => |_| true,
        ReturnWhen::FirstException => |outcome| matches!(outcome, Err(error) if error.is_panic()),
        ReturnWhen::AllCompleted => |_| false,
    };
    let pending: Vec<_> = tasks.into_iter().enumerate().collect();
    Wait {
        done: Vec::with_capacity(pending.len()),
        pending,
        is_enough,
        timeout: None,
    }
}

/// The future of [`wait`].
#[must_use = "futures do nothing unless awaited"]
pub struct Wait<T> {
    pending: Vec<(usize, Task<T>)>,
    done: Vec<(usize, Result<T, JoinError>)>,
    is_enough: fn(&Result<T, JoinError>) -> bool,
    timeout: Option<Pin<Box<dyn Future<Output = ()>>>>,
}

impl<T> Wait<T> {
    /// Waits no longer than `timeout`, counted from the first poll. It is no error: the tasks that have not ended are given back.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(Box::pin(async move {
            sleep(timeout).await;
            // As asyncio does, which so finds what ends in the same iteration.
            yield_now().await;
        }));
        self
    }

    /// Waits until a task has an outcome for which this is true, or all have ended.
    ///
    /// # Examples
    ///
    /// Python's `FIRST_EXCEPTION`, for tasks that give results:
    ///
    /// ```
    /// use coloop::{wait, ReturnWhen};
    ///
    /// coloop::run(async {
    ///     let tasks = ["1", "x", "3"].map(|text| coloop::spawn(async { text.parse::<u32>() }));
    ///     let is_error = |outcome: &Result<Result<u32, _>, _>| !matches!(outcome, Ok(Ok(_)));
    ///     let waited = wait(tasks, ReturnWhen::AllCompleted).until(is_error).await;
    ///     assert!(waited.done[1].1.as_ref().unwrap().is_err());
    /// });
    /// ```
    pub fn until(mut self, is_enough: fn(&Result<T, JoinError>) -> bool) -> Self {
        self.is_enough = is_enough;
        self
    }

    /// Moves those that have ended; whether one of them is enough.
    fn collect(&mut self, cx: &mut Context<'_>) -> bool {
        let Wait { pending, done, .. } = self;
        let ended_before = done.len();
        pending.retain_mut(|(number, task)| match Pin::new(task).poll(cx) {
            Poll::Ready(outcome) => {
                done.push((*number, outcome));
                false
            }
            Poll::Pending => true,
        });
        let mut ended = self.done[ended_before..].iter();
        let is_enough = ended.any(|(_, outcome)| (self.is_enough)(outcome));
        is_enough || self.pending.is_empty()
    }
}

impl<T> Unpin for Wait<T> {}

impl<T> Future for Wait<T> {
    type Output = Waited<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Waited<T>> {
        let is_enough = self.collect(cx);
        let timeout = self.timeout.as_mut();
        let is_late = timeout.is_some_and(|timeout| timeout.as_mut().poll(cx).is_ready());
        if !is_enough && !is_late {
            return Poll::Pending;
        }
        let mut done = std::mem::take(&mut self.done);
        done.sort_unstable_by_key(|(number, _)| *number);
        let pending = std::mem::take(&mut self.pending);
        Poll::Ready(Waited { done, pending })
    }
}

impl<T> fmt::Debug for Wait<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("done", &self.done.len())
            .field("pending", &self.pending)
            .finish_non_exhaustive()
    }
}

/// The outcomes of tasks in the order in which they end, each with the number of its task. asyncio's `as_completed`.
///
/// # Panics
///
/// Outside of a loop, if a task has ended.
///
/// # Cancellation
///
/// Dropping the stream drops the handles; the tasks go on.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// #[coloop::coroutine]
/// async fn numbers() -> Vec<usize> {
///     let tasks = [3, 1, 2].map(|n| coloop::spawn(coloop::sleep(Duration::from_millis(n))));
///     let mut numbers = Vec::new();
///     #[for_await]
///     for (number, outcome) in coloop::as_completed(tasks) {
///         outcome.unwrap();
///         numbers.push(number);
///     }
///     numbers
/// }
/// assert_eq!(coloop::run(numbers()), [1, 2, 0]);
/// ```
pub fn as_completed<T>(tasks: impl IntoIterator<Item = Task<T>>) -> AsCompleted<T> {
    let ended = Rc::new(Ended::default());
    let tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    for (number, task) in tasks.iter().flatten().enumerate() {
        let ended = Rc::clone(&ended);
        task.add_done_callback(move |_| ended.add(number));
    }
    AsCompleted {
        left: tasks.len(),
        tasks,
        ended,
    }
}

/// The tasks that have ended, in this order.
#[derive(Default)]
struct Ended {
    numbers: RefCell<VecDeque<usize>>,
    waker: Cell<Option<Waker>>,
}

impl Ended {
    fn add(&self, number: usize) {
        self.numbers.borrow_mut().push_back(number);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

/// The stream of [`as_completed`].
#[must_use = "streams do nothing unless they are polled"]
pub struct AsCompleted<T> {
    tasks: Vec<Option<Task<T>>>,
    /// How many of them have not been given out.
    left: usize,
    ended: Rc<Ended>,
}

impl<T> AsCompleted<T> {
    /// The next outcome; `None` after all.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses no outcome.
    pub async fn next(&mut self) -> Option<(usize, Result<T, JoinError>)> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The tasks that have not been given out, with their numbers.
    #[must_use]
    pub fn into_pending(self) -> Vec<(usize, Task<T>)> {
        let numbered = self.tasks.into_iter().enumerate();
        numbered
            .filter_map(|(number, task)| Some((number, task?)))
            .collect()
    }
}

impl<T> Unpin for AsCompleted<T> {}

impl<T> Stream for AsCompleted<T> {
    type Item = (usize, Result<T, JoinError>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let number = self.ended.numbers.borrow_mut().pop_front();
        let Some(number) = number else {
            self.ended.waker.set(Some(cx.waker().clone()));
            return match self.left {
                0 => Poll::Ready(None),
                _ => Poll::Pending,
            };
        };
        let task = self.tasks.get_mut(number).and_then(Option::take);
        self.left -= 1;
        let outcome = task.map(Task::result);
        match outcome {
            Some(Ok(outcome)) => Poll::Ready(Some((number, outcome))),
            _ => unreachable!("a task that is called ended has, and is given out once"),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> fmt::Debug for AsCompleted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsCompleted")
            .field("left", &self.size_hint().0)
            .finish_non_exhaustive()
    }
}

/// Starts a future as a task, so that it goes on when whoever awaits it is cancelled. asyncio's `shield`.
///
/// A [`Task`] needs no shield: dropping its handle never cancels it. So `timeout(duration, task)` gives up waiting, while
/// `timeout(duration, future)` gives up the future.
///
/// # Panics
///
/// If no event loop runs on this thread.
///
/// # Examples
///
/// ```
/// use std::{cell::Cell, rc::Rc, time::Duration};
///
/// coloop::run(async {
///     let saved = Rc::new(Cell::new(false));
///     let done = Rc::clone(&saved);
///     let save = async move {
///         coloop::sleep(Duration::from_millis(5)).await;
///         done.set(true);
///     };
///     assert!(coloop::timeout(Duration::from_millis(1), coloop::shield(save)).await.is_err());
///     coloop::sleep(Duration::from_millis(10)).await;
///     assert!(saved.get());
/// });
/// ```
#[track_caller]
pub fn shield<F>(future: F) -> Task<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    spawn(future)
}
