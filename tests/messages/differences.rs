//! The differences that are known, each with its reason.
//!
//! A file of `messages/differs` is the reason, in lines that begin with `#`, and what differs: `-` is what rustc reports
//! about the plain function, `+` what it reports about the compiled one.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const DIRECTORY: &str = "messages/differs";

/// What one side reports and the other does not.
pub fn between(plain: &[String], compiled: &[String]) -> String {
    let (only_plain, only_compiled) = (without(plain, compiled), without(compiled, plain));
    let (minus, plus) = (prefixed("- ", &only_plain), prefixed("+ ", &only_compiled));
    format!("{minus}{plus}")
}

/// The messages of `all` that are not in `others`, as often as they are more.
fn without(all: &[String], others: &[String]) -> Vec<String> {
    let mut others: Vec<&String> = others.iter().collect();
    let mut left = Vec::new();
    for message in all {
        match others.iter().position(|other| *other == message) {
            Some(at) => drop(others.swap_remove(at)),
            None => left.push(message.clone()),
        }
    }
    left
}

fn prefixed(prefix: &str, messages: &[String]) -> String {
    let lines = messages.iter().flat_map(|message| message.lines());
    lines.map(|line| format!("{prefix}{line}\n")).collect()
}

/// Compares the differences of a case with those that are known of it, or writes them down.
pub fn compare(name: &str, found: &str) -> Result<(), String> {
    let path = PathBuf::from(DIRECTORY).join(name);
    let listed = fs::read_to_string(&path).unwrap_or_default();
    let (reason, known): (Vec<&str>, Vec<&str>) =
        listed.lines().partition(|line| line.starts_with('#'));
    let known: String = known.iter().map(|line| format!("{line}\n")).collect();
    if env::var_os("COLOOP_BLESS").is_some() {
        write(&path, &reason, found);
        return Ok(());
    }
    if known != found {
        return Err(format!(
            "{DIRECTORY}/{name} does not list the differences:\n{found}"
        ));
    }
    if !found.is_empty() && reason.is_empty() {
        return Err(format!("{DIRECTORY}/{name} gives no reason"));
    }
    Ok(())
}

/// The lists that no case is left for.
pub fn of_no_case(cases: &[PathBuf]) -> Vec<String> {
    let is_of = |list: &Path, case: &PathBuf| case.file_stem() == list.file_name();
    let lists = fs::read_dir(DIRECTORY).expect("a directory of lists");
    let lists = lists.map(|entry| entry.expect("readable").path());
    let stale = lists.filter(|list| !cases.iter().any(|case| is_of(list, case)));
    stale
        .map(|list| format!("{}: there is no such case", list.display()))
        .collect()
}

fn write(path: &Path, reason: &[&str], found: &str) {
    if found.is_empty() {
        // There may have been none before.
        drop(fs::remove_file(path));
        return;
    }
    let reason: String = reason.iter().map(|line| format!("{line}\n")).collect();
    fs::create_dir_all(DIRECTORY).expect("the directory can be made");
    fs::write(path, format!("{reason}{found}")).expect("the list is writable");
}
