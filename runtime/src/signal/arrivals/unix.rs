//! A descriptor that counts, or that gets a byte for each arrival.
//!
//! *Invariant*: the action in the signal's context is one `write`.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

use signal_hook_registry::{register, SigId};

use super::super::Signal;
use crate::driver::{Direction, Source};

#[cfg(all(target_os = "linux", not(coloop_portable)))]
use eventfd::{Ear, Mouth};
#[cfg(not(all(target_os = "linux", not(coloop_portable))))]
use pair::{Ear, Mouth};

pub(super) struct Counter(Source<Ear>);

impl Counter {
    pub(super) fn of(signal: Signal) -> io::Result<(Self, SigId)> {
        let (mouth, ear) = Mouth::new()?;
        let count = move || mouth.say();
        // SAFETY: in a signal's context, the action makes one system call, `write`, which POSIX allows there: it allocates nothing,
        // takes no lock, does not panic. rustix leaves `errno` alone, or it is put back.
        let action = unsafe { register(signal.number(), count) }?;
        Ok((Counter(Source::new(ear)), action))
    }

    /// How many have arrived, one at least.
    pub(super) fn poll_take(&mut self, cx: &Context<'_>) -> Poll<io::Result<u64>> {
        self.0.poll(Direction::Read, cx, Ear::take)
    }
}

#[cfg(all(target_os = "linux", not(coloop_portable)))]
mod eventfd {
    //! Linux: an eventfd adds them up.

    use super::{io, Arc};
    use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

    use rustix::event::{eventfd, EventfdFlags};

    pub(super) struct Mouth(Arc<OwnedFd>);
    pub(super) struct Ear(Arc<OwnedFd>);

    impl Mouth {
        pub(super) fn new() -> io::Result<(Self, Ear)> {
            let counter = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
            let counter = Arc::new(counter);
            Ok((Mouth(Arc::clone(&counter)), Ear(counter)))
        }

        /// An error would mean that 2^64 - 2 have arrived.
        pub(super) fn say(&self) {
            let _ = rustix::io::write(&*self.0, &1_u64.to_ne_bytes());
        }
    }

    impl Ear {
        pub(super) fn take(&self) -> io::Result<u64> {
            let mut count = [0; 8];
            rustix::io::read(&*self.0, &mut count)?;
            Ok(u64::from_ne_bytes(count))
        }
    }

    impl AsFd for Ear {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.0.as_fd()
        }
    }
}

#[cfg(not(all(target_os = "linux", not(coloop_portable))))]
mod pair {
    //! Elsewhere: a byte for each, through a pair of sockets. Those that find it full are lost: there are thousands in it then.

    use super::{io, Arc};
    use std::io::Read;
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::net::UnixStream;

    use rustix::io::Errno;

    pub(super) struct Mouth(Arc<UnixStream>);
    pub(super) struct Ear(UnixStream);

    impl Mouth {
        pub(super) fn new() -> io::Result<(Self, Ear)> {
            let (mouth, ear) = UnixStream::pair()?;
            mouth.set_nonblocking(true)?;
            ear.set_nonblocking(true)?;
            Ok((Mouth(Arc::new(mouth)), Ear(ear)))
        }

        pub(super) fn say(&self) {
            // What this sets is put back by who has registered the action.
            while rustix::io::write(&*self.0, &[1]) == Err(Errno::INTR) {}
        }
    }

    impl Ear {
        pub(super) fn take(&self) -> io::Result<u64> {
            let n = (&self.0).read(&mut [0; 256])?;
            Ok(n as u64)
        }
    }

    impl AsFd for Ear {
        fn as_fd(&self) -> BorrowedFd<'_> {
            self.0.as_fd()
        }
    }
}
