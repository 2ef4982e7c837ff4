//! A loop that runs one future after the other.
//!
//! *Input*: how the loop is to behave, main futures. *Output*: their outputs. *Invariant*: the loop is the current one of the thread
//! exactly while it runs or is closed; the tasks of one run go on in the next.

use std::error::Error;
use std::fmt;
use std::future::{poll_fn, Future};
use std::io;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::interrupt::Interrupts;
use crate::event_loop::{Behaviour, EventLoop, Wait};
use crate::threads::LoopHandle;

/// A loop that is used more than once: asyncio's `Runner`.
///
/// Between two runs the tasks rest, and the [variables](crate::ContextVar) of the main future keep their values. When the runner is
/// dropped the tasks are cancelled, as at the end of [`run`](crate::run).
///
/// # Examples
///
/// ```
/// use coloop::Runner;
///
/// let mut runner = Runner::new();
/// let task = runner.run(async { [coloop::spawn(async { 42 })] });
/// let [task] = task;
/// assert_eq!(runner.run(task).unwrap(), 42);
/// ```
pub struct Runner {
    event_loop: Rc<EventLoop>,
    /// What makes the second Ctrl-C end the process, until the loop is closed.
    interrupts: Option<Interrupts>,
}

impl Runner {
    /// A loop that behaves as that of [`run`](crate::run).
    ///
    /// # Panics
    ///
    /// If the OS has no file descriptors left for the loop.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        Runner::builder().build()
    }

    /// A loop that behaves in another way.
    pub fn builder() -> RunnerBuilder {
        RunnerBuilder::default()
    }

    /// Runs a future to its end, together with all tasks of the loop.
    ///
    /// # Panics
    ///
    /// If an event loop runs on this thread already, or if `future` panics; the runner remains usable.
    #[track_caller]
    pub fn run<F: Future>(&mut self, future: F) -> F::Output {
        let session = Session::start(&self.event_loop);
        session.run(future)
    }

    /// Runs a future to its end, or until Ctrl-C is pressed, which drops it: asyncio's `KeyboardInterrupt`. The tasks remain.
    ///
    /// A second Ctrl-C ends the process at once, with the status 130: while destructors run, while threads are waited for, and in
    /// whatever else is done before the runner is dropped. While the program listens to the signal itself, by
    /// [`signal`](crate::signal), it is the program's, and nothing of this happens.
    ///
    /// # Errors
    ///
    /// [`Interrupted`].
    ///
    /// # Panics
    ///
    /// As [`run`](Self::run), or if the OS refuses to listen to the signal.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::{signal::Signal, Interrupted, Runner};
    ///
    /// let interrupted = Runner::new().run_until_interrupted(async {
    ///     Signal::INT.raise().unwrap();
    ///     std::future::pending::<()>().await
    /// });
    /// assert_eq!(interrupted, Err(Interrupted));
    /// ```
    #[track_caller]
    pub fn run_until_interrupted<F: Future>(
        &mut self,
        future: F,
    ) -> Result<F::Output, Interrupted> {
        self.interrupts = None;
        let listening = Interrupts::listen();
        let mut interrupts = listening.unwrap_or_else(|error| panic!("no Ctrl-C: {error}"));
        let ended = self.run(async {
            let mut future = pin!(future);
            poll_fn(|cx| match interrupts.poll(cx) {
                Poll::Ready(()) => Poll::Ready(Err(Interrupted)),
                Poll::Pending => future.as_mut().poll(cx).map(Ok),
            })
            .await
        });
        if ended.is_err() {
            self.interrupts = Some(interrupts);
        }
        ended
    }

    /// The loop, for other threads. asyncio's `get_loop`.
    #[must_use]
    pub fn handle(&self) -> LoopHandle {
        LoopHandle::of(&self.event_loop)
    }
}

impl Default for Runner {
    fn default() -> Self {
        Runner::new()
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        // Inside of another loop, the tasks are dropped as that one's guests.
        let outer = EventLoop::try_current();
        EventLoop::set_current(Some(Rc::clone(&self.event_loop)));
        self.event_loop.close();
        EventLoop::set_current(outer);
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("is_interrupted", &self.interrupts.is_some())
            .finish_non_exhaustive()
    }
}

/// Ctrl-C was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl Error for Interrupted {}

/// How a [`Runner`]'s loop behaves.
///
/// # Examples
///
/// An hour of timers, in no time:
///
/// ```
/// use std::time::Duration;
/// use coloop::Runner;
///
/// let started = std::time::Instant::now();
/// let mut runner = Runner::builder().virtual_time(true).build();
/// runner.run(coloop::sleep(Duration::from_secs(3600)));
/// assert!(started.elapsed() < Duration::from_secs(60));
/// ```
#[derive(Debug, Default)]
#[must_use = "nothing is built until `build` is called"]
pub struct RunnerBuilder {
    behaviour: Behaviour,
}

