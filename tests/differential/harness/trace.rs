//! The recorder. Everything a body does passes through one `Trace`, which numbers it, writes it down, and
//! panics where the scenario asks for it.
//!
//! Steps (operations, creations, polls) and drops are numbered apart: a sweep over steps then never panics
//! while something is being dropped. A drop does not panic while the thread unwinds, that would abort.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::thread;

use super::future::Wait;
use super::value::{D, E};

/// A body that records more than this is taken to loop for ever.
pub(super) const TOO_LONG: usize = 10_000;

/// Where a panic is injected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    Step(usize),
    Drop(usize),
}

/// The payload of an injected panic.
pub(crate) struct Injected;

#[derive(Clone)]
pub(crate) struct Trace(Rc<Recorder>);

struct Recorder {
    fault: Fault,
    steps: Cell<usize>,
    drops: Cell<usize>,
    events: RefCell<Vec<String>>,
}

/// What the harness does with a trace.
impl Trace {
    pub(crate) fn new(fault: Fault) -> Trace {
        Trace(Rc::new(Recorder {
            fault,
            steps: Cell::new(0),
            drops: Cell::new(0),
            events: RefCell::default(),
        }))
    }

    /// Records a fact that is neither a step nor a drop.
    pub(crate) fn note(&self, event: impl Display) {
        self.0.events.borrow_mut().push(event.to_string());
    }

    /// Records a step, which may be the one to panic.
    pub(crate) fn step(&self, event: impl Display) {
        self.note(event);
        let number = next(&self.0.steps);
        if self.0.fault == Fault::Step(number) {
            self.inject();
        }
        if number >= TOO_LONG {
            panic!("the body does not come to an end");
        }
    }

    /// Records a drop, which may be the one to panic.
    pub(crate) fn dropped(&self, event: impl Display) {
        self.note(event);
        if self.0.fault == Fault::Drop(next(&self.0.drops)) {
            self.inject();
        }
    }

    fn inject(&self) {
        if !thread::panicking() {
            self.note("  (panics here)");
            resume_unwind(Box::new(Injected));
        }
    }

    pub(crate) fn steps(&self) -> usize {
        self.0.steps.get()
    }

    pub(crate) fn drops(&self) -> usize {
        self.0.drops.get()
    }

    /// How many clones the body has not given back.
    pub(crate) fn clones(&self) -> usize {
        Rc::strong_count(&self.0) - 1
    }

    pub(crate) fn events(&self) -> Vec<String> {
        self.0.events.borrow().clone()
    }
}

/// What a body does with a trace.
impl Trace {
    /// Does something.
    pub(crate) fn op(&self, id: u32) {
        self.step(format_args!("op {id}"));
    }

    /// Evaluates to `id`.
    pub(crate) fn n(&self, id: u32) -> u32 {
        self.step(format_args!("evaluate {id}"));
        id
    }

    /// Evaluates to `value`.
    pub(crate) fn val<T>(&self, id: u32, value: T) -> T {
        self.step(format_args!("evaluate {id}"));
        value
    }

    /// Evaluates to `true`, and so on.
    pub(crate) fn yes(&self, id: u32) -> bool {
        self.val(id, true)
    }

    pub(crate) fn no(&self, id: u32) -> bool {
        self.val(id, false)
    }

    pub(crate) fn ok(&self, id: u32) -> Result<u32, E> {
        self.val(id, Ok(id))
    }

    pub(crate) fn fail(&self, id: u32) -> Result<u32, E> {
        self.val(id, Err(E(id)))
    }

    /// Makes a value whose drop is recorded.
    pub(crate) fn d(&self, id: u32) -> D {
        self.step(format_args!("make D{id}"));
        D::new(self, id)
    }

    /// A future that suspends `times` times and gives `id`.
    pub(crate) fn wait(&self, id: u32, times: u32) -> Wait<u32> {
        Wait::new(self, id, times, id)
    }

    /// A future that is ready at once and gives `id`.
    pub(crate) fn ready(&self, id: u32) -> Wait<u32> {
        Wait::new(self, id, 0, id)
    }

    /// A future that suspends once and gives `value`.
    pub(crate) fn later<T>(&self, id: u32, value: T) -> Wait<T> {
        Wait::new(self, id, 1, value)
    }

    /// A future that suspends once and gives `D`, made only then.
    pub(crate) async fn later_d(&self, id: u32) -> D {
        self.wait(id, 1).await;
        self.d(id)
    }

    pub(crate) fn later_ok(&self, id: u32) -> Wait<Result<u32, E>> {
        self.later(id, Ok(id))
    }

    pub(crate) fn later_err(&self, id: u32) -> Wait<Result<u32, E>> {
        self.later(id, Err(E(id)))
    }
}

/// Counts up and returns the number before.
fn next(counter: &Cell<usize>) -> usize {
    counter.replace(counter.get() + 1)
}
