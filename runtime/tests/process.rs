//! `process`: children, their pipes, their ends. Cases of CPython's `test_subprocess` under their own names, and others.

use std::fs;
use std::io::ErrorKind;
use std::rc::Rc;
use std::time::{Duration, Instant};

use coloop::process::{Child, Command, Stdio};
use coloop::signal::Signal;
use coloop::{gather, run, sleep, spawn, timeout};

const MS: Duration = Duration::from_millis(1);

fn piped(command: &mut Command) -> Child {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(Stdio::piped()).spawn().unwrap()
}

fn cat() -> Command {
    Command::new("cat")
}

fn is_there(id: u32) -> bool {
    fs::metadata(format!("/proc/{id}")).is_ok()
}

#[test]
fn test_stdin_stdout() {
    run(async {
        let mut child = piped(&mut cat());
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        stdin.write_all(b"some data").await.unwrap();
        drop(stdin);
        let mut buffer = [0; 64];
        let n = stdout.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], b"some data");
        assert_eq!(stdout.read(&mut buffer).await.unwrap(), 0);
        assert_eq!(child.wait().await.unwrap().code(), Some(0));
    });
}

#[test]
fn test_communicate() {
    run(async {
        let output = piped(&mut cat()).communicate(b"some data").await.unwrap();
        assert_eq!(output.stdout, b"some data");
        assert_eq!(output.status.code(), Some(0));
    });
}

#[test]
fn test_communicate_none_input() {
    run(async {
        let output = piped(&mut cat()).communicate(&[]).await.unwrap();
        assert_eq!((output.stdout.len(), output.stderr.len()), (0, 0));
    });
}

#[test]
fn test_shell() {
    run(async {
        let mut child = Command::shell("exit 7").spawn().unwrap();
        assert_eq!(child.wait().await.unwrap().code(), Some(7));
        assert_eq!(child.returncode(), Some(7));
    });
}

#[test]
fn test_kill() {
    run(async {
        let mut child = Command::new("sleep").arg("3600").spawn().unwrap();
        child.kill().unwrap();
        child.wait().await.unwrap();
        assert_eq!(child.returncode(), Some(-9));
    });
}

#[test]
fn test_kill_issue43884() {
    run(async {
        let mut child = Command::shell("exec sleep 3600").spawn().unwrap();
        sleep(MS).await;
        child.kill().unwrap();
        child.wait().await.unwrap();
        assert_eq!(child.returncode(), Some(-9));
        assert_eq!(child.try_wait().unwrap(), Some(child.wait().await.unwrap()));
    });
}

#[test]
fn test_terminate() {
    run(async {
        let mut child = Command::new("sleep").arg("3600").spawn().unwrap();
        child.terminate().unwrap();
        child.wait().await.unwrap();
        assert_eq!(child.returncode(), Some(-15));
    });
}

#[test]
fn test_send_signal() {
    run(async {
        let script = "trap 'echo got it; exit 0' HUP; echo sleeping; while :; do sleep 0.01; done";
        let mut child = piped(&mut Command::shell(script));
        let stdout = child.stdout.take().unwrap();
        let mut buffer = [0; 64];
        let n = stdout.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], b"sleeping\n");
        child.send_signal(Signal::HUP).unwrap();
        let n = stdout.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], b"got it\n");
        assert!(child.wait().await.unwrap().success());
    });
}

#[test]
fn signals_after_the_end_do_nothing() {
    run(async {
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().await.unwrap();
        child.kill().unwrap();
        child.terminate().unwrap();
        child.send_signal(Signal::HUP).unwrap();
        assert_eq!(child.returncode(), Some(0));
    });
}

