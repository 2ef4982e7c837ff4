//! How a task starts.

use std::future::Future;
use std::panic::Location;

use super::{GroupTask, Task, TaskGroup};
use crate::event_loop::EventLoop;

/// Starts tasks that have a name, or that start at once: [`spawn`](crate::spawn) with options.
///
/// # Examples
///
/// ```
/// coloop::run(async {
///     let task = coloop::TaskBuilder::new().name("answer").spawn(async { 42 });
///     assert_eq!(format!("{task:?}"), "<answer pending>");
///     assert_eq!(task.await.unwrap(), 42);
/// });
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing starts until `spawn` is called"]
pub struct TaskBuilder {
    name: Option<String>,
    is_eager: bool,
}

impl TaskBuilder {
    /// As [`spawn`](crate::spawn) starts them.
    pub fn new() -> Self {
        TaskBuilder::default()
    }

    /// What the task is called, in debug output and reports. One more allocation.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Whether the task runs up to where it first waits before [`spawn`](Self::spawn) returns, instead of in the next iteration.
    /// asyncio's `eager_start`.
    ///
    /// # Examples
    ///
    /// ```
    /// coloop::run(async {
    ///     let task = coloop::TaskBuilder::new().eager(true).spawn(async { 42 });
    ///     assert!(task.is_finished());
    /// });
    /// ```
    pub fn eager(mut self, eager: bool) -> Self {
        self.is_eager = eager;
        self
    }

    /// Starts a task.
    ///
    /// # Panics
    ///
    /// If no event loop runs on this thread.
    #[track_caller]
    pub fn spawn<F>(self, future: F) -> Task<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let event_loop = EventLoop::current("coloop::spawn");
        let (handle, turn) = event_loop.create_task(future, Location::caller());
        if let Some(name) = self.name {
            handle.task().set_name(&name);
        }
        match (turn, self.is_eager) {
            (Some(turn), true) => turn.run(&event_loop),
            (Some(turn), false) => event_loop.make_ready(turn),
            (None, _) => {}
        }
        Task { handle }
    }

    /// Starts a task in a group: [`TaskGroup::spawn`] with options.
    ///
    /// # Panics
    ///
    /// If no event loop runs on this thread, or the group has ended.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::{TaskBuilder, TaskGroup};
    ///
    /// let name = coloop::run(TaskGroup::scope(async |group| {
    ///     let task = TaskBuilder::new().name("yolo").spawn_in(group, async { Ok(()) });
    ///     Ok::<_, std::io::Error>(task.handle().name())
    /// }));
    /// assert_eq!(name.unwrap(), "yolo");
    /// ```
    #[track_caller]
    pub fn spawn_in<T, E, F>(self, group: &TaskGroup<E>, future: F) -> GroupTask<T>
    where
        F: Future<Output = Result<T, E>> + 'static,
        T: 'static,
        E: 'static,
    {
        group.start(self, future)
    }
}
