//! The event loop: tasks, timers and sockets of one thread, and the order in which they take their turns.
//!
//! *Input*: wakes, deadlines, events of the OS. *Output*: polls. *Invariant*: one iteration does, in this order,
//!
//! 1. discard cancelled timers from the top of the heap;
//! 2. choose how long to wait: not at all if a task is ready, else until the first deadline;
//! 3. ask the OS once, then make ready what other threads and what sockets woke, in this order;
//! 4. make ready what timers woke that are due, by deadline, equal deadlines in the order in which they were set;
//! 5. run exactly the tasks that are ready at this point: what they wake waits for the next iteration.
//!
//! The OS is not asked when nothing could come of it: a task is ready and no socket is registered.
//!
//! Everything that decides the order of turns (the clock, the ready queue, the events) passes through [`EventLoop`].

mod clock;
mod inbox;
#[cfg(all(test, loom))]
mod loom_tests;
mod order;
mod ready;
mod report;
mod timers;
mod waits;

use inbox::Arrival;
pub(crate) use inbox::Inbox;
pub(crate) use report::{never_awaited as report_never_awaited, without_blame};
pub(crate) use timers::TimerId;
pub(crate) use waits::{note_released, note_taken, note_wait, Awaited};

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::future::{poll_fn, Future};
use std::io;
use std::panic::Location;
use std::ptr;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use crate::driver::Driver;
#[cfg(unix)]
use crate::io::Watched;
use crate::shared::{thread_local, Arc};
use crate::signal::Signal;
use crate::slab::Slab;
use crate::task::{self, Handlers, JoinHandle, Notified, TaskRef};
use crate::threads::Threads;
use clock::Clock;
use order::Order;
use ready::ReadyQueue;
use timers::Timers;
use waits::Waits;

/// No wait is longer, so that no clock arithmetic can overflow; asyncio's limit.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

thread_local! {
    static CURRENT: RefCell<Option<Rc<EventLoop>>> = const { RefCell::new(None) };
}

/// What a loop can do otherwise.
#[derive(Debug, Default)]
pub(crate) struct Behaviour {
    pub(crate) debug: bool,
    pub(crate) virtual_time: bool,
    pub(crate) seed: Option<u64>,
    pub(crate) detect_deadlocks: bool,
}

pub(crate) struct EventLoop {
    clock: Clock,
    /// What decides the order of turns, if it is not the order of wakes.
    order: Option<Order>,
    debug: bool,
    /// Who waits for what, if deadlocks are looked for.
    waits: Option<Waits>,
    ready: ReadyQueue,
    inbox: Arc<Inbox>,
    timers: Timers,
    driver: Driver,
    /// The tasks that have not completed.
    tasks: RefCell<Slab<TaskRef>>,
    next_task_id: Cell<u64>,
    signal_handlers: Handlers<Signal>,
    #[cfg(unix)]
    watched: Watched,
    /// The task whose turn it is.
    current_task: Cell<Option<TaskRef>>,
    /// The task that stands for the main future.
    main_task: RefCell<Option<TaskRef>>,
    /// Between two runs: the variables of the main future.
    main_context: Cell<task::Context>,
    /// Set once: no task starts any more.
    is_closing: Cell<bool>,
    /// It is the main future's turn.
    main_is_due: Cell<bool>,
    arrivals: Cell<Vec<Arrival>>,
    threads: Threads,
    wakers: Cell<Vec<Waker>>,
}

/// Whether an iteration may sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    UntilReady,
    No,
}

