//! What is said about a loop that is being debugged.
//!
//! *Input*: turns and their lengths, the tasks of a loop that nothing can wake. *Output*: lines for people.

use std::cell::Cell;
use std::fmt::Write as _;
use std::time::Duration;

use super::waits::Waits;
use crate::task::TaskRef;

/// A turn that takes longer keeps the others waiting: asyncio's `slow_callback_duration`.
const SLOW: Duration = Duration::from_millis(100);

thread_local! {
    /// Whether the loop of this thread is being debugged.
    static IS_DEBUGGED: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn set_debugged(is_debugged: bool) {
    IS_DEBUGGED.set(is_debugged);
}

/// Says that a coroutine has been dropped before it was polled; `step` is the type of a closure of its body.
pub(crate) fn never_awaited(step: &str) {
    if IS_DEBUGGED.try_with(Cell::get).unwrap_or(false) {
        let name = step.split("::{{closure}}").next().unwrap_or(step);
        eprintln!("coloop: the coroutine {name} was never awaited");
    }
}

/// Drops what nobody is to blame for that it was never awaited: the future of a task that is cancelled.
pub(crate) fn without_blame(drop: impl FnOnce()) {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            set_debugged(self.0);
        }
    }
    let _restore = Restore(IS_DEBUGGED.replace(false));
    drop();
}

/// Says so if a turn has been slow.
pub(super) fn turn_took(task: &TaskRef, duration: Duration) {
    if duration >= SLOW {
        let (name, at) = (task.name(), task.started_at());
        eprintln!("coloop: a turn of {name}, started at {at}, took {duration:.3?}");
    }
}

/// What there is to say about a loop in which nothing will ever happen.
pub(super) fn deadlock(main: Option<&TaskRef>, tasks: &[TaskRef], waits: &Waits) -> String {
    let name = |task: &TaskRef| match main.is_some_and(|main| main.is(task)) {
        true => "the main future".to_owned(),
        false => task.name(),
    };
    let name_of = |id: u64| {
        let task = tasks.iter().find(|task| task.id() == id);
        task.map_or_else(|| format!("Task-{id}"), name)
    };
    let mut text = "deadlock: no task is ready, no timer is set, and nothing is waited for that could come from outside".to_owned();
    for task in tasks {
        let mut who = name(task);
        if !main.is_some_and(|main| main.is(task)) {
            // Writing to a String cannot fail.
            let _ = write!(who, ", started at {},", task.started_at());
        }
        let _ = write!(text, "\n  {who} {}", waits.describe(task, name_of));
    }
    text
}
