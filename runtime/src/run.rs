//! The way in: [`run`].
//!
//! *Input*: the main future, which may borrow from the caller. *Output*: its output. *Invariant*: the loop is the
//! current one of the thread from before the first poll until the last task is dropped, also when the main future
//! panics.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use crate::event_loop::{EventLoop, Wait};

/// Runs a future to its end on a new event loop on this thread, together with everything it starts.
///
/// asyncio's `run`, except that the future may borrow and that errors are its own output.
///
/// The loop sleeps in the OS while nothing is ready. When `future` ends, the loop finishes its iteration and does one
/// more, as asyncio does (a task that was started last is so polled once), without waiting for anything. Then the tasks
/// that have not ended are cancelled: their futures are dropped, in the order in which they were started, while the
/// loop still counts as running, so that what they hold can use it. A task that is started by such a drop is dropped at
/// once.
///
/// # Panics
///
/// - If an event loop runs on this thread already.
/// - If the OS has no file descriptors left for the loop.
/// - If `future` panics: the other tasks are cancelled, then the panic goes on. A panic in another task goes to who
///   awaits its [`Task`](crate::Task) instead.
///
/// # Examples
///
/// ```
/// let name = String::from("World");
/// let length = coloop::run(async {
///     println!("Hello");
///     coloop::sleep(std::time::Duration::from_millis(1)).await;
///     println!("{name}");
///     name.len()
/// });
/// assert_eq!(length, 5);
/// ```
#[track_caller]
pub fn run<F: Future>(future: F) -> F::Output {
    let session = Session::start();
    let event_loop = &session.event_loop;
    let mut main = pin!(Some(future));
    let waker = event_loop.main_waker();
    let mut cx = Context::from_waker(&waker);
    let mut output = None;
    while output.is_none() {
        iterate(event_loop, Wait::UntilReady, || {
            let Some(future) = main.as_mut().as_pin_mut() else {
                return;
            };
            if let Poll::Ready(ready) = future.poll(&mut cx) {
                main.set(None);
                output = Some(ready);
            }
        });
    }
    iterate(event_loop, Wait::No, || {});
    output.expect("the loop ends when the main future has ended")
}

fn iterate(event_loop: &EventLoop, wait: Wait, mut poll_main: impl FnMut()) {
    for _ in 0..event_loop.gather_ready(wait) {
        event_loop.run_next();
        event_loop.take_main_turn(&mut poll_main);
    }
}

/// The time in which a loop is the current one of its thread.
struct Session {
    event_loop: Rc<EventLoop>,
}

impl Session {
    #[track_caller]
    fn start() -> Self {
        assert!(
            EventLoop::try_current().is_none(),
            "`coloop::run` inside a running event loop: await the future instead, or start it with `coloop::spawn`"
        );
        let event_loop = EventLoop::new().unwrap_or_else(|error| panic!("no event loop: {error}"));
        EventLoop::set_current(Some(Rc::clone(&event_loop)));
        Session { event_loop }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.event_loop.close();
        EventLoop::set_current(None);
    }
}
