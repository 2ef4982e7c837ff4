//! Values whose uses and drops are recorded.

use std::fmt;

use super::trace::Trace;

/// A value that records its drop and whatever is done with it. Not `Copy`, has drop glue.
pub(crate) struct D {
    id: u32,
    trace: Trace,
}

impl D {
    /// Without recording; bodies use `Trace::d`.
    pub(crate) fn new(trace: &Trace, id: u32) -> D {
        let trace = trace.clone();
        D { id, trace }
    }

    pub(crate) fn trace(&self) -> &Trace {
        &self.trace
    }

    fn step(&self, what: &str) {
        self.trace.step(format_args!("D{}.{what}", self.id));
    }

    pub(crate) fn id(&self) -> u32 {
        self.step("id");
        self.id
    }

    /// Borrows, and the result borrows too.
    pub(crate) fn by_ref(&self) -> &D {
        self.step("by_ref");
        self
    }

    pub(crate) fn by_mut(&mut self) -> &mut D {
        self.step("by_mut");
        self
    }

    pub(crate) fn set(&mut self, id: u32) {
        self.step("set");
        self.id = id;
    }

    /// Consumes, and drops.
    pub(crate) fn by_value(self) -> u32 {
        self.step("by_value");
        self.id
    }

    /// Consumes, and gives back: a step of a builder.
    pub(crate) fn with(mut self, id: u32) -> D {
        self.step("with");
        self.id += id;
        self
    }

    pub(crate) async fn by_ref_wait(&self) -> u32 {
        self.step("by_ref_wait begins");
        self.trace.wait(self.id, 1).await;
        self.step("by_ref_wait ends");
        self.id
    }

    pub(crate) async fn by_mut_wait(&mut self) -> u32 {
        self.step("by_mut_wait begins");
        self.trace.wait(self.id, 1).await;
        self.id += 100;
        self.step("by_mut_wait ends");
        self.id
    }

    pub(crate) async fn by_value_wait(self) -> u32 {
        self.step("by_value_wait begins");
        self.trace.wait(self.id, 1).await;
        self.step("by_value_wait ends");
        self.id
    }
}

impl Drop for D {
    fn drop(&mut self) {
        self.trace.dropped(format_args!("drop D{}", self.id));
    }
}

impl fmt::Debug for D {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "D{}", self.id)
    }
}

impl PartialEq for D {
    fn eq(&self, other: &D) -> bool {
        self.step("eq");
        self.id == other.id
    }
}

/// Two of them, for partial moves and struct update.
#[derive(Debug, PartialEq)]
pub(crate) struct Pair {
    pub(crate) a: D,
    pub(crate) b: D,
}

/// An error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct E(pub(crate) u32);

/// An error that `?` converts.
impl From<E> for String {
    fn from(E(id): E) -> String {
        format!("from E{id}")
    }
}
