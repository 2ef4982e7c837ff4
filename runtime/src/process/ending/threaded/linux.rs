//! The descriptor of a process, which stands for a handle of Windows: a thread can wait for it without reaping.

use std::io;
use std::os::fd::OwnedFd;
use std::process::Child;

use rustix::event::{poll, PollFd, PollFlags};
use rustix::io::{retry_on_intr, Errno};
use rustix::process::{pidfd_open, pidfd_send_signal, Pid, PidfdFlags};

use crate::signal::Signal;

pub(super) struct Process(OwnedFd);

impl Process {
    pub(super) fn of(child: &Child) -> io::Result<Self> {
        Ok(Process(pidfd_open(
            Pid::from_child(child),
            PidfdFlags::empty(),
        )?))
    }

    /// Blocks until the process has ended.
    pub(super) fn wait(&self) -> io::Result<()> {
        retry_on_intr(|| poll(&mut [PollFd::new(&self.0, PollFlags::IN)], None))?;
        Ok(())
    }

    pub(super) fn send_signal(&self, _: &mut Child, signal: Signal) -> io::Result<()> {
        match pidfd_send_signal(&self.0, signal.raw()) {
            Err(Errno::SRCH) => Ok(()),
            sent => Ok(sent?),
        }
    }
}
