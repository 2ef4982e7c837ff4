//! The handle of a process. A duplicate, which keeps the process known to the OS until it is closed, and nothing else.

use std::io;
use std::os::windows::io::{AsHandle, AsRawHandle, OwnedHandle, RawHandle};
use std::process::Child;

use crate::signal::Signal;

const INFINITE: u32 = u32::MAX;
const WAIT_OBJECT_0: u32 = 0;

#[link(name = "kernel32")]
extern "system" {
    fn WaitForSingleObject(handle: RawHandle, milliseconds: u32) -> u32;
}

pub(super) struct Process(OwnedHandle);

impl Process {
    pub(super) fn of(child: &Child) -> io::Result<Self> {
        child.as_handle().try_clone_to_owned().map(Process)
    }

    /// Blocks until the process has ended.
    pub(super) fn wait(&self) -> io::Result<()> {
        // SAFETY: it takes any handle that is open, as this one is for as long as it is borrowed, and nothing but numbers.
        match unsafe { WaitForSingleObject(self.0.as_raw_handle(), INFINITE) } {
            WAIT_OBJECT_0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// `TerminateProcess`, by the standard library.
    #[allow(clippy::unused_self)]
    pub(super) fn send_signal(&self, child: &mut Child, signal: Signal) -> io::Result<()> {
        if signal != Signal::TERM {
            let refused = format!("a child cannot be sent {signal} on Windows");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, refused));
        }
        child.kill()
    }
}
