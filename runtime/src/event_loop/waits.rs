//! Who waits for what, and who holds it: kept only for a loop that looks for deadlocks.
//!
//! *Input*: polls that are pending, things that are taken and released. *Output*: sentences for people. *Invariant*: what a task
//! waits for is what its last turn has said; a thing is known by its address, which stays as long as it is waited for or held.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::EventLoop;
use crate::task::TaskRef;

/// What a task waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// Something that a report calls `what`.
    Thing { what: &'static str, at: *const () },
    /// The end of another task.
    Task(u64),
}

#[derive(Default)]
pub(super) struct Waits {
    /// By the number of the task.
    awaited: RefCell<HashMap<u64, Vec<Awaited>>>,
    /// By the address of the thing: one entry each time it was taken.
    holders: RefCell<HashMap<*const (), Vec<TaskRef>>>,
}

thread_local! {
    /// Whether the loop of this thread keeps account: what is done in every loop must cost next to nothing.
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
}

pub(super) fn set_watched(is_watched: bool) {
    IS_WATCHED.set(is_watched);
}

/// The task whose turn it is waits for something.
pub(crate) fn note_wait(awaited: Awaited) {
    with_turn(|waits, task| {
        let mut all = waits.awaited.borrow_mut();
        let of_task = all.entry(task.id()).or_default();
        if !of_task.contains(&awaited) {
            of_task.push(awaited);
        }
    });
}

/// The task whose turn it is has taken something.
pub(crate) fn note_taken(thing: *const ()) {
    with_turn(|waits, task| {
        let mut holders = waits.holders.borrow_mut();
        holders.entry(thing).or_default().push(task);
    });
}

/// Something was released, by the task whose turn it is if that has taken it.
pub(crate) fn note_released(thing: *const ()) {
    with_turn(|waits, task| {
        let released = waits.release(thing, &task);
        drop(released);
    });
}

fn with_turn(note: impl FnOnce(&Waits, TaskRef)) {
    if !IS_WATCHED.try_with(Cell::get).unwrap_or(false) {
        return;
    }
    if let Some(here) = EventLoop::try_current() {
        if let (Some(waits), Some(task)) = (&here.waits, here.current_task()) {
            note(waits, task);
        }
    }
}

impl Waits {
    /// A turn begins, or the task has ended: what it has waited for is over.
    pub(super) fn forget(&self, task: u64) {
        self.awaited.borrow_mut().remove(&task);
    }

    fn release(&self, thing: *const (), by: &TaskRef) -> Option<TaskRef> {
        let mut all = self.holders.borrow_mut();
        let holders = all.get_mut(&thing)?;
        let its_own = holders.iter().position(|holder| holder.is(by));
        let released = (!holders.is_empty()).then(|| holders.remove(its_own.unwrap_or(0)));
        if holders.is_empty() {
            all.remove(&thing);
        }
        released
    }

    /// What there is to say of a task: "waits for …".
    pub(super) fn describe(&self, task: &TaskRef, name: impl Fn(u64) -> String) -> String {
        let all = self.awaited.borrow();
        let Some(awaited) = all.get(&task.id()) else {
            return "waits for something else than coloop's primitives".to_owned();
        };
        let things = awaited.iter().map(|awaited| match awaited {
            Awaited::Task(other) => name(*other),
            Awaited::Thing { what, at } => self.describe_thing(what, *at, &name),
        });
        format!(
            "waits for {}",
            things.collect::<Vec<_>>().join(", and for ")
        )
    }

    fn describe_thing(&self, what: &str, at: *const (), name: &impl Fn(u64) -> String) -> String {
        let all = self.holders.borrow();
        let Some(holders) = all.get(&at) else {
            return what.to_owned();
        };
        let mut names: Vec<String> = Vec::new();
        for holder in holders {
            let name = match holder.is_completed() {
                true => format!("{}, which has ended,", holder.name()),
                false => name(holder.id()),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let verb = if names.len() > 1 { "have" } else { "has" };
        format!("{what} that {} {verb} taken", names.join(" and "))
    }
}
