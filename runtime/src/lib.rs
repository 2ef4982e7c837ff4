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
//! | `asyncio.run(main())` | [`run(main())`](run) |
//! | `asyncio.create_task(c())` | [`spawn(c())`](spawn) |
//! | `asyncio.sleep(1)` | [`sleep(Duration::from_secs(1))`](sleep), [`yield_now()`](yield_now) for `sleep(0)` |
//! | `asyncio.gather(a(), b())` | [`gather!(a(), b())`](gather!), [`gather(iter)`](gather()) |
//! | `asyncio.wait(…, return_when=FIRST_COMPLETED)` | [`select!`], [`join!`], [`try_join!`] |
//! | `asyncio.wait_for(c(), 1)` | [`timeout(Duration::from_secs(1), c())`](timeout) |
//! | `Lock`, `Event`, `Semaphore`, `Condition` | [`Lock`], [`Event`], [`Semaphore`], [`Condition`] |
//! | `open_connection`, `start_server` | [`net::TcpStream`], [`net::TcpListener`] |
//!
//! Everything runs on the thread that called [`run`]: futures need not be `Send`. Wakers may be used from any thread.
//!
//! # Features
//!
//! - `linux_5_11`: the loop sleeps to the nanosecond instead of rounding up to the millisecond. Needs that kernel.
#![deny(unsafe_code)]
#![warn(missing_docs)]

mod concurrent;
mod driver;
mod event_loop;
mod gather;
pub mod generator;
#[allow(unsafe_code)]
mod machine;
pub mod net;
mod run;
mod slab;
#[allow(unsafe_code)]
mod storage;
pub mod sync;
mod task;
mod time;
#[allow(unsafe_code)]
mod unknown;

#[doc(hidden)]
#[allow(unsafe_code)]
#[path = "private.rs"]
pub mod __private;

#[doc(hidden)]
pub use gather::{gather_tuple as __gather, GatherTuple as __GatherTuple};

pub use coloop_macros::{
    coroutine, coroutines, gen, generator, join, main, select, test, try_gen, try_join, yield_all,
};
pub use gather::{gather, Gather};
pub use generator::{AsyncGenerator, GeneratorState};
pub use run::run;
pub use sync::{Condition, Event, Lock, Semaphore};
pub use task::{spawn, JoinError, Task};
pub use time::{sleep, sleep_until, timeout, timeout_at, yield_now};
pub use time::{Sleep, Timeout, TimeoutError, YieldNow};
