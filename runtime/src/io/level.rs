//! Whether a descriptor can be read or written right now, asked of the OS.
//!
//! *Input*: a descriptor, blocking or not. *Output*: yes, or `WouldBlock`. *Invariant*: it never waits.

use std::io;
use std::os::fd::AsFd;

use rustix::event::{poll, PollFd, PollFlags, Timespec};

use crate::driver::Direction;

const NOW: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 0,
};

/// # Errors
///
/// `WouldBlock` if it is not ready, else of the OS. The end of the input, errors and a closed other side count as ready: the call that
/// follows tells of them.
pub(super) fn ready(descriptor: &impl AsFd, direction: Direction) -> io::Result<()> {
    let flags = match direction {
        Direction::Read => PollFlags::IN,
        Direction::Write => PollFlags::OUT,
    };
    let mut asked = [PollFd::new(descriptor, flags)];
    match poll(&mut asked, Some(&NOW))? {
        0 => Err(io::ErrorKind::WouldBlock.into()),
        _ => Ok(()),
    }
}
