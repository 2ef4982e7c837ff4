//! Callbacks for descriptors, called by the loop.
//!
//! *Input*: descriptors, callbacks. *Output*: their calls, in turns of tasks. *Invariant*: a descriptor has one callback for each
//! direction of a loop at most, which is called once in an iteration while the descriptor is ready.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};

use super::async_fd::AsyncFd;
use crate::driver::Direction;
use crate::event_loop::EventLoop;
use crate::task::{spawn, Handlers};
use crate::time::yield_now;

/// The tasks that call the callbacks of a loop.
#[derive(Default)]
pub(crate) struct Watched {
    readers: Handlers<RawFd>,
    writers: Handlers<RawFd>,
}

impl Watched {
    fn side(&self, direction: Direction) -> &Handlers<RawFd> {
        match direction {
            Direction::Read => &self.readers,
            Direction::Write => &self.writers,
        }
    }
}

/// Lets the running loop call `callback` once in every iteration in which `descriptor` can be read. The callback that it had is
/// replaced. With the loop, the callbacks end.
///
/// asyncio's `loop.add_reader`. The loop keeps a duplicate: a socket that is closed before [`remove_reader`] stays open for its peer.
/// [`AsyncFd`] is the form for tasks.
///
/// # Errors
///
/// Of the OS, if there are no descriptors left. One that cannot be waited for is never reported.
///
/// # Panics
///
/// Outside of a loop. A panic of `callback` ends it, and is reported as that of a task nobody awaits.
///
/// # Examples
///
/// ```
/// use std::io::{Read, Write};
/// use std::os::unix::net::UnixStream;
/// use std::rc::Rc;
/// use coloop::io::{add_reader, remove_reader};
/// use coloop::Event;
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let (mut here, there) = UnixStream::pair()?;
///     let done = Rc::new(Event::new());
///     let is_done = Rc::clone(&done);
///     let mut reader = there.try_clone()?;
///     add_reader(&there, move || {
///         let mut byte = [0];
///         assert_eq!(reader.read(&mut byte).unwrap(), 1);
///         done.set();
///     })?;
///     here.write_all(b"x")?;
///     is_done.wait().await;
///     assert!(remove_reader(&there));
///     Ok(())
/// })
/// # }
/// ```
#[track_caller]
pub fn add_reader(descriptor: &impl AsFd, callback: impl FnMut() + 'static) -> io::Result<()> {
    add(Direction::Read, descriptor, callback)
}

/// As [`add_reader`], for a descriptor that can be written. asyncio's `loop.add_writer`.
///
/// # Errors
///
/// As of [`add_reader`].
///
/// # Panics
///
/// As of [`add_reader`].
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
/// use coloop::io::{add_writer, remove_writer};
///
/// # coloop::run(async {
/// let (here, _there) = std::os::unix::net::UnixStream::pair().unwrap();
/// let can_write = Rc::new(coloop::Event::new());
/// let is_writable = Rc::clone(&can_write);
/// add_writer(&here, move || can_write.set()).unwrap();
/// is_writable.wait().await;
/// assert!(remove_writer(&here));
/// # });
/// ```
#[track_caller]
pub fn add_writer(descriptor: &impl AsFd, callback: impl FnMut() + 'static) -> io::Result<()> {
    add(Direction::Write, descriptor, callback)
}

#[track_caller]
fn add(
    direction: Direction,
    descriptor: &impl AsFd,
    mut callback: impl FnMut() + 'static,
) -> io::Result<()> {
    let event_loop = EventLoop::current("a callback of a descriptor");
    let key = descriptor.as_fd().as_raw_fd();
    let own: OwnedFd = descriptor.as_fd().try_clone_to_owned()?;
    let task = spawn(async move {
        let descriptor = AsyncFd::new(own);
        loop {
            let is_ready = match direction {
                Direction::Read => descriptor.readable().await,
                Direction::Write => descriptor.writable().await,
            };
            if is_ready.is_err() {
                return;
            }
            callback();
            yield_now().await;
        }
    });
    event_loop.watched().side(direction).set(key, task);
    Ok(())
}

/// Takes the callback for reading away; says whether there was one. asyncio's `loop.remove_reader`.
///
/// # Panics
///
/// Outside of a loop.
///
/// # Examples
///
/// See [`add_reader`].
#[track_caller]
pub fn remove_reader(descriptor: &impl AsFd) -> bool {
    remove(Direction::Read, descriptor)
}

/// Takes the callback for writing away; says whether there was one. asyncio's `loop.remove_writer`.
///
/// # Panics
///
/// Outside of a loop.
///
/// # Examples
///
/// See [`add_writer`].
#[track_caller]
pub fn remove_writer(descriptor: &impl AsFd) -> bool {
    remove(Direction::Write, descriptor)
}

#[track_caller]
fn remove(direction: Direction, descriptor: &impl AsFd) -> bool {
    let event_loop = EventLoop::current("a callback of a descriptor");
    let key = descriptor.as_fd().as_raw_fd();
    event_loop.watched().side(direction).remove(key)
}
