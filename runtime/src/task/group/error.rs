//! What goes wrong in a group: all of it.

use std::error::Error;
use std::fmt;

use crate::task::JoinError;

/// What ended a task of a group.
#[derive(Debug)]
pub enum GroupFailure<E> {
    /// It has given an error.
    Error(E),
    /// It has panicked.
    Panicked(JoinError),
}

/// The errors of a group, in the order in which they happened: asyncio's `ExceptionGroup`. None, if the group was
/// [cancelled](crate::TaskGroup::cancel).
#[derive(Debug)]
pub struct GroupError<E> {
    pub(super) failures: Vec<GroupFailure<E>>,
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
