//! Messages read as an `async fn`'s: what rustc reports about a source is compared with what it reports about the same
//! source without the attribute.
//!
//! *Input*: the cases of `ui/rustc`, `ui/twice` and `messages/cases`. *Invariant*: both give the same messages: level,
//! code, text, labels, notes, proposed edits, and the places of all of them; except for what `differs/CASE` lists, which
//! are exactly the differences, after the reason for them.
//!
//! ```text
//! cargo test -p coloop-tests --test messages
//! COLOOP_BLESS=1 cargo test -p coloop-tests --test messages    lists the differences; read them, write the reasons
//! COLOOP_CASE=send cargo test -p coloop-tests --test messages  only cases whose path contains this (others are missed)
//! ```

mod differences;
mod report;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::thread;

use coloop_tests::toolchain::Toolchain;

const CASES: [&str; 3] = ["ui/rustc", "ui/twice", "messages/cases"];
const ATTRIBUTE: &str = "#[coloop::coroutine]";

#[test]
fn messages_are_those_of_an_async_fn() {
    let toolchain = Toolchain::new(false).expect("coloop can be built");
    let cases = cases();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(text) = judge(case, &toolchain) {
                        let mut wrong = wrong.lock().expect("no worker panics with it");
                        wrong.push(format!("{}: {text}", case.display()));
                    }
                }
            });
        }
    });
    let mut wrong = wrong.into_inner().expect("no worker has panicked");
    wrong.extend(differences::of_no_case(&cases));
    wrong.sort();
    assert!(
        wrong.is_empty(),
        "{} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The sources that have the attribute. (A generator has no plain form.)
fn cases() -> Vec<PathBuf> {
    let only = env::var("COLOOP_CASE").unwrap_or_default();
    let mut cases: Vec<PathBuf> = CASES
        .iter()
        .flat_map(|directory| fs::read_dir(directory).expect("a directory of cases"))
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| path.to_string_lossy().contains(&only))
        .filter(|path| source(path).contains(ATTRIBUTE))
        .collect();
    cases.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()));
    let mut pairs = cases.windows(2);
    let twice = pairs.find(|pair| pair[0].file_stem() == pair[1].file_stem());
    assert_eq!(twice, None, "each has a list of its own");
    cases
}

fn source(case: &Path) -> String {
    fs::read_to_string(case).expect("a case is UTF-8")
}

/// Compares a case with its plain form, and the differences with what is known of them.
fn judge(case: &Path, toolchain: &Toolchain) -> Result<(), String> {
    let compiled = source(case);
    // The places stay what they are.
    let plain = compiled.replace(ATTRIBUTE, &" ".repeat(ATTRIBUTE.len()));
    let name = case
        .file_stem()
        .expect("a case has a name")
        .to_string_lossy();
    let found = differences::between(
        &messages(&format!("{name}_plain"), &plain, toolchain),
        &messages(&format!("{name}_compiled"), &compiled, toolchain),
    );
    differences::compare(&name, &found)
}

/// What rustc reports about a source.
fn messages(name: &str, source: &str, toolchain: &Toolchain) -> Vec<String> {
    let path = toolchain.directory.join(format!("{name}.rs"));
    fs::write(&path, source).expect("the directory is writable");
    let output = toolchain
        .rustc(&path)
        .args(["--crate-name=case", "--emit=metadata", "-o"])
        .arg(path.with_extension("rmeta"))
        .stdin(Stdio::null())
        .output()
        .expect("rustc can be run");
    // Types may name the file that they are of.
    let written = String::from_utf8_lossy(&output.stderr);
    let written = written.replace(&*path.to_string_lossy(), "case.rs");
    report::messages(&written, Path::new("case.rs"))
}
