//! Puts `#[coroutine]` on every `async fn` of published crates, as they are, and runs their own tests before and after.
//!
//! ```text
//! cargo run --release -p coloop-adoption                                  every crate of crates.rs
//! cargo run --release -p coloop-adoption -- mini-redis kanal              these of them
//! cargo run --release -p coloop-adoption -- NAME@VERSION --features full  any crate, with options for cargo
//! ```
//!
//! 1. The crate is copied to `target/adoption/NAME-VERSION`, and depends on the runtime there.
//! 2. Which functions are compiled at all is asked of rustc: each gets an attribute with an unknown lint, and is counted
//!    where rustc warns of it. What another platform, feature or a macro owns is not counted.
//! 3. The tests run.
//! 4. All functions get `#[coroutine]`. Those in which rustc finds errors lose it, until the crate compiles. Those that
//!    the macro did not refuse are then tried once more, since an error may have been another's.
//! 5. The tests run again. One that passed before and does not now, twice, is a difference in behaviour, which
//!    must not be.
//!
//! The last line is a failure if a test differs, or if fewer functions are accepted than `crates.rs` says. A crate
//! without a `Cargo.lock` of its own gets today's dependencies. What cargo said last is in `adoption-*` in the copy.

mod cargo;
mod crates;
mod source;

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use cargo::{Cargo, Message, Tests};
use crates::{Crate, CRATES};
use source::{Index, Sources};

const ATTRIBUTE: &str = "#[::coloop::coroutine]";
const CENSUS: &str = "#[allow(coloop_census)]";
/// Stands for the code of an error that has none, as those of a macro have.
const REFUSED: &str = "refused";
const LIMIT: Duration = Duration::from_secs(1200);

/// What was found out about a crate.
struct Report {
    functions: usize,
    rejected: BTreeMap<Index, String>,
    before: Tests,
    after: Tests,
    new_warnings: Vec<String>,
}

impl Report {
    fn accepted(&self) -> usize {
        self.functions - self.rejected.len()
    }

    /// The tests that passed before and do not now.
    fn differing(&self) -> Vec<&String> {
        self.before.passed.difference(&self.after.passed).collect()
    }
}

fn main() -> ExitCode {
    let chosen = match chosen() {
        Ok(chosen) => chosen,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), PathBuf::from);
    let work = target.join("adoption");
    let mut rows = Vec::new();
    let mut well = true;
    for wanted in &chosen {
        println!("== {} {} ==", wanted.name, wanted.version);
        let started = Instant::now();
        match adopt(wanted, &work) {
            Ok(report) => {
                well &= judge(wanted, &report);
                rows.push(row(wanted, &report, started.elapsed()));
            }
            Err(error) => {
                println!("{error}");
                well = false;
                rows.push(format!(
                    "| {} {} | failed | | | | |",
                    wanted.name, wanted.version
                ));
            }
        }
    }
    println!("\n| crate | functions | accepted | tests before | tests after | seconds |\n|---|---|---|---|---|---|");
    rows.iter().for_each(|row| println!("{row}"));
    if well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("tests/adoption is in the project")
        .to_owned()
}

/// The crates that the arguments name.
fn chosen() -> Result<Vec<Crate>, String> {
    // The lists of a crate live as long as the program.
    let arguments: &'static [String] = env::args().skip(1).collect::<Vec<_>>().leak();
    if let [name, options @ ..] = arguments {
        if let Some((name, version)) = name.split_once('@') {
            let options = options
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .leak();
            return Ok(vec![Crate {
                name,
                version,
                options,
                accepted: 0,
                deep: false,
            }]);
        }
    }
    if arguments.is_empty() {
        return Ok(CRATES.to_vec());
    }
    let find = |name: &String| {
        let found = CRATES.iter().find(|listed| listed.name == name).cloned();
        found.ok_or_else(|| format!("{name} is not listed; say NAME@VERSION"))
    };
    arguments.iter().map(find).collect()
}

