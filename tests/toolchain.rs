//! `rustc`, with what a crate that uses coloop is compiled against.
//!
//! *Input*: the source of a crate. *Output*: a binary, or errors with the lines that they are about. *Invariant*: the
//! workspace's own build is used, so that the crate meets the compiler of this checkout.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

const SANITIZER: &str = "-Zsanitizer=address";

#[derive(Debug)]
pub struct Toolchain {
    /// Arguments of every `rustc`.
    arguments: Vec<String>,
    asan: bool,
    /// Where crates are written, for as long as this lives.
    pub directory: PathBuf,
}

/// An error of rustc.
#[derive(Clone, Debug)]
pub struct Report {
    /// The lines that it is about, also through macros.
    pub lines: Vec<usize>,
    pub text: String,
}

/// What a crate is compiled for.
#[derive(Clone, Copy, Debug)]
pub enum Goal {
    /// To know whether rustc accepts it.
    Check,
    /// To know whether it is accepted on both sides.
    CheckBoth,
    /// To run its tests.
    Test,
}

impl Toolchain {
    /// Builds coloop as it is in this checkout.
    ///
    /// # Errors
    ///
    /// If it cannot be built.
    pub fn new(asan: bool) -> io::Result<Toolchain> {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "-q", "-p", "coloop", "--message-format=json"]);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        let mut arguments: Vec<String> = ["--edition=2021", "--error-format=json"]
            .map(String::from)
            .to_vec();
        if asan {
            let target = format!("--target={}", host()?);
            cargo
                .env("RUSTC_BOOTSTRAP", "1")
                .env("RUSTFLAGS", SANITIZER);
            cargo.arg(&target);
            arguments.extend([target, SANITIZER.to_owned()]);
        }
        let output = cargo.output()?;
        if !output.status.success() {
            return Err(io::Error::other(String::from_utf8_lossy(&output.stderr)));
        }
        let (library, directories) = artifacts(&output.stdout)?;
        arguments.push(format!("--extern=coloop={}", library.display()));
        for directory in directories {
            arguments.push(format!("-Ldependency={}", directory.display()));
        }
        let directory = format!("crates-{}", std::process::id());
        let directory = library.with_file_name(directory);
        fs::create_dir_all(&directory)?;
        Ok(Toolchain {
            arguments,
            asan,
            directory,
        })
    }

    /// A `rustc` that knows coloop, of a file, with messages as JSON.
    pub fn rustc(&self, source: &Path) -> Command {
        let mut rustc = Command::new("rustc");
        rustc.args(&self.arguments).arg(source);
        rustc
    }

    /// Compiles a file; gives the errors.
    ///
    /// # Errors
    ///
    /// If rustc cannot be run.
    pub fn compile(&self, source: &Path, goal: Goal, output: &Path) -> io::Result<Vec<Report>> {
        let mut rustc = self.rustc(source);
        rustc.arg("-Awarnings").arg("-o").arg(output);
        match goal {
            Goal::Check => rustc.args(["--crate-type=lib", "--emit=metadata"]),
            Goal::CheckBoth => rustc.args(["--test", "--emit=metadata"]),
            Goal::Test => rustc.arg("--test"),
        };
        if self.asan {
            rustc.env("RUSTC_BOOTSTRAP", "1");
        }
        let run = rustc.output()?;
        let text = String::from_utf8_lossy(&run.stderr);
        let mut reports: Vec<Report> = text.lines().filter_map(|l| report(l, source)).collect();
        if !run.status.success() && reports.is_empty() {
            let lines = Vec::new();
            let text = text.into_owned();
            reports.push(Report { lines, text });
        }
        Ok(reports)
    }

    /// The command that runs a binary.
    #[must_use]
    pub fn run(&self, binary: &Path) -> Command {
        let mut command = Command::new(binary);
        if self.asan {
            let options = "detect_leaks=0:detect_stack_use_after_return=1";
            command.env("ASAN_OPTIONS", options);
        }
        command
    }
}

impl Drop for Toolchain {
    fn drop(&mut self) {
        // What is left behind is only a matter of room.
        drop(fs::remove_dir_all(&self.directory));
    }
}

fn host() -> io::Result<String> {
    let output = Command::new("rustc").arg("-vV").output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| io::Error::other("rustc does not name its host"))
}

/// The library, and the directories of what it depends on.
fn artifacts(messages: &[u8]) -> io::Result<(PathBuf, BTreeSet<PathBuf>)> {
    let (mut library, mut directories) = (None, BTreeSet::new());
    for line in String::from_utf8_lossy(messages).lines() {
        let message: Value = serde_json::from_str(line)?;
        let files = message["filenames"].as_array().into_iter().flatten();
        for file in files.filter_map(Value::as_str).map(PathBuf::from) {
            let is_library = file
                .file_name()
                .is_some_and(|name| name == "libcoloop.rlib");
            directories.extend(file.parent().map(Path::to_owned));
            if is_library {
                library = Some(file);
            }
        }
    }
    let library = library.ok_or_else(|| io::Error::other("cargo has built no library"))?;
    // The hashed files are beside.
    directories.insert(library.with_file_name("deps"));
    Ok((library, directories))
}

/// An error, if the line of rustc's output is one that says where.
fn report(line: &str, source: &Path) -> Option<Report> {
    let message: Value = serde_json::from_str(line).ok()?;
    let spans = message["spans"].as_array()?;
    if message["level"] != "error" || message["message"].as_str()?.starts_with("aborting due to") {
        return None;
    }
    let lines = spans.iter().flat_map(|span| lines_of(span, source));
    Some(Report {
        lines: lines.collect(),
        text: message["rendered"].as_str()?.to_owned(),
    })
}

/// The line of the closure that rustc names where a constant does not evaluate: `{closure@FILE:LINE:…`.
fn evaluated(label: &str, source: &Path) -> Option<usize> {
    let (_, place) = label.split_once("closure@")?;
    let (file, place) = place.split_once(':')?;
    let line = place.split(':').next()?.parse().ok();
    line.filter(|_| Path::new(file) == source)
}

/// The lines of a span and of the macro calls that it comes from.
fn lines_of(span: &Value, source: &Path) -> Vec<usize> {
    let (mut span, mut lines) = (span, Vec::new());
    while span.is_object() {
        let here = span["file_name"].as_str().map(Path::new) == Some(source);
        let line = span["line_start"].as_u64().filter(|_| here);
        lines.extend(line.and_then(|line| usize::try_from(line).ok()));
        let label = span["label"].as_str();
        lines.extend(label.and_then(|label| evaluated(label, source)));
        span = &span["expansion"]["span"];
    }
    lines
}
