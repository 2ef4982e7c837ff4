//! A program that runs.
//!
//! *Input*: a started child. *Output*: how it ended, once. *Invariant*: its number stays its own until it has been reaped, and it
//! is reaped by this handle or, when that is gone, as an orphan (`orphans`; on Windows, where there is nothing to reap, it is let go).
//!
//! ```text
//!            wait, try_wait
//!   running ----------------> ended (the status is kept)
//!      |
//!      +---- dropped -------> an orphan, killed if that was asked for
//! ```

use std::cell::RefCell;
use std::fmt;
use std::future::poll_fn;
use std::io;
#[cfg(unix)]
use std::os::unix::process::ExitStatusExt;
use std::process::{self, ExitStatus, Output};

use super::ending::Ending;
#[cfg(unix)]
use super::orphans;
use super::pipes::{ChildStderr, ChildStdin, ChildStdout};
use crate::io::object::Bytes;
use crate::io::{Read, WriteAll};
use crate::signal::Signal;

/// A program that was started by [`Command::spawn`](super::Command::spawn): asyncio's `Process`.
///
/// Dropping it closes its pipes, and leaves the program running, or kills it if
/// [that was asked for](super::Command::kill_on_drop). Either way it leaves no zombie.
///
/// # Windows
///
/// A thread waits for the end of each child that is waited for, and for each read and write of a pipe: what is said about that at
/// [`ChildStdin`] and [`ChildStdout`]. There are no signals but an end without being asked. This part was compiled and checked for
/// Windows, and its threads are tested on Linux, but it was never run on Windows.
///
/// # Examples
///
/// ```
/// use coloop::process::{Command, Stdio};
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let mut child = Command::new("cat")
///         .stdin(Stdio::piped())
///         .stdout(Stdio::piped())
///         .spawn()?;
///     let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
///
///     stdin.write_all(b"Hello").await?;
///     let mut buffer = [0; 64];
///     let n = stdout.read(&mut buffer).await?;
///     assert_eq!(&buffer[..n], b"Hello");
///
///     drop(stdin);
///     assert!(child.wait().await?.success());
///     assert_eq!(child.returncode(), Some(0));
///     Ok(())
/// })
/// # }
/// ```
pub struct Child {
    /// What it reads, if that is a pipe.
    pub stdin: Option<ChildStdin>,
    /// What it writes, if that is a pipe.
    pub stdout: Option<ChildStdout>,
    /// Its errors, if they go into a pipe.
    pub stderr: Option<ChildStderr>,
    /// Nothing only while it is dropped.
    child: Option<RefCell<process::Child>>,
    /// Nothing only while it is dropped.
    ending: Option<Ending>,
    kill_on_drop: bool,
    status: Option<ExitStatus>,
}

impl Child {
    pub(super) fn new(mut child: process::Child, kill_on_drop: bool) -> io::Result<Self> {
        #[cfg(unix)]
        orphans::reap();
        match Self::parts(&mut child) {
            Ok((stdin, stdout, stderr, ending)) => Ok(Child {
                stdin,
                stdout,
                stderr,
                child: Some(RefCell::new(child)),
                ending: Some(ending),
                kill_on_drop,
                status: None,
            }),
            Err(error) => {
                // Nobody would know of it.
                child.kill()?;
                child.wait()?;
                Err(error)
            }
        }
    }

    #[allow(clippy::type_complexity)]
    fn parts(
        child: &mut process::Child,
    ) -> io::Result<(
        Option<ChildStdin>,
        Option<ChildStdout>,
        Option<ChildStderr>,
        Ending,
    )> {
        Ok((
            child.stdin.take().map(ChildStdin::new).transpose()?,
            child.stdout.take().map(ChildStdout::new).transpose()?,
            child.stderr.take().map(ChildStderr::new).transpose()?,
            Ending::of(child)?,
        ))
    }

    /// The number of the process. asyncio's `pid`.
    ///
    /// It may be that of another one as soon as this one has been waited for.
    #[doc(alias = "pid")]
    pub fn id(&self) -> u32 {
        self.child().borrow().id()
    }

