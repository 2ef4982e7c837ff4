//! What waiting costs: bytes on the heap for each task and each connection that does nothing, beside tokio's.
//!
//! `cargo bench -p coloop-benches --bench memory`
//!
//! Counted are the bytes that the program has asked for, on all threads, between nobody and many who wait. Buffers of the kernel
//! are not counted: they are the same for both. Tokio runs as coloop does, on one thread with tasks that need not be `Send`.

use std::alloc::{GlobalAlloc, Layout, System};
use std::future::{pending, Future};
use std::net::{SocketAddr, TcpStream as Client};
use std::rc::Rc;
use std::sync::atomic::{AtomicIsize, Ordering};
use std::time::Duration;

const TASKS: usize = 100_000;
const CONNECTIONS: usize = 400;
const HOUR: Duration = Duration::from_secs(3600);

static HELD: AtomicIsize = AtomicIsize::new(0);

/// The system's allocator, and how many bytes it has given.
struct Counting;

// SAFETY: everything is the system's allocator's doing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size() as isize, Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn held() -> isize {
    HELD.load(Ordering::Relaxed)
}

/// Bytes for each of `count` that `start` starts, when all have begun to wait.
async fn each<S: Future<Output = T>, T>(count: usize, start: S, settle: impl Future) -> isize {
    let before = held();
    let waiting = start.await;
    settle.await;
    let bytes = (held() - before) / count as isize;
    drop(waiting);
    bytes
}

mod on_coloop {
    use super::{each, pending, Client, Future, Rc, SocketAddr, CONNECTIONS, HOUR, TASKS};
    use coloop::net::TcpListener;
    use coloop::{run, spawn, yield_now};

    async fn settle() {
        for _ in 0..10 {
            yield_now().await;
        }
    }

    fn tasks<F: Future<Output = ()> + 'static>(future: impl Fn() -> F) -> isize {
        run(async {
            let start = async {
                (0..TASKS).for_each(|_| drop(spawn(future())));
            };
            each(TASKS, start, settle()).await
        })
    }

    pub(crate) fn nothing() -> isize {
        tasks(pending)
    }

    pub(crate) fn sleeping() -> isize {
        tasks(|| coloop::sleep(HOUR))
    }

    pub(crate) fn locking() -> isize {
        let lock = Rc::new(coloop::Lock::new(()));
        std::mem::forget(Rc::clone(&lock).try_lock_owned());
        tasks(move || {
            let lock = Rc::clone(&lock);
            async move { drop(lock.lock().await) }
        })
    }

    pub(crate) fn connections() -> isize {
        run(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address: SocketAddr = listener.local_addr().unwrap();
            let start = async {
                let mut clients = Vec::with_capacity(CONNECTIONS);
                for _ in 0..CONNECTIONS {
                    clients.push(Client::connect(address).unwrap());
                    let (stream, _) = listener.accept().await.unwrap();
                    drop(spawn(async move {
                        let _ = stream.read(&mut [0; 1]).await;
                    }));
                }
                clients
            };
            each(CONNECTIONS, start, settle()).await
        })
    }
}

mod on_tokio {
    use super::{each, pending, Client, Future, Rc, SocketAddr, CONNECTIONS, HOUR, TASKS};
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;
    use tokio::task::{spawn_local, yield_now, LocalSet};

    fn run<F: Future>(future: F) -> F::Output {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        let runtime = builder.enable_all().build().unwrap();
        LocalSet::new().block_on(&runtime, future)
    }

    /// Its local set polls 61 tasks between two looks at the main future.
    async fn settle() {
        for _ in 0..2 * TASKS / 61 {
            yield_now().await;
        }
    }

    fn tasks<F: Future<Output = ()> + 'static>(future: impl Fn() -> F) -> isize {
        run(async {
            let start = async {
                (0..TASKS).for_each(|_| drop(spawn_local(future())));
            };
            each(TASKS, start, settle()).await
        })
    }

    pub(crate) fn nothing() -> isize {
        tasks(pending)
    }

    pub(crate) fn sleeping() -> isize {
        tasks(|| tokio::time::sleep(HOUR))
    }

    pub(crate) fn locking() -> isize {
        let lock = Rc::new(tokio::sync::Semaphore::new(0));
        tasks(move || {
            let lock = Rc::clone(&lock);
            async move { drop(lock.acquire().await) }
        })
    }

    pub(crate) fn connections() -> isize {
        run(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address: SocketAddr = listener.local_addr().unwrap();
            let start = async {
                let mut clients = Vec::with_capacity(CONNECTIONS);
                for _ in 0..CONNECTIONS {
                    clients.push(Client::connect(address).unwrap());
                    let (mut stream, _) = listener.accept().await.unwrap();
                    drop(spawn_local(async move {
                        let _ = stream.read(&mut [0; 1]).await;
                    }));
                }
                clients
            };
            each(CONNECTIONS, start, settle()).await
        })
    }
}

fn main() {
    println!("bytes on the heap for each, of {TASKS} tasks or {CONNECTIONS} connections that wait");
    println!("{:32} {:>8} {:>8} {:>8}", "", "coloop", "tokio", "ratio");
    type Measured = fn() -> isize;
    let rows: [(&str, Measured, Measured); 4] = [
        (
            "a task that does nothing",
            on_coloop::nothing,
            on_tokio::nothing,
        ),
        (
            "a task that sleeps",
            on_coloop::sleeping,
            on_tokio::sleeping,
        ),
        (
            "a task that waits for a lock",
            on_coloop::locking,
            on_tokio::locking,
        ),
        (
            "a connection that is read",
            on_coloop::connections,
            on_tokio::connections,
        ),
    ];
    for (what, on_coloop, on_tokio) in rows {
        let (ours, theirs) = (on_coloop(), on_tokio());
        let ratio = ours as f64 / theirs as f64;
        println!("{what:32} {ours:>8} {theirs:>8} {ratio:>8.2}");
    }
}
