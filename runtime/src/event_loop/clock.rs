//! What time it is.
//!
//! *Input*: the OS's clock, or jumps and waits. *Output*: instants that never go back. *Invariant*: a virtual clock stands still
//! while tasks run, and no wait takes it beyond a deadline.

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

    /// Before a wait for what comes from outside. Nothing, if the clock goes on by itself.
    pub(crate) fn begin_wait(&self) -> Option<Instant> {
        self.is_virtual().then(Instant::now)
    }

    /// Behind such a wait: it has taken the time that it has taken, but not more than what there was until `deadline`.
    pub(crate) fn end_wait(&self, began: Option<Instant>, deadline: Instant) {
        if let Some(began) = began {
            let now = self.now().checked_add(began.elapsed());
            self.jump(now.map_or(deadline, |now| now.min(deadline)));
        }
    }

    /// Makes it later, if it is virtual.
    pub(crate) fn jump(&self, to: Instant) {
        if let Clock::Virtual(now) = self {
            now.set(now.get().max(to));
        }
    }
}
