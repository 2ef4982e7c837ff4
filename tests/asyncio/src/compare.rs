//! Two logs of each scenario, line by line.
//!
//! *Input*: what two processes have written. *Output*: for each scenario whether the logs are the same, and where they part.
//! *Invariant*: a scenario of one side alone is no agreement.

use std::collections::BTreeMap;
use std::fmt::Write;

const WIDTH: usize = 40;
/// So many lines are shown before the first that differs, and after it.
const AROUND: usize = 6;
const NOTHING: &str = "(nothing)";

/// What a side has said of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Log {
    /// What it has logged.
    Lines(Vec<String>),
    /// That it cannot run it, and why.
    Skipped(String),
}

/// A scenario, on both sides.
#[derive(Debug)]
pub struct Pair {
    /// Topic and function.
    pub name: String,
    /// On asyncio.
    pub asyncio: Vec<String>,
    /// On coloop.
    pub coloop: Vec<String>,
}

/// The logs of each scenario, from `scenario: line` and `scenario! why`.
///
/// # Errors
///
/// A line that is neither.
pub fn logs(written: &str) -> Result<BTreeMap<String, Log>, String> {
    let mut logs = BTreeMap::new();
    for line in written.lines() {
        let end = line.find([':', '!']);
        let (name, rest) = line.split_at(end.ok_or_else(|| format!("whose line is {line:?}?"))?);
        let (mark, text) = rest.split_at(1);
        let text = text.trim_start().to_owned();
        let log = logs.entry(name.to_owned());
        match (mark, log.or_insert_with(|| Log::Lines(Vec::new()))) {
            (":", Log::Lines(lines)) => lines.push(text),
            (_, log) => *log = Log::Skipped(text),
        }
    }
    Ok(logs)
}

impl Pair {
    /// The first lines that differ: asyncio's and coloop's. `None` if the logs are the same.
    #[must_use]
    pub fn first_difference(&self) -> Option<(&str, &str)> {
        let at = self.parting()?;
        Some((line(&self.asyncio, at), line(&self.coloop, at)))
    }

    fn parting(&self) -> Option<usize> {
        let longest = self.asyncio.len().max(self.coloop.len());
        (0..longest).find(|&at| self.asyncio.get(at) != self.coloop.get(at))
    }

    /// Both logs, side by side: all of them, or what is around the first line that differs.
    #[must_use]
    pub fn side_by_side(&self, is_all: bool) -> String {
        let longest = self.asyncio.len().max(self.coloop.len());
        let parting = self.parting();
        let (from, to) = match parting {
            Some(at) if !is_all => (at.saturating_sub(AROUND), longest.min(at + AROUND + 1)),
            _ => (0, longest),
        };
        let mut text = format!("{}\n  {:WIDTH$} | coloop\n", self.name, "asyncio");
        for at in from..to {
            let (left, right) = (line(&self.asyncio, at), line(&self.coloop, at));
            let mark = if left == right { ' ' } else { '*' };
            let first = if parting == Some(at) { '>' } else { ' ' };
            writeln!(text, "{first}{mark}{left:WIDTH$} | {right}").unwrap_or_default();
        }
        text
    }
}

fn line(log: &[String], at: usize) -> &str {
    log.get(at).map_or(NOTHING, String::as_str)
}
