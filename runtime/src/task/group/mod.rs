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

mod child;
mod error;

pub use child::GroupTask;
pub use error::{GroupError, GroupFailure};

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::fmt;
use std::future::{poll_fn, Future};
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::pin::{pin, Pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::{TaskBuilder, TaskHandle};
use crate::event_loop::EventLoop;
use child::Child;

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
    awaits_children: Cell<bool>,
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

impl<E: 'static> TaskGroup<E> {
    /// Runs `body` with a group, and waits for it and all tasks of the group.
    ///
    /// # Errors
    ///
    /// The errors and panics of the tasks in their order, then the error of `body`. The first cancels the others and `body`, in the next
    /// iteration of the loop: they are dropped where they wait. So there are several only if they happen before the cancelled have had
    /// their turns.
    ///
    /// # Panics
    ///
    /// If `body` panics, with its panic, when the tasks have ended. What went wrong in them is lost then.
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
        if !matches!(outcome, Body::Ended(Ok(_))) {
            shared.abort();
        }
        shared.join().await;
        let value = match outcome {
            Body::Ended(Ok(value)) => Some(value),
            Body::Ended(Err(error)) => {
                let mut failures = shared.failures.borrow_mut();
                failures.push(GroupFailure::Error(error));
                None
            }
            Body::Panicked(payload) => resume_unwind(payload),
            Body::Aborted => None,
        };
        let failures = shared.failures.take();
        match value.filter(|_| failures.is_empty()) {
            Some(value) => Ok(value),
            None => Err(GroupError { failures }),
        }
    }

    /// Starts a task in the group. Awaiting it gives its value; if it fails, its error is the group's, and to whoever awaits it from
    /// outside it counts as cancelled. For one with a name, or that starts at once, see [`TaskBuilder::spawn_in`].
    ///
    /// In a group that is being cancelled, or whose scope was dropped, the task is cancelled before it begins.
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
        self.start(TaskBuilder::new(), future)
    }

    #[track_caller]
    pub(super) fn start<T, F>(&self, options: TaskBuilder, future: F) -> GroupTask<T>
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: 'static,
    {
        let state = self.shared.state.get();
        assert!(state != State::Ended, "the task group has ended");
        let child = Child::new(future, &self.shared);
        let task = match state {
            State::Aborting => options.eager(false).spawn(child),
            _ => options.spawn(child),
        };
        // One that started at once may have failed, too.
        if self.shared.state.get() == State::Aborting {
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
            awaits_children: Cell::new(false),
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

    /// Notes what went wrong. The others are cancelled in the next iteration, as in asyncio: those whose turn it is in this one have it,
    /// and may fail, too.
    fn fail(self: &Rc<Self>, failure: GroupFailure<E>)
    where
        E: 'static,
    {
        self.failures.borrow_mut().push(failure);
        let Some(event_loop) = EventLoop::try_current() else {
            return self.abort();
        };
        let shared = Rc::clone(self);
        drop(event_loop.start_task(async move { shared.abort() }));
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
        if !self.awaits_children.get() {
            self.wake();
        }
    }

    fn wake(&self) {
        if let Some(scope) = self.scope.take() {
            scope.wake();
        }
    }

    fn child_begins(&self) {
        self.running.set(self.running.get() + 1);
    }

    fn child_ends(&self) {
        let left = self.running.get() - 1;
        self.running.set(left);
        if left == 0 && self.awaits_children.get() {
            self.wake();
        }
    }

    /// Runs the body, unless the group is aborted: then it is dropped where it is.
    async fn until_aborted<T>(&self, body: impl Future<Output = T>) -> Body<T> {
        let mut body = pin!(Some(body));
        let ended = poll_fn(|cx| self.poll_body(body.as_mut(), cx)).await;
        let dropped = catch_unwind(AssertUnwindSafe(|| body.set(None)));
        dropped.map_or_else(Body::Panicked, |()| ended)
    }

    fn poll_body<T, F: Future<Output = T>>(
        &self,
        body: Pin<&mut Option<F>>,
        cx: &mut Context<'_>,
    ) -> Poll<Body<T>> {
        if self.state.get() == State::Aborting {
            return Poll::Ready(Body::Aborted);
        }
        self.scope.set(Some(cx.waker().clone()));
        let body = body.as_pin_mut().expect("it is there until it has ended");
        match catch_unwind(AssertUnwindSafe(|| body.poll(cx))) {
            Ok(polled) => polled.map(Body::Ended),
            Err(payload) => Poll::Ready(Body::Panicked(payload)),
        }
    }

    async fn join(&self) {
        if self.state.get() == State::Open {
            self.state.set(State::Joining);
        }
        self.awaits_children.set(true);
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

/// How a body ends.
enum Body<T> {
    Ended(T),
    Panicked(Box<dyn Any + Send>),
    Aborted,
}

/// Cancels what is left when a scope is dropped.
struct AbortOnDrop<'a, E>(&'a Shared<E>);

impl<E> Drop for AbortOnDrop<'_, E> {
    fn drop(&mut self) {
        // A scope that was dropped stays like this: its tasks have yet to end, and may start others while they do.
        self.0.abort();
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