    /// Waits until the program ends. It says the same as often as it is asked.
    ///
    /// A program that waits for its input, or for somebody to read its output, does not end: pipes that are not read are to be
    /// dropped first. [`communicate`](Self::communicate) reads them.
    ///
    /// # Errors
    ///
    /// Of the OS: that somebody else has waited for all children of this process.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let mut child = coloop::process::Command::shell("exit 3").spawn().unwrap();
    /// assert_eq!(child.wait().await.unwrap().code(), Some(3));
    /// # });
    /// ```
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.status {
            return Ok(status);
        }
        let (Some(child), Some(ending)) = (&mut self.child, &mut self.ending) else {
            unreachable!("it is not dropped");
        };
        let child = child.get_mut();
        let status = ending.wait(|| child.try_wait()).await?;
        self.status = Some(status);
        Ok(status)
    }

    /// How the program ended, if it has.
    ///
    /// # Errors
    ///
    /// As of [`wait`](Self::wait).
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.status.is_none() {
            let status = self.child().borrow_mut().try_wait()?;
            self.status = status;
        }
        Ok(self.status)
    }

    /// How the program ended, if [`wait`](Self::wait) or another method has said so already: the number that it has returned, or
    /// the negative number of the signal that has killed it, as asyncio has it. On Windows, 1 if it was [killed](Self::kill).
    ///
    /// ```
    /// # coloop::run(async {
    /// let mut child = coloop::process::Command::new("sleep").arg("60").spawn().unwrap();
    /// assert_eq!(child.returncode(), None);
    /// child.kill().unwrap();
    /// child.wait().await.unwrap();
    /// assert_eq!(child.returncode(), Some(-9));
    /// # });
    /// ```
    pub fn returncode(&self) -> Option<i32> {
        let status = self.status?;
        #[cfg(unix)]
        let killed_by = status.signal().map(|signal| -signal);
        #[cfg(windows)]
        let killed_by = None;
        status.code().or(killed_by)
    }

    /// Writes `input` to the program, reads what it writes until it ends, and waits for it: each through its pipe, if it has one.
    ///
    /// A program that does not read all of its input is no error. As in asyncio, all output is kept in memory.
    ///
    /// # Errors
    ///
    /// Of the OS.
    ///
    /// # Cancellation
    ///
    /// Dropping the future loses what has been read, and drops the pipes.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::process::{Command, Stdio};
    ///
    /// # coloop::run(async {
    /// let child = Command::new("sort").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    /// let output = child.unwrap().communicate(b"b\na\n").await.unwrap();
    /// assert_eq!(output.stdout, b"a\nb\n");
    /// # });
    /// ```
    pub async fn communicate(&mut self, input: &[u8]) -> io::Result<Output> {
        let (stdin, stdout, stderr) = (self.stdin.take(), self.stdout.take(), self.stderr.take());
        let write = async {
            match stdin {
                Some(stdin) => all_written(write_all(stdin.bytes(), input).await),
                None => Ok(()),
            }
        };
        let read_out = async {
            match stdout {
                Some(pipe) => read_to_end(pipe.bytes()).await,
                None => Ok(Vec::new()),
            }
        };
        let read_err = async {
            match stderr {
                Some(pipe) => read_to_end(pipe.bytes()).await,
                None => Ok(Vec::new()),
            }
        };
        let (written, stdout, stderr) = crate::gather!(write, read_out, read_err).await;
        let status = self.wait().await?;
        written?;
        Ok(Output {
            status,
            stdout: stdout?,
            stderr: stderr?,
        })
    }

    /// Sends a signal. Does nothing if the program has ended.
    ///
    /// # Errors
    ///
    /// Of the OS. On Windows, `InvalidInput` for another signal than `TERM`, which is [`terminate`](Self::terminate); asyncio raises
    /// `ValueError`.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::signal::Signal;
    ///
    /// # coloop::run(async {
    /// let mut child = coloop::process::Command::new("sleep").arg("60").spawn().unwrap();
    /// child.send_signal(Signal::TERM).unwrap();
    /// assert!(!child.wait().await.unwrap().success());
    /// # });
    /// ```
    pub fn send_signal(&self, signal: Signal) -> io::Result<()> {
        match &self.ending {
            Some(ending) if self.status.is_none() => {
                ending.send_signal(&mut self.child().borrow_mut(), signal)
            }
            _ => Ok(()),
        }
    }

    /// Asks the program to end: `SIGTERM`. On Windows, where nothing can be asked, it is [`kill`](Self::kill).
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn terminate(&self) -> io::Result<()> {
        self.send_signal(Signal::TERM)
    }

    /// Ends the program: `SIGKILL`, or `TerminateProcess` on Windows. It is still to be [waited for](Self::wait).
    ///
    /// # Errors
    ///
    /// Of the OS.
    pub fn kill(&self) -> io::Result<()> {
        self.send_signal(KILL)
    }

    fn child(&self) -> &RefCell<process::Child> {
        self.child.as_ref().unwrap_or_else(|| unreachable!())
    }
}

/// Ends a program without asking it.
#[cfg(unix)]
const KILL: Signal = Signal::KILL;
/// Ends a program without asking it: there is no other signal to children.
#[cfg(windows)]
const KILL: Signal = Signal::TERM;

/// That the other side is gone is no error of who has written.
fn all_written(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(()),
        written => written,
    }
}

async fn write_all(pipe: &dyn Bytes, input: &[u8]) -> io::Result<()> {
    WriteAll::new(pipe, input).await?;
    poll_fn(|cx| pipe.poll_flush(cx)).await
}

async fn read_to_end(pipe: &dyn Bytes) -> io::Result<Vec<u8>> {
    let (mut all, mut buffer) = (Vec::new(), vec![0; 8192]);
    loop {
        match Read::new(pipe, &mut buffer).await? {
            0 => return Ok(all),
            n => all.extend_from_slice(&buffer[..n]),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if self.status.is_some() {
            return;
        }
        if self.kill_on_drop {
            // It has ended already, if it cannot be killed.
            let _ = self.kill();
        }
        #[cfg(unix)]
        if let (Some(child), Some(ending)) = (self.child.take(), self.ending.take()) {
            orphans::adopt(child.into_inner(), ending);
        }
    }
}

impl fmt::Debug for Child {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Child")
            .field("id", &self.id())
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