fn adopt(wanted: &Crate, work: &Path) -> io::Result<Report> {
    let folder = work.join(format!("{}-{}", wanted.name, wanted.version));
    let published = cargo::fetch(work, wanted.name, wanted.version)?;
    copy(&published, &folder)?;
    if wanted.deep {
        deepen(&folder.join("src/lib.rs"))?;
    }
    let sources = Sources::read(&folder)?;
    let cargo = Cargo {
        folder: &folder,
        target: &work.join("target"),
        options: wanted.options,
        limit: LIMIT,
    };

    cargo.unlock()?;
    sources.write(CENSUS, &sources.all())?;
    let (built, messages) = cargo.compile(&["check", "--all-targets"])?;
    if !built {
        let errors = messages
            .iter()
            .filter(|message| message.is_error())
            .map(|message| format!("{message:?}\n"));
        return Err(io::Error::other(format!(
            "does not build as it is\n{}",
            errors.take(5).collect::<String>()
        )));
    }
    let compiled = census(&sources, &messages);
    println!(
        "{} functions are compiled, of {}",
        compiled.len(),
        sources.all().len()
    );
    let warnings_before = warnings(&messages);

    sources.write(CENSUS, &BTreeSet::new())?;
    let before = cargo.test()?;
    println!("tests before: {}", summary(&before));

    let mut trial = Trial {
        sources: &sources,
        cargo: &cargo,
        kept: compiled.clone(),
        rejected: BTreeMap::new(),
    };
    let messages = trial.run()?;
    let mut after = cargo.test()?;
    println!("tests after: {}", summary(&after));
    if !before.passed.is_subset(&after.passed) {
        // Some tests depend on the time that other programs leave them.
        let again = cargo.test()?;
        for test in again.passed.difference(&after.passed) {
            println!("passes the second time: {test}");
        }
        after.passed.extend(again.passed);
        after.failed.retain(|test| !after.passed.contains(test));
    }
    let new_warnings = warnings(&messages)
        .difference(&warnings_before)
        .cloned()
        .collect();
    Ok(Report {
        functions: compiled.len(),
        rejected: trial.rejected,
        before,
        after,
        new_warnings,
    })
}

/// A crate's copy that stands alone and depends on the runtime.
fn copy(published: &Path, folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    copy_folder(published, folder)?;
    for toolchain in ["rust-toolchain", "rust-toolchain.toml"] {
        let _ = fs::remove_file(folder.join(toolchain));
    }
    let path = folder.join("Cargo.toml");
    let mut manifest = fs::read_to_string(&path)?;
    let runtime = project().join("runtime");
    manifest.push_str(&format!("\n[dependencies.coloop]\npath = {runtime:?}\n"));
    if !manifest.lines().any(|line| line == "[workspace]") {
        manifest.push_str("\n[workspace]\n");
    }
    fs::write(path, manifest)
}

