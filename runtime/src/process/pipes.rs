//! The ends of the pipes of a child that are ours.
//!
//! *Input*: the ends that the standard library has made, which block. *Output*: streams. *Invariant*: the loop does not block: it waits
//! for the ends, which it makes nonblocking, or leaves them to threads where the OS cannot wait for a pipe.

use std::fmt;
use std::io;
#[cfg(unix)]
use std::os::fd::{AsFd as AsPipe, BorrowedFd as Borrowed, OwnedFd as Owned};
#[cfg(windows)]
use std::os::windows::io::{AsHandle as AsPipe, BorrowedHandle as Borrowed, OwnedHandle as Owned};
use std::process;

use crate::io::object::Bytes;
use crate::io::{reads, writes};

#[cfg(not(any(windows, coloop_threaded)))]
type End = crate::driver::Source<crate::io::pipe::Pipe>;
#[cfg(any(windows, coloop_threaded))]
type End = crate::io::threaded::Threaded;

#[cfg(not(any(windows, coloop_threaded)))]
fn end(pipe: Owned) -> io::Result<End> {
    Ok(End::new(crate::io::pipe::Pipe::new(pipe)?))
}

#[cfg(any(windows, coloop_threaded))]
#[allow(clippy::unnecessary_wraps)]
fn end(pipe: Owned) -> io::Result<End> {
    Ok(End::new(pipe.into()))
}

/// What a child reads from its standard input. Dropping it ends the child's input.
///
/// # Windows
///
/// A write is ready when a thread has been given the bytes, 64 KiB at a time. That it has failed, the next one says, or `flush` and
/// `close` of `AsyncWrite`. What has been given to the thread is written though the end is dropped, and the child's input ends after it.
///
/// # Examples
///
/// See [`Child`](super::Child).
pub struct ChildStdin {
    source: End,
}

/// What a child writes to its standard output.
///
/// # Windows
///
/// A thread waits in each read. Dropping the read leaves it there, and the next one is given what it has read. Dropping the end, or the
/// end of the loop, leaves it until the child writes or closes the pipe, or has ended; only then the pipe is closed. Nobody waits for
/// it, so it keeps neither [`run`](crate::run) nor the program from ending.
///
/// # Examples
///
/// See [`Child`](super::Child).
pub struct ChildStdout {
    source: End,
}

/// What a child writes to its standard error.
///
/// # Windows
///
/// As of [`ChildStdout`].
///
/// # Examples
///
/// See [`Child`](super::Child).
pub struct ChildStderr {
    source: End,
}

// Dropping it is what closes it: whoever closes it through `AsyncWrite` drops it as well.
writes!(ChildStdin, "Child", "super::Child", |_| Ok(()));
reads!(ChildStdout, "Child", "super::Child");
reads!(ChildStderr, "Child", "super::Child");

macro_rules! ours {
    ($($end:ident of $std:ty;)*) => {$(
        impl $end {
            pub(super) fn new(pipe: $std) -> io::Result<Self> {
                let source = end(Owned::from(pipe))?;
                Ok($end { source })
            }

            pub(super) fn bytes(&self) -> &dyn Bytes {
                &self.source
            }
        }

        impl AsPipe for $end {
            #[cfg(unix)]
            fn as_fd(&self) -> Borrowed<'_> {
                self.source.get_ref().as_fd()
            }

            #[cfg(windows)]
            fn as_handle(&self) -> Borrowed<'_> {
                self.source.get_ref().as_handle()
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
