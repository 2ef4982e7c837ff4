//! All scenarios on asyncio and on coloop have the same logs, the known differences aside.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;

use coloop_asyncio::{compare, judge, known, process};

const PROGRAM: &str = env!("CARGO_BIN_EXE_coloop-asyncio");
const GUIDE: &str = include_str!("../../../docs/asyncio.md");

#[test]
fn scenarios_have_the_logs_of_asyncio() -> Result<(), Box<dyn Error>> {
    let Some(asyncio) = process::asyncio(&[])? else {
        return say("SKIPPED: no scenario was compared, because there is no python3 here");
    };
    let coloop = process::coloop(Path::new(PROGRAM), &[])?;
    for (side, written) in [("Python", &asyncio), ("coloop", &coloop)] {
        let failure = written.failure.as_deref();
        let last = written.lines.lines().last();
        assert!(
            failure.is_none(),
            "{side} {}; its last line is {last:?}",
            failure.unwrap_or_default()
        );
    }
    let verdict = judge::judge(
        compare::logs(&asyncio.lines)?,
        compare::logs(&coloop.lines)?,
    );
    assert!(verdict.complaints.is_empty(), "{verdict}");
    say(verdict)
}

/// Says something that is heard though the test passes.
fn say(what: impl Display) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(io::stderr(), "== {what} ==")?)
}

#[test]
fn known_differences_are_in_the_guide() {
    for known in known::KNOWN {
        let row = format!("| `{}` |", known.scenario);
        assert!(GUIDE.contains(&row), "docs/asyncio.md has no row {row}");
    }
}
