//! Linux: a descriptor that becomes readable when the child ends. Nobody handles `SIGCHLD`, so that other libraries that start
//! children are not disturbed.

use std::io;
use std::os::fd::OwnedFd;
use std::process::Child;

use rustix::io::Errno;
use rustix::process::{pidfd_open, pidfd_send_signal, Pid, PidfdFlags};

use crate::driver::{Direction, Source};
use crate::signal::Signal;

pub(in super::super) struct Ending {
    pidfd: Source<OwnedFd>,
}

impl Ending {
    pub(in super::super) fn of(child: &Child) -> io::Result<Self> {
        let pidfd = pidfd_open(Pid::from_child(child), PidfdFlags::NONBLOCK)?;
        Ok(Ending {
            pidfd: Source::new(pidfd),
        })
    }

    /// Calls `reap` until it gives something.
    pub(in super::super) async fn wait<R>(
        &mut self,
        mut reap: impl FnMut() -> io::Result<Option<R>>,
    ) -> io::Result<R> {
        let attempt = |_: &OwnedFd| reap()?.ok_or(io::ErrorKind::WouldBlock.into());
        self.pidfd.attempts(Direction::Read, attempt).await
    }

    /// Does nothing if the child has ended.
    pub(in super::super) fn send_signal(&self, _: &mut Child, signal: Signal) -> io::Result<()> {
        match pidfd_send_signal(self.pidfd.get_ref(), signal.raw()) {
            Err(Errno::SRCH) => Ok(()),
            sent => Ok(sent?),
        }
    }
}
