//! Descriptors and threads of children: none is left. One test, alone in its process, so that all of them are its own.
#![cfg(target_os = "linux")]

mod common;

use std::fs::read_dir;
use std::thread;
use std::time::{Duration, Instant};

use coloop::process::{Child, Command, Stdio};
use coloop::{gather, run, yield_now};
use common::ByHand;

const MS: Duration = Duration::from_millis(1);

fn count(what: &str) -> usize {
    read_dir(format!("/proc/self/{what}")).unwrap().count()
}

fn cat() -> Child {
    let mut command = Command::new("cat");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.kill_on_drop(true).spawn().unwrap()
}

/// Children of which everything is dropped while it is waited for.
async fn left_alone() {
    let mut children: Vec<Child> = (0..10).map(|_| cat()).collect();
    for child in &mut children {
        let stdout = child.stdout.take().unwrap();
        drop(ByHand::waiting(stdout.read(&mut [0])));
        drop(ByHand::waiting(child.wait()));
    }
    yield_now().await;
}

async fn used() {
    let outputs = (0..10).map(|_| async { cat().communicate(b"some data").await.unwrap() });
    for output in gather(outputs).await {
        assert_eq!(output.stdout, b"some data");
    }
}

fn round() {
    run(left_alone());
    run(used());
}

#[test]
fn nothing_is_left() {
    // What the process has once and for all.
    round();
    thread::sleep(100 * MS);
    let before = (count("fd"), count("task"));
    for _ in 0..5 {
        round();
    }
    // A thread that the loop has left behind ends with the child.
    let started = Instant::now();
    while count("fd") > before.0 || count("task") > before.1 {
        let now = (count("fd"), count("task"));
        assert!(started.elapsed() < 30_000 * MS, "{before:?}: {now:?}");
        thread::sleep(5 * MS);
    }
}
