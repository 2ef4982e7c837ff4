//! `process` with no other program than this one, so that it can be run on every OS. Without the harness, as the children would be told
//! of it.

use std::future::Future;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use coloop::process::{Child, Command, Stdio};
use coloop::signal::Signal;
use coloop::{run, sleep, spawn, timeout};

const MS: Duration = Duration::from_millis(1);
/// What this process is to be, if not the tests.
const ROLE: &str = "COLOOP_PROCESS_TEST";

fn main() {
    match std::env::var(ROLE).as_deref() {
        Ok("cat") => cat(),
        Ok("sleep") => std::thread::sleep(3_600_000 * MS),
        Ok("three") => std::process::exit(3),
        Ok("flood") => flood(),
        _ => tests(),
    }
}

fn cat() {
    let mut buffer = [0; 4096];
    loop {
        let n = io::stdin().read(&mut buffer).unwrap();
        if n == 0 {
            return;
        }
        io::stdout().write_all(&buffer[..n]).unwrap();
        io::stdout().flush().unwrap();
    }
}

fn flood() {
    io::stdout().write_all(&[b'x'; 300_000]).unwrap();
    io::stderr().write_all(&[b'y'; 200_000]).unwrap();
}

fn tests() {
    test("how it ended", how_it_ended());
    test("communicate", communicate());
    test("more than pipes hold", more_than_pipes_hold());
    test("a dropped read", a_dropped_read());
    test("a dropped wait", a_dropped_wait());
    test("signals", signals());
    test("a broken pipe", a_broken_pipe());
    test("the shell", the_shell());
    test("many children", many_children());
    let left = test("the loop ends", the_loop_ends());
    left.kill().unwrap();
}

fn test<R>(name: &str, future: impl Future<Output = R>) -> R {
    let started = Instant::now();
    let result = run(async { timeout(60_000 * MS, future).await.expect(name) });
    assert!(started.elapsed() < 60_000 * MS, "{name}: the loop goes on");
    println!("{name}: ok");
    result
}

fn this_program(role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.env(ROLE, role).kill_on_drop(true);
    command
}

fn piped(role: &str) -> Child {
    let mut command = this_program(role);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.spawn().unwrap()
}

async fn how_it_ended() {
    let mut child = this_program("three").spawn().unwrap();
    assert!(child.id() > 0);
    assert_eq!(child.wait().await.unwrap().code(), Some(3));
    assert_eq!(child.try_wait().unwrap().unwrap().code(), Some(3));
    assert_eq!(child.returncode(), Some(3));
    let missing = Command::new("no-such-program").spawn().unwrap_err();
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
}

async fn communicate() {
    let output = piped("cat").communicate(b"some data").await.unwrap();
    assert_eq!(output.stdout, b"some data");
    assert_eq!(output.status.code(), Some(0));
}

async fn more_than_pipes_hold() {
    let output = this_program("flood").output().await.unwrap();
    let lengths = (output.stdout.len(), output.stderr.len());
    assert_eq!(lengths, (300_000, 200_000));
}

async fn a_dropped_read() {
    let mut child = piped("cat");
    let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let mut buffer = [0; 8];
    let nothing = timeout(50 * MS, stdout.read(&mut buffer)).await;
    assert!(nothing.is_err());
    stdin.write_all(b"late").await.unwrap();
    sleep(50 * MS).await;
    let n = stdout.read(&mut buffer).await.unwrap();
    assert_eq!(&buffer[..n], b"late");
    drop(stdin);
    assert_eq!(stdout.read(&mut buffer).await.unwrap(), 0);
    assert!(child.wait().await.unwrap().success());
}

async fn a_dropped_wait() {
    let mut child = piped("cat");
    assert!(timeout(50 * MS, child.wait()).await.is_err());
    assert_eq!(child.returncode(), None);
    drop(child.stdin.take());
    assert_eq!(child.wait().await.unwrap().code(), Some(0));
}

async fn signals() {
    let mut child = this_program("sleep").spawn().unwrap();
    if cfg!(windows) {
        let refused = child.send_signal(Signal::INT).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidInput);
    }
    child.terminate().unwrap();
    child.wait().await.unwrap();
    let expected = if cfg!(windows) { 1 } else { -15 };
    assert_eq!(child.returncode(), Some(expected));
    child.kill().unwrap();
}

async fn a_broken_pipe() {
    let mut child = piped("three");
    let stdin = child.stdin.take().unwrap();
    child.wait().await.unwrap();
    let error = stdin.write_all(&[0; 1_000_000]).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
}

async fn the_shell() {
    let separator = if cfg!(windows) { "&" } else { ";" };
    let line = format!("echo out{separator} exit 3");
    let output = Command::shell(line).output().await.unwrap();
    assert_eq!(output.stdout.trim_ascii(), b"out");
    assert_eq!(output.status.code(), Some(3));
}

/// More than a loop has threads for calls.
async fn many_children() {
    let mut children: Vec<Child> = (0..20).map(|_| piped("cat")).collect();
    let read = |child: &mut Child| {
        let stdout = child.stdout.take().unwrap();
        spawn(async move {
            let mut buffer = [0; 8];
            let n = stdout.read(&mut buffer).await.unwrap();
            buffer[..n].to_vec()
        })
    };
    let readers: Vec<_> = children.iter_mut().map(read).collect();
    sleep(50 * MS).await;
    for child in children.iter_mut().rev() {
        let stdin = child.stdin.take().unwrap();
        stdin.write_all(b"go").await.unwrap();
        drop(stdin);
        assert!(child.wait().await.unwrap().success());
    }
    for reader in readers {
        assert_eq!(reader.await.unwrap(), b"go");
    }
}

/// While somebody reads what nobody writes.
async fn the_loop_ends() -> Child {
    let mut child = piped("sleep");
    let stdout = child.stdout.take().unwrap();
    drop(spawn(async move { stdout.read(&mut [0]).await }));
    sleep(50 * MS).await;
    child
}
