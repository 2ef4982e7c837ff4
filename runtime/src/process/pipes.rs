//! The ends of the pipes of a child that are ours.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process;

use crate::driver::Source;
use crate::io::object::Bytes;
use crate::io::pipe::Pipe;
use crate::io::{reads, writes};

/// What a child reads from its standard input. Dropping it ends the child's input.
///
/// # Examples
///
/// See [`Child`](super::Child).
pub struct ChildStdin {
    source: Source<Pipe>,
}

/// What a child writes to its standard output.
///
/// # Examples
///
/// See [`Child`](super::Child).
pub struct ChildStdout {
    source: Source<Pipe>,
}

/// What a child writes to its standard error.
///
/// # Examples
///
/// See [`Child`](super::Child).
pub struct ChildStderr {
    source: Source<Pipe>,
}

// Dropping it is what closes it: whoever closes it through `AsyncWrite` drops it as well.
writes!(ChildStdin, "Child", "super::Child", |_| Ok(()));
reads!(ChildStdout, "Child", "super::Child");
reads!(ChildStderr, "Child", "super::Child");

macro_rules! ours {
    ($($end:ident of $std:ty;)*) => {$(
        impl $end {
            pub(super) fn new(pipe: $std) -> io::Result<Self> {
                let pipe = Pipe::new(OwnedFd::from(pipe))?;
                Ok($end { source: Source::new(pipe) })
            }

            #[allow(dead_code)]
            pub(super) fn bytes(&self) -> &dyn Bytes {
                &self.source
            }
        }

        impl AsFd for $end {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.source.get_ref().as_fd()
            }
        }

        impl fmt::Debug for $end {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($end)).field(self.source.get_ref()).finish()
            }
        }
    )*};
}

ours! {
    ChildStdin of process::ChildStdin;
    ChildStdout of process::ChildStdout;
    ChildStderr of process::ChildStderr;
}