impl EventLoop {
    /// # Errors
    ///
    /// Of the OS, if it gives no file descriptors.
    pub(crate) fn new(behaviour: &Behaviour) -> io::Result<Rc<Self>> {
        let driver = Driver::new()?;
        Ok(Rc::new(EventLoop {
            clock: match behaviour.virtual_time {
                true => Clock::new_virtual(),
                false => Clock::Real,
            },
            order: behaviour.seed.map(Order::new),
            debug: behaviour.debug,
            waits: behaviour.detect_deadlocks.then(Waits::default),
            ready: ReadyQueue::default(),
            inbox: Arc::new(Inbox::new(driver.notifier())),
            timers: Timers::default(),
            driver,
            tasks: RefCell::default(),
            next_task_id: Cell::new(1),
            signal_handlers: Handlers::default(),
            #[cfg(unix)]
            watched: Watched::default(),
            current_task: Cell::default(),
            main_task: RefCell::default(),
            main_context: Cell::default(),
            is_closing: Cell::new(false),
            main_is_due: Cell::new(false),
            arrivals: Cell::default(),
            threads: Threads::new(),
            wakers: Cell::default(),
        }))
    }

    /// The loop that runs on this thread.
    ///
    /// # Panics
    ///
    /// If there is none; the message names `what` was used.
    #[track_caller]
    pub(crate) fn current(what: &str) -> Rc<Self> {
        match Self::try_current() {
            Some(event_loop) => event_loop,
            None => panic!(
                "{what} needs a running event loop on this thread: use it inside `coloop::run`"
            ),
        }
    }

    pub(crate) fn try_current() -> Option<Rc<Self>> {
        // While a thread ends there is none.
        let current = CURRENT.try_with(|current| current.borrow().clone());
        current.unwrap_or(None)
    }

    /// Makes this loop the current one of the thread, or ends that.
    pub(crate) fn set_current(event_loop: Option<Rc<Self>>) {
        let is_watched = event_loop.as_ref().is_some_and(|here| here.waits.is_some());
        waits::set_watched(is_watched);
        report::set_debugged(event_loop.as_ref().is_some_and(|here| here.debug));
        let before = CURRENT.with(|current| current.replace(event_loop));
        drop(before);
    }

    /// Makes `task` ready if the loop of `inbox` is the current one of this thread; else gives it back.
    pub(crate) fn push_if_running_here(
        inbox: *const Inbox,
        task: Notified,
    ) -> Result<(), Notified> {
        let mut task = Some(task);
        let pushed = CURRENT.try_with(|current| {
            let current = current.borrow();
            let here = current.as_ref().filter(|here| ptr::eq(here.inbox(), inbox));
            if let (Some(here), Some(task)) = (here, task.take_if(|_| here.is_some())) {
                here.ready.push(task);
            }
        });
        debug_assert!(pushed.is_ok() || task.is_some());
        task.map_or(Ok(()), Err)
    }

    pub(crate) fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    pub(crate) fn shared_inbox(&self) -> Arc<Inbox> {
        Arc::clone(&self.inbox)
    }

    /// The threads that block for this loop.
    pub(crate) fn threads(&self) -> &Threads {
        &self.threads
    }

    pub(crate) fn driver(&self) -> &Driver {
        &self.driver
    }

    pub(crate) fn signal_handlers(&self) -> &Handlers<Signal> {
        &self.signal_handlers
    }

    /// The callbacks of descriptors.
    #[cfg(unix)]
    pub(crate) fn watched(&self) -> &Watched {
        &self.watched
    }

