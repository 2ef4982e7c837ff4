//! What time it is.
//!
//! *Input*: the OS's clock, or jumps. *Output*: instants that never go back. *Invariant*: a virtual clock stands still but for
//! its jumps.

use std::cell::Cell;
use std::time::Instant;

#[derive(Default)]
pub(crate) enum Clock {
    /// The OS's.
    #[default]
    Real,
    /// One that jumps.
    Virtual(Cell<Instant>),
}

impl Clock {
    pub(crate) fn new_virtual() -> Self {
        Clock::Virtual(Cell::new(Instant::now()))
    }

    pub(crate) fn now(&self) -> Instant {
        match self {
            Clock::Virtual(now) => now.get(),
            Clock::Real => Instant::now(),
        }
    }

    pub(crate) fn is_virtual(&self) -> bool {
        matches!(self, Clock::Virtual(_))
    }

    /// Makes it later, if it is virtual.
    pub(crate) fn jump(&self, to: Instant) {
        if let Clock::Virtual(now) = self {
            now.set(now.get().max(to));
        }
    }
}
