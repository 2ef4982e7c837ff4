//! `process`: children, their pipes, their ends. Cases of CPython's `test_subprocess` under their own names, and others.

mod common;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt as _;
use std::rc::Rc;
use std::time::{Duration, Instant};

use coloop::io::StreamReader;
use coloop::process::{Child, Command, Stdio};
use coloop::signal::Signal;
use coloop::{gather, run, sleep, spawn, timeout, to_thread, yield_now};
use common::{bounded, ByHand};
use futures_util::AsyncWriteExt;

const MS: Duration = Duration::from_millis(1);

fn piped(command: &mut Command) -> Child {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.stderr(Stdio::piped()).spawn().unwrap()
}

fn cat() -> Command {
    Command::new("cat")
}

/// Runs until it is killed, which a test that fails does as well.
fn blocked() -> Command {
    let mut command = Command::new("sleep");
    command.arg("3600").kill_on_drop(true);
    command
}

fn is_there(id: u32) -> bool {
    fs::metadata(format!("/proc/{id}")).is_ok()
}

#[test]
fn test_stdin_stdout() {
    bounded(async {
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
    bounded(async {
        let output = piped(&mut cat()).communicate(b"some data").await.unwrap();
        assert_eq!(output.stdout, b"some data");
        assert_eq!(output.status.code(), Some(0));
    });
}

#[test]
fn test_communicate_none_input() {
    bounded(async {
        let output = piped(&mut cat()).communicate(&[]).await.unwrap();
        assert_eq!((output.stdout.len(), output.stderr.len()), (0, 0));
        assert_eq!(output.status.code(), Some(0));
    });
}

#[test]
fn test_shell() {
    bounded(async {
        let mut child = Command::shell("exit 7").spawn().unwrap();
        assert_eq!(child.wait().await.unwrap().code(), Some(7));
        assert_eq!(child.returncode(), Some(7));
    });
}

#[test]
fn test_kill() {
    bounded(async {
        let mut child = blocked().spawn().unwrap();
        child.kill().unwrap();
        child.wait().await.unwrap();
        assert_eq!(child.returncode(), Some(-9));
    });
}

#[test]
fn test_kill_issue43884() {
    bounded(async {
        let mut child = Command::shell("exec sleep 3600").spawn().unwrap();
        yield_now().await;
        child.kill().unwrap();
        child.wait().await.unwrap();
        assert_eq!(child.returncode(), Some(-9));
        assert_eq!(child.try_wait().unwrap(), Some(child.wait().await.unwrap()));
    });
}

#[test]
fn test_terminate() {
    bounded(async {
        let mut child = blocked().spawn().unwrap();
        child.terminate().unwrap();
        child.wait().await.unwrap();
        assert_eq!(child.returncode(), Some(-15));
    });
}

#[test]
fn test_send_signal() {
    bounded(async {
        let mut command = Command::shell("echo sleeping; exec sleep 3600");
        let mut child = piped(command.kill_on_drop(true));
        let mut stdout = StreamReader::new(child.stdout.take().unwrap());
        assert_eq!(stdout.read_line().await.unwrap(), b"sleeping\n");
        // Not SIGHUP as in CPython: whoever runs the tests may ignore that, and children inherit it.
        child.send_signal(Signal::USR1).unwrap();
        child.wait().await.unwrap();
        assert_eq!(child.returncode(), Some(-Signal::USR1.number()));
    });
}

#[test]
fn a_signal_that_is_handled() {
    bounded(async {
        let script = "trap 'echo got it; exit 0' USR1; echo sleeping; while :; do sleep 0.01; done";
        let mut child = piped(&mut Command::shell(script));
        let stdout = child.stdout.take().unwrap();
        let mut buffer = [0; 64];
        let n = stdout.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], b"sleeping\n");
        child.send_signal(Signal::USR1).unwrap();
        let n = stdout.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], b"got it\n");
        assert!(child.wait().await.unwrap().success());
    });
}