/// A program that ends without reading.
#[test]
fn test_stdin_broken_pipe() {
    run(async {
        let mut child = piped(&mut Command::new("true"));
        let stdin = child.stdin.take().unwrap();
        child.wait().await.unwrap();
        let error = stdin.write_all(&[b'x'; 1_000_000]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

#[test]
fn test_communicate_ignore_broken_pipe() {
    run(async {
        let mut child = piped(&mut Command::new("true"));
        let output = child.communicate(&[b'x'; 1_000_000]).await.unwrap();
        assert!(output.status.success());
    });
}

#[test]
fn test_limits() {
    run(async {
        let script = "head -c 300000 /dev/zero; head -c 200000 /dev/zero >&2";
        let output = Command::shell(script).output().await.unwrap();
        assert_eq!(
            (output.stdout.len(), output.stderr.len()),
            (300_000, 200_000)
        );
    });
}

#[test]
fn test_stdin_not_inheritable() {
    // Two children with pipes: the input of the first ends though the second has been started after it.
    run(async {
        let mut first = piped(&mut cat());
        let mut second = piped(&mut cat());
        drop(first.stdin.take());
        let ended = timeout(5000 * MS, first.wait()).await;
        assert!(ended.unwrap().unwrap().success());
        second.kill().unwrap();
        second.wait().await.unwrap();
    });
}

#[test]
fn test_devnull_input() {
    run(async {
        let mut child = cat()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        assert!(child.stdin.is_none());
        assert_eq!(child.communicate(&[]).await.unwrap().stdout, b"");
    });
}

#[test]
fn test_devnull_output() {
    run(async {
        let mut command = cat();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        assert!(child.stdout.is_none());
        assert_eq!(child.communicate(b"abc").await.unwrap().stdout, b"");
    });
}

#[test]
fn test_devnull_error() {
    run(async {
        let mut command = Command::shell("echo lost >&2");
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        assert!(child.stderr.is_none());
        assert_eq!(child.communicate(&[]).await.unwrap().stderr, b"");
    });
}

#[test]
fn test_empty_input() {
    run(async {
        let output = piped(&mut cat()).communicate(b"").await.unwrap();
        assert_eq!(output.stdout, b"");
        assert!(output.status.success());
    });
}

/// Cancelling who waits leaves the child, which can be waited for again.
#[test]
fn test_cancel_process_wait() {
    run(async {
        let mut child = Command::new("sleep").arg("3600").spawn().unwrap();
        assert!(timeout(MS, child.wait()).await.is_err());
        assert_eq!(child.try_wait().unwrap(), None);
        assert_eq!(child.returncode(), None);
        child.kill().unwrap();
        child.wait().await.unwrap();
    });
}

#[test]
fn test_cancel_make_subprocess_transport_exec() {
    run(async {
        let task = spawn(async {
            let mut command = Command::new("sleep");
            command.arg("3600").kill_on_drop(true).status().await
        });
        sleep(MS).await;
        task.cancel();
        assert!(task.await.is_err());
    });
}

#[test]
fn test_create_subprocess_exec_with_path() {
    run(async {
        assert!(Command::new("/bin/sh")
            .args(["-c", "exit 0"])
            .status()
            .await
            .unwrap()
            .success());
        let missing = Command::new("/no/such/program").spawn().unwrap_err();
        assert_eq!(missing.kind(), ErrorKind::NotFound);
        let refused = Command::new("/").spawn().unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::PermissionDenied);
    });
}

#[test]
fn test_create_subprocess_env_shell() {
    run(async {
        let mut command = Command::shell("echo $FOO");
        let output = command.env("FOO", "baz").output().await.unwrap();
        assert_eq!(output.stdout, b"baz\n");
        let mut command = Command::new("/usr/bin/env");
        let output = command
            .env("A", "1")
            .env_clear()
            .env("B", "2")
            .output()
            .await
            .unwrap();
        assert_eq!(output.stdout, b"B=2\n");
    });
}

#[test]
fn test_subprocess_protocol_events() {
    run(async {
        let mut child = piped(&mut Command::shell("echo out; echo err >&2; exit 5"));
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (mut out, mut err) = ([0; 8], [0; 8]);
        let (n, m) = gather!(stdout.read(&mut out), stderr.read(&mut err)).await;
        assert_eq!(
            (&out[..n.unwrap()], &err[..m.unwrap()]),
            (&b"out\n"[..], &b"err\n"[..])
        );
        assert_eq!(child.wait().await.unwrap().code(), Some(5));
    });
}

#[test]
fn test_subprocess_communicate_stdout() {
    run(async {
        let mut child = Command::shell("echo hi")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        assert_eq!(child.communicate(&[]).await.unwrap().stdout, b"hi\n");
    });
}

#[test]
fn the_directory_in_which_it_starts() {
    run(async {
        let output = Command::new("pwd").current_dir("/").output().await.unwrap();
        assert_eq!(output.stdout, b"/\n");
    });
}

#[test]
fn waiting_takes_no_longer_than_the_child() {
    run(async {
        let started = Instant::now();
        let sleeps = (0..10).map(|_| async {
            Command::new("sleep").arg("0.05").status().await.unwrap();
        });
        gather(sleeps).await;
        assert!(started.elapsed() >= 50 * MS);
    });
}

#[test]
fn dropped_it_runs_on_and_leaves_no_zombie() {
    run(async {
        let child = Command::new("sleep").arg("0.02").spawn().unwrap();
        let id = child.id();
        drop(child);
        assert!(is_there(id));
        let started = Instant::now();
        while is_there(id) {
            assert!(started.elapsed() < 5000 * MS, "it is a zombie");
            sleep(5 * MS).await;
        }
    });
}

#[test]
fn dropped_after_the_loop_it_leaves_no_zombie_either() {
    let child = run(async { Command::new("true").spawn().unwrap() });
    let id = child.id();
    drop(child);
    let started = Instant::now();
    while is_there(id) {
        assert!(started.elapsed() < 5000 * MS, "it is a zombie");
        std::thread::sleep(5 * MS);
        // Whoever starts or drops a child reaps the others.
        run(async { drop(Command::new("true").spawn().unwrap()) });
    }
}

#[test]
fn killed_on_drop() {
    run(async {
        let child = Command::new("sleep")
            .arg("3600")
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let id = child.id();
        drop(child);
        let started = Instant::now();
        while is_there(id) {
            assert!(started.elapsed() < 5000 * MS, "it runs on");
            sleep(MS).await;
        }
    });
}

#[test]
fn five_hundred_children() {
    run(async {
        let running = Rc::new(coloop::Semaphore::new(20));
        let children = (0..500).map(|n: i32| {
            let running = Rc::clone(&running);
            async move {
                let _permit = running.acquire().await;
                let line = format!("exit {}", n % 100);
                Command::shell(line).status().await.unwrap().code()
            }
        });
        let codes = gather(children).await;
        assert!(codes.into_iter().eq((0..500).map(|n| Some(n % 100))));
    });
}
