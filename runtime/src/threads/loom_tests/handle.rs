//! A loop's handle on another thread: whoever gets a task from it gets what comes of it, also when the loop ends.

use std::future::{pending, Future};

use loom::thread;

use crate::model::check;
use crate::threads::{LoopClosed, LoopHandle};
use crate::{JoinError, Runner};

type Outcome = Result<Result<u32, JoinError>, LoopClosed>;

/// Lets a thread use the handle, for as long as the main future lasts.
async fn elsewhere(use_handle: fn(LoopHandle)) {
    let (sender, receiver) = crate::threads::slot::slot();
    let handle = LoopHandle::current();
    drop(thread::spawn(move || {
        use_handle(handle);
        sender.put(());
    }));
    let done = std::future::poll_fn(|cx| receiver.poll(cx)).await;
    assert!(done.is_ok());
}

fn outcome<C>(handle: &LoopHandle, make: fn() -> C, is_cancelled: bool) -> Outcome
where
    C: Future<Output = u32> + 'static,
{
    let task = handle.run_coroutine_threadsafe(make)?;
    if is_cancelled {
        task.cancel();
    }
    Ok(task.result())
}

#[test]
fn a_thread_blocks_for_a_task() {
    check(|| {
        Runner::new().run(elsewhere(|handle| {
            assert_eq!(
                outcome(&handle, || async { 42 }, false).unwrap().unwrap(),
                42
            );
        }));
    });
}

#[test]
fn a_thread_cancels_a_task() {
    check(|| {
        Runner::new().run(elsewhere(|handle| {
            let outcome = outcome(&handle, pending, true).unwrap();
            assert!(outcome.unwrap_err().is_cancelled());
        }));
    });
}

#[test]
fn the_loop_ends_while_a_thread_asks_for_a_task() {
    check(|| {
        let runner = Runner::new();
        let handle = runner.handle();
        drop(thread::spawn(move || {
            match outcome(&handle, || async { 42 }, false) {
                Ok(Ok(value)) => assert_eq!(value, 42),
                Ok(Err(error)) => assert!(error.is_cancelled()),
                Err(LoopClosed) => {}
            }
        }));
        let mut runner = runner;
        runner.run(crate::yield_now());
    });
}
