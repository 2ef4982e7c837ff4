//! Chooses what of the differential suite is compiled, from two environment variables.
//!
//! - `COLOOP_SELF_CHECK=1` sets `cfg(self_check)`: the compiled side is native too, so that the suite
//!   can be tested where the compiler cannot compile a body yet.
//! - `COLOOP_ONLY=a,b` and `COLOOP_SKIP=c` take names of topic files or of single bodies, `*` at the end
//!   standing for any ending. A body that the compiler still rejects would otherwise keep the whole test
//!   binary from being built.
//!
//! A body left out is announced as `cfg(name_of_the_body)`, and `differential!` puts `cfg(not(..))` on
//! every test. So a body that the scan below fails to see is compiled: nothing is left out by accident.

use std::env;
use std::fs;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=differential");
    for variable in ["COLOOP_SELF_CHECK", "COLOOP_ONLY", "COLOOP_SKIP"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    if !names("COLOOP_SELF_CHECK").is_empty() {
        println!("cargo::rustc-cfg=self_check");
    }

    let (only, skip) = (names("COLOOP_ONLY"), names("COLOOP_SKIP"));
    if only.is_empty() && skip.is_empty() {
        return;
    }
    println!("cargo::rustc-cfg=subset");
    let entries = fs::read_dir("differential").expect("the topics stand in tests/differential");
    for path in entries.map(|entry| entry.expect("readable").path()) {
        let topic = path
            .file_stem()
            .expect("a file name")
            .to_string_lossy()
            .into_owned();
        for body in bodies(&path) {
            let named =
                |list: &[String]| list.iter().any(|l| matches(l, &topic) || matches(l, &body));
            if named(&skip) || !(only.is_empty() || named(&only)) {
                println!("cargo::rustc-cfg={body}");
            }
        }
    }
}

/// The names in a variable, separated by commas or blanks.
fn names(variable: &str) -> Vec<String> {
    let value = env::var(variable).unwrap_or_default();
    let separated = value.split([',', ' ']);
    separated
        .filter(|name| !name.is_empty())
        .map(String::from)
        .collect()
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => pattern == name,
    }
}

/// The bodies of a topic: the first `async fn` or `mod` one level inside each macro call.
fn bodies(topic: &Path) -> Vec<String> {
    if topic.extension().is_none_or(|extension| extension != "rs") {
        return Vec::new();
    }
    let source = fs::read_to_string(topic).expect("a topic is UTF-8");
    let mut found = Vec::new();
    let mut inside = false;
    for line in source.lines() {
        inside |= line.starts_with("differential");
        let head = line
            .strip_prefix("    async fn ")
            .or_else(|| line.strip_prefix("    mod "));
        if let (true, Some(head)) = (inside, head) {
            let end = head
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(head.len());
            found.push(head[..end].to_owned());
            inside = false;
        }
    }
    found
}
