//! Tasks that belong together: asyncio's `TaskGroup`.
//!
//! *Input*: a body, and the tasks that it starts. *Output*: what the body gives, once all have ended; or all errors. *Invariant*: when
//! a scope is ready no task of it is left; when it is dropped, all are asked to end.
//!
//! ```text
//!   Open ----- the body ends ------> Joining ------ all have ended ------> Ended
//!     |                                 |                                    ^
//!     +--- an error, cancel ---> Aborting (all are asked to end) ------------+
//! ```

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::future::{poll_fn, Future};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::{pin, Pin};
use std::rc::Rc;
use std::task::{ready, Context, Poll, Waker};

use pin_project_lite::pin_project;

use super::{spawn, JoinError, Task, TaskHandle};

/// Tasks that end together: asyncio's `TaskGroup`.
///
/// [`scope`](TaskGroup::scope) runs a body, which starts tasks by [`spawn`](TaskGroup::spawn), and is over when the body and all of them
/// are. The first error, of a task or of the body, cancels the others; all errors come out together. A clone lets a task start further
/// ones.
///
/// # Examples
///
/// ```
/// use coloop::TaskGroup;
///
/// coloop::run(async {
///     let total = TaskGroup::scope(async |group| {
///         let one = group.spawn(async { Ok(1) });
///         let two = group.spawn(async { Ok(2) });
///         Ok::<_, std::io::Error>(one.await.unwrap() + two.await.unwrap())
///     });
///     assert_eq!(total.await.unwrap(), 3);
///
///     let failed = TaskGroup::scope(async |group| {
///         drop(group.spawn(async { "12".parse::<u32>() }));
///         drop(group.spawn(async { "x".parse::<u32>() }));
///         // Goes on until the task fails.
///         std::future::pending::<Result<(), _>>().await
///     });
///     assert_eq!(failed.await.unwrap_err().errors().len(), 1);
/// });
/// ```
pub struct TaskGroup<E = Infallible> {
    shared: Rc<Shared<E>>,
}

struct Shared<E> {
    state: Cell<State>,
    running: Cell<usize>,
    children: RefCell<Vec<TaskHandle>>,
    failures: RefCell<Vec<GroupFailure<E>>>,
    /// Who waits for the group.
    scope: Cell<Option<Waker>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    Joining,
    Aborting,
    Ended,
}

/// What ended a task of a group.
#[derive(Debug)]
pub enum GroupFailure<E> {
    /// It has given an error.
    Error(E),
    /// It has panicked.
    Panicked(JoinError),
}

/// The errors of a group, in the order in which they happened: asyncio's `ExceptionGroup`. None, if the group was
/// [cancelled](TaskGroup::cancel).
#[derive(Debug)]
pub struct GroupError<E> {
    failures: Vec<GroupFailure<E>>,
}

impl<E: 'static> TaskGroup<E> {
    /// Runs `body` with a group, and waits for it and all tasks of the group.
    ///
    /// # Errors
    ///
    /// The errors and panics of the tasks, or the error of `body`. The first cancels the others and `body`, which are dropped where they
    /// wait; so there are several only if they happen before the cancelled have had their turns.
    ///
    /// # Panics
    ///
    /// If `body` panics. The tasks are cancelled, but not waited for.
    ///
    /// # Cancellation
    ///
    /// Dropping the future drops `body` and cancels the tasks, which end in their next turns.
    pub async fn scope<T>(
        body: impl AsyncFnOnce(&TaskGroup<E>) -> Result<T, E>,
    ) -> Result<T, GroupError<E>> {
        let group = TaskGroup {
            shared: Rc::new(Shared::new()),
        };
        let shared = &*group.shared;
        let _end = AbortOnDrop(shared);
        let outcome = shared.until_aborted(body(&group)).await;
        let value = match outcome {
            Some(Ok(value)) => Some(value),
            Some(Err(error)) => {
                shared.fail(GroupFailure::Error(error));
                None
            }
            None => None,
        };
        shared.join().await;
        let failures = shared.failures.take();
        match value.filter(|_| failures.is_empty()) {
            Some(value) => Ok(value),
            None => Err(GroupError { failures }),
        }
    }

    /// Starts a task in the group. Awaiting it gives its value; if it fails, whoever awaits it waits until it is dropped with the group.
    ///
    /// In a group that is being cancelled, the task is cancelled before it begins.
    ///
    /// # Panics
    ///
    /// If the group has ended. asyncio raises `RuntimeError`.
    #[doc(alias = "create_task")]
    #[track_caller]
    pub fn spawn<T, F>(&self, future: F) -> GroupTask<T>
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: 'static,
    {
        let state = self.shared.state.get();
        assert!(state != State::Ended, "the task group has ended");
        let task = spawn(Child {
            future,
            shared: Rc::clone(&self.shared),
            _end: End::begin(&self.shared),
        });
        if state == State::Aborting {
            task.cancel();
        }
        self.shared.add(task.handle());
        GroupTask { task }
    }

    /// Cancels the body and all tasks; the scope then ends without an error of its own, and without a value. As often as one likes.
    ///
    /// `TaskGroup.cancel` of Python 3.15.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let cancelled = coloop::TaskGroup::<()>::scope(async |group| {
    ///         group.cancel();
    ///         std::future::pending::<Result<(), ()>>().await
    ///     });
    ///     assert!(cancelled.await.unwrap_err().is_cancelled());
    /// });
    /// ```
    pub fn cancel(&self) {
        self.shared.abort();
    }
}

impl<E> Shared<E> {
    fn new() -> Self {
        Shared {
            state: Cell::new(State::Open),
            running: Cell::new(0),
            children: RefCell::default(),
            failures: RefCell::default(),
            scope: Cell::default(),
        }
    }

