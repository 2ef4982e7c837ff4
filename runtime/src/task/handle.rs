//! Tasks of any type: which one runs, which there are, what becomes of them.

use std::fmt;

use super::raw::TaskRef;
use crate::event_loop::EventLoop;

/// A task, without its output: what [`current_task`] and [`all_tasks`] give. Any number of them may exist; they keep nothing but its
/// memory.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let task = coloop::spawn(async {
///         coloop::current_task().unwrap().name()
///     });
///     let handle = task.handle();
///     assert_eq!(task.await.unwrap(), handle.name());
///     assert!(handle.is_finished());
/// });
/// ```
#[derive(Clone)]
pub struct TaskHandle(TaskRef);

impl TaskHandle {
    pub(crate) fn new(task: TaskRef) -> Self {
        TaskHandle(task)
    }

    /// The number of the task: it counts the tasks of its loop.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.0.id()
    }

    /// See [`Task::name`](crate::Task::name).
    #[must_use]
    pub fn name(&self) -> String {
        self.0.name()
    }

    /// Where [`spawn`](crate::spawn) was called.
    #[must_use]
    pub fn started_at(&self) -> &'static std::panic::Location<'static> {
        self.0.started_at()
    }

    /// See [`Task::cancel`](crate::Task::cancel). The main future has nothing that could be given instead of its output: it cannot be
    /// cancelled by a handle, and this is false.
    pub fn cancel(&self) -> bool {
        let is_main = EventLoop::try_current().is_some_and(|here| here.is_main(&self.0));
        !is_main && self.0.cancel()
    }

    /// See [`Task::is_finished`](crate::Task::is_finished).
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.0.is_completed()
    }

    /// See [`Task::add_done_callback`](crate::Task::add_done_callback).
    ///
    /// # Panics
    ///
    /// If the task has ended and its loop does not run on this thread.
    pub fn add_done_callback(&self, callback: impl FnOnce(TaskHandle) + 'static) {
        if let Err(callback) = self.0.add_done_callback(Box::new(callback)) {
            let event_loop = EventLoop::current("a callback of a task that has ended");
            call_back(&event_loop, self.clone(), callback);
        }
    }
}

impl PartialEq for TaskHandle {
    fn eq(&self, other: &Self) -> bool {
        self.0.is(&other.0)
    }
}

impl Eq for TaskHandle {}

impl fmt::Debug for TaskHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} {}>", self.name(), self.0.state())
    }
}

/// Starts a task that calls what was to be called when a task has ended.
pub(crate) fn call_back(
    event_loop: &EventLoop,
    task: TaskHandle,
    callback: Box<dyn FnOnce(TaskHandle)>,
) {
    drop(event_loop.start_task(async move { callback(task) }));
}

/// The task that runs: the one in which this is called. `None` outside of a loop.
///
/// The main future counts as a task, the first of its loop.
///
/// asyncio's `current_task`.
///
/// # Examples
///
/// ```
/// assert!(coloop::current_task().is_none());
/// coloop::run(async {
///     let here = coloop::current_task().unwrap();
///     let other = coloop::spawn(async { coloop::current_task().unwrap() });
///     assert_ne!(other.await.unwrap(), here);
/// });
/// ```
#[must_use]
pub fn current_task() -> Option<TaskHandle> {
    EventLoop::try_current()?.current_task().map(TaskHandle)
}

/// The tasks of the running loop that have not ended, in the order in which they were started, the main one first. Empty outside of a
/// loop.
///
/// asyncio's `all_tasks`.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let task = coloop::spawn(coloop::yield_now());
///     assert_eq!(coloop::all_tasks().len(), 2);
///     task.await.unwrap();
///     assert_eq!(coloop::all_tasks(), [coloop::current_task().unwrap()]);
/// });
/// ```
#[must_use]
pub fn all_tasks() -> Vec<TaskHandle> {
    let tasks = EventLoop::try_current().map(|here| here.all_tasks());
    tasks.into_iter().flatten().map(TaskHandle).collect()
}
