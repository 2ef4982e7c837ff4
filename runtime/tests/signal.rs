//! `signal`: streams and handlers. Cases of CPython's `test_unix_events` under their own names where they port.

use std::cell::Cell;
use std::io::ErrorKind;
use std::rc::Rc;
use std::time::Duration;

use coloop::signal::{add_signal_handler, ctrl_c, remove_signal_handler, Signal, Signals};
use coloop::{gather, run, sleep, spawn, timeout, yield_now};
use futures_core::Stream;

const MS: Duration = Duration::from_millis(1);

// Signals go to the whole process: each test has one of its own. Any thread may take one, and when it does is the OS's affair.

async fn until(mut reached: impl FnMut() -> bool) {
    let waiting = async {
        while !reached() {
            sleep(MS).await;
        }
    };
    timeout(10_000 * MS, waiting).await.expect("it arrives");
}

#[test]
fn every_arrival_is_received_once() {
    run(async {
        let mut signals = Signals::new(Signal::USR1).unwrap();
        for _ in 0..3 {
            Signal::USR1.raise().unwrap();
            signals.recv().await.unwrap();
        }
        assert!(timeout(MS, signals.recv()).await.is_err());
    });
}

#[test]
fn ten_thousand_signals() {
    run(async {
        let mut signals = Signals::new(Signal::USR2).unwrap();
        let all = async {
            for _ in 0..10_000 {
                Signal::USR2.raise().unwrap();
                signals.recv().await.unwrap();
            }
        };
        timeout(20_000 * MS, all).await.unwrap();
        assert!(timeout(MS, signals.recv()).await.is_err());
    });
}

#[test]
fn all_listeners_see_all_of_them() {
    run(async {
        let mut one = Signals::new(Signal::WINCH).unwrap();
        let mut two = Signals::new(Signal::WINCH).unwrap();
        Signal::WINCH.raise().unwrap();
        let (first, second) = gather!(one.recv(), two.recv()).await;
        assert!(first.is_ok() && second.is_ok());
        drop(two);
        Signal::WINCH.raise().unwrap();
        one.recv().await.unwrap();
    });
}

#[test]
fn from_another_thread_while_the_loop_sleeps() {
    run(async {
        let mut signals = Signals::new(Signal::CONT).unwrap();
        let thread = std::thread::spawn(|| {
            std::thread::sleep(5 * MS);
            Signal::CONT.raise().unwrap();
        });
        signals.recv().await.unwrap();
        thread.join().unwrap();
    });
}

#[test]
fn it_is_a_stream() {
    run(async {
        let mut signals = Signals::new(Signal::ALRM).unwrap();
        Signal::ALRM.raise().unwrap();
        let next = std::future::poll_fn(|cx| std::pin::Pin::new(&mut signals).poll_next(cx));
        assert!(next.await.unwrap().is_ok());
        assert_eq!(format!("{signals:?}"), "Signals(SIGALRM)");
    });
}

#[test]
fn beside_a_handler_of_somebody_else() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    let theirs = || {
        SEEN.fetch_add(1, Ordering::SeqCst);
    };
    // SAFETY: it counts.
    unsafe { signal_hook_registry::register(Signal::TSTP.number(), theirs) }.unwrap();
    run(async {
        let mut signals = Signals::new(Signal::TSTP).unwrap();
        Signal::TSTP.raise().unwrap();
        signals.recv().await.unwrap();
    });
    let is_seen = |times| {
        let started = std::time::Instant::now();
        while SEEN.load(Ordering::SeqCst) < times {
            assert!(started.elapsed() < 5000 * MS, "their handler is not called");
            std::thread::yield_now();
        }
    };
    is_seen(1);
    Signal::TSTP.raise().unwrap();
    is_seen(2);
}

#[test]
fn test_add_signal_handler() {
    run(async {
        let count = Rc::new(Cell::new(0));
        let counted = Rc::clone(&count);
        add_signal_handler(Signal::HUP, move || counted.set(counted.get() + 1)).unwrap();
        for n in 1..=3 {
            Signal::HUP.raise().unwrap();
            until(|| count.get() == n).await;
        }
        // Another one replaces it.
        let other = Rc::new(Cell::new(0));
        let counted = Rc::clone(&other);
        add_signal_handler(Signal::HUP, move || counted.set(counted.get() + 1)).unwrap();
        Signal::HUP.raise().unwrap();
        until(|| other.get() == 1).await;
        assert_eq!(count.get(), 3);
        assert_eq!(Rc::strong_count(&count), 1);
        assert!(remove_signal_handler(Signal::HUP));
        assert!(!remove_signal_handler(Signal::HUP));
        let mut arrived = Signals::new(Signal::HUP).unwrap();
        Signal::HUP.raise().unwrap();
        arrived.recv().await.unwrap();
        sleep(MS).await;
        assert_eq!(other.get(), 1);
    });
}

#[test]
fn test_check_signal() {
    assert_eq!(Signal::from_number(-1), None);
    assert_eq!(Signal::from_number(10_000), None);
}

#[test]
fn test_add_signal_handler_bad_signal() {
    run(async {
        for signal in [Signal::KILL, Signal::STOP, Signal::SEGV] {
            let refused = add_signal_handler(signal, || {}).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::InvalidInput);
            assert_eq!(
                refused.to_string(),
                format!("nobody can listen to {signal}")
            );
        }
    });
}

/// asyncio: `test_remove_signal_handler_2` and the loop's `close`.
#[test]
fn handlers_end_with_their_loop() {
    let count = Rc::new(Cell::new(0));
    let counted = Rc::clone(&count);
    run(async {
        add_signal_handler(Signal::QUIT, move || counted.set(counted.get() + 1)).unwrap();
    });
    assert_eq!(Rc::strong_count(&count), 1);
    Signal::QUIT.raise().unwrap();
    assert_eq!(count.get(), 0);
}

#[test]
#[should_panic(expected = "a signal handler needs a running event loop on this thread")]
fn outside_of_a_loop() {
    let _ = add_signal_handler(Signal::TERM, || {});
}

#[test]
fn waiting_for_ctrl_c() {
    run(async {
        let waits = spawn(ctrl_c());
        yield_now().await;
        Signal::INT.raise().unwrap();
        waits.await.unwrap().unwrap();
    });
}
