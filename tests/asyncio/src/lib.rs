//! The same scenarios on Python's asyncio and on coloop, and their logs compared.
//!
//! *Input*: pairs of functions of the same name, in `scenarios/<topic>.py` and `src/<topic>.rs`, which log in what order things happen.
//! *Output*: where the logs differ. *Invariant*: a log depends on the order of turns alone; time is virtual on both sides.
//!
//! - `log`, `scenario`: what scenarios are made of, with `scenario.py`
//! - `process`: runs both sides, Python's by `run.py`
//! - `compare`, `judge`, `known`: what is the same, what is not, what is known not to be
//! - the others: topics

#[macro_use]
mod log;

pub mod compare;
pub mod judge;
pub mod known;
pub mod process;

mod scenario;

mod barriers;
mod callbacks;
mod cancellation;
mod conditions;
mod events;
mod futures;
mod gather;
mod locks;
mod processes;
mod queues;
mod random_programs;
mod semaphores;
mod shield;
mod sleeps;
mod streams;
mod task_groups;
mod tasks;
mod timeouts;
mod wait;

pub use scenario::Scenario;

/// All scenarios.
pub fn scenarios() -> impl Iterator<Item = Scenario> {
    let topics = [
        barriers::ALL,
        callbacks::ALL,
        cancellation::ALL,
        conditions::ALL,
        events::ALL,
        futures::ALL,
        gather::ALL,
        locks::ALL,
        processes::ALL,
        queues::ALL,
        random_programs::ALL,
        semaphores::ALL,
        shield::ALL,
        sleeps::ALL,
        streams::ALL,
        task_groups::ALL,
        tasks::ALL,
        timeouts::ALL,
        wait::ALL,
    ];
    topics.into_iter().flatten().copied()
}
