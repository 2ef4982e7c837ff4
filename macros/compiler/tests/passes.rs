//! The command that prints what each pass has made.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::LazyLock;

const SOURCE: &str = "
struct Client;

impl Client {
    #[coloop::coroutine]
    async fn fetch(&self, n: u32) -> usize {
        self.get(n).await.len()
    }
}

async fn fetch(mut n: u32) {
    n += 1;
    tick(n).await;
}

fn numbers(limit: u32) -> impl Stream<Item = u32> {
    gen! { yield limit; }
}

async fn rejected() {
    let later = || tick(1).await;
}

differential! {
    async fn inside_a_macro(t: Trace) -> u32 { t.wait(1).await }
}
";

fn file(name: &str, source: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, source).expect("the test's own directory can be written to");
    path
}

fn run(arguments: &[&str]) -> Output {
    // Written once: the tests run side by side.
    static PATH: LazyLock<PathBuf> = LazyLock::new(|| file("passes.rs", SOURCE));
    Command::new(env!("CARGO_BIN_EXE_passes"))
        .arg(&*PATH)
        .args(arguments)
        .output()
        .expect("the command runs")
}

fn output(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

fn error(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(!output.status.success());
    assert!(
        output.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn every_pass_is_printed_in_order() {
    let text = output(&["Client::fetch"]);
    let headings: Vec<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("==== "))
        .collect();
    assert_eq!(
        headings,
        ["parse", "check", "lower", "analysis", "frame", "emit"]
    );
    assert!(text.contains("argument self, a reference"), "{text}");
}

#[test]
fn one_pass_is_printed_alone() {
    let text = output(&["inside_a_macro", "--pass", "lower"]);
    assert!(text.contains("await v"), "{text}");
    assert!(!text.contains("===="), "{text}");
}

#[test]
fn frame_names_the_variables_of_the_slots() {
    let text = output(&["Client::fetch", "--pass", "frame"]);
    assert!(text.contains("slot 0: v0 `self`"), "{text}");
}

#[test]
fn name_that_is_a_whole_path_is_not_ambiguous() {
    let text = output(&["fetch", "--pass", "parse"]);
    assert!(text.contains("argument mut n"), "{text}");
}

#[test]
fn body_of_a_generator_is_found_by_its_number() {
    let text = output(&["numbers#1", "--pass", "lower"]);
    assert!(text.contains("resumed after yield"), "{text}");
    assert!(text.contains("`limit`"), "{text}");
}

#[test]
fn graph_has_an_edge_for_the_suspension() {
    let text = output(&["numbers#1", "--dot"]);
    assert!(text.starts_with("digraph \"numbers#1\" {"), "{text}");
    assert!(text.contains("b0 -> b1;"), "{text}");
}

#[test]
fn rejection_ends_the_output() {
    let text = output(&["rejected"]);
    assert!(
        text.contains("rejected:\n21:28: `.await` inside a closure"),
        "{text}"
    );
    assert!(!text.contains("==== lower"), "{text}");
}

#[test]
fn rejection_is_an_error_of_a_later_pass() {
    let text = error(&["rejected", "--pass", "emit"]);
    assert!(
        text.starts_with("passes: 21:28: `.await` inside a closure"),
        "{text}"
    );
}

#[test]
fn what_is_not_there_is_named_with_what_is() {
    assert!(
        error(&["missing"])
            .contains("no function `missing`; there are Client::fetch, fetch, numbers,")
    );
    assert!(error(&["numbers#2"]).contains("`numbers` has 1 `gen!`, and number 2 was asked for"));
    assert!(error(&["numbers#x"]).contains("after `#` comes the number of a `gen!`"));
    assert!(
        error(&["fetch", "--pass", "link"]).contains("no pass `link`; there are parse, check,")
    );
    assert!(error(&["fetch", "--fast"]).contains("no option `--fast`; usage:"));
    assert!(error(&[]).contains("usage: passes FILE FUNCTION"));
}

#[test]
fn file_that_cannot_be_read_is_named() {
    let passes = |path: &PathBuf| {
        Command::new(env!("CARGO_BIN_EXE_passes"))
            .arg(path)
            .arg("f")
            .output()
    };
    let missing = passes(&PathBuf::from("missing.rs")).expect("the command runs");
    assert!(String::from_utf8_lossy(&missing.stderr).starts_with("passes: missing.rs: "));
    let broken = passes(&file("broken.rs", "fn f() {\n    let\n}")).expect("the command runs");
    assert!(
        String::from_utf8_lossy(&broken.stderr).contains("broken.rs:3:1: "),
        "{broken:?}"
    );
}
