//! Any Unix: `SIGCHLD` says that some child has ended, and who waits for one looks whether it is that.

use std::io;
use std::process::Child;

use rustix::io::Errno;
use rustix::process::{kill_process, Pid};

use crate::signal::{Signal, Signals};

pub(in super::super) struct Ending {
    children: Signals,
}

impl Ending {
    pub(in super::super) fn of(_: &Child) -> io::Result<Self> {
        Ok(Ending {
            children: Signals::new(Signal::CHLD)?,
        })
    }

    /// Calls `reap` until it gives something.
    pub(in super::super) async fn wait<R>(
        &mut self,
        mut reap: impl FnMut() -> io::Result<Option<R>>,
    ) -> io::Result<R> {
        loop {
            if let Some(reaped) = reap()? {
                return Ok(reaped);
            }
            self.children.recv().await?;
        }
    }

    /// Does nothing if the child has ended. Its number is its own: it has not been reaped.
    #[allow(clippy::unused_self)]
    pub(in super::super) fn send_signal(
        &self,
        child: &mut Child,
        signal: Signal,
    ) -> io::Result<()> {
        match kill_process(Pid::from_child(child), signal.raw()) {
            Err(Errno::SRCH) => Ok(()),
            sent => Ok(sent?),
        }
    }
}
