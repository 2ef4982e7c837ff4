//! The loop, for other threads.
//!
//! *Input*: calls and coroutines, from any thread. *Output*: turns of the loop, and what comes of them. *Invariant*: they run on the
//! loop's thread, in the order in which they came; after the end of the loop they are given back.

use std::error::Error;
use std::fmt;
use std::future::{poll_fn, Future};
use std::pin::{pin, Pin};
use std::ptr;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::slot::{slot, Closed, Receiver, Sender};
use crate::event_loop::{EventLoop, Inbox};
use crate::shared::Arc;
use crate::task::{spawn, JoinError};

/// A running loop, as other threads see it.
///
/// # Examples
///
/// ```
/// use std::thread;
/// use coloop::LoopHandle;
///
/// coloop::run(async {
///     let handle = LoopHandle::current();
///     let answer = coloop::to_thread(move || {
///         let task = handle.run_coroutine_threadsafe(|| async { 6 * 7 }).unwrap();
///         task.result().unwrap()
///     });
///     assert_eq!(answer.await, 42);
/// });
/// ```
#[derive(Clone)]
pub struct LoopHandle {
    inbox: Arc<Inbox>,
}

/// The loop has ended. What was to run on it has been dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoopClosed;

impl LoopHandle {
    /// The loop that runs on this thread. asyncio's `get_running_loop`.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[doc(alias = "get_running_loop")]
    #[must_use]
    #[track_caller]
    pub fn current() -> Self {
        LoopHandle::of(&EventLoop::current("`LoopHandle::current`"))
    }

    pub(crate) fn of(event_loop: &EventLoop) -> Self {
        LoopHandle {
            inbox: event_loop.shared_inbox(),
        }
    }

    /// Lets the loop call a function, in a turn of its own, in its next iteration.
    ///
    /// asyncio's `loop.call_soon_threadsafe`.
    ///
    /// # Errors
    ///
    /// If the loop has ended. A call that has been accepted is dropped if the loop ends before its turn.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use std::sync::mpsc;
    ///
    /// coloop::run(async {
    ///     let handle = coloop::LoopHandle::current();
    ///     let (sender, receiver) = mpsc::channel();
    ///     handle.call_soon_threadsafe(move || sender.send("called").unwrap()).unwrap();
    ///     coloop::yield_now().await;
    ///     coloop::yield_now().await;
    ///     assert_eq!(receiver.try_recv(), Ok("called"));
    /// });
    /// ```
    pub fn call_soon_threadsafe(
        &self,
        function: impl FnOnce() + Send + 'static,
    ) -> Result<(), LoopClosed> {
        // On the loop's own thread it is in the order of what is woken and started there.
        let here = EventLoop::try_current().filter(|here| ptr::eq(here.inbox(), &*self.inbox));
        if let Some(event_loop) = here {
            drop(event_loop.start_task(async move { function() }));
            return Ok(());
        }
        match self.inbox.call(Box::new(function)) {
            true => Ok(()),
            false => Err(LoopClosed),
        }
    }

    /// Starts a task on the loop: the one that `make` gives there. The task itself need not be `Send`.
    ///
    /// asyncio's `run_coroutine_threadsafe`.
    ///
    /// # Errors
    ///
    /// If the loop has ended.
    pub fn run_coroutine_threadsafe<F, C>(
        &self,
        make: F,
    ) -> Result<ConcurrentFuture<C::Output>, LoopClosed>
    where
        F: FnOnce() -> C + Send + 'static,
        C: Future + 'static,
        C::Output: Send + 'static,
    {
        let (sender, receiver) = slot();
        self.call_soon_threadsafe(move || drop(spawn(watched(make(), sender))))?;
        Ok(ConcurrentFuture { receiver })
    }
}

/// Runs a coroutine as a task of its own, until it ends or is not wanted any more.
async fn watched<C>(coroutine: C, sender: Sender<Result<C::Output, JoinError>>)
where
    C: Future + 'static,
    C::Output: Send + 'static,
{
    if sender.is_unwanted() {
        return;
    }
    let mut task = pin!(spawn(coroutine));
    let outcome = poll_fn(|cx| {
        if sender.poll_unwanted(cx).is_ready() {
            task.cancel();
        }
        task.as_mut().poll(cx)
    });
    let outcome = outcome.await;
    sender.put(outcome);
}

/// A task on another thread's loop: from [`LoopHandle::run_coroutine_threadsafe`]. It can be awaited on any executor, and waited for by
/// a thread that has none. Dropping it lets the task run on.
///
/// Python's `concurrent.futures.Future`.
pub struct ConcurrentFuture<T> {
    receiver: Receiver<Result<T, JoinError>>,
}

impl<T> ConcurrentFuture<T> {
    /// Blocks the thread until the task has ended. On the thread of the loop it would never end.
    ///
    /// # Errors
    ///
    /// If the task was cancelled, also by the end of the loop, or has panicked.
    pub fn result(self) -> Result<T, JoinError> {
        let outcome = self.receiver.wait(None);
        outcome.map_or_else(|| Err(JoinError::cancelled()), known)
    }

    /// As [`result`](Self::result), for `timeout` at most.
    ///
    /// # Errors
    ///
    /// Gives itself back if the task has not ended by then.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// coloop::run(async {
    ///     let handle = coloop::LoopHandle::current();
    ///     coloop::to_thread(move || {
    ///         let task = handle.run_coroutine_threadsafe(std::future::pending::<()>).unwrap();
    ///         let task = task.result_timeout(Duration::from_millis(1)).unwrap_err();
    ///         task.cancel();
    ///         assert!(task.result().unwrap_err().is_cancelled());
    ///     })
    ///     .await;
    /// });
    /// ```
    pub fn result_timeout(self, timeout: Duration) -> Result<Result<T, JoinError>, Self> {
        let deadline = Instant::now().checked_add(timeout);
        match self.receiver.wait(deadline) {
            Some(outcome) => Ok(known(outcome)),
            None => Err(self),
        }
    }

    /// Asks the task to end; see [`Task::cancel`](crate::Task::cancel).
    pub fn cancel(&self) {
        self.receiver.give_up();
    }

    /// Whether the task has ended.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.receiver.is_decided()
    }
}

fn known<T>(outcome: Result<Result<T, JoinError>, Closed>) -> Result<T, JoinError> {
    outcome.unwrap_or_else(|Closed| Err(JoinError::cancelled()))
}

impl<T> Future for ConcurrentFuture<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.receiver.poll(cx).map(known)
    }
}

impl<T> fmt::Debug for ConcurrentFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_finished() {
            "finished"
        } else {
            "pending"
        };
        write!(f, "<ConcurrentFuture {state}>")
    }
}

impl fmt::Debug for LoopHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoopHandle")
    }
}

impl fmt::Display for LoopClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the event loop has ended")
    }
}

impl Error for LoopClosed {}
