//! Who may run a coroutine: anybody. What is awaited, moved between threads, cancelled and dropped there.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures::channel::{mpsc, oneshot};
use futures::executor::{block_on, LocalPool, ThreadPool};
use futures::task::{LocalSpawnExt, SpawnExt};
use futures::{FutureExt, SinkExt, StreamExt};

const MS: Duration = Duration::from_millis(1);

/// Counts those that have been dropped.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[coloop::coroutine]
async fn double(mut numbers: mpsc::Receiver<u32>, mut doubled: mpsc::Sender<u32>) {
    while let Some(n) = numbers.next().await {
        if doubled.send(2 * n).await.is_err() {
            return;
        }
    }
}

#[coloop::coroutine]
async fn feed(mut numbers: mpsc::Sender<u32>) -> Result<(), mpsc::SendError> {
    for n in 1..=10 {
        coloop::yield_now().await;
        numbers.send(n).await?;
    }
    Ok(())
}

/// Three coroutines with channels between them: each waits for the others, and what they hold is borrowed across it.
#[coloop::coroutine]
async fn pipeline() -> Vec<u32> {
    let (numbers, received) = mpsc::channel(1);
    let (doubled, mut results) = mpsc::channel(1);
    let mut seen = Vec::new();
    let (fed, (), ()) = coloop::join!(feed(numbers), double(received, doubled), async {
        while let Some(n) = results.next().await {
            seen.push(n);
        }
    });
    fed.unwrap();
    seen
}

const DOUBLED: [u32; 10] = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20];

#[test]
fn the_event_loop() {
    assert_eq!(coloop::run(pipeline()), DOUBLED);
}

#[test]
fn block_on_of_futures() {
    assert_eq!(block_on(pipeline()), DOUBLED);
}

#[test]
fn block_on_of_smol() {
    assert_eq!(smol::block_on(pipeline()), DOUBLED);
}

#[test]
fn a_pool_of_one_thread() {
    let (mut pool, seen) = (LocalPool::new(), Rc::new(RefCell::new(Vec::new())));
    for _ in 0..3 {
        let seen = Rc::clone(&seen);
        let run = pipeline().map(move |doubled| seen.borrow_mut().push(doubled));
        pool.spawner().spawn_local(run).unwrap();
    }
    pool.run();
    assert_eq!(*seen.borrow(), [DOUBLED; 3]);
}

#[test]
fn a_pool_of_threads() {
    let pool = ThreadPool::builder().pool_size(3).create().unwrap();
    let runs: Vec<_> = (0..20)
        .map(|_| pool.spawn_with_handle(pipeline()).unwrap())
        .collect();
    for seen in block_on(futures::future::join_all(runs)) {
        assert_eq!(seen, DOUBLED);
    }
}

#[test]
fn tasks_of_smol() {
    let executor = smol::Executor::new();
    let runs: Vec<_> = (0..20).map(|_| executor.spawn(pipeline())).collect();
    let all = smol::block_on(executor.run(futures::future::join_all(runs)));
    assert!(all.iter().all(|seen| *seen == DOUBLED));
}

fn tokio_s_threads() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(3)
        .enable_time()
        .build()
        .unwrap()
}

#[test]
fn tasks_of_tokio() {
    tokio_s_threads().block_on(async {
        let runs: Vec<_> = (0..20).map(|_| tokio::spawn(pipeline())).collect();
        for run in runs {
            assert_eq!(run.await.unwrap(), DOUBLED);
        }
    });
}

#[test]
fn local_tasks_of_tokio() {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let local = tokio::task::LocalSet::new();
    let seen = local.block_on(&runtime.unwrap(), async {
        let count = Rc::new(Cell::new(0));
        let counted = Rc::clone(&count);
        let task = tokio::task::spawn_local(async move {
            for _ in pipeline().await {
                counted.set(counted.get() + 1);
            }
        });
        task.await.unwrap();
        count.get()
    });
    assert_eq!(seen, 10);
}

/// Each step may be on another thread; what is held moves with the coroutine, and never in memory.
#[coloop::coroutine]
async fn wanders(_held: Counted) -> (usize, usize) {
    let text = String::from("here");
    let (bytes, at) = (text.as_bytes(), &raw const text as usize);
    let mut sum = 0;
    for _ in 0..50 {
        tokio::task::yield_now().await;
        sum += bytes.len();
    }
    (sum, at - (&raw const text as usize))
}

