//! Bodies in, verdicts out.
//!
//! 1. rustc checks the bodies alone; those that it rejects are skipped
//! 2. all others are compiled on both sides, as tests of the differential harness; those with an error are rejected
//! 3. the tests run in one process, and each for itself after one of them has brought it down
//!
//! An error stops the compilation of the whole crate, so 1 and 2 are repeated without the bodies that have one. If an error says of
//! none, each half is compiled for itself.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::generate::Function;
use coloop_tests::toolchain::{Goal, Report, Toolchain};

/// A process that takes longer hangs.
const TOO_LONG: Duration = Duration::from_secs(120);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same,
    /// rustc does not accept it, or it has no end: it says nothing.
    Skipped(String),
    /// rustc accepts it, and coloop does not.
    Rejected(String),
    /// coloop does not accept it, and docs/language.md says so.
    Limited(String),
    Differs(String),
    Crashes(String),
}

/// Messages of limits that docs/language.md lists, each with what to write instead.
const LIMITS: [&str; 2] = [
    "a pattern that may not match moves a part out of a variable of this coroutine",
    "a `move` closure or async block captures a part of a variable of this coroutine",
];

impl Verdict {
    fn of_refused(text: String) -> Self {
        match LIMITS.iter().any(|limit| text.contains(limit)) {
            true => Verdict::Limited(text),
            false => Verdict::Rejected(text),
        }
    }

    /// The class of the failure and what is the same in all failures of one cause; none if it is no failure.
    pub fn signature(&self) -> Option<(&'static str, String)> {
        match self {
            Verdict::Same | Verdict::Skipped(_) | Verdict::Limited(_) => None,
            Verdict::Rejected(text) => Some(("rejected", kind_of(text.lines().next()?))),
            Verdict::Differs(text) => {
                let is_telling = |line: &&str| {
                    let scenario = line.starts_with("  driven") || line.starts_with("  dropped");
                    scenario || line.starts_with("=>")
                };
                let mut lines = text.lines().filter(is_telling);
                let (scenario, row) = (lines.next(), lines.next_back());
                let told = scenario.into_iter().chain(row).map(kind_of);
                Some(("differs", told.collect::<Vec<String>>().join(" ")))
            }
            Verdict::Crashes(_) => Some(("crash", String::new())),
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Verdict::Same => "",
            Verdict::Skipped(text)
            | Verdict::Rejected(text)
            | Verdict::Limited(text)
            | Verdict::Differs(text)
            | Verdict::Crashes(text) => text,
        }
    }
}

/// A line without numbers and quoted names.
fn kind_of(line: &str) -> String {
    let unquoted: String = line.split('`').step_by(2).collect();
    let code = |word: &&str| word.starts_with("error[") || !word.contains(|c: char| c.is_numeric());
    let words: Vec<&str> = unquoted.split_whitespace().filter(code).collect();
    words.join(" ")
}

/// A file that is compiled for several bodies, and what it is called.
pub struct Judge<'t> {
    pub toolchain: &'t Toolchain,
    /// Tells its files from those of other threads.
    pub name: String,
}