/// Signals after the end do nothing. asyncio raises `ProcessLookupError`.
#[test]
fn test_proc_exited() {
    bounded(async {
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
    bounded(async {
        let mut child = piped(&mut Command::new("true"));
        let stdin = child.stdin.take().unwrap();
        child.wait().await.unwrap();
        let error = stdin.write_all(&[b'x'; 1_000_000]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

#[test]
fn test_communicate_ignore_broken_pipe() {
    bounded(async {
        let mut child = piped(&mut Command::new("true"));
        let output = child.communicate(&[b'x'; 1_000_000]).await.unwrap();
        assert!(output.status.success());
    });
}

#[test]
fn test_limits() {
    bounded(async {
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
    bounded(async {
        let mut first = piped(&mut cat());
        let mut second = piped(&mut cat());
        drop(first.stdin.take());
        assert!(first.wait().await.unwrap().success());
        second.kill().unwrap();
        second.wait().await.unwrap();
    });
}

#[test]
fn test_devnull_input() {
    bounded(async {
        let mut child = cat()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        assert!(child.stdin.is_none());
        assert_eq!(child.communicate(&[]).await.unwrap().stdout, b"");
        assert_eq!(child.returncode(), Some(0));
    });
}

#[test]
fn test_devnull_output() {
    bounded(async {
        let mut command = cat();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        assert!(child.stdout.is_none());
        assert_eq!(child.communicate(b"abc").await.unwrap().stdout, b"");
        assert_eq!(child.returncode(), Some(0));
    });
}

#[test]
fn test_devnull_error() {
    bounded(async {
        let mut command = Command::shell("echo lost >&2");
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        assert!(child.stderr.is_none());
        assert_eq!(child.communicate(&[]).await.unwrap().stderr, b"");
        assert_eq!(child.returncode(), Some(0));
    });
}

#[test]
fn test_empty_input() {
    bounded(async {
        let output = piped(&mut cat()).communicate(b"").await.unwrap();
        assert_eq!(output.stdout, b"");
        assert!(output.status.success());
    });
}

/// Cancelling who waits leaves the child, which can be waited for again.
#[test]
fn test_cancel_process_wait() {
    bounded(async {
        let mut child = blocked().spawn().unwrap();
        drop(ByHand::waiting(child.wait()));
        assert_eq!(child.returncode(), None);
        child.kill().unwrap();
        child.wait().await.unwrap();
        assert_eq!(child.returncode(), Some(-9));
    });
}

#[test]
fn test_cancel_make_subprocess_transport_exec() {
    bounded(async {
        let task = spawn(async { blocked().status().await });
        yield_now().await;
        task.cancel();
        assert!(task.await.unwrap_err().is_cancelled());
    });
}

#[test]
fn test_create_subprocess_exec_with_path() {
    bounded(async {
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

/// Reads all output of one that succeeds.
async fn check_stdout_output(command: &mut Command, expected: &[u8]) {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    assert_eq!(child.communicate(&[]).await.unwrap().stdout, expected);
    assert_eq!(child.returncode(), Some(0));
    let again = ByHand::new(child.wait()).poll().unwrap();
    assert_eq!(again.unwrap().code(), Some(0));
}

#[test]
fn test_create_subprocess_env_shell() {
    bounded(async {
        let mut command = Command::shell("printf \"$FOO\"");
        check_stdout_output(command.env("FOO", "bar"), b"bar").await;
    });
}

#[test]
fn test_create_subprocess_env_exec() {
    bounded(async {
        let mut command = Command::new("printenv");
        check_stdout_output(command.arg("FOO").env("FOO", "baz"), b"baz\n").await;
    });
}

#[test]
fn an_environment_of_its_own() {
    bounded(async {
        let mut command = Command::new("/usr/bin/env");
        command.env("A", "1").env_clear().env("B", "2");
        check_stdout_output(&mut command, b"B=2\n").await;
    });
}

#[test]
fn test_subprocess_protocol_events() {
    bounded(async {
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
    bounded(async {
        let outputs = (0..10).map(|n| async move {
            let mut command = Command::shell(format!("echo foo{n}"));
            let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
            child.communicate(&[]).await.unwrap().stdout
        });
        let expected = (0..10).map(|n| format!("foo{n}\n").into_bytes());
        assert!(gather(outputs).await.into_iter().eq(expected));
    });
}

/// It ends while a signal is on its way.
#[test]
fn test_subprocess_send_signal_race() {
    bounded(async {
        for n in 0..10 {
            let mut child = Command::new("true").spawn().unwrap();
            sleep(n * MS / 4).await;
            child.send_signal(Signal::USR1).unwrap();
            child.wait().await.unwrap();
            let code = child.returncode().unwrap();
            assert!(code == 0 || code == -Signal::USR1.number(), "{code}");
        }
    });
}

/// `wait` borrows the child, so that one waits at a time; the answer stays.
#[test]
fn test_subprocess_concurrent_wait() {
    bounded(async {
        let mut child = piped(&mut cat());
        let output = child.communicate(b"some data").await.unwrap();
        assert_eq!(output.stdout, b"some data");
        assert_eq!(child.returncode(), Some(0));
        for _ in 0..10 {
            assert_eq!(child.wait().await.unwrap().code(), Some(0));
        }
    });
}

/// A new group of processes, by the command of the standard library.
#[test]
fn test_start_new_session() {
    bounded(async {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "exit 8"]).process_group(0);
        let status = Command::from(command).status().await;
        assert_eq!(status.unwrap().code(), Some(8));
    });
}

/// What is not read stays in the pipe, and stops the child.
#[test]
fn test_pause_reading() {
    const SIZE: usize = 300_000;
    bounded(async {
        let mut command = Command::shell(format!("head -c {SIZE} /dev/zero"));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut reader = StreamReader::with_limit(10, child.stdout.take().unwrap());
        reader.read(1).await.unwrap();
        assert!(reader.buffer().len() < SIZE / 10);
        assert_eq!(child.try_wait().unwrap(), None);
        assert_eq!(reader.read_to_end().await.unwrap().len(), SIZE - 1);
        assert!(child.wait().await.unwrap().success());
    });
}

#[test]
fn test_devstdin_input() {
    bounded(async {
        let mut child = piped(Command::new("cat").arg("/dev/stdin"));
        let output = child.communicate(b"abc").await.unwrap();
        assert_eq!(output.stdout, b"abc");
        assert_eq!(output.status.code(), Some(0));
    });
}

/// One that has ended is not killed, though nobody has been told of its end.
#[test]
fn test_close_dont_kill_finished() {
    bounded(async {
        let mut child = piped(&mut Command::shell("exit 3"));
        let stdout = child.stdout.take().unwrap();
        assert_eq!(stdout.read(&mut [0; 8]).await.unwrap(), 0);
        // Its streams are closed: it is about to end by itself.
        while !is_zombie(child.id()) {
            sleep(MS).await;
        }
        assert_eq!(child.returncode(), None);
        child.kill().unwrap();
        assert_eq!(child.wait().await.unwrap().code(), Some(3));
    });
}

fn is_zombie(id: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    stat.contains(") Z ")
}

/// A loop in a thread starts children as that of the main thread does.
#[test]
fn test_create_subprocess_with_pidfd() {
    bounded(async {
        let in_thread = || {
            run(async {
                let output = piped(&mut cat()).communicate(b"some data").await.unwrap();
                (output.status.code(), output.stdout)
            })
        };
        let (code, stdout) = to_thread(in_thread).await;
        assert_eq!((code, &*stdout), (Some(0), &b"some data"[..]));
    });
}

#[test]
fn test_popen_error() {
    bounded(async {
        let error = Command::new("no-such-program").spawn().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    });
}

#[test]
fn test_popen_error_with_stdin_pipe() {
    bounded(async {
        let mut command = Command::new("no-such-program");
        let error = command.stdin(Stdio::piped()).spawn().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    });
}

/// More than the pipe holds, read in pieces by somebody who takes their time.
#[test]
fn test_read_stdout_after_process_exit() {
    bounded(async {
        let script = "head -c 262144 /dev/zero; exit 1";
        let mut child = Command::shell(script)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = child.stdout.take().unwrap();
        let (mut all, mut buffer) = (0, vec![0; 65536]);
        loop {
            match stdout.read(&mut buffer).await.unwrap() {
                0 => break,
                n => all += n,
            }
            sleep(MS).await;
        }
        assert_eq!(all, 64 * 4096);
        assert_eq!(child.wait().await.unwrap().code(), Some(1));
    });
}

#[test]
fn test_subprocess_repr() {
    bounded(async {
        let mut child = Command::shell("exit 6").spawn().unwrap();
        let id = child.id();
        let running = format!("Child {{ id: {id}, status: None, .. }}");
        assert_eq!(format!("{child:?}"), running);
        child.wait().await.unwrap();
        assert!(format!("{child:?}").contains("status: Some(ExitStatus("));
    });
}

#[test]
fn the_directory_in_which_it_starts() {
    bounded(async {
        let output = Command::new("pwd").current_dir("/").output().await.unwrap();
        assert_eq!(output.stdout, b"/\n");
    });
}

#[test]
fn waiting_takes_no_longer_than_the_child() {
    bounded(async {
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
    bounded(async {
        let child = Command::new("sleep").arg("0.02").spawn().unwrap();
        let id = child.id();
        drop(child);
        assert!(is_there(id));
        // A zombie would be there.
        while is_there(id) {
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
        assert!(started.elapsed() < 60_000 * MS, "it is a zombie");
        std::thread::sleep(5 * MS);
        // Whoever starts or drops a child reaps the others.
        run(async { drop(Command::new("true").spawn().unwrap()) });
    }
}

#[test]
fn test_close_kill_running() {
    bounded(async {
        let child = blocked().spawn().unwrap();
        assert_eq!(child.returncode(), None);
        let id = child.id();
        drop(child);
        while is_there(id) {
            sleep(MS).await;
        }
    });
}

#[test]
fn five_hundred_children() {
    bounded(async {
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

#[test]
fn a_read_that_is_dropped_loses_nothing() {
    bounded(async {
        let mut child = piped(&mut cat());
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let mut buffer = [0; 8];
        drop(ByHand::waiting(stdout.read(&mut buffer)));
        stdin.write_all(b"some data").await.unwrap();
        // Long enough for what has been left behind, if there is such a thing, to take it.
        sleep(20 * MS).await;
        drop(ByHand::new(stdout.read(&mut [])));
        let (mut all, mut small) = (Vec::new(), [0; 2]);
        while all.len() < 9 {
            let n = stdout.read(&mut small).await.unwrap();
            all.extend_from_slice(&small[..n]);
        }
        assert_eq!(all, b"some data");
        drop(stdin);
        assert_eq!(stdout.read(&mut small).await.unwrap(), 0);
    });
}

/// Each gets a part, also when one that waited before them is dropped.
#[test]
fn two_tasks_read_the_same_end() {
    bounded(async {
        let mut child = piped(&mut cat());
        let (stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let stdout = Rc::new(stdout);
        let read = || {
            let stdout = Rc::clone(&stdout);
            spawn(async move {
                let mut byte = [0];
                assert_eq!(stdout.read(&mut byte).await.unwrap(), 1);
                byte[0]
            })
        };
        let readers = [read(), read(), read()];
        sleep(5 * MS).await;
        let [dropped, one, two] = readers;
        dropped.cancel();
        assert!(dropped.await.unwrap_err().is_cancelled());
        stdin.write_all(b"ab").await.unwrap();
        let (one, two) = gather!(one, two).await;
        let mut bytes = [one.unwrap(), two.unwrap()];
        bytes.sort_unstable();
        assert_eq!(&bytes, b"ab");
    });
}

/// Whatever each of them waits for, nobody keeps the others from it.
#[test]
fn many_children_that_wait_for_each_other() {
    bounded(async {
        let children = (0..40).map(|_| piped(cat().kill_on_drop(true)));
        let mut children: Vec<Child> = children.collect();
        let readers = children.iter_mut().map(|child| {
            let stdout = child.stdout.take().unwrap();
            spawn(async move {
                let mut buffer = [0; 8];
                let n = stdout.read(&mut buffer).await.unwrap();
                buffer[..n].to_vec()
            })
        });
        let readers: Vec<_> = readers.collect();
        sleep(5 * MS).await;
        // A call is made though all of them wait.
        to_thread(|| ()).await;
        for child in children.iter_mut().rev() {
            let stdin = child.stdin.take().unwrap();
            stdin.write_all(b"go").await.unwrap();
            drop(stdin);
            assert!(child.wait().await.unwrap().success());
        }
        for reader in readers {
            assert_eq!(reader.await.unwrap(), b"go");
        }
    });
}

#[test]
fn the_loop_ends_while_a_read_and_a_wait_go_on() {
    let started = Instant::now();
    let mut child = run(async {
        let mut child = piped(&mut blocked());
        let stdout = child.stdout.take().unwrap();
        drop(spawn(async move { stdout.read(&mut [0]).await }));
        drop(ByHand::waiting(child.wait()));
        yield_now().await;
        child
    });
    assert!(started.elapsed() < 30_000 * MS);
    // Another loop goes on with it.
    child.kill().unwrap();
    bounded(async { child.wait().await.unwrap() });
    assert_eq!(child.returncode(), Some(-9));
}

/// What was read for the first loop is given to the second.
#[test]
fn a_read_that_one_loop_begins_and_another_ends() {
    let (mut child, stdout) = run(async {
        let mut child = piped(&mut cat());
        let stdout = child.stdout.take().unwrap();
        drop(ByHand::waiting(stdout.read(&mut [0; 8])));
        (child, stdout)
    });
    bounded(async {
        child
            .stdin
            .take()
            .unwrap()
            .write_all(b"late")
            .await
            .unwrap();
        let mut buffer = [0; 8];
        let n = stdout.read(&mut buffer).await.unwrap();
        assert_eq!(&buffer[..n], b"late");
        assert!(child.wait().await.unwrap().success());
    });
}

/// A clock that jumps does not jump over what a program may do.
#[test]
fn a_virtual_clock_waits_for_a_child() {
    let mut runner = coloop::Runner::builder().virtual_time(true).build();
    runner.run(async {
        let mut child = Command::shell("sleep 0.05; echo done")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = timeout(3600 * 1000 * MS, child.communicate(&[])).await;
        assert_eq!(output.unwrap().unwrap().stdout, b"done\n");
    });
}

/// By `flush`, where a write does not know it yet.
#[test]
fn a_small_write_to_nobody_is_an_error_of_the_flush() {
    bounded(async {
        let mut child = piped(&mut Command::new("true"));
        let mut stdin = child.stdin.take().unwrap();
        child.wait().await.unwrap();
        let error = loop {
            let written = AsyncWriteExt::write_all(&mut stdin, b"lost").await;
            match written.and(stdin.flush().await) {
                // A child of another test has been made, has not begun, and so has the pipe as well.
                Ok(()) => sleep(MS).await,
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}