#[test]
fn a_coroutine_goes_from_thread_to_thread() {
    let dropped = Arc::new(AtomicUsize::new(0));
    tokio_s_threads().block_on(async {
        let counted = |_| tokio::spawn(wanders(Counted(Arc::clone(&dropped))));
        let runs: Vec<_> = (0..20).map(counted).collect();
        for run in runs {
            assert_eq!(run.await.unwrap(), (200, 0));
        }
    });
    assert_eq!(dropped.load(Ordering::SeqCst), 20);
}

#[coloop::coroutine]
async fn waits_for_ever(_held: Counted, started: oneshot::Sender<()>) {
    let _also = Counted(Arc::clone(&_held.0));
    started.send(()).unwrap();
    std::future::pending().await
}

#[test]
fn a_task_of_tokio_is_aborted() {
    let dropped = Arc::new(AtomicUsize::new(0));
    tokio_s_threads().block_on(async {
        let (started, has_started) = oneshot::channel();
        let task = tokio::spawn(waits_for_ever(Counted(Arc::clone(&dropped)), started));
        has_started.await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    });
    assert_eq!(dropped.load(Ordering::SeqCst), 2);
}

#[test]
fn a_limit_of_tokio_s() {
    let dropped = Arc::new(AtomicUsize::new(0));
    tokio_s_threads().block_on(async {
        let (started, _has_started) = oneshot::channel();
        let waits = waits_for_ever(Counted(Arc::clone(&dropped)), started);
        assert!(tokio::time::timeout(MS, waits).await.is_err());
    });
    assert_eq!(dropped.load(Ordering::SeqCst), 2);
}

#[coloop::coroutine]
async fn panics(_held: Counted) {
    tokio::task::yield_now().await;
    panic!("on purpose");
}

#[test]
fn a_panic_is_that_of_the_task() {
    let dropped = Arc::new(AtomicUsize::new(0));
    tokio_s_threads().block_on(async {
        let task = tokio::spawn(panics(Counted(Arc::clone(&dropped))));
        assert!(task.await.unwrap_err().is_panic());
    });
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
}

#[coloop::coroutine]
async fn in_turns(log: &RefCell<Vec<(char, u32)>>, name: char) {
    for n in 0..3 {
        log.borrow_mut().push((name, n));
        coloop::yield_now().await;
    }
}

#[test]
fn a_waker_that_does_nothing() {
    let log = RefCell::new(Vec::new());
    let mut both = pin!(futures::future::join(
        in_turns(&log, 'a'),
        in_turns(&log, 'b')
    ));
    let mut cx = Context::from_waker(Waker::noop());
    let polls = (1..).find(|_| both.as_mut().poll(&mut cx) != Poll::Pending);
    assert_eq!(polls, Some(4));
    let (a, b) = (|n| ('a', n), |n| ('b', n));
    assert_eq!(log.take(), [a(0), b(0), a(1), b(1), a(2), b(2)]);
}

#[coloop::coroutine]
async fn sleeps_twice() -> &'static str {
    tokio::time::sleep(MS).await;
    coloop::sleep(MS).await;
    "slept"
}

/// tokio's timers with the loop's, while tokio's runtime has threads of its own.
#[test]
fn the_event_loop_beside_tokio() {
    let tokio = tokio_s_threads();
    let _entered = tokio.enter();
    let (there, here) = coloop::run(async {
        let there = tokio::spawn(pipeline());
        let here = coloop::spawn(sleeps_twice());
        (there.await.unwrap(), here.await.unwrap())
    });
    assert_eq!((there.as_slice(), here), (&DOUBLED[..], "slept"));
}

/// smol's reactor has a thread of its own.
#[test]
fn timers_of_smol_on_the_event_loop() {
    let started = coloop::run(async {
        let started = coloop::now();
        smol::Timer::after(2 * MS).await;
        started
    });
    assert!(started.elapsed() >= 2 * MS);
}

#[test]
fn streams_of_tokio_s_traits() {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio_util::compat::FuturesAsyncReadCompatExt;

    coloop::run(async {
        let (near, far) = coloop::net::UnixStream::pair().unwrap();
        let (mut near, far) = (near.compat(), far.compat());
        let write = coloop::spawn(async move {
            for n in 0..1000 {
                let line = format!("line {n} of a thousand\n");
                near.write_all(line.as_bytes()).await.unwrap();
            }
            near.shutdown().await.unwrap();
        });
        let (mut lines, mut count) = (BufReader::new(far).lines(), 0);
        while let Some(line) = lines.next_line().await.unwrap() {
            assert_eq!(line, format!("line {count} of a thousand"));
            count += 1;
        }
        assert_eq!(count, 1000);
        write.await.unwrap();
    });
}