impl RunnerBuilder {
    /// Whether mistakes are reported on the standard error. asyncio's `debug`.
    ///
    /// - A turn of more than 100 milliseconds, with the task's name and the place where it was started.
    /// - A [`#[coroutine]`](macro@crate::coroutine) that is dropped before it was polled, "was never awaited", with its name; the
    ///   future of a task that is cancelled before its first turn is not. Where it is a statement, rustc has warned already.
    pub fn debug(mut self, debug: bool) -> Self {
        self.behaviour.debug = debug;
        self
    }

    /// Whether the loop has a clock of its own, which stands still while tasks run, and jumps to the next deadline when nothing is
    /// ready and nothing can come from outside. While a socket, a child, a signal or a thread is waited for, what comes from it is
    /// given the time that it takes.
    ///
    /// [`now`](crate::now) tells its time, which is what deadlines are compared with.
    pub fn virtual_time(mut self, is_virtual: bool) -> Self {
        self.behaviour.virtual_time = is_virtual;
        self
    }

    /// Lets the seed decide in which order the tasks that are ready in one iteration take their turns. The same seed gives the same
    /// order again, as long as what comes from outside is the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::cell::RefCell;
    /// use std::rc::Rc;
    /// use coloop::Runner;
    ///
    /// let order = |seed| {
    ///     let order = Rc::new(RefCell::new(Vec::new()));
    ///     Runner::builder().seed(seed).build().run(async {
    ///         for n in 0..10 {
    ///             let order = Rc::clone(&order);
    ///             drop(coloop::spawn(async move { order.borrow_mut().push(n) }));
    ///         }
    ///         coloop::yield_now().await;
    ///     });
    ///     order.take()
    /// };
    /// assert_eq!(order(7), order(7));
    /// assert_ne!(order(7), order(8));
    /// ```
    pub fn seed(mut self, seed: u64) -> Self {
        self.behaviour.seed = Some(seed);
        self
    }

    /// Whether the loop panics instead of waiting for ever, when nothing is ready, no timer is set, and nothing could come from
    /// outside. The message names each task and what it waits for.
    ///
    /// That another thread will wake a task by its waker, the loop cannot know: such a task is to use [`to_thread`](crate::to_thread),
    /// or this is to be left off, as it is at first.
    ///
    /// # Examples
    ///
    /// ```should_panic
    /// coloop::Runner::builder().detect_deadlocks(true).build().run(async {
    ///     let event = coloop::Event::new();
    ///     event.wait().await;
    /// });
    /// ```
    pub fn detect_deadlocks(mut self, detect: bool) -> Self {
        self.behaviour.detect_deadlocks = detect;
        self
    }

    /// Makes the loop.
    ///
    /// # Panics
    ///
    /// If the OS has no file descriptors left for it; see [`try_build`](Self::try_build).
    #[track_caller]
    pub fn build(self) -> Runner {
        self.try_build()
            .unwrap_or_else(|error| panic!("no event loop: {error}"))
    }

    /// Makes the loop.
    ///
    /// # Errors
    ///
    /// Of the OS, if it has no file descriptors left for it.
    pub fn try_build(self) -> io::Result<Runner> {
        let event_loop = EventLoop::new(&self.behaviour)?;
        Ok(Runner {
            event_loop,
            interrupts: None,
        })
    }
}

/// The time in which a loop is the current one of its thread.
struct Session<'a> {
    event_loop: &'a Rc<EventLoop>,
}

impl<'a> Session<'a> {
    #[track_caller]
    fn start(event_loop: &'a Rc<EventLoop>) -> Self {
        assert!(
            EventLoop::try_current().is_none(),
            "`coloop::run` inside a running event loop: await the future instead, or start it with `coloop::spawn`"
        );
        EventLoop::set_current(Some(Rc::clone(event_loop)));
        Session { event_loop }
    }

    fn run<F: Future>(&self, future: F) -> F::Output {
        let mut main = pin!(Some(future));
        let waker = self.event_loop.main_waker();
        let mut cx = Context::from_waker(&waker);
        let mut output = None;
        while output.is_none() {
            self.iterate(Wait::UntilReady, || {
                let Some(future) = main.as_mut().as_pin_mut() else {
                    return;
                };
                if let Poll::Ready(ready) = future.poll(&mut cx) {
                    main.set(None);
                    output = Some(ready);
                }
            });
        }
        self.iterate(Wait::No, || {});
        output.expect("the loop ends when the main future has ended")
    }

    fn iterate(&self, wait: Wait, mut poll_main: impl FnMut()) {
        for _ in 0..self.event_loop.gather_ready(wait) {
            self.event_loop.run_next();
            self.event_loop.take_main_turn(&mut poll_main);
        }
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.event_loop.end_main();
        EventLoop::set_current(None);
    }
}
