//! Every example runs as a user would run it, `cargo run --example NAME`, and prints what it must; the README shows the
//! code of the examples as it is.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

const GUIDE: [&str; 10] = [
    "guide_event_loop",
    "guide_coroutines",
    "guide_tasks",
    "guide_awaiting",
    "guide_full_example",
    "guide_lock",
    "guide_event",
    "guide_semaphore",
    "guide_condition",
    "guide_generator",
];

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A command of cargo's about an example.
fn cargo(command: &str, example: &str) -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root());
    cargo.args([command, "--quiet", "--example", example]);
    // What cargo tells this test about its own package is not meant for the example's.
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// The lines that an example prints.
fn run(example: &str) -> Vec<String> {
    run_with(example, &[])
}

fn run_with(example: &str, arguments: &[&str]) -> Vec<String> {
    let mut cargo = cargo("run", example);
    let output = cargo.arg("--").args(arguments).output();
    let output = output.expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{example} has failed:\n{errors}");
    let printed = String::from_utf8(output.stdout).expect("examples print UTF-8");
    printed.lines().map(str::to_owned).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn guide_event_loop() {
    assert_eq!(run("guide_event_loop"), ["Hello", "World"]);
}

#[test]
fn guide_coroutines() {
    assert_eq!(run("guide_coroutines"), ["Start fetching", "Done fetching"]);
}

#[test]
fn guide_tasks() {
    assert_eq!(run("guide_tasks"), ["Start fetching", "Done fetching"]);
}

#[test]
fn guide_awaiting() {
    assert_eq!(
        run("guide_awaiting"),
        ["Start fetching", "Done fetching", "{'data': 1}"]
    );
}

#[test]
fn guide_lock() {
    let accesses = (0..5).map(|num| format!("Resource accessed by coroutine {num}"));
    assert_eq!(run("guide_lock"), accesses.collect::<Vec<_>>());
}

#[test]
fn guide_event() {
    assert_eq!(
        run("guide_event"),
        [
            "Waiting for the event",
            "Setting the event",
            "Continuing after the event is set"
        ]
    );
}

/// Coroutines whose sleeps end at different readings of the clock may release one by one; the order in which they get
/// the resource, and in which they release it, is fixed all the same.
#[test]
fn guide_semaphore() {
    let printed = run("guide_semaphore");
    let mut accesses = Vec::new();
    let mut releases = Vec::new();
    for line in &printed {
        let words: Vec<_> = line.split(' ').collect();
        match words[..] {
            ["Resource", "being", "accessed", "by", "coroutine", num] => accesses.push(num),
            ["Coroutine", num, "released", "the", "resource"] => releases.push(num),
            _ => panic!("{line}"),
        }
        let holders = accesses.len() - releases.len();
        assert!(holders <= 3, "{holders} at the same time: {printed:#?}");
    }
    let all = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    assert_eq!(accesses, all);
    assert_eq!(releases, all);
    assert!(printed[2].starts_with("Resource"), "{printed:#?}");
}

/// As in Python: the producer keeps the lock while it sleeps, so the consumer never waits for a notification.
#[test]
fn guide_condition() {
    assert_eq!(run("guide_condition"), ["Consumer got item: 0"]);
}

#[test]
fn guide_generator() {
    assert_eq!(run("guide_generator"), ["0", "1", "2"]);
}

#[test]
fn worker_queue() {
    let lines = run("worker_queue");
    let last = lines.last().map(String::as_str);
    assert_eq!((lines.len(), last), (5, Some("total: 85 ms")));
}

#[test]
fn echo_server() {
    assert_eq!(run("echo_server"), ["Hello", "World"]);
}

/// The server is ended by Ctrl-C, as a user would.
#[test]
fn http() {
    let built = cargo("build", "http_server").status();
    assert!(built.expect("cargo starts").success());
    let this = env::current_exe().expect("a test knows where it is");
    let profile = this.ancestors().nth(2).expect("it is in deps/");
    let mut server = Command::new(profile.join("examples/http_server"));
    let mut server = server.stdout(Stdio::piped()).spawn().expect("it is built");
    let mut printed = BufReader::new(server.stdout.take().expect("it is a pipe")).lines();
    let mut next = || printed.next().expect("a line").expect("which is UTF-8");

    let url = next();
    assert_eq!(run_with("http_client", &[&url]), ["Hello from coloop"]);
    let nowhere = format!("{url}nowhere");
    assert_eq!(run_with("http_client", &[&nowhere]), ["There is only /"]);

    let encrypted = url.replace("http://", "https://");
    let refused = cargo("run", "http_client")
        .args(["--", &encrypted])
        .output();
    let refused = refused.expect("cargo starts");
    assert!(!refused.status.success());
    let errors = String::from_utf8_lossy(&refused.stderr);
    assert!(errors.contains("InvalidMessage"), "{errors}");

    let pid = server.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status();
    assert!(killed.expect("there is kill").success());
    assert_eq!(next(), "closed");
    assert!(server.wait().expect("it ends").success());
}

#[test]
fn web_socket() {
    assert_eq!(
        run("web_socket"),
        ["5 letters until Hello", "10 letters until World"]
    );
}

#[test]
fn beside_tokio() {
    assert_eq!(run("beside_tokio"), ["Hello", "World"]);
}

#[test]
fn subprocess() {
    assert_eq!(
        run("subprocess"),
        ["apple", "pear", "returncode: Some(-15)"]
    );
}

/// The lines of `guide_full_example`, without the ports of the servers.
fn fetches() -> Vec<String> {
    let without_port = |line: String| match line.split_once("127.0.0.1:") {
        Some((before, after)) => {
            let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
            format!("{before}server{after}")
        }
        None => line,
    };
    run("guide_full_example")
        .into_iter()
        .map(without_port)
        .collect()
}

#[test]
fn guide_full_example() {
    // A server that hangs up is noticed at the end of the stream or by a reset, whichever the OS reports.
    let hangs_up = "Error fetching http://server/hangs-up: ";
    let printed = fetches().into_iter().map(|line| match line {
        line if line.starts_with(hangs_up) => hangs_up.to_owned(),
        line => line,
    });
    assert_eq!(
        printed.collect::<Vec<_>>(),
        [
            "Start fetching",
            "Fetching data from http://server/good",
            "[1/9] 1 fetched, 0 failed",
            "Fetching data from http://server/absent",
            "Error fetching http://server/absent: Connection refused (os error 111)",
            "[2/9] 1 fetched, 1 failed",
            "Fetching data from http://server/slow",
            "[3/9] 2 fetched, 1 failed",
            "Fetching data from http://server/hangs-up",
            hangs_up,
            "[4/9] 2 fetched, 2 failed",
            "Fetching data from http://server/breaks-off",
            "Error fetching http://server/breaks-off: the answer ended after 21 of 1000 bytes",
            "[5/9] 2 fetched, 3 failed",
            "Fetching data from http://server/not-http",
            "Error fetching http://server/not-http: the answer is not HTTP",
            "[6/9] 2 fetched, 4 failed",
            "Fetching data from http://server/busy",
            "Error fetching http://server/busy: the server answered 503 Service Unavailable",
            "[7/9] 2 fetched, 5 failed",
            "Fetching data from http://server/silent",
            "Error fetching http://server/silent: no answer within 500ms",
            "[8/9] 2 fetched, 6 failed",
            "Fetching data from http://server/good-again",
            "[9/9] 3 fetched, 6 failed",
            "Done fetching",
            concat!(
                r#"Fetched data: [Some("Data from /good"), None, Some("Data from /slow"), "#,
                r#"None, None, None, None, None, Some("Data from /good-again")]"#
            ),
        ]
    );
}

/// The events of each side under the ways in which it was driven, in order.
#[test]
fn expanded_does_what_the_macro_does() {
    let mut sides: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut side = String::new();
    for line in run("expanded") {
        if line.starts_with(' ') {
            sides.entry(side.clone()).or_default().push(line);
        } else {
            let (name, how) = line.split_once(", ").expect("a heading");
            side = name.to_owned();
            sides.entry(side.clone()).or_default().push(how.to_owned());
        }
    }
    assert_eq!(sides.keys().collect::<Vec<_>>(), ["expanded", "written"]);
    assert_eq!(sides["expanded"], sides["written"]);
    for event in ["  Ready(12)", "  panicked: Some(\"nothing to push\")"] {
        assert!(sides["written"].iter().any(|line| line == event), "{event}");
    }
}

/// A block of the README that begins with `// examples/NAME.rs` is part of that file.
#[test]
fn readme_shows_the_examples_as_they_are() {
    let readme = read("README.md");
    let mut shown = Vec::new();
    for block in readme.split("```rust\n").skip(1) {
        let (block, _) = block.split_once("```").expect("a block has an end");
        let Some((first, code)) = block.split_once('\n') else {
            continue;
        };
        let Some(path) = first.strip_prefix("// examples/") else {
            continue;
        };
        let file = read(&format!("examples/{path}"));
        assert!(
            file.contains(code.trim()),
            "{path} does not contain:\n{code}"
        );
        shown.push(path.trim_end_matches(".rs").to_owned());
    }
    assert_eq!(shown, GUIDE);
}

#[test]
fn every_example_is_tested() {
    let entries = fs::read_dir(root().join("examples")).expect("the examples stand in examples/");
    let tests = read("tests/examples.rs");
    for entry in entries {
        let name = entry.expect("readable").file_name();
        let name = name.to_string_lossy();
        if let Some(example) = name.strip_suffix(".rs") {
            let calls = ["run(", "run_with(", "cargo(\"build\", "];
            let is_run = |call: &&str| tests.contains(&format!("{call}\"{example}\""));
            assert!(calls.iter().any(is_run), "{example} is not run");
        }
    }
}
