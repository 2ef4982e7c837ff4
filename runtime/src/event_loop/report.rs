//! What is said about a loop that is being debugged.
//!
//! *Input*: turns and their lengths, the tasks of a loop that nothing can wake. *Output*: lines for people.

use std::fmt::Write as _;
use std::time::Duration;

use crate::task::TaskRef;

/// A turn that takes longer keeps the others waiting: asyncio's `slow_callback_duration`.
const SLOW: Duration = Duration::from_millis(100);

/// Says so if a turn has been slow.
pub(super) fn turn_took(task: &TaskRef, duration: Duration) {
    if duration >= SLOW {
        let (name, at) = (task.name(), task.started_at());
        eprintln!("coloop: a turn of {name}, started at {at}, took {duration:.3?}");
    }
}

/// What there is to say about a loop in which nothing will ever happen.
pub(super) fn deadlock(main: Option<&TaskRef>, tasks: &[TaskRef]) -> String {
    let mut text = "deadlock: no task is ready, no timer is set, and nothing is waited for that could come from outside".to_owned();
    for task in tasks {
        let is_main = main.is_some_and(|main| main.is(task));
        let name = match is_main {
            true => "the main future".to_owned(),
            false => format!("{}, started at {}", task.name(), task.started_at()),
        };
        let waits = match task.waits_for() {
            Some(what) => format!("waits for {what}"),
            None => "waits for something else than coloop's primitives".to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  {name} {waits}");
    }
    text
}
