//! The scenarios of a body, run on both sides.
//!
//! 1. `run`: to the end
//! 2. `cancel`: dropped after k polls, for every k up to the last suspension; k = 0 is never polled
//! 3. `panic`: the k-th step panics, for every k; then the future is polled again, and dropped
//! 4. `drop_panic`: the k-th drop panics, for every k, when run to the end and when cancelled anywhere
//!
//! How much there is to sweep over is counted in the native recordings.
//!
//! The recordings must be equal, with one exception: rustc itself leaks some values when a drop panics (an
//! awaited value, when the drop of the awaited future panics). There the compiled side may drop
//! what the native side leaks, and must do the rest alike.

use std::env;
use std::fmt::Debug;
use std::future::Future;

use super::diff::side_by_side;
use super::drive::{erase, record, Body, Recording, Scenario};
use super::trace::{Fault, Trace};

const ALL_KINDS: &str = "run,cancel,panic,drop_panic";

/// Compares two bodies in the scenarios that `COLOOP_SWEEP` leaves in.
pub(crate) fn check<N, C>(native: fn(Trace) -> N, compiled: fn(Trace) -> C)
where
    N: Future<Output: Debug + 'static> + 'static,
    C: Future<Output: Debug + 'static> + 'static,
{
    let kinds = env::var("COLOOP_SWEEP").unwrap_or(ALL_KINDS.to_owned());
    if let Err(difference) = compare(&erase(native), &erase(compiled), &kinds) {
        panic!("{difference}");
    }
}

/// What tells the two bodies apart; panics if nothing does.
pub(crate) fn difference<N, C>(native: fn(Trace) -> N, compiled: fn(Trace) -> C) -> String
where
    N: Future<Output: Debug + 'static> + 'static,
    C: Future<Output: Debug + 'static> + 'static,
{
    compare(&erase(native), &erase(compiled), ALL_KINDS).expect_err("the bodies differ")
}

fn compare(native: &Body, compiled: &Body, kinds: &str) -> Result<(), String> {
    let verbose = env::var_os("COLOOP_VERBOSE").is_some();
    let scenarios = scenarios(native, kinds);
    let mut different = Vec::new();
    let mut first = String::new();
    for scenario in &scenarios {
        if verbose {
            eprintln!("{scenario}");
        }
        let expected = record(native, *scenario);
        let actual = record(compiled, *scenario);
        if expected.events == actual.events || only_leaks_less(scenario, &expected, &actual) {
            continue;
        }
        different.push(scenario.to_string());
        if first.is_empty() {
            first = side_by_side(&expected.events, &actual.events);
        }
    }
    if different.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} of {} scenarios differ:\n  {}\nthe first of them:\n{first}",
        different.len(),
        scenarios.len(),
        different.join("\n  "),
    ))
}

/// The exception: after a drop panicked, the compiled side drops something that the native side leaks.
fn only_leaks_less(scenario: &Scenario, native: &Recording, compiled: &Recording) -> bool {
    if !matches!(scenario.fault, Fault::Drop(_)) || compiled.leaked >= native.leaked {
        return false;
    }
    let mut expected = native.events_but_leaks().peekable();
    for event in compiled.events_but_leaks() {
        if expected.next_if_eq(&event).is_none() && !event.starts_with("drop ") {
            return false;
        }
    }
    expected.next().is_none()
}

fn scenarios(native: &Body, kinds: &str) -> Vec<Scenario> {
    let wanted = |kind| kinds.split(',').any(|wanted| wanted == kind);
    let whole = Scenario {
        cancel_after: None,
        fault: Fault::None,
    };
    let recording = record(native, whole);
    assert!(
        recording.ended(),
        "the body does not come to an end, so it says nothing"
    );
    let cancels = (0..recording.polls).map(|polls| Scenario {
        cancel_after: Some(polls),
        ..whole
    });
    let cancels: Vec<Scenario> = cancels.collect();

    let mut scenarios = Vec::new();
    if wanted("run") {
        scenarios.push(whole);
    }
    if wanted("cancel") {
        scenarios.extend(&cancels);
    }
    if wanted("panic") {
        scenarios.extend((0..recording.steps).map(|step| Scenario {
            fault: Fault::Step(step),
            ..whole
        }));
    }
    if wanted("drop_panic") {
        for scenario in [whole].iter().chain(&cancels) {
            let drops = record(native, *scenario).drops;
            scenarios.extend((0..drops).map(|drop| Scenario {
                fault: Fault::Drop(drop),
                ..*scenario
            }));
        }
    }
    scenarios
}