impl Judge<'_> {
    /// A verdict for each body.
    pub fn judge(&self, functions: &[Function]) -> io::Result<Vec<Verdict>> {
        let mut verdicts = BTreeMap::new();
        let mut left: Vec<usize> = (0..functions.len()).collect();
        self.compile(functions, &mut left, Goal::Check, &mut verdicts)?;
        if let Some(binary) = self.compile(functions, &mut left, Goal::Test, &mut verdicts)? {
            let names: Vec<&str> = left.iter().map(|at| &*functions[*at].name).collect();
            let ran = self.run(&binary, &names)?;
            verdicts.extend(left.into_iter().zip(ran));
            fs::remove_file(binary)?;
        }
        Ok(verdicts.into_values().collect())
    }

    /// Which bodies are rejected, as far as one compilation tells. None is run.
    pub fn rejected(&self, functions: &[Function]) -> io::Result<Vec<Verdict>> {
        let mut verdicts = BTreeMap::new();
        let mut left: Vec<usize> = (0..functions.len()).collect();
        self.compile(functions, &mut left, Goal::Check, &mut verdicts)?;
        self.attempt(functions, &mut left, Goal::CheckBoth, &mut verdicts)?;
        verdicts.extend(left.into_iter().map(|at| (at, Verdict::Same)));
        Ok(verdicts.into_values().collect())
    }

    /// Compiles the bodies that are `left` and takes those out that have errors; none if no body is left.
    fn compile(
        &self,
        functions: &[Function],
        left: &mut Vec<usize>,
        goal: Goal,
        verdicts: &mut BTreeMap<usize, Verdict>,
    ) -> io::Result<Option<PathBuf>> {
        while !left.is_empty() {
            let output = self.attempt(functions, left, goal, verdicts)?;
            if output.is_some() {
                return Ok(output);
            }
        }
        Ok(None)
    }

    /// Compiles once; none if there were errors.
    fn attempt(
        &self,
        functions: &[Function],
        left: &mut Vec<usize>,
        goal: Goal,
        verdicts: &mut BTreeMap<usize, Verdict>,
    ) -> io::Result<Option<PathBuf>> {
        let source = self.toolchain.directory.join(format!("{}.rs", self.name));
        let output = self.toolchain.directory.join(&self.name);
        let (text, starts) = file(functions, left, goal);
        fs::write(&source, text)?;
        let reports = self.toolchain.compile(&source, goal, &output)?;
        if reports.is_empty() {
            return Ok(Some(output));
        }
        let blamed = blame(&reports, &starts);
        if blamed.is_empty() && left.len() > 1 {
            // rustc does not say whose error it is.
            let mut second = left.split_off(left.len() / 2);
            self.attempt(functions, left, goal, verdicts)?;
            self.attempt(functions, &mut second, goal, verdicts)?;
            left.append(&mut second);
            return Ok(None);
        }
        for (at, text) in blamed {
            let verdict = match goal {
                Goal::Check => Verdict::Skipped(text),
                Goal::CheckBoth | Goal::Test => Verdict::of_refused(text),
            };
            verdicts.insert(left[at], verdict);
        }
        left.retain(|at| !verdicts.contains_key(at));
        Ok(None)
    }

    /// Runs every test.
    fn run(&self, binary: &Path, names: &[&str]) -> io::Result<Vec<Verdict>> {
        let (end, output) = self.output(binary, &[])?;
        if end.is_none() {
            return Ok(names.iter().map(|name| outcome(name, &output)).collect());
        }
        let alone = |name: &&str| {
            let (end, output) = self.output(binary, &[name, "--exact"])?;
            Ok(match end {
                None => outcome(name, &output),
                Some(end) => Verdict::Crashes(format!("{end}\n{output}")),
            })
        };
        names.iter().map(alone).collect()
    }

    /// How the process ended if not by itself, and what it has printed.
    fn output(&self, binary: &Path, arguments: &[&str]) -> io::Result<(Option<String>, String)> {
        let path = binary.with_extension("out");
        let file = File::create(&path)?;
        let mut command = self.toolchain.run(binary);
        command.args(arguments).stdin(Stdio::null());
        command.stdout(file.try_clone()?).stderr(file);
        let mut child = command.spawn()?;
        let started = Instant::now();
        let end = loop {
            match child.try_wait()? {
                Some(status) if matches!(status.code(), Some(0 | 101)) => break None,
                Some(status) => break Some(status.to_string()),
                None if started.elapsed() > TOO_LONG => {
                    child.kill()?;
                    child.wait()?;
                    break Some("hangs".to_owned());
                }
                None => sleep(Duration::from_millis(20)),
            }
        };
        Ok((end, String::from_utf8_lossy(&fs::read(&path)?).into_owned()))
    }
}

/// The source of a crate, and the line at which each body begins.
fn file(functions: &[Function], chosen: &[usize], goal: Goal) -> (String, Vec<usize>) {
    let harness = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../differential/harness/mod.rs"
    );
    let mut text = format!(
        "#![allow(warnings)]\n#[macro_use]\n#[path = {harness:?}]\nmod harness;\n\
         use crate::harness::{{borrow_mut_wait, borrow_wait, consume_wait, handed_over, recorded, Give, Pair, Trace, D, E}};\n"
    );
    let mut starts = Vec::new();
    for at in chosen {
        starts.push(text.lines().count() + 1);
        text.push_str(&match goal {
            Goal::Check => functions[*at].native(),
            Goal::CheckBoth | Goal::Test => functions[*at].source(),
        });
    }
    (text, starts)
}

/// The first error of each body that has one, by its position; if an error says of none, of the only one there is.
fn blame(reports: &[Report], starts: &[usize]) -> BTreeMap<usize, String> {
    let mut blamed = BTreeMap::new();
    for report in reports {
        for line in &report.lines {
            let after = starts.partition_point(|start| start <= line);
            if let Some(at) = after.checked_sub(1) {
                blamed.entry(at).or_insert_with(|| report.text.clone());
            }
        }
    }
    if let (true, [_]) = (blamed.is_empty(), starts) {
        blamed.insert(0, reports[0].text.clone());
    }
    blamed
}

/// What the test harness says about one test.
fn outcome(name: &str, output: &str) -> Verdict {
    if output.contains(&format!("test {name} ... ok")) {
        return Verdict::Same;
    }
    let start = format!("---- {name} stdout ----\n");
    let text = output.split(&start).nth(1).unwrap_or(output);
    let text = text.split("\n---- ").next().unwrap_or(text);
    let text = text.split("\nfailures:").next().unwrap_or(text).trim();
    if text.contains("the body does not come to an end, so it says nothing") {
        return Verdict::Skipped(text.to_owned());
    }
    Verdict::Differs(text.to_owned())
}
