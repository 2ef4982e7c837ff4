//! The verdict over all scenarios.
//!
//! *Input*: the logs of both sides, and the known differences. *Output*: a report. *Invariant*: there is nothing to complain of exactly
//! if all scenarios are on both sides, and those that differ are the known ones, in the way that is known.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use crate::compare::{Log, Pair};
use crate::known::{Known, KNOWN};

/// What has come out.
#[derive(Debug, Default)]
pub struct Verdict {
    /// How many scenarios have the same log.
    pub same: usize,
    /// How many differ as is known.
    pub known: usize,
    /// Those that were not run on asyncio, and why.
    pub skipped: Vec<String>,
    /// All that is not as it is to be.
    pub complaints: Vec<String>,
}

/// Compares all scenarios.
#[must_use]
pub fn judge(asyncio: BTreeMap<String, Log>, mut coloop: BTreeMap<String, Log>) -> Verdict {
    let mut verdict = Verdict::default();
    for (name, log) in asyncio {
        match (log, coloop.remove(&name)) {
            (Log::Skipped(why), Some(_)) => verdict.skipped.push(format!("{name} {why}")),
            (Log::Lines(asyncio), Some(Log::Lines(coloop))) => verdict.add(&Pair {
                name,
                asyncio,
                coloop,
            }),
            _ => verdict.complain(format!("{name} does not run on coloop")),
        }
    }
    for name in coloop.keys() {
        verdict.complain(format!("{name} does not run on asyncio"));
    }
    verdict.look_for_strays();
    verdict
}

impl Verdict {
    fn add(&mut self, pair: &Pair) {
        let known = known(&pair.name);
        match (pair.first_difference(), known) {
            (None, None) => self.same += 1,
            (Some(first), Some(known)) if first == known.first => self.known += 1,
            (None, Some(_)) => self.complain(format!(
                "{} is in `known.rs`, and does not differ any more",
                pair.name
            )),
            (Some(first), Some(_)) => self.complain(format!(
                "the difference is not the one in `known.rs`, but {first:?}:\n{}",
                pair.side_by_side(false)
            )),
            (Some(_), None) => self.complain(pair.side_by_side(false)),
        }
    }

    fn complain(&mut self, complaint: String) {
        self.complaints.push(complaint);
    }

    fn look_for_strays(&mut self) {
        for Known { scenario, .. } in KNOWN {
            if !crate::scenarios().any(|one| one.name == *scenario) {
                self.complain(format!("{scenario} is in `known.rs`, and nowhere else"));
            }
        }
    }
}

/// What is known of a scenario.
#[must_use]
pub fn known(scenario: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.scenario == scenario)
}

impl Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for complaint in &self.complaints {
            writeln!(f, "{complaint}")?;
        }
        for skipped in &self.skipped {
            writeln!(f, "SKIPPED: {skipped}")?;
        }
        write!(
            f,
            "{} scenarios have the same log, {} differ as is known, {} differ, {} were skipped",
            self.same,
            self.known,
            self.complaints.len(),
            self.skipped.len()
        )
    }
}
