//! Which scenarios there are, and how one is run.
//!
//! *Input*: a name. *Output*: its lines on the standard output. *Invariant*: each has a loop of its own, whose clock stands still while
//! it runs, and is over before the next begins; one that waits for ever panics instead.

use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;

use coloop::Runner;

use crate::log;

/// The main future of a scenario.
pub(crate) type Main = Pin<Box<dyn Future<Output = ()>>>;

/// A scenario: its name, and what begins it.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// Topic and function: `locks.fifo`.
    pub name: &'static str,
    pub(crate) begin: fn() -> Main,
}

/// The scenarios of a topic, for a function `all` of its module.
macro_rules! scenarios {
    ($topic:literal: $($name:ident)+) => {
        pub(crate) const ALL: &[$crate::scenario::Scenario] = &[$(
            $crate::scenario::Scenario {
                name: concat!($topic, ".", stringify!($name)),
                begin: || Box::pin($name()),
            },
        )+];
    };
}
pub(crate) use scenarios;

impl Scenario {
    /// Runs it; what it logs is written to the standard output.
    pub fn run(&self) {
        log::begin(self.name);
        let mut runner = Runner::builder()
            .virtual_time(true)
            .detect_deadlocks(true)
            .build();
        let ended = catch_unwind(AssertUnwindSafe(|| {
            runner.run((self.begin)());
            drop(runner);
        }));
        if let Err(payload) = ended {
            log::log(format_args!("panicked: {}", log::message(&*payload)));
        }
    }
}
