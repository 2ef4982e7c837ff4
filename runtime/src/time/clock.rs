//! What time it is on the loop.

use std::time::Instant;

use crate::event_loop::EventLoop;

/// The time of the loop that runs on this thread, which its deadlines are compared with: `Instant::now()`, unless its clock is
/// [virtual](crate::RunnerBuilder::virtual_time). Outside of a loop, `Instant::now()`.
///
/// asyncio's `loop.time()`.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// coloop::Runner::builder().virtual_time(true).build().run(async {
///     let before = coloop::now();
///     coloop::sleep(Duration::from_secs(1)).await;
///     assert_eq!(coloop::now() - before, Duration::from_secs(1));
/// });
/// ```
#[must_use]
pub fn now() -> Instant {
    match EventLoop::try_current() {
        Some(here) => here.now(),
        None => Instant::now(),
    }
}
