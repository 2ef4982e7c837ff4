//! That a child has ended, as the OS tells it.
//!
//! *Input*: a child. *Output*: attempts to reap it: one at once, and one whenever it may have ended. *Invariant*: who listens has
//! listened before the first attempt, so no end is missed.
//!
//! - `pidfd`: a descriptor of the child, on Linux 5.3 or newer
//! - `sigchld`: the signal that some child has ended, elsewhere

#[cfg(all(target_os = "linux", not(coloop_portable)))]
mod pidfd;
#[cfg(not(all(target_os = "linux", not(coloop_portable))))]
mod sigchld;

#[cfg(all(target_os = "linux", not(coloop_portable)))]
pub(super) use pidfd::Ending;
#[cfg(not(all(target_os = "linux", not(coloop_portable))))]
pub(super) use sigchld::Ending;
