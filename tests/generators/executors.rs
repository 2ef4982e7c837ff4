//! Who may poll a generator: anybody.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use futures::executor::block_on;
use futures::stream::FusedStream;
use futures::{FutureExt, Stream, StreamExt};

use crate::stream::pause;

fn letters() -> impl Stream<Item = char> {
    coloop::gen! {
        for letter in 'a'..='c' {
            coloop::yield_now().await;
            yield letter;
        }
    }
}

/// The same, on nothing of coloop's.
fn digits() -> impl FusedStream<Item = u32> {
    coloop::gen! {
        for digit in 1..=3 {
            pause().await;
            yield digit;
        }
    }
}

#[test]
fn the_event_loop() {
    assert_eq!(coloop::run(letters().collect::<String>()), "abc");
}

#[test]
fn two_tasks_of_the_event_loop() {
    let both = coloop::run(async {
        let first = coloop::spawn(letters().collect::<String>());
        let second = coloop::spawn(async {
            let mut reversed = String::new();
            let mut letters = pin!(letters());
            while let Some(letter) = letters.next().await {
                reversed.insert(0, letter);
            }
            reversed
        });
        (first.await.unwrap(), second.await.unwrap())
    });
    assert_eq!(both, ("abc".to_owned(), "cba".to_owned()));
}

#[test]
fn block_on_of_futures() {
    let items: Vec<u32> = block_on(digits().collect());
    assert_eq!(items, [1, 2, 3]);
}

#[test]
fn a_thread_of_its_own() {
    let thread = std::thread::spawn(|| block_on(digits().map(|n| n * 2).collect::<Vec<_>>()));
    assert_eq!(thread.join().unwrap(), [2, 4, 6]);
}

#[test]
fn nobody_but_a_noop_waker() {
    let mut digits = pin!(digits());
    let mut cx = Context::from_waker(Waker::noop());
    let polls: Vec<_> = (0..7).map(|_| digits.as_mut().poll_next(&mut cx)).collect();
    let (wait, item) = (Poll::Pending, |n| Poll::Ready(Some(n)));
    assert_eq!(
        polls,
        [
            wait,
            item(1),
            wait,
            item(2),
            wait,
            item(3),
            Poll::Ready(None)
        ]
    );
}

#[test]
fn the_combinators_of_futures() {
    let items = block_on(async {
        let mut digits = pin!(digits());
        let first = digits.next().await;
        let rest: Vec<u32> = digits
            .as_mut()
            .filter(|n| std::future::ready(*n != 2))
            .collect()
            .await;
        (first, rest, digits.next().await)
    });
    assert_eq!(items, (Some(1), vec![3], None));
}

#[test]
fn select_next_some_needs_the_fused_stream() {
    let items = block_on(async {
        let (mut a, mut b) = (pin!(digits()), pin!(digits()));
        let mut items = Vec::new();
        loop {
            futures::select_biased! {
                n = a.select_next_some() => items.push(n),
                n = b.select_next_some() => items.push(n * 10),
                complete => break,
            }
        }
        items.sort();
        items
    });
    assert_eq!(items, [1, 2, 3, 10, 20, 30]);
}

#[test]
fn one_poll_at_a_time_without_waiting() {
    let mut digits = Box::pin(digits());
    assert_eq!(digits.next().now_or_never(), None);
    assert_eq!(digits.next().now_or_never(), Some(Some(1)));
}

#[test]
fn the_waker_of_the_last_poll_is_the_one_to_wake() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::Arc;
    use std::task::Wake;

    #[derive(Default)]
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let mut items = pin!(digits());
    let wakes: Vec<usize> = (0..3)
        .map(|_| {
            let count = Arc::new(Count::default());
            let waker = Waker::from(count.clone());
            let _ = items.as_mut().poll_next(&mut Context::from_waker(&waker));
            count.0.load(Ordering::Relaxed)
        })
        .collect();
    assert_eq!(wakes, [1, 0, 1]);
}

/// What every executor has to get right: sends, delegation, errors, an early end; with waits in between.
async fn everything() -> Vec<String> {
    use coloop::{AsyncGenerator, GeneratorState};

    let mut seen = Vec::new();
    let mut outer = pin!(coloop::gen!(|first: u32| {
        let returned = yield_all!(
            coloop::gen!(|mut sent: u32| {
                while sent < 3 {
                    pause().await;
                    sent = yield format!("inner {sent}");
                }
                sent
            }),
            first
        );
        pause().await;
        yield format!("returned {returned}");
    }));
    for n in 1..5 {
        match outer.asend(n).await {
            GeneratorState::Yielded(item) => seen.push(item),
            other => seen.push(format!("{:?}", matches!(other, GeneratorState::Ended))),
        }
    }
    outer.aclose().await;

    let lines = coloop::try_gen!({
        for line in ["1", "x", "2"] {
            pause().await;
            yield line.parse::<u32>()?;
        }
        Ok::<(), std::num::ParseIntError>(())
    });
    let numbers: Vec<_> = lines.collect().await;
    seen.push(format!("{} {}", numbers.len(), numbers[1].is_err()));

    let items: Vec<u32> = digits().take(2).collect().await;
    seen.push(format!("{items:?}"));
    let both = futures::future::join(
        digits().count(),
        digits().fold(0, |a, b| async move { a + b }),
    );
    seen.push(format!("{:?}", both.await));
    let mut several: futures::stream::FuturesUnordered<_> = (0..3)
        .map(|n| async move { digits().map(move |d| d + n).collect::<Vec<_>>().await })
        .collect();
    let mut all = Vec::new();
    while let Some(items) = several.next().await {
        all.extend(items);
    }
    all.sort_unstable();
    seen.push(format!("{all:?}"));
    seen
}

const EVERYTHING: [&str; 7] = [
    "inner 1",
    "inner 2",
    "returned 3",
    "false",
    "2 true",
    "[1, 2]",
    "(3, 6)",
];

fn check(seen: &[String]) {
    let (last, others) = seen.split_last().unwrap();
    assert_eq!(others, EVERYTHING);
    assert_eq!(last, "[1, 2, 2, 3, 3, 3, 4, 4, 5]");
}

#[test]
fn everything_on_the_event_loop() {
    check(&coloop::run(everything()));
}

#[test]
fn everything_on_tokio_s_current_thread() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    check(&runtime.block_on(everything()));
}

/// As a task that may move from thread to thread, which needs `Send`.
#[test]
fn everything_on_tokio_s_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()
        .unwrap();
    check(&runtime.block_on(async { tokio::spawn(everything()).await.unwrap() }));
}

#[test]
fn everything_on_smol() {
    check(&smol::block_on(everything()));
    check(&smol::block_on(async { smol::spawn(everything()).await }));
}

#[test]
fn everything_on_futures_executors() {
    check(&block_on(everything()));
    let mut pool = futures::executor::LocalPool::new();
    check(&pool.run_until(everything()));
}

/// `fauxgen` and `asynk-strim` hand their items over by the waker, and stop at one that is not theirs.
#[test]
fn everything_with_a_waker_that_does_nothing() {
    let mut future = Box::pin(everything());
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..1000 {
        if let Poll::Ready(seen) = future.as_mut().poll(&mut cx) {
            return check(&seen);
        }
    }
    panic!("it does not end");
}

/// A timeout of tokio's around an item that waits for it.
#[test]
fn tokio_s_own_futures_inside() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let ticks = coloop::gen!({
        for n in 0..3 {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            yield n;
        }
    });
    let items: Vec<u32> = runtime.block_on(ticks.collect());
    assert_eq!(items, [0, 1, 2]);
}
