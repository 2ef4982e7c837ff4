//! What can go wrong with a queue.

use std::error::Error;
use std::fmt;

/// The queue is shut down, and empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueShutDown;

/// The queue is shut down: the item comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PutError<T>(pub T);

/// Why an item was not put in; it comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TryPutError<T> {
    /// There is no room. asyncio's `QueueFull`.
    Full(T),
    /// The queue is shut down. asyncio's `QueueShutDown`.
    ShutDown(T),
}

/// Why there is no item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryGetError {
    /// The queue is empty. asyncio's `QueueEmpty`.
    Empty,
    /// The queue is empty, and shut down. asyncio's `QueueShutDown`.
    ShutDown,
}

impl<T> PutError<T> {
    /// The item.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> TryPutError<T> {
    /// The item.
    pub fn into_inner(self) -> T {
        match self {
            TryPutError::Full(item) | TryPutError::ShutDown(item) => item,
        }
    }

    /// Whether it may go in later.
    pub fn is_full(&self) -> bool {
        matches!(self, TryPutError::Full(_))
    }
}

const SHUT_DOWN: &str = "the queue is shut down";

impl fmt::Display for QueueShutDown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHUT_DOWN)
    }
}

impl<T> fmt::Display for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHUT_DOWN)
    }
}

impl<T> fmt::Debug for PutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PutError(..)")
    }
}

impl<T> fmt::Display for TryPutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryPutError::Full(_) => "the queue is full",
            TryPutError::ShutDown(_) => SHUT_DOWN,
        })
    }
}

impl<T> fmt::Debug for TryPutError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryPutError::Full(_) => "Full(..)",
            TryPutError::ShutDown(_) => "ShutDown(..)",
        })
    }
}

impl fmt::Display for TryGetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryGetError::Empty => "the queue is empty",
            TryGetError::ShutDown => SHUT_DOWN,
        })
    }
}

impl Error for QueueShutDown {}
impl<T> Error for PutError<T> {}
impl<T> Error for TryPutError<T> {}
impl Error for TryGetError {}