    fn add(&self, child: TaskHandle) {
        let mut children = self.children.borrow_mut();
        if children.len() == children.capacity() {
            children.retain(|child| !child.is_finished());
        }
        children.push(child);
    }

    fn fail(&self, failure: GroupFailure<E>) {
        self.failures.borrow_mut().push(failure);
        self.abort();
    }

    fn abort(&self) {
        if matches!(self.state.get(), State::Aborting | State::Ended) {
            return;
        }
        self.state.set(State::Aborting);
        let children = self.children.take();
        for child in children {
            child.cancel();
        }
        self.wake();
    }

    fn wake(&self) {
        if let Some(scope) = self.scope.take() {
            scope.wake();
        }
    }

    /// Runs the body, unless the group is aborted: then it is dropped where it is.
    async fn until_aborted<T>(&self, body: impl Future<Output = T>) -> Option<T> {
        let mut body = pin!(body);
        poll_fn(|cx| {
            if self.state.get() == State::Aborting {
                return Poll::Ready(None);
            }
            self.scope.set(Some(cx.waker().clone()));
            body.as_mut().poll(cx).map(Some)
        })
        .await
    }

    async fn join(&self) {
        if self.state.get() == State::Open {
            self.state.set(State::Joining);
        }
        poll_fn(|cx| {
            self.scope.set(Some(cx.waker().clone()));
            match self.running.get() {
                0 => Poll::Ready(()),
                _ => Poll::Pending,
            }
        })
        .await;
        self.state.set(State::Ended);
    }
}

/// Cancels what is left when a scope is dropped.
struct AbortOnDrop<'a, E>(&'a Shared<E>);

impl<E> Drop for AbortOnDrop<'_, E> {
    fn drop(&mut self) {
        self.0.abort();
        self.0.state.set(State::Ended);
    }
}

pin_project! {
    /// A task of a group. Its parts are dropped in this order: it has ended when the future is gone.
    struct Child<F, E> {
        #[pin]
        future: F,
        shared: Rc<Shared<E>>,
        _end: End<E>,
    }
}

impl<F, T, E> Future for Child<F, E>
where
    F: Future<Output = Result<T, E>>,
{
    /// Nothing, if it has failed.
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.project();
        let polled = catch_unwind(AssertUnwindSafe(|| this.future.poll(cx)));
        let failure = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Ok(value))) => return Poll::Ready(Some(value)),
            Ok(Poll::Ready(Err(error))) => GroupFailure::Error(error),
            Err(payload) => panicked(payload),
        };
        this.shared.fail(failure);
        Poll::Ready(None)
    }
}

fn panicked<E>(payload: Box<dyn Any + Send>) -> GroupFailure<E> {
    GroupFailure::Panicked(JoinError::panicked(payload))
}

/// Counts a task as running.
struct End<E>(Rc<Shared<E>>);

impl<E> End<E> {
    fn begin(shared: &Rc<Shared<E>>) -> Self {
        shared.running.set(shared.running.get() + 1);
        End(Rc::clone(shared))
    }
}

impl<E> Drop for End<E> {
    fn drop(&mut self) {
        let left = self.0.running.get() - 1;
        self.0.running.set(left);
        if left == 0 {
            self.0.wake();
        }
    }
}

/// A task of a [`TaskGroup`].
#[must_use = "the task runs, but what it gives is lost"]
pub struct GroupTask<T> {
    task: Task<Option<T>>,
}

impl<T> GroupTask<T> {
    /// See [`Task::handle`].
    #[must_use]
    pub fn handle(&self) -> TaskHandle {
        self.task.handle()
    }

    /// Cancels this task alone, which is no error of the group. See [`Task::cancel`].
    pub fn cancel(&self) -> bool {
        self.task.cancel()
    }

    /// See [`Task::is_finished`].
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.task.is_finished()
    }
}

/// The value; or that the task was cancelled.
impl<T> Future for GroupTask<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match ready!(Pin::new(&mut self.task).poll(cx)) {
            Ok(Some(value)) => Poll::Ready(Ok(value)),
            Err(error) => Poll::Ready(Err(error)),
            // It has failed, and so has the group.
            Ok(None) => Poll::Pending,
        }
    }
}

impl<T> fmt::Debug for GroupTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.task.fmt(f)
    }
}

impl<E> Clone for TaskGroup<E> {
    fn clone(&self) -> Self {
        TaskGroup {
            shared: Rc::clone(&self.shared),
        }
    }
}

impl<E> fmt::Debug for TaskGroup<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskGroup")
            .field("state", &self.shared.state.get())
            .field("running", &self.shared.running.get())
            .finish()
    }
}

impl<E> GroupError<E> {
    /// The errors and panics, in the order in which they happened.
    #[must_use]
    pub fn errors(&self) -> &[GroupFailure<E>] {
        &self.failures
    }

    /// The errors and panics, in the order in which they happened.
    #[must_use]
    pub fn into_errors(self) -> Vec<GroupFailure<E>> {
        self.failures
    }

    /// Whether the group was cancelled, and nothing went wrong.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.failures.is_empty()
    }
}

impl<E: fmt::Display> fmt::Display for GroupFailure<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GroupFailure::Error(error) => error.fmt(f),
            GroupFailure::Panicked(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Display> fmt::Display for GroupError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, others @ ..] = &self.failures[..] else {
            return f.write_str("the task group was cancelled");
        };
        write!(f, "unhandled errors in a task group: {first}")?;
        others.iter().try_for_each(|error| write!(f, "; {error}"))
    }
}

impl<E: fmt::Debug + fmt::Display> Error for GroupError<E> {}
