//! A task of a group: it tells the group how it ends.
//!
//! *Input*: a future that may fail. *Output*: its value, to who awaits the [`GroupTask`]; its error and its panic go to the group.
//! *Invariant*: it counts as running until its future is dropped.

use std::fmt;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{ready, Context, Poll};

use pin_project_lite::pin_project;

use super::{GroupFailure, Shared};
use crate::task::{JoinError, Task, TaskHandle};

pin_project! {
    pub(super) struct Child<F, E: 'static> {
        #[pin]
        future: Option<F>,
        shared: Rc<Shared<E>>,
    }

    impl<F, E: 'static> PinnedDrop for Child<F, E> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Err(panic) = caught(|| this.future.set(None)) {
                this.shared.fail(panic);
            }
            this.shared.child_ends();
        }
    }
}

impl<F, E> Child<F, E> {
    pub(super) fn new(future: F, shared: &Rc<Shared<E>>) -> Self {
        shared.child_begins();
        Child {
            future: Some(future),
            shared: Rc::clone(shared),
        }
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
        let Some(future) = this.future.as_pin_mut() else {
            return Poll::Pending;
        };
        let failure = match caught(|| future.poll(cx)) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Ok(value))) => return Poll::Ready(Some(value)),
            Ok(Poll::Ready(Err(error))) => GroupFailure::Error(error),
            Err(panic) => panic,
        };
        this.shared.fail(failure);
        Poll::Ready(None)
    }
}

/// Calls what may panic.
fn caught<R, E>(call: impl FnOnce() -> R) -> Result<R, GroupFailure<E>> {
    catch_unwind(AssertUnwindSafe(call))
        .map_err(|payload| GroupFailure::Panicked(JoinError::panicked(payload)))
}

/// A task of a [`TaskGroup`](crate::TaskGroup).
///
/// It may be dropped: the task runs on, and the group waits for it.
pub struct GroupTask<T> {
    pub(super) task: Task<Option<T>>,
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

/// The value; or that the task was cancelled, as which also counts one that has failed: its error is the group's.
impl<T> Future for GroupTask<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match ready!(Pin::new(&mut self.task).poll(cx)) {
            Ok(Some(value)) => Poll::Ready(Ok(value)),
            Err(error) => Poll::Ready(Err(error)),
            Ok(None) => Poll::Ready(Err(JoinError::cancelled())),
        }
    }
}

impl<T> fmt::Debug for GroupTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.task.fmt(f)
    }
}
