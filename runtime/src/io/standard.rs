//! The standard streams of the process.
//!
//! *Input*: the descriptors 0, 1 and 2, which other processes may share. *Output*: streams. *Invariant*: they stay as they are:
//! blocking, if they were, since a mode would be that of every process that shares them. So the OS is asked before each transfer
//! whether it would block.

use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::{dup, read, readv, write};

use super::level::ready;
use super::object::Object;
use super::{reads, writes};
use crate::driver::{Direction, Source};

/// What a pipe takes without blocking when it has said that it has room: POSIX's `PIPE_BUF`, on Linux. It is 512 at least.
const MOST: usize = if cfg!(target_os = "linux") { 4096 } else { 512 };

/// A descriptor that may be blocking.
#[derive(Debug)]
pub(super) struct Standard(OwnedFd);

impl AsFd for Standard {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Object for Standard {
    // A terminal gives a line at a time, however many there are.
    const SHORT_MEANS_EMPTY: bool = false;

    fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        ready(&self.0, Direction::Read)?;
        Ok(read(&self.0, buffer)?)
    }

    fn read_vectored(&self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        ready(&self.0, Direction::Read)?;
        Ok(readv(&self.0, buffers)?)
    }

    fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        ready(&self.0, Direction::Write)?;
        Ok(write(&self.0, &bytes[..bytes.len().min(MOST)])?)
    }

    fn write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let first = slices.iter().find(|slice| !slice.is_empty());
        first.map_or(Ok(0), |slice| self.write(slice))
    }
}

/// The standard input, from [`stdin`].
pub struct Stdin {
    source: Source<Standard>,
}

/// The standard output, from [`stdout`].
pub struct Stdout {
    source: Source<Standard>,
}

/// Where errors are told, from [`stderr`].
pub struct Stderr {
    source: Source<Standard>,
}

reads!(Stdin, "stdin", "super::stdin");
writes!(Stdout, "stdout", "super::stdout", |_| Ok(()));
writes!(Stderr, "stderr", "super::stderr", |_| Ok(()));

/// The standard input of the process: a terminal, a pipe, a file. asyncio's `connect_read_pipe(…, sys.stdin)`.
///
/// Nothing is read that is not asked for, no thread waits for it, and the descriptor stays in its mode, so the process that this one
/// has inherited it from is not disturbed. What is in the buffer of [`std::io::stdin`] is not seen.
///
/// # Errors
///
/// Of the OS, if the process has no standard input or no descriptors left.
///
/// # Fairness
///
/// Tasks that wait for the same handle are woken in the order of their first polls; of several handles, whoever is polled first reads.
/// A process that shares the descriptor may take what was there to be read; the read then waits, and blocks the loop while it does.
///
/// # Examples
///
/// ```no_run
/// use coloop::io::{stdin, StreamReader};
///
/// #[coloop::main]
/// async fn main() -> std::io::Result<()> {
///     let mut input = StreamReader::new(stdin()?);
///     while let Ok(line) = input.read_line().await {
///         if line.is_empty() {
///             break;
///         }
///         println!("{} bytes", line.len());
///     }
///     Ok(())
/// }
/// ```
pub fn stdin() -> io::Result<Stdin> {
    let source = standard(rustix::stdio::stdin())?;
    Ok(Stdin { source })
}

/// The standard output of the process. asyncio's `connect_write_pipe(…, sys.stdout)`.
///
/// Not buffered: each write goes to the OS, and is mixed with what [`print!`] writes in the order of the calls as long as `print!` is
/// given whole lines. A pipe that nobody reads keeps the task waiting, not the loop. A terminal that has been stopped may keep the loop
/// waiting as well, once its buffer is full: the OS has no way to ask.
///
/// # Errors
///
/// Of the OS, if the process has no standard output or no descriptors left.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let stdout = coloop::io::stdout().unwrap();
///     stdout.write_all(b"Hello\n").await.unwrap();
/// });
/// ```
pub fn stdout() -> io::Result<Stdout> {
    let source = standard(rustix::stdio::stdout())?;
    Ok(Stdout { source })
}

/// As [`stdout`], for errors.
///
/// # Errors
///
/// Of the OS, if the process has none or no descriptors left.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let stderr = coloop::io::stderr().unwrap();
///     stderr.write_all(b"something is wrong\n").await.unwrap();
/// });
/// ```
pub fn stderr() -> io::Result<Stderr> {
    let source = standard(rustix::stdio::stderr())?;
    Ok(Stderr { source })
}

/// A descriptor of its own for each handle: a poller knows a descriptor once only.
fn standard(shared: BorrowedFd<'_>) -> io::Result<Source<Standard>> {
    let own = dup(shared)?;
    rustix::io::fcntl_setfd(&own, rustix::io::FdFlags::CLOEXEC)?;
    Ok(Source::new(Standard(own)))
}

macro_rules! described {
    ($($stream:ident)*) => {$(
        impl AsFd for $stream {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.source.get_ref().as_fd()
            }
        }

        impl fmt::Debug for $stream {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($stream))
            }
        }
    )*};
}

described!(Stdin Stdout Stderr);
