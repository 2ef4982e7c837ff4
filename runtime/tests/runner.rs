//! `Runner`: loops that are used again, virtual time, seeds, deadlocks, Ctrl-C. Cases of CPython's `test_runners` under their own
//! names.

mod common;

use std::cell::{Cell, RefCell};
use std::future::pending;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use coloop::net::{TcpListener, UnixStream};
use coloop::signal::Signal;
use coloop::{
    all_tasks, current_task, gather, now, run, sleep, spawn, timeout, to_thread, yield_now,
    ContextVar, Event, Interrupted, Lock, LoopHandle, Runner, Semaphore, TaskHandle,
};
use common::{iterations, Trace};

const HOUR: Duration = Duration::from_secs(3600);
const MS: Duration = Duration::from_millis(1);

fn virtual_time() -> Runner {
    Runner::builder().virtual_time(true).build()
}

#[test]
fn test_asyncio_run_return() {
    assert_eq!(run(async { 42 }), 42);
}

#[test]
#[should_panic(expected = "spam")]
fn test_asyncio_run_raises() {
    run(async { panic!("spam") })
}

#[test]
#[should_panic(expected = "`coloop::run` inside a running event loop")]
fn test_asyncio_run_from_running_loop() {
    run(async { run(async {}) });
}

#[test]
fn test_asyncio_run_cancels_hanging_tasks() {
    let trace = Trace::new();
    run(async {
        drop(spawn(trace.traced("lost", pending::<()>())));
        yield_now().await;
        trace.add("main ends");
    });
    assert_eq!(trace.take(), "lost pending, main ends, lost dropped");
}

/// An exception in `except CancelledError` is a panic in a drop: it is reported, and nothing else happens.
struct DividesByZero;

impl Drop for DividesByZero {
    fn drop(&mut self) {
        panic!("division by zero");
    }
}

fn leave_over() -> TaskHandle {
    let task = spawn(async {
        let _divides = DividesByZero;
        sleep(100 * MS).await;
    });
    task.handle()
}

#[test]
fn test_asyncio_run_reports_hanging_tasks_errors() {
    let (result, left) = run(async {
        let left = leave_over();
        yield_now().await;
        (123, left)
    });
    assert_eq!(result, 123);
    assert!(left.is_finished());
}

#[test]
fn test_asyncio_run_closes_gens_after_hanging_tasks_errors() {
    let left = RefCell::new(None);
    let main = async {
        *left.borrow_mut() = Some(leave_over());
        yield_now().await;
        panic!("fancy exit");
    };
    let panic = catch_unwind(AssertUnwindSafe(|| run(main))).unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"fancy exit"));
    assert!(left.take().unwrap().is_finished());
}

/// Any future will do.
#[test]
fn test_run_future() {
    assert_eq!(Runner::new().run(std::future::ready(5)), 5);
}

/// Nothing is asked of a result: not even `Debug`.
#[test]
fn test_no_repr_is_call_on_the_task_result() {
    struct Opaque(u32);
    assert_eq!(Runner::new().run(async { Opaque(3) }).0, 3);
}

#[test]
fn test_run() {
    let mut runner = Runner::new();
    assert_eq!(runner.run(async { "done" }), "done");
    assert_eq!(runner.run(async { 1 }), 1);
}

#[test]
fn a_runner_whose_future_has_panicked_can_be_used_again() {
    let mut runner = Runner::new();
    let panicked = catch_unwind(AssertUnwindSafe(|| runner.run(async { panic!("first") })));
    assert!(panicked.is_err());
    assert_eq!(runner.run(async { 2 }), 2);
}

static VAR: ContextVar<i32> = ContextVar::new("var");

#[test]
fn test_run_keeps_context() {
    async fn sets(value: i32) -> Option<i32> {
        let old = VAR.get();
        yield_now().await;
        VAR.set(value);
        old
    }
    let mut runner = Runner::new();
    assert_eq!(runner.run(sets(1)), None);
    assert_eq!(runner.run(sets(2)), Some(1));
    assert_eq!(runner.run(async { VAR.get() }), Some(2));
    assert_eq!(run(async { VAR.get() }), None);
}