    pub(crate) fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Starts a task, last in the ready queue; if the loop is closing, cancels it at once.
    #[track_caller]
    pub(crate) fn start_task<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let (handle, turn) = self.create_task(future, Location::caller());
        if let Some(turn) = turn {
            self.make_ready(turn);
        }
        handle
    }

    /// Makes a task, and its first turn; if the loop is closing, cancels it at once.
    pub(crate) fn create_task<F>(
        &self,
        future: F,
        started_at: &'static Location<'static>,
    ) -> (JoinHandle<F::Output>, Option<Notified>)
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let id = self.next_task_id.get();
        self.next_task_id.set(id + 1);
        let (inbox, context) = (Arc::clone(&self.inbox), self.context());
        let (task, notified, handle) = task::create(future, id, inbox, context, started_at);
        if self.is_closing.get() {
            task.abort(self);
            return (handle, None);
        }
        let tasks = &mut *self.tasks.borrow_mut();
        let key = tasks.insert(task);
        if let Some(task) = tasks.get(key) {
            task.set_key(key);
        }
        (handle, Some(notified))
    }

    pub(crate) fn make_ready(&self, turn: Notified) {
        self.ready.push(turn);
    }

    /// A waker that makes it the main future's turn, in the order of the ready queue.
    pub(crate) fn main_waker(&self) -> Waker {
        let handle = self.start_task(poll_fn(|_| {
            Self::current("the main future").main_is_due.set(true);
            Poll::<()>::Pending
        }));
        handle.task().set_context(self.main_context.take());
        *self.main_task.borrow_mut() = Some(handle.task().clone());
        handle.waker()
    }

    /// Whether it is the main future's turn. If so, `turn` is called as its task.
    pub(crate) fn take_main_turn(&self, turn: impl FnOnce()) {
        if self.main_is_due.take() {
            let main = self.main_task.borrow().clone();
            let outer = self.set_current_task(main);
            turn();
            drop(self.set_current_task(outer));
        }
    }

    /// Ends the task that stands for the main future. The next one goes on with its variables.
    pub(crate) fn end_main(&self) {
        self.main_is_due.set(false);
        let main = self.main_task.take();
        if let Some(main) = main {
            self.main_context.set(main.context());
            main.abort(self);
        }
    }

    pub(crate) fn is_main(&self, task: &TaskRef) -> bool {
        let main = self.main_task.borrow();
        main.as_ref().is_some_and(|main| main.is(task))
    }

    /// Makes it a task's turn, or ends that; gives the task whose turn it was.
    pub(crate) fn set_current_task(&self, task: Option<TaskRef>) -> Option<TaskRef> {
        self.current_task.replace(task)
    }

    pub(crate) fn current_task(&self) -> Option<TaskRef> {
        let task = self.current_task.take();
        self.current_task.set(task.clone());
        task
    }

    /// What the task has waited for is over: a turn of it begins, or it has ended.
    pub(crate) fn forget_waits(&self, task: &TaskRef) {
        if let Some(waits) = &self.waits {
            waits.forget(task.id());
        }
    }

    /// The tasks that have not ended, in the order in which they were started.
    pub(crate) fn all_tasks(&self) -> Vec<TaskRef> {
        let mut tasks: Vec<TaskRef> = self.tasks.borrow().iter().cloned().collect();
        tasks.sort_unstable_by_key(TaskRef::id);
        tasks
    }

    /// What a task that is started now begins with.
    fn context(&self) -> task::Context {
        let task = self.current_task();
        task.map_or_else(Default::default, |task| task.context())
    }

    pub(crate) fn context_value(&self, key: usize) -> Option<Rc<dyn Any>> {
        self.current_task()?.context().get(key)
    }

    /// Sets a value of the context; gives the one before.
    ///
    /// # Panics
    ///
    /// If it is nobody's turn.
    #[track_caller]
    pub(crate) fn put_context_value(
        &self,
        key: usize,
        value: Option<Rc<dyn Any>>,
    ) -> Option<Rc<dyn Any>> {
        let task = self.current_task().expect("it is a task's turn");
        task.put_into_context(key, value)
    }

    /// Drops the loop's reference to a completed task.
    pub(crate) fn forget_task(&self, key: usize) {
        let task = self.tasks.borrow_mut().remove(key);
        drop(task);
    }

    pub(crate) fn is_closing(&self) -> bool {
        self.is_closing.get()
    }

    pub(crate) fn set_timer(&self, deadline: Instant, waker: Waker) -> TimerId {
        self.timers.set(deadline, waker)
    }

    /// Whether the timer has still to fire; if so, `waker` is the one to wake.
    pub(crate) fn update_timer(&self, timer: TimerId, waker: &Waker) -> bool {
        self.timers.update(timer, waker)
    }

    pub(crate) fn cancel_timer(&self, timer: TimerId) {
        self.timers.cancel(timer);
    }

    /// Steps 1 to 4 of an iteration. The result is the number of turns of step 5.
    ///
    /// # Panics
    ///
    /// If the OS refuses to wait, which it does for no reason but a bug of coloop.
    pub(crate) fn gather_ready(&self, wait: Wait) -> usize {
        let deadline = self.timers.next_deadline();
        let may_sleep =
            wait == Wait::UntilReady && self.ready.is_empty() && self.inbox.prepare_wait();
        let timeout = if may_sleep {
            deadline.map(|deadline| {
                deadline
                    .saturating_duration_since(self.now())
                    .min(LONGEST_WAIT)
            })
        } else {
            Some(Duration::ZERO)
        };
        let instead = self.instead_of_waiting(may_sleep, deadline);
        let waiting = self.clock.begin_wait();
        let mut wakers = self.wakers.take();
        if may_sleep || self.driver.has_sources() {
            let waited = self.driver.wait(instead.or(timeout), &mut wakers);
            waited.expect("the OS refuses to wait for events");
        }
        self.collect_arrivals();
        wake_all(&mut wakers);
        self.wakers.set(wakers);
        if let Some(deadline) = deadline {
            match instead {
                Some(_) if self.ready.is_empty() => self.clock.jump(deadline),
                _ if may_sleep => self.clock.end_wait(waiting, deadline),
                _ => {}
            }
            self.fire_timers();
        }
        if let Some(order) = &self.order {
            self.ready.shuffle(order);
        }
        self.ready.len()
    }

    /// How long a loop that may sleep does, if nothing can come from outside: not at all, before its clock jumps.
    ///
    /// # Panics
    ///
    /// If there is nothing to jump to, and that is looked for.
    fn instead_of_waiting(&self, may_sleep: bool, deadline: Option<Instant>) -> Option<Duration> {
        let is_alone = may_sleep && !self.driver.has_sources() && self.threads.are_idle();
        if let Some(waits) = self
            .waits
            .as_ref()
            .filter(|_| is_alone && deadline.is_none())
        {
            let main = self.main_task.borrow().clone();
            let report = report::deadlock(main.as_ref(), &self.all_tasks(), waits);
            drop(main);
            panic!("{report}");
        }
        (is_alone && deadline.is_some() && self.clock.is_virtual()).then_some(Duration::ZERO)
    }

    fn collect_arrivals(&self) {
        let mut arrivals = self.arrivals.take();
        self.inbox.collect(&mut arrivals);
        for arrival in arrivals.drain(..) {
            match arrival {
                Arrival::Task(task) => self.ready.push(task),
                Arrival::Call(call) => drop(self.start_task(async move { call() })),
            }
        }
        self.arrivals.set(arrivals);
    }

    fn fire_timers(&self) {
        let now = self.now();
        while let Some(waker) = self.timers.pop_due(now) {
            waker.wake();
        }
    }

    /// One turn of step 5.
    pub(crate) fn run_next(&self) {
        let Some(turn) = self.ready.pop() else {
            return;
        };
        if !self.debug {
            return turn.run(self);
        }
        let task = turn.task().clone();
        let started = Instant::now();
        turn.run(self);
        report::turn_took(&task, started.elapsed());
    }

    /// Cancels the tasks that have not completed, in the order in which they were started, forgets everything, and waits for the
    /// threads that end by themselves.
    pub(crate) fn close(&self) {
        self.is_closing.set(true);
        let mut tasks = self.tasks.borrow_mut().take_all();
        tasks.sort_unstable_by_key(TaskRef::id);
        for task in tasks {
            task.abort(self);
        }
        drop(self.main_context.take());
        while let Some(task) = self.ready.pop() {
            drop(task);
        }
        self.inbox.close();
        self.timers.clear();
        self.driver.clear();
        self.threads.close();
    }
}

fn wake_all(wakers: &mut Vec<Waker>) {
    for waker in wakers.drain(..) {
        waker.wake();
    }
}
