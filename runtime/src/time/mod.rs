//! Waiting for time: [`sleep`], [`timeout`], [`yield_now`]; and [`now`].
//!
//! *Input*: durations and instants of the monotonic clock, to the nanosecond. *Output*: futures that are ready not
//! before. *Invariant*: time begins with the first poll, because as in asyncio nothing happens before the first await;
//! a future that has not been polled holds no timer, and one that is dropped gives its timer back.

mod clock;
mod sleep;
mod timeout;
mod timeout_scope;
mod yield_now;

pub use clock::now;
pub use sleep::{sleep, sleep_until, Sleep};
pub use timeout::{timeout, timeout_at, Timeout, TimeoutError};
pub use timeout_scope::{timeout_scope, TimeoutScope};
pub use yield_now::{yield_now, YieldNow};