/// Lets rustc go twice as deep into a library.
fn deepen(library: &Path) -> io::Result<()> {
    let text = fs::read_to_string(library)?;
    fs::write(library, format!("#![recursion_limit = \"256\"]\n{text}"))
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()))?;
        } else {
            // Not `fs::copy`: the permissions of the registry's files are no use here.
            fs::write(to.join(entry.file_name()), fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// The functions whose attribute rustc has seen.
fn census(sources: &Sources, messages: &[Message]) -> BTreeSet<Index> {
    let all = sources.all();
    let seen = messages
        .iter()
        .filter(|message| message.text.contains("coloop_census"));
    seen.flat_map(|message| message.places.first())
        .filter_map(|(file, line)| sources.innermost(file, *line, &all))
        .collect()
}

fn warnings(messages: &[Message]) -> BTreeSet<String> {
    let warnings = messages
        .iter()
        .filter(|message| message.level == "warning" && !message.text.contains("coloop_census"));
    let described = warnings.filter_map(|warning| {
        let (file, line) = warning.places.first()?;
        Some(format!("{}:{line}: {}", file.display(), warning.text))
    });
    described.collect()
}

fn summary(tests: &Tests) -> String {
    let limit = if tests.ended_by_limit {
        ", and then the time limit"
    } else {
        ""
    };
    format!(
        "{} passed, {} failed{limit}",
        tests.passed.len(),
        tests.failed.len()
    )
}

/// The functions that carry the attribute, and those that do not any more.
struct Trial<'a> {
    sources: &'a Sources,
    cargo: &'a Cargo<'a>,
    kept: BTreeSet<Index>,
    rejected: BTreeMap<Index, String>,
}

impl Trial<'_> {
    /// Ends with a crate that compiles, and returns what rustc says about it.
    fn run(&mut self) -> io::Result<Vec<Message>> {
        self.until_it_compiles(&["check", "--all-targets"])?;
        self.second_chance();
        self.until_it_compiles(&["check", "--all-targets"])?;
        // Some errors come with code generation only.
        self.until_it_compiles(&["build", "--tests"])?;
        self.until_it_compiles(&["check", "--all-targets"])
    }

    fn until_it_compiles(&mut self, command: &[&str]) -> io::Result<Vec<Message>> {
        loop {
            self.sources.write(ATTRIBUTE, &self.kept)?;
            let (built, messages) = self.cargo.compile(command)?;
            println!(
                "{}: {} kept, {} rejected",
                if built { "compiles" } else { "errors" },
                self.kept.len(),
                self.rejected.len()
            );
            if built {
                return Ok(messages);
            }
            if !self.reject(&messages) {
                let errors = messages
                    .iter()
                    .filter(|message| message.is_error())
                    .map(|message| format!("{message:?}\n"));
                let errors: String = errors.take(5).collect();
                return Err(io::Error::other(format!(
                    "no annotated function accounts for the errors\n{errors}"
                )));
            }
        }
    }

    /// Takes the attribute from the functions with errors. What the macro itself reports comes first: a function that
    /// is refused is a mistake of its callers too.
    fn reject(&mut self, messages: &[Message]) -> bool {
        let errors = || messages.iter().filter(|message| message.is_error());
        let refused = errors().any(|error| error.code.is_none() && self.blamed(error).is_some());
        let mut found = BTreeMap::new();
        for error in errors().filter(|error| !refused || error.code.is_none()) {
            if let Some(index) = self.blamed(error) {
                found.entry(index).or_insert_with(|| reason(error));
            }
        }
        for (&index, why) in &found {
            println!("rejected {}: {why}", self.sources.describe(index));
        }
        self.kept.retain(|index| !found.contains_key(index));
        let progress = !found.is_empty();
        self.rejected.append(&mut found);
        progress
    }

    fn blamed(&self, error: &Message) -> Option<Index> {
        error
            .places
            .iter()
            .find_map(|(file, line)| self.sources.innermost(file, *line, &self.kept))
    }

    /// Gives the attribute back to all that rustc has not accepted, so that those stay without it which have an error even
    /// now that the others are gone.
    fn second_chance(&mut self) {
        let refused = |why: &String| why.starts_with(REFUSED);
        let (refused, again) = std::mem::take(&mut self.rejected)
            .into_iter()
            .partition(|(_, why)| refused(why));
        self.rejected = refused;
        self.kept.extend(BTreeMap::into_keys(again));
    }
}

fn reason(error: &Message) -> String {
    let code = error.code.as_deref().unwrap_or(REFUSED);
    format!("{code}: {}", error.text)
}

/// Whether everything is as `crates.rs` says.
fn judge(wanted: &Crate, report: &Report) -> bool {
    for warning in &report.new_warnings {
        println!("new warning: {warning}");
    }
    let differing = report.differing();
    for test in &differing {
        println!("DIFFERS: {test}");
    }
    for (reason, count) in tally(&report.rejected) {
        println!("{count} rejected: {reason}");
    }
    let enough = report.accepted() >= wanted.accepted;
    if report.accepted() != wanted.accepted {
        println!(
            "crates.rs says that {} are accepted; now {}",
            wanted.accepted,
            report.accepted()
        );
    }
    enough && differing.is_empty() && !report.after.ended_by_limit
}

/// How often each reason is given, whatever the names in it.
fn tally(rejected: &BTreeMap<Index, String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for why in rejected.values() {
        let nameless = why.split('`').step_by(2).collect::<Vec<_>>().join("`…`");
        *counts.entry(nameless).or_insert(0) += 1;
    }
    counts
}

fn row(wanted: &Crate, report: &Report, took: Duration) -> String {
    format!(
        "| {} {} | {} | {} | {} | {} | {} |",
        wanted.name,
        wanted.version,
        report.functions,
        report.accepted(),
        summary(&report.before),
        summary(&report.after),
        took.as_secs()
    )
}
