//! A thread that waits, where the loop cannot wait for a child: one for each child that is waited for, of those that the loop leaves
//! behind.
//!
//! *Invariant*: the thread has a handle of its own, so it is about no other process, whatever becomes of the child's handle. It does
//! not reap: who waits does, on the loop. A wait that is dropped leaves the thread to the next.
//!
//! - `windows`: the handle of a process, and how it is waited for and ended
//! - `linux`: the same with a descriptor, to test all but that there

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
#[allow(unsafe_code)]
mod windows;

use std::io;
use std::process::Child;
use std::sync::Arc;

#[cfg(target_os = "linux")]
use linux::Process;
#[cfg(windows)]
use windows::Process;

use crate::signal::Signal;
use crate::threads::{Patience, ToThread};

pub(in super::super) struct Ending {
    process: Arc<Process>,
    thread: Option<ToThread<io::Result<()>>>,
}

impl Ending {
    pub(in super::super) fn of(child: &Child) -> io::Result<Self> {
        Ok(Ending {
            process: Arc::new(Process::of(child)?),
            thread: None,
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
            self.end().await?;
        }
    }

    async fn end(&mut self) -> io::Result<()> {
        if self.thread.is_none() {
            let process = Arc::clone(&self.process);
            let wait = move || process.wait();
            self.thread = Some(Patience::Long.to_thread(wait)?);
        }
        let Some(thread) = &mut self.thread else {
            unreachable!("it has been started");
        };
        let ended = thread.await;
        self.thread = None;
        ended
    }

    /// Does nothing if the child has ended.
    pub(in super::super) fn send_signal(
        &self,
        child: &mut Child,
        signal: Signal,
    ) -> io::Result<()> {
        self.process.send_signal(child, signal)
    }
}