#[test]
fn the_tasks_of_one_run_go_on_in_the_next() {
    let trace = Trace::new();
    let mut runner = Runner::new();
    runner.run(async {
        drop(spawn(trace.traced("task", iterations(3))));
        yield_now().await;
    });
    trace.add("between");
    let left = runner.run(async {
        iterations(5).await;
        all_tasks()
    });
    assert_eq!(left.len(), 1, "the main one");
    assert_eq!(
        trace.take(),
        "task pending, task pending, between, task pending, task ready, task dropped"
    );
}

#[test]
fn test_get_loop() {
    let mut runner = Runner::new();
    let called = Rc::new(Cell::new(false));
    let handle: LoopHandle = runner.handle();
    let thread = std::thread::spawn(move || handle.call_soon_threadsafe(|| {}).unwrap());
    thread.join().unwrap();
    runner.run(async { called.set(true) });
    assert!(called.get());
    let handle = runner.handle();
    drop(runner);
    assert!(handle.call_soon_threadsafe(|| {}).is_err());
}

#[test]
fn test_explicit_close() {
    let trace = Trace::new();
    let mut runner = Runner::new();
    runner.run(async {
        drop(spawn(trace.traced("task", pending::<()>())));
        yield_now().await;
    });
    trace.add("closing");
    drop(runner);
    assert_eq!(
        trace.take(),
        "task pending, task pending, closing, task dropped"
            .replace("task pending, task pending", "task pending")
    );
}

#[test]
fn test_recursive_run() {
    let mut runner = Runner::new();
    runner.run(async {
        let mut inner = Runner::new();
        let refused = catch_unwind(AssertUnwindSafe(|| inner.run(async {})));
        assert!(refused.is_err());
        drop(inner);
        assert!(current_task().is_some());
        yield_now().await;
    });
}

#[test]
fn an_hour_in_no_time() {
    let started = Instant::now();
    let trace = Trace::new();
    virtual_time().run(async {
        let before = now();
        let nap = |name: &'static str, hours: u32| {
            let trace = trace.clone();
            spawn(async move {
                sleep(hours * HOUR).await;
                trace.add(name);
            })
        };
        let (late, early) = (nap("late", 2), nap("early", 1));
        late.await.unwrap();
        early.await.unwrap();
        assert_eq!(now() - before, 2 * HOUR);
        assert!(timeout(HOUR, pending::<()>()).await.is_err());
        assert_eq!(now() - before, 3 * HOUR);
    });
    assert_eq!(trace.take(), "early, late");
    assert!(started.elapsed() < 60 * Duration::from_secs(1));
}

#[test]
fn virtual_time_stands_still_while_tasks_run() {
    virtual_time().run(async {
        let before = now();
        std::thread::sleep(2 * MS);
        iterations(3).await;
        assert_eq!(now(), before);
    });
}

#[test]
fn virtual_time_does_not_overtake_what_comes_from_outside() {
    virtual_time().run(async {
        // A thread that takes real time, and a timer that would be over at once.
        let slow = to_thread(|| std::thread::sleep(5 * MS));
        assert!(timeout(Duration::from_secs(5), slow).await.is_ok());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connect = std::thread::spawn(move || {
            std::thread::sleep(5 * MS);
            std::net::TcpStream::connect(address).unwrap()
        });
        let accepted = timeout(Duration::from_secs(5), listener.accept()).await;
        assert!(accepted.unwrap().is_ok());
        connect.join().unwrap();
    });
}

