//! `io::{stdin, stdout, stderr}`: in children of this program, whose streams are pipes, files and terminals.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use coloop::io::{stderr, stdin, stdout, StreamReader};
use coloop::process::{Command, Output, Stdio};
use coloop::{run, sleep, spawn, timeout};
use rustix::fs::{fcntl_getfl, OFlags};

const MS: Duration = Duration::from_millis(1);
/// Which of the programs below this process is to be.
const ROLE: &str = "COLOOP_STANDARD_STREAMS_TEST";

fn this_program(role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let arguments = ["--exact", "program_of_the_tests", "--nocapture"];
    command
        .args(arguments)
        .args(["--ignored", "--test-threads=1", "-q"])
        .env(ROLE, role)
        .stdout(Stdio::piped());
    command
}

#[test]
#[ignore = "is started by other tests"]
fn program_of_the_tests() {
    match std::env::var(ROLE).as_deref() {
        Ok("shout") => run(shout()),
        Ok("flood") => run(flood()),
        Ok("errors") => run(errors()),
        _ => {}
    }
}

/// What a child says between `<` and `>`: the rest is the test harness's.
fn said(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let said = text
        .split('<')
        .nth(1)
        .and_then(|text| text.split('>').next());
    said.unwrap_or_else(|| panic!("nothing is said: {text}"))
        .to_owned()
}

async fn bounded<F: std::future::Future>(future: F) -> F::Output {
    timeout(30_000 * MS, future).await.expect("it ends")
}

/// Says every line in capitals.
async fn shout() {
    let (input, output) = (stdin().unwrap(), stdout().unwrap());
    let modes = || {
        [
            fcntl_getfl(std::io::stdin()),
            fcntl_getfl(std::io::stdout()),
        ]
    };
    let before = modes();
    let mut lines = StreamReader::new(&input);
    output.write_all(b"<").await.unwrap();
    loop {
        let line = lines.read_line().await.unwrap();
        if line.is_empty() || line == b"end\n" {
            break;
        }
        output.write_all(&line.to_ascii_uppercase()).await.unwrap();
    }
    output.write_all(b">").await.unwrap();
    assert_eq!(modes(), before);
    assert!(!before[0].unwrap().contains(OFlags::NONBLOCK));
}

#[test]
fn lines_of_a_pipe_as_they_come() {
    run(bounded(async {
        let mut child = this_program("shout").stdin(Stdio::piped()).spawn().unwrap();
        let mut answers = StreamReader::new(child.stdout.take().unwrap());
        answers.read_until(b"<").await.unwrap();
        let to_child = child.stdin.take().unwrap();
        for line in ["one\n", "two\n"] {
            to_child.write_all(line.as_bytes()).await.unwrap();
            let answer = answers.read_line().await.unwrap();
            assert_eq!(answer, line.to_uppercase().as_bytes());
        }
        drop(to_child);
        assert!(child.wait().await.unwrap().success());
    }));
}

#[test]
fn of_a_file_and_of_nothing() {
    run(bounded(async {
        let mut file = temporary_file();
        file.write_all(b"one\ntwo\n").unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut child = this_program("shout").stdin(file).spawn().unwrap();
        assert_eq!(said(&child.communicate(&[]).await.unwrap()), "ONE\nTWO\n");

        let mut child = this_program("shout").stdin(Stdio::null()).spawn().unwrap();
        assert_eq!(said(&child.communicate(&[]).await.unwrap()), "");
    }));
}

fn temporary_file() -> File {
    let path = std::env::temp_dir().join(format!("coloop-standard-{}", std::process::id()));
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&path);
    std::fs::remove_file(path).unwrap();
    file.unwrap()
}

/// A terminal gives one line at a time: those that are there already are no new event.
#[cfg(target_os = "linux")]
#[test]
fn lines_of_a_terminal_that_come_together() {
    use rustix::pty::{grantpt, ioctl_tiocgptpeer, openpt, unlockpt, OpenptFlags};
    run(bounded(async {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let theirs: OwnedFd = ioctl_tiocgptpeer(&ours, OpenptFlags::NOCTTY).unwrap();
        let mut child = this_program("shout").stdin(theirs).spawn().unwrap();
        let mut answers = StreamReader::new(child.stdout.take().unwrap());
        answers.read_until(b"<").await.unwrap();
        rustix::io::write(ours.as_fd(), b"one\ntwo\nthree\nend\n").unwrap();
        assert_eq!(
            answers.read_until(b">").await.unwrap(),
            b"ONE\nTWO\nTHREE\n>"
        );
        assert!(child.wait().await.unwrap().success());
    }));
}

const FLOOD: usize = 1_000_000;

/// Says more than a pipe takes, while another task goes on.
async fn flood() {
    drop(spawn(async {
        for _ in 0..20 {
            sleep(MS).await;
        }
        stderr().unwrap().write_all(b"<ticked>").await.unwrap();
    }));
    let output = stdout().unwrap();
    output.write_all(b"<").await.unwrap();
    output.write_all(&[b'x'; FLOOD]).await.unwrap();
    output.write_all(b">").await.unwrap();
}

#[test]
fn a_pipe_that_nobody_reads_does_not_block_the_loop() {
    run(bounded(async {
        let mut child = this_program("flood")
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut complaints = StreamReader::new(child.stderr.take().unwrap());
        assert_eq!(complaints.read_until(b">").await.unwrap(), b"<ticked>");
        let output = child.communicate(&[]).await.unwrap();
        assert_eq!(said(&output).len(), FLOOD);
    }));
}

async fn errors() {
    stderr().unwrap().write_all(b"<wrong>").await.unwrap();
    let (one, two) = (stdin().unwrap(), stdin().unwrap());
    let (mut here, mut there) = ([0; 1], [0; 1]);
    let both = coloop::gather!(one.read(&mut here), two.read(&mut there)).await;
    assert_eq!((both.0.unwrap(), both.1.unwrap()), (0, 0));
    let output = stdout().unwrap();
    let closed = loop {
        match output.write_all(b"x").await {
            Ok(()) => sleep(MS).await,
            Err(error) => break error,
        }
    };
    assert_eq!(closed.kind(), std::io::ErrorKind::BrokenPipe);
    stderr().unwrap().write_all(b"<closed>").await.unwrap();
}

/// Two handles of the input wait at the same time, and both hear of its end; nobody reads the output.
#[test]
fn errors_two_handles_and_a_reader_that_is_gone() {
    run(bounded(async {
        let mut child = this_program("errors")
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut complaints = StreamReader::new(child.stderr.take().unwrap());
        assert_eq!(complaints.read_until(b">").await.unwrap(), b"<wrong>");
        drop(child.stdin.take());
        drop(child.stdout.take());
        assert_eq!(complaints.read_until(b">").await.unwrap(), b"<closed>");
        let _ = child.wait().await.unwrap();
    }));
}
