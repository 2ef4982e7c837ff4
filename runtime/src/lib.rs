//! The programming model of Python's `asyncio` for Rust, on a coroutine compiler of its own.
//!
//! ```
//! use std::time::Duration;
//!
//! coloop::run(async {
//!     println!("Hello");
//!     coloop::sleep(Duration::from_millis(1)).await;
//!     println!("World");
//! });
//! ```
//!
//! | asyncio | coloop |
//! |---|---|
//! | `asyncio.run(main())`, `Runner` | [`run(main())`](run), [`Runner`] |
//! | `asyncio.create_task(c())` | [`spawn(c())`](spawn), [`TaskBuilder`] |
//! | `TaskGroup`, `current_task`, `all_tasks` | [`TaskGroup`], [`current_task`], [`all_tasks`] |
//! | `asyncio.sleep(1)` | [`sleep(Duration::from_secs(1))`](sleep), [`yield_now()`](yield_now) for `sleep(0)` |
//! | `asyncio.gather(a(), b())` | [`gather!(a(), b())`](gather!), [`gather(iter)`](gather()) |
//! | `asyncio.wait`, `as_completed`, `shield` | [`wait()`], [`as_completed`], [`shield`]; [`select!`], [`join!`], [`try_join!`] for futures |
//! | `asyncio.wait_for(c(), 1)` | [`timeout(Duration::from_secs(1), c())`](timeout), [`timeout_scope`] |
//! | `to_thread`, `run_coroutine_threadsafe` | [`to_thread`], [`LoopHandle`] |
//! | `ContextVar` | [`ContextVar`] |
//! | `Lock`, `Event`, `Condition`, `Semaphore`, `BoundedSemaphore`, `Barrier` | the same, in [`sync`] |
//! | `Queue`, `PriorityQueue`, `LifoQueue` | the same, in [`sync`] |
//! | | [`sync::RwLock`] |
//! | `open_connection`, `start_server` | [`net::TcpStream`], [`net::start_server`], [`io::StreamReader`] |
//! | `ssl=…`, `start_tls` | `net::tls`, with the feature `tls` |
//! | `create_subprocess_exec`, `create_subprocess_shell` | [`process::Command`] |
//! | `add_signal_handler` | [`signal`] |
//! | `add_reader`, `add_writer` | [`io::add_reader`], [`io::add_writer`], [`io::AsyncFd`] |
//! | `connect_read_pipe(…, sys.stdin)` | [`io::stdin`], [`io::stdout`], [`io::stderr`] |
//! | | [`fs`]: files, by threads |
//!
//! Everything runs on the thread that called [`run`]: futures need not be `Send`. Wakers may be used from any thread.
//!
//! Linux is where all of it is run. macOS has the same modules. Windows has no `net::UnixStream` and its like, and no `io::stdin`,
//! `io::AsyncFd` and `io::add_reader`; [`process`] works by threads there. Both were compiled and checked, not run.
//!
//! # Features
//!
//! - `std` (default): the event loop, and everything that needs one. Without it the crate is `no_std`: coroutines and generators, which
//!   run under any executor, and [`join!`], [`try_join!`], [`select!`]. Nothing is allocated, but the type `Box` is named, so that a
//!   program without an allocator declares `NoAllocator` as its global one.
//! - `linux_5_11`: the loop sleeps to the nanosecond instead of rounding up to the millisecond. Needs that kernel.
//! - `hyper`: the module `adapters`, with which hyper 1 runs on the loop.
//! - `tls`: the module `net::tls`, with TLS by rustls.
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(unsafe_code)]
#![warn(missing_docs)]

extern crate alloc;

#[cfg(feature = "hyper")]
pub mod adapters;
#[allow(unsafe_code)]
mod captured;
#[allow(unsafe_code)]
mod compared;
mod concurrent;
#[cfg(feature = "std")]
mod driver;
#[allow(unsafe_code)]
mod ending;
#[cfg(feature = "std")]
mod event_loop;
#[cfg(feature = "std")]
pub mod fs;
#[cfg(feature = "std")]
mod gather;
pub mod generator;
#[cfg(feature = "std")]
pub mod io;
#[allow(unsafe_code)]
mod machine;
#[cfg(all(test, loom))]
mod model;
mod movable;
#[cfg(feature = "std")]
pub mod net;
#[cfg(not(feature = "std"))]
#[allow(unsafe_code)]
mod no_allocator;
#[cfg(feature = "std")]
pub mod process;
#[cfg(feature = "std")]
mod run;
#[cfg(feature = "std")]
mod shared;
#[cfg(feature = "std")]
#[allow(unsafe_code)]
pub mod signal;
#[cfg(feature = "std")]
mod slab;
mod standard;
#[allow(unsafe_code)]
mod storage;
#[cfg(feature = "std")]
pub mod sync;
#[cfg(feature = "std")]
mod task;
#[cfg(feature = "std")]
mod threads;
#[cfg(feature = "std")]
mod time;
#[allow(unsafe_code)]
mod unknown;

#[doc(hidden)]
#[allow(unsafe_code)]
#[path = "private.rs"]
pub mod __private;

#[doc(hidden)]
#[cfg(feature = "std")]
pub use gather::{gather_tuple as __gather, GatherTuple as __GatherTuple};

pub use coloop_macros::{
    coroutine, coroutines, gen, generator, iter, join, select, try_gen, try_join, yield_all,
};
#[cfg(feature = "std")]
pub use coloop_macros::{main, test};
#[cfg(feature = "std")]
pub use gather::{gather, Gather};
pub use generator::{AsyncGenerator, Generator, GeneratorState};
#[cfg(not(feature = "std"))]
pub use no_allocator::NoAllocator;
#[cfg(feature = "std")]
pub use run::{run, Interrupted, Runner, RunnerBuilder};
#[cfg(feature = "std")]
pub use sync::{
    Barrier, BoundedSemaphore, Condition, Event, LifoQueue, Lock, PriorityQueue, Queue, RwLock,
    Semaphore,
};
#[cfg(feature = "std")]
pub use task::{
    all_tasks, as_completed, current_task, shield, spawn, wait, AsCompleted, ContextVar,
    GroupError, GroupFailure, GroupTask, JoinError, ReturnWhen, Task, TaskBuilder, TaskGroup,
    TaskHandle, Token, Wait, Waited,
};
#[cfg(feature = "std")]
pub use threads::{to_thread, ConcurrentFuture, LoopClosed, LoopHandle, ToThread};
#[cfg(feature = "std")]
pub use time::{now, sleep, sleep_until, timeout, timeout_at, timeout_scope, yield_now};
#[cfg(feature = "std")]
pub use time::{Sleep, Timeout, TimeoutError, TimeoutScope, YieldNow};
