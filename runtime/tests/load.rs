//! Much of everything, and what is left of it: tasks, timers, connections, file descriptors, memory.

mod common;

use std::cell::Cell;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{self, Shutdown};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use coloop::io::StreamReader;
use coloop::net::{start_server, TcpListener, TcpStream};
use coloop::{gather, now, run, sleep, spawn, timeout, yield_now, Runner, Semaphore};
use rustix::process::{getrlimit, setrlimit, Resource, Rlimit};

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_million_tasks() {
    run(async {
        let done = Rc::new(Cell::new(0_u32));
        for batch in 1..=10 {
            for _ in 0..100_000 {
                let done = Rc::clone(&done);
                drop(spawn(async move {
                    yield_now().await;
                    done.set(done.get() + 1);
                }));
            }
            while done.get() < batch * 100_000 {
                yield_now().await;
            }
        }
        assert_eq!(coloop::all_tasks().len(), 1);
    });
}

#[test]
fn a_hundred_thousand_timers() {
    Runner::builder().virtual_time(true).build().run(async {
        let (begun, last) = (now(), Rc::new(Cell::new(Duration::ZERO)));
        let tasks: Vec<_> = (0..100_000_u32)
            .map(|n| {
                // Spread over a second, in no order.
                let delay =
                    Duration::from_micros(u64::from(n.wrapping_mul(2_654_435_761) % 1_000_000));
                let last = Rc::clone(&last);
                spawn(async move {
                    sleep(delay).await;
                    assert!(now() - begun >= delay);
                    assert!(
                        last.replace(delay) <= delay,
                        "deadlines come in their order"
                    );
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!(now() - begun < Duration::from_secs(1));
    });
}

#[test]
fn most_of_a_hundred_thousand_timers_cancelled() {
    Runner::builder().virtual_time(true).build().run(async {
        let tasks: Vec<_> = (0..100_000_u64)
            .map(|n| spawn(sleep(Duration::from_secs(1 + n % 7))))
            .collect();
        yield_now().await;
        for (n, task) in tasks.iter().enumerate() {
            if n % 100 > 0 {
                task.cancel();
            }
        }
        let mut slept = 0;
        for task in tasks {
            slept += u32::from(task.await.is_ok());
        }
        assert_eq!(slept, 1000);
    });
}

/// Programs that are started by the tests below: themselves, as a test of this binary. Limits and counts are of a whole process.
const ROLE: &str = "COLOOP_LOAD_TEST";

fn in_a_process_of_its_own(role: &str) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "program_of_the_tests",
        "--nocapture",
        "--ignored",
        "--test-threads=1",
    ]);
    let output = command
        .env(ROLE, role)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
}

#[test]
#[ignore = "is started by other tests"]
fn program_of_the_tests() {
    match std::env::var(ROLE).as_deref() {
        Ok("connections") => connections(),
        Ok("exhausted") => exhausted(),
        Ok("released") => released(),
        _ => {}
    }
}

fn limit_descriptors(limit: Option<u64>) {
    let hard = getrlimit(Resource::Nofile).maximum;
    let current = match (limit, hard) {
        (Some(limit), _) => Some(limit),
        (None, hard) => hard,
    };
    let limits = Rlimit {
        current,
        maximum: hard,
    };
    setrlimit(Resource::Nofile, limits).unwrap();
}

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
fn two_thousand_connections_at_once() {
    in_a_process_of_its_own("connections");
}

fn connections() {
    const COUNT: usize = 2000;
    limit_descriptors(None);
    run(async {
        let server = start_server("127.0.0.1:0", |stream, _| async move {
            let mut reader = StreamReader::new(&stream);
            while let Ok(line) = reader.read_line().await {
                if line.is_empty() || stream.write_all(&line).await.is_err() {
                    break;
                }
            }
        });
        let server = server.await.unwrap();
        let address = server.local_addrs()[0];
        // All are open before the first goes on.
        let (open, all_open) = (Cell::new(0), Semaphore::new(0));
        let connecting = Semaphore::new(100);
        let clients = (0..COUNT).map(|n| {
            let (open, all_open, connecting) = (&open, &all_open, &connecting);
            async move {
                let permit = connecting.acquire().await;
                let stream = TcpStream::connect(address).await.unwrap();
                drop(permit);
                open.set(open.get() + 1);
                if open.get() == COUNT {
                    (0..COUNT).for_each(|_| all_open.release());
                }
                all_open.acquire().await.forget();
                let line = format!("{n}\n");
                stream.write_all(line.as_bytes()).await.unwrap();
                let answer = StreamReader::new(&stream).read_line().await.unwrap();
                assert_eq!(answer, line.as_bytes());
            }
        });
        timeout(60_000 * MS, gather(clients)).await.unwrap();
        server.close();
        server.wait_closed().await;
    });
}

#[test]
fn no_descriptors_left_and_nobody_lost() {
    in_a_process_of_its_own("exhausted");
}

fn exhausted() {
    limit_descriptors(Some(descriptors() as u64 + 40));
    run(async {
        let server = start_server("127.0.0.1:0", |stream, _| async move {
            let mut byte = [0];
            while stream.read(&mut byte).await.is_ok_and(|n| n > 0) {
                stream.write_all(&byte).await.unwrap();
            }
        });
        let server = server.await.unwrap();
        let address = server.local_addrs()[0];
        // Clients until none can be made, without a turn of the loop: for those, the server has no descriptors left.
        let mut clients = Vec::new();
        let error = loop {
            match net::TcpStream::connect(address) {
                Ok(client) => clients.push(client),
                Err(error) => break error,
            }
            assert!(clients.len() < 100);
        };
        assert!(matches!(error.raw_os_error(), Some(23 | 24)), "{error}");
        sleep(50 * MS).await;
        assert_eq!(server.connections(), 0);
        // Some go; those who have waited are served.
        let left = clients.split_off(clients.len() / 2);
        drop(clients);
        for client in left {
            let client = TcpStream::try_from(client).unwrap();
            client.write_all(b"x").await.unwrap();
            let answer = timeout(10_000 * MS, client.read(&mut [0; 1])).await;
            assert_eq!(answer.expect("it is served").unwrap(), 1);
        }
    });
}

#[test]
fn everything_is_released() {
    in_a_process_of_its_own("released");
}

fn released() {
    let work = || {
        run(async {
            let server = start_server("127.0.0.1:0", |stream, _| async move {
                let _ = stream.read(&mut [0; 100]).await;
            });
            let server = server.await.unwrap();
            let address = server.local_addrs()[0];
            let refusing = net::TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap();
            let client = TcpStream::connect([refusing, address]).await.unwrap();
            drop(spawn(async move { client.read(&mut [0; 1]).await }));
            coloop::to_thread(|| ()).await;
            let mut child = coloop::process::Command::new("true").spawn().unwrap();
            child.wait().await.unwrap();
            let mut signals = coloop::signal::Signals::new(coloop::signal::Signal::USR1).unwrap();
            coloop::signal::Signal::USR1.raise().unwrap();
            signals.recv().await.unwrap();
            drop(spawn(sleep(1000 * MS)));
            yield_now().await;
        });
    };
    let threads = || std::fs::read_dir("/proc/self/task").unwrap().count();
    work();
    let before = (descriptors(), threads());
    for _ in 0..20 {
        work();
    }
    assert_eq!((descriptors(), threads()), before);
}

#[test]
fn peers_that_send_garbage_stall_reset_and_close_halfway() {
    run(async {
        let server = start_server("127.0.0.1:0", |stream, _| async move {
            let mut reader = StreamReader::with_limit(100, &stream);
            let line = timeout(200 * MS, reader.read_line()).await;
            let answer: &[u8] = match line {
                Err(_) => b"too slow",
                Ok(Err(_)) => b"too long",
                Ok(Ok(line)) if line.ends_with(b"\n") => b"fine",
                Ok(Ok(_)) => b"half a line",
            };
            // The peer may be gone.
            let _ = stream.write_all(answer).await;
        });
        let server = server.await.unwrap();
        let address = server.local_addrs()[0];
        let answers = coloop::to_thread(move || {
            let talk = |bytes: &[u8], shut: bool| {
                let mut peer = net::TcpStream::connect(address).unwrap();
                peer.write_all(bytes).unwrap();
                if shut {
                    peer.shutdown(Shutdown::Write).unwrap();
                }
                let mut answer = String::new();
                match peer.read_to_string(&mut answer) {
                    // What was not read by the server may reset the connection.
                    Err(error) if error.kind() == ErrorKind::ConnectionReset => "reset".to_owned(),
                    _ => answer,
                }
            };
            let reset = net::TcpStream::connect(address).unwrap();
            let linger = rustix::net::sockopt::set_socket_linger(&reset, Some(Duration::ZERO));
            linger.unwrap();
            drop(reset);
            [
                talk(b"hello\n", false),
                talk(b"hello", true),
                talk(&[0xff; 150], false),
                talk(b"", false),
                talk(b"", true),
            ]
        });
        assert_eq!(
            answers.await,
            ["fine", "half a line", "too long", "too slow", "half a line"]
        );
        server.close();
        timeout(10_000 * MS, server.wait_closed()).await.unwrap();
    });
}

#[test]
fn an_idle_loop_uses_no_time() {
    let used = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    };
    run(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (before, started) = (used(), Instant::now());
        let nobody = timeout(300 * MS, listener.accept()).await;
        assert!(nobody.is_err() && started.elapsed() >= 300 * MS);
        assert!(used() - before < 20 * MS, "{:?}", used() - before);
    });
}