/// The OS says at once that there is room to write, which wakes nobody. That is not the end of the time that there is to read.
#[test]
fn virtual_time_does_not_jump_over_what_wakes_nobody() {
    virtual_time().run(async {
        let (silent, _other) = UnixStream::pair().unwrap();
        let (began, started) = (now(), Instant::now());
        assert!(timeout(20 * MS, silent.read(&mut [0])).await.is_err());
        assert_eq!(now() - began, 20 * MS);
        assert!(started.elapsed() >= 20 * MS, "{:?}", started.elapsed());
    });
}

fn order(seed: Option<u64>) -> Vec<u32> {
    let builder = Runner::builder();
    let builder = match seed {
        Some(seed) => builder.seed(seed),
        None => builder,
    };
    let order = Rc::new(RefCell::new(Vec::new()));
    builder.build().run(async {
        let tasks: Vec<_> = (0..20)
            .map(|n| {
                let order = Rc::clone(&order);
                spawn(async move {
                    for _ in 0..3 {
                        order.borrow_mut().push(n);
                        yield_now().await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    order.take()
}

#[test]
fn a_seed_decides_the_order_and_repeats_it() {
    assert!(order(None)[..20].iter().copied().eq(0..20));
    let mut different = std::collections::BTreeSet::new();
    for seed in 0..20 {
        assert_eq!(order(Some(seed)), order(Some(seed)));
        different.insert(order(Some(seed)));
    }
    assert_eq!(different.len(), 20);
}

fn deadlock(
    main: impl FnOnce() -> std::pin::Pin<Box<dyn std::future::Future<Output = ()>>>,
) -> String {
    let mut runner = Runner::builder().detect_deadlocks(true).build();
    let payload =
        catch_unwind(AssertUnwindSafe(|| runner.run(async { main().await }))).unwrap_err();
    *payload.downcast::<String>().unwrap()
}

#[test]
fn a_deadlock_names_everybody() {
    let report = deadlock(|| {
        Box::pin(async {
            let lock = Rc::new(Lock::new(()));
            let held = lock.lock().await;
            let waiting = Rc::clone(&lock);
            let blocked = spawn(async move { drop(waiting.lock().await) });
            blocked.set_name("blocked");
            let semaphore = Rc::new(Semaphore::new(2));
            let permit = semaphore.clone().acquire_owned().await;
            let taken = Rc::clone(&semaphore);
            let ended = spawn(async move { taken.acquire().await.forget() });
            ended.set_name("ended");
            let awaiting = spawn(async move { gather!(blocked, pending::<()>()).await });
            awaiting.set_name("awaiting");
            yield_now().await;
            let _second = semaphore.acquire().await;
            drop((held, permit));
        })
    });
    let lines: Vec<&str> = report.lines().collect();
    assert!(
        lines[0].starts_with("deadlock: no task is ready"),
        "{report}"
    );
    assert_eq!(
        lines[1],
        "  the main future waits for a `Semaphore` that the main future and ended, which has ended, have taken"
    );
    assert!(lines[2].starts_with("  blocked, started at "), "{report}");
    assert!(lines[2].contains("tests/runner.rs:"), "{report}");
    assert!(
        lines[2].ends_with(", waits for a `Lock` that the main future has taken"),
        "{report}"
    );
    assert!(
        lines[3].starts_with("  awaiting, started at ")
            && lines[3].ends_with(", waits for blocked"),
        "{report}"
    );
    assert_eq!(lines.len(), 4);
}

/// It is polled again for another reason, and still waits for the same.
#[test]
fn what_a_task_waits_for_is_still_known_after_another_turn() {
    let report = deadlock(|| {
        Box::pin(async {
            let event = Event::new();
            gather!(event.wait(), sleep(MS)).await;
        })
    });
    assert!(
        report.ends_with("the main future waits for an `Event`"),
        "{report}"
    );
}

#[test]
fn what_was_released_is_nobody_s() {
    let report = deadlock(|| {
        Box::pin(async {
            let semaphore = Semaphore::new(1);
            drop(semaphore.acquire().await);
            semaphore.acquire().await.forget();
            semaphore.release();
            let lock = Lock::new(());
            drop(lock.lock().await);
            let _all = gather!(semaphore.acquire_many(2), lock.lock(), Event::new().wait()).await;
        })
    });
    assert!(
        report.ends_with("waits for a `Semaphore`, and for an `Event`"),
        "{report}"
    );
}

#[test]
fn what_a_task_waits_for_is_forgotten_when_it_goes_on() {
    let report = deadlock(|| {
        Box::pin(async {
            let event = Event::new();
            event.set();
            event.wait().await;
            let lock = Lock::new(());
            drop(lock.lock().await);
            pending::<()>().await;
        })
    });
    assert!(report.ends_with("the main future waits for something else than coloop's primitives"));
}

#[test]
fn timers_threads_and_sockets_are_no_deadlock() {
    let mut runner = Runner::builder().detect_deadlocks(true).build();
    runner.run(async {
        sleep(2 * MS).await;
        to_thread(|| std::thread::sleep(2 * MS)).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connect = std::thread::spawn(move || {
            std::thread::sleep(2 * MS);
            std::net::TcpStream::connect(address).unwrap()
        });
        listener.accept().await.unwrap();
        connect.join().unwrap();
    });
}

#[test]
fn test_signal_install_not_supported_ok() {
    let mut runner = Runner::new();
    let trace = Trace::new();
    let interrupted = runner.run_until_interrupted(trace.traced("main", async {
        Signal::INT.raise().unwrap();
        pending::<()>().await;
    }));
    assert_eq!(interrupted, Err(Interrupted));
    assert_eq!(trace.take(), "main pending, main dropped");
    assert_eq!(runner.run_until_interrupted(async { 5 }), Ok(5));
}

/// Programs that are started by the tests below: themselves, as a test of this binary.
const ROLE: &str = "COLOOP_RUNNER_TEST";

fn program(role: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "program_of_the_tests",
        "--nocapture",
        "--ignored",
    ]);
    command.env(ROLE, role).stdout(std::process::Stdio::piped());
    command
}

#[test]
#[ignore = "is started by other tests"]
fn program_of_the_tests() {
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            println!("dropped");
        }
    }
    match std::env::var(ROLE).as_deref() {
        Ok("busy") => coloop::__private::main(Runner::new(), async {
            let _last = Last;
            println!("begins");
            loop {
                yield_now().await;
            }
        }),
        Ok("waits") => coloop::__private::main(Runner::new(), async {
            let _last = Last;
            println!("begins");
            pending::<()>().await
        }),
        Ok("listens") => coloop::__private::main(Runner::new(), async {
            let _last = Last;
            for n in 1..=2 {
                let mut interrupts = coloop::signal::Signals::new(Signal::INT).unwrap();
                println!("begins {n}");
                interrupts.recv().await.unwrap();
            }
            println!("listens no more");
            pending::<()>().await
        }),
        Ok("handles") => coloop::__private::main(Runner::new(), async {
            let event = Rc::new(Event::new());
            let set = Rc::clone(&event);
            coloop::signal::add_signal_handler(Signal::INT, move || set.set()).unwrap();
            println!("begins");
            event.wait().await;
            println!("handled");
        }),
        Ok("twice") => coloop::__private::main(Runner::new(), async {
            let _last = Last;
            let _hour = to_thread(|| {
                println!("begins");
                std::thread::sleep(HOUR);
            });
            pending::<()>().await
        }),
        Ok("debug") => Runner::builder().debug(true).build().run(async {
            spawn(async { std::thread::sleep(120 * MS) }).await.unwrap();
        }),
        Ok("forgotten") => forgotten(),
        Ok("no debug") => Runner::builder().debug(false).build().run(async {
            spawn(async { std::thread::sleep(120 * MS) }).await.unwrap();
        }),
        _ => {}
    }
}

#[coloop::coroutine]
async fn fetch(n: u32) -> u32 {
    yield_now().await;
    n
}

struct Client;

impl Client {
    #[coloop::coroutine]
    async fn send(&self) {
        yield_now().await;
    }
}

fn forgotten() {
    let all = |debug| {
        Runner::builder().debug(debug).build().run(async {
            let _forgotten = fetch(1);
            drop(Client.send());
            drop(coloop::gen!({ yield 1 }));
            assert_eq!(fetch(2).await, 2);
            spawn(fetch(4)).cancel();
            yield_now().await;
            drop(spawn(fetch(5)));
        });
    };
    all(false);
    all(true);
    drop(fetch(6));
}

#[test]
fn coroutines_that_were_never_awaited_are_reported() {
    let output = program("forgotten")
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let mut reports: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("coloop: "))
        .collect();
    reports.sort_unstable();
    assert_eq!(reports.len(), 2, "{text}");
    assert!(
        reports[0].ends_with("Client::send was never awaited")
            || reports[0].contains("Client>::send"),
        "{text}"
    );
    assert_eq!(
        reports[1],
        "coloop: the coroutine runner::fetch was never awaited"
    );
}

/// Waits for a line of a program.
fn line(output: &mut impl std::io::BufRead, expected: &str) {
    let mut line = String::new();
    while !line.contains(expected) {
        line.clear();
        assert!(output.read_line(&mut line).unwrap() > 0, "no {expected:?}");
    }
}

/// Waits for the end of a program, not for ever.
fn ended(child: &mut std::process::Child) -> std::process::ExitStatus {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if started.elapsed() > 30 * Duration::from_secs(1) {
            child.kill().unwrap();
            panic!("it does not end");
        }
        std::thread::sleep(MS);
    }
}

fn interrupt(child: &std::process::Child) {
    let pid = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

/// Interrupts a program, which drops its main future and then ends by the signal.
fn is_interrupted(role: &str) {
    use std::os::unix::process::ExitStatusExt;
    let mut child = program(role).spawn().unwrap();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    line(&mut output, "begins");
    interrupt(&child);
    line(&mut output, "dropped");
    assert_eq!(ended(&mut child).signal(), Some(2));
}

#[test]
fn test_interrupt_call_soon() {
    is_interrupted("busy");
}

#[test]
fn test_interrupt_wait() {
    is_interrupted("waits");
}

/// As asyncio's runner leaves a signal alone that has a handler.
#[test]
fn interrupts_are_the_program_s_while_it_listens() {
    use std::os::unix::process::ExitStatusExt;
    let mut child = program("listens").spawn().unwrap();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    line(&mut output, "begins 1");
    interrupt(&child);
    line(&mut output, "begins 2");
    interrupt(&child);
    line(&mut output, "listens no more");
    interrupt(&child);
    line(&mut output, "dropped");
    assert_eq!(ended(&mut child).signal(), Some(2));
}

#[test]
fn interrupts_are_a_handler_s() {
    let mut child = program("handles").spawn().unwrap();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    line(&mut output, "begins");
    interrupt(&child);
    line(&mut output, "handled");
    assert_eq!(ended(&mut child).code(), Some(0));
}

#[test]
fn a_second_interrupt_does_not_wait_for_a_thread_that_takes_an_hour() {
    let mut child = program("twice").spawn().unwrap();
    let mut output = std::io::BufReader::new(child.stdout.take().unwrap());
    line(&mut output, "begins");
    interrupt(&child);
    line(&mut output, "dropped");
    assert!(child.try_wait().unwrap().is_none());
    interrupt(&child);
    assert_eq!(ended(&mut child).code(), Some(130));
}

#[test]
fn test_debug() {
    let mut command = program("debug");
    let output = command
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("coloop: a turn of Task-"));
    let line = line.unwrap_or_else(|| panic!("{text}"));
    assert!(
        line.contains("runner.rs:") && line.contains(" took "),
        "{line}"
    );
}

#[test]
fn test_non_debug() {
    let mut command = program("no debug");
    let output = command
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(!text.contains("coloop: a turn"), "{text}");
}
