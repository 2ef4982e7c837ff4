//! Tasks: futures that the loop runs beside the one that started them.
//!
//! *Input*: a `'static` future, which need not be `Send`. *Output*: a [`Task`], the handle that gives its outcome.
//! *Invariant*: a task completes exactly once, with an output, a panic or a cancellation, and not later than its loop.

mod builder;
mod context;
mod group;
mod handle;
mod handlers;
mod join;
#[cfg(all(test, loom))]
mod loom_tests;
#[allow(unsafe_code)]
mod raw;
mod state;
mod wait;

pub use builder::TaskBuilder;
pub(crate) use context::Context;
pub use context::{ContextVar, Token};
pub use group::{GroupError, GroupFailure, GroupTask, TaskGroup};
pub(crate) use handle::call_back;
pub use handle::{all_tasks, current_task, TaskHandle};
pub(crate) use handlers::Handlers;
pub use join::JoinError;
pub(crate) use raw::{create, JoinHandle, Notified, TaskRef};

pub use wait::{as_completed, shield, wait, AsCompleted, ReturnWhen, Wait, Waited};

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{self, Poll};

/// Starts a task: the running event loop polls `future` from its next iteration on, after everything that is ready
/// already. asyncio's `create_task`.
///
/// The future is polled on this thread only and need not be `Send`. It is one allocation, which holds the future and
/// later its output.
///
/// The handle may be dropped: the task runs on, its output and its panic are then discarded. (asyncio keeps only a weak
/// reference to a task and may lose it; coloop does not.)
///
/// # Panics
///
/// If no event loop runs on this thread. While a loop shuts down, the future is dropped at once and the task counts as
/// cancelled.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let task = coloop::spawn(async { 6 * 7 });
///     assert!(!task.is_finished());
///     assert_eq!(task.await.unwrap(), 42);
/// });
/// ```
#[doc(alias = "create_task")]
#[track_caller]
pub fn spawn<F>(future: F) -> Task<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    TaskBuilder::new().spawn(future)
}

/// A running task, from [`spawn`]. Awaiting it gives its output, or why there is none.
///
/// The task that awaits is scheduled when this one ends, and runs in the next iteration of the loop.
///
/// # Errors
///
/// Awaiting gives [`JoinError`] if the task was cancelled or panicked. A panic in a task never ends the loop. It is reported by the
/// panic hook when it happens, whether somebody awaits the task or not; an `Err` that nobody fetches is not reported, as the loop
/// does not know the types of outputs.
///
/// # Panics
///
/// When polled again after it has given its outcome.
///
/// # Cancellation
///
/// Dropping the handle, awaited or not, does not cancel the task: use [`Task::cancel`]. (In asyncio, cancelling a task
/// cancels the task it awaits as well; here that one goes on.)
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let task = coloop::spawn(async { panic!("out of luck") });
///     let error: coloop::JoinError = task.await.unwrap_err();
///     assert!(error.is_panic());
///     assert_eq!(error.to_string(), "the task panicked: out of luck");
/// });
/// ```
#[doc(alias = "JoinHandle")]
pub struct Task<T> {
    handle: JoinHandle<T>,
}

impl<T> Task<T> {
    /// Asks the task to end. False if it has ended already, else true, however often it is asked.
    ///
    /// The future is dropped in the task's next turn, that is in the next iteration of the loop unless the task is due
    /// in this one: asyncio throws `CancelledError` at the same moment. Once this has returned true the task ends as
    /// cancelled, also if it cancels itself and then returns without awaiting anything; only a panic, in its last poll
    /// or while it is dropped, is reported in place of the cancellation.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let task = coloop::spawn(std::future::pending::<()>());
    ///     assert!(task.cancel());
    ///     assert!(!task.is_finished());
    ///     coloop::yield_now().await;
    ///     assert!(task.is_finished());
    ///     assert!(!task.cancel());
    ///     assert!(task.await.unwrap_err().is_cancelled());
    /// });
    /// ```
    #[doc(alias = "abort")]
    pub fn cancel(&self) -> bool {
        self.handle.cancel()
    }

    /// True once the task has ended: with an output, by a panic, or cancelled. Awaiting it then gives its outcome in
    /// the first poll.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let task = coloop::spawn(async {});
    ///     assert!(!task.is_finished());
    ///     coloop::yield_now().await;
    ///     assert!(task.is_finished());
    /// });
    /// ```
    #[doc(alias = "done")]
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.handle.is_completed()
    }
}

impl<T> Task<T> {
    /// A handle that does not know of which type the output is: see [`TaskHandle`].
    #[must_use]
    pub fn handle(&self) -> TaskHandle {
        TaskHandle::new(self.handle.task().clone())
    }

    /// What it is called: by default `Task-` and a number, which counts the tasks of its loop.
    ///
    /// ```
    /// coloop::run(async {
    ///     let task = coloop::TaskBuilder::new().name("fetcher").spawn(async {});
    ///     assert_eq!(task.name(), "fetcher");
    /// });
    /// ```
    #[doc(alias = "get_name")]
    #[must_use]
    pub fn name(&self) -> String {
        self.handle.task().name()
    }

    /// Calls it something else.
    pub fn set_name(&self, name: &str) {
        self.handle.task().set_name(name);
    }

    /// The outcome of a task that has ended. asyncio's `task.result()`.
    ///
    /// # Errors
    ///
    /// Gives the task back if it has not ended.
    ///
    /// # Panics
    ///
    /// If the outcome has been given already, by awaiting the task.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let task = coloop::spawn(async { 42 });
    ///     let task = task.result().unwrap_err();
    ///     coloop::yield_now().await;
    ///     assert_eq!(task.result().unwrap().unwrap(), 42);
    /// });
    /// ```
    pub fn result(mut self) -> Result<Result<T, JoinError>, Self> {
        let mut cx = task::Context::from_waker(task::Waker::noop());
        match self.handle.poll_join(&mut cx) {
            Poll::Ready(outcome) => Ok(outcome),
            Poll::Pending => Err(self),
        }
    }

    /// Calls `callback` when the task has ended, in a turn of its own, after those that were added before; if it has ended already,
    /// in the next iteration. A panic of a callback does not keep the others from being called.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// coloop::run(async {
    ///     let called = Rc::new(Cell::new(false));
    ///     let task = coloop::spawn(async {});
    ///     let call = Rc::clone(&called);
    ///     task.add_done_callback(move |task| call.set(task.is_finished()));
    ///     coloop::yield_now().await;
    ///     coloop::yield_now().await;
    ///     assert!(called.get());
    /// });
    /// ```
    pub fn add_done_callback(&self, callback: impl FnOnce(TaskHandle) + 'static) {
        self.handle().add_done_callback(callback);
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        self.handle.poll_join(cx)
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} {}>", self.name(), self.handle.task().state())
    }
}
