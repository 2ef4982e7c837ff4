//! Why a task has no output: [`JoinError`].

use std::any::Any;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Why awaiting a [`Task`](crate::Task) gave no output: it was cancelled, or it panicked.
///
/// asyncio raises `CancelledError`, or the exception itself, from `await task`; this is both as one value.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let task = coloop::spawn(std::future::pending::<()>());
///     task.cancel();
///     let error = task.await.unwrap_err();
///     assert!(error.is_cancelled());
///     assert_eq!(error.to_string(), "the task was cancelled");
/// });
/// ```
pub struct JoinError(Reason);

enum Reason {
    Cancelled,
    Panicked {
        message: Option<Cow<'static, str>>,
        /// Behind a mutex for the sake of `Sync` alone: `?` into a `Box<dyn Error + Send + Sync>` needs it.
        payload: Mutex<Box<dyn Any + Send>>,
    },
}

impl JoinError {
    pub(crate) fn cancelled() -> Self {
        JoinError(Reason::Cancelled)
    }

    pub(super) fn panicked(payload: Box<dyn Any + Send>) -> Self {
        JoinError(Reason::Panicked {
            message: panic_message(&*payload),
            payload: Mutex::new(payload),
        })
    }

    /// True if the task was cancelled: by [`Task::cancel`](crate::Task::cancel), or because its loop ended.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self.0, Reason::Cancelled)
    }

    /// True if the task panicked.
    #[must_use]
    pub fn is_panic(&self) -> bool {
        matches!(self.0, Reason::Panicked { .. })
    }

    /// The payload of the panic, as [`std::panic::catch_unwind`] gives it.
    ///
    /// # Errors
    ///
    /// Gives the error back if the task did not panic but was cancelled.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let task = coloop::spawn(async { std::panic::panic_any(7_u8) });
    ///     let payload = task.await.unwrap_err().try_into_panic().unwrap();
    ///     assert_eq!(payload.downcast_ref(), Some(&7_u8));
    /// });
    /// ```
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send>, JoinError> {
        match self.0 {
            Reason::Panicked { payload, .. } => Ok(unlocked(payload)),
            Reason::Cancelled => Err(self),
        }
    }

    /// The payload of the panic, to go on with it: `std::panic::resume_unwind(error.into_panic())`.
    ///
    /// # Panics
    ///
    /// If the task did not panic but was cancelled; see [`JoinError::try_into_panic`].
    #[must_use]
    #[track_caller]
    pub fn into_panic(self) -> Box<dyn Any + Send> {
        match self.0 {
            Reason::Panicked { payload, .. } => unlocked(payload),
            Reason::Cancelled => panic!("the task did not panic, it was cancelled"),
        }
    }
}

/// The message of a panic, if it is a string as `panic!` makes it.
fn panic_message(payload: &(dyn Any + Send)) -> Option<Cow<'static, str>> {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        return Some(Cow::Borrowed(text));
    }
    payload.downcast_ref::<String>().cloned().map(Cow::Owned)
}

fn unlocked<T>(value: Mutex<T>) -> T {
    value.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Cancelled => f.write_str("the task was cancelled"),
            Reason::Panicked { message: None, .. } => f.write_str("the task panicked"),
            Reason::Panicked {
                message: Some(message),
                ..
            } => write!(f, "the task panicked: {message}"),
        }
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Cancelled => f.write_str("Cancelled"),
            Reason::Panicked { message, .. } => f
                .debug_tuple("Panicked")
                .field(&message.as_deref().unwrap_or(".."))
                .finish(),
        }
    }
}

impl Error for JoinError {}
