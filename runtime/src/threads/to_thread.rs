//! A blocking call as a future.
//!
//! *Input*: a function. *Output*: what it returns. *Invariant*: it runs once, on a thread of the loop, or not at all.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::io;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::pool::Pool;
use super::slot::{slot, Closed, Receiver};
use crate::event_loop::EventLoop;

/// Runs a function that blocks on another thread, while the loop goes on.
///
/// The loop has up to 32 threads for that, or four more than there are processors, if that is less; further calls wait for one, in the
/// order in which they were made. The threads end with [`run`](crate::run), which waits for them.
///
/// asyncio's `to_thread`. [Variables of the task](crate::ContextVar) are not seen by the function, since they need not be `Send`.
///
/// # Panics
///
/// If no event loop runs on this thread. A panic of the function goes on in whoever awaits it.
///
/// # Errors
///
/// None of its own; if the OS has no thread at all for it, awaiting it panics.
///
/// # Cancellation
///
/// Dropping the future keeps a function that has not begun from being run. One that runs goes on, and what it returns is dropped.
///
/// # Examples
///
/// ```
/// let sum = coloop::run(async {
///     coloop::to_thread(|| (1..=1000).sum::<u32>()).await
/// });
/// assert_eq!(sum, 500_500);
/// ```
#[track_caller]
pub fn to_thread<T, F>(function: F) -> ToThread<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let event_loop = EventLoop::current("coloop::to_thread");
    ToThread::new(event_loop.threads().for_calls(), function)
}

/// How long a call may block, and so which threads make it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Patience {
    /// Until the OS is done with it. The loop waits for it when it ends.
    Short,
    /// Until another program does something. The loop leaves it behind when it ends.
    #[cfg(any(windows, coloop_threaded))]
    Long,
}

impl Patience {
    /// As [`to_thread`].
    ///
    /// # Errors
    ///
    /// Of the OS, if there is no thread for a call that may block for long. For another, awaiting it panics.
    ///
    /// # Panics
    ///
    /// Outside of a loop.
    #[track_caller]
    pub(crate) fn to_thread<T, F>(self, function: F) -> io::Result<ToThread<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        match self {
            Patience::Short => Ok(to_thread(function)),
            #[cfg(any(windows, coloop_threaded))]
            Patience::Long => {
                let event_loop = EventLoop::current("waiting for another program");
                let mut job = ToThread::new(event_loop.threads().for_others(), function);
                job.error.take().map_or(Ok(job), Err)
            }
        }
    }
}

/// The future of [`to_thread`].
#[must_use = "the function runs, but what it returns is lost"]
pub struct ToThread<T> {
    receiver: Receiver<Result<T, Box<dyn Any + Send>>>,
    error: Option<io::Error>,
    /// Whether the function is called also when nobody waits for it.
    is_needed: bool,
}

impl<T: Send + 'static> ToThread<T> {
    fn new(threads: &Pool, function: impl FnOnce() -> T + Send + 'static) -> Self {
        let (sender, receiver) = slot();
        let submitted = threads.submit(Box::new(move || {
            if !sender.is_unwanted() {
                sender.put(catch_unwind(AssertUnwindSafe(function)));
            }
        }));
        ToThread {
            receiver,
            error: submitted.err(),
            is_needed: false,
        }
    }
}

impl<T> ToThread<T> {
    /// Dropping the future does not keep the function from being called.
    pub(crate) fn even_if_dropped(mut self) -> Self {
        self.is_needed = true;
        self
    }
}

impl<T> Future for ToThread<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        if let Some(error) = &self.error {
            panic!("no thread for `coloop::to_thread`: {error}");
        }
        self.receiver.poll(cx).map(|outcome| match outcome {
            Ok(Ok(value)) => value,
            Ok(Err(payload)) => resume_unwind(payload),
            Err(Closed) => panic!("`ToThread` polled after completion"),
        })
    }
}

impl<T> Drop for ToThread<T> {
    fn drop(&mut self) {
        if !self.is_needed {
            self.receiver.give_up();
        }
    }
}

impl<T> fmt::Debug for ToThread<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_done = self.receiver.is_decided();
        f.debug_struct("ToThread")
            .field("is_done", &is_done)
            .finish()
    }
}
