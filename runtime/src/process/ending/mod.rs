//! That a child has ended, as the OS tells it.
//!
//! *Input*: a child. *Output*: attempts to reap it: one at once, and one whenever it may have ended. *Invariant*: who listens has
//! listened before the first attempt, so no end is missed.
//!
//! - `pidfd`: a descriptor of the child, on Linux 5.3 or newer
//! - `sigchld`: the signal that some child has ended, on other Unixes, and on Linux with `--cfg coloop_portable`
//! - `threaded`: a thread that waits, on Windows, and on Linux with `--cfg coloop_threaded`

#[cfg(all(target_os = "linux", not(any(coloop_portable, coloop_threaded))))]
mod pidfd;
#[cfg(all(
    unix,
    any(not(target_os = "linux"), coloop_portable),
    not(coloop_threaded)
))]
mod sigchld;
#[cfg(any(windows, coloop_threaded))]
mod threaded;

#[cfg(all(target_os = "linux", not(any(coloop_portable, coloop_threaded))))]
pub(super) use pidfd::Ending;
#[cfg(all(
    unix,
    any(not(target_os = "linux"), coloop_portable),
    not(coloop_threaded)
))]
pub(super) use sigchld::Ending;
#[cfg(any(windows, coloop_threaded))]
pub(super) use threaded::Ending;
