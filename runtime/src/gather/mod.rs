//! Several futures at once: asyncio's `gather`, as a macro for a fixed number and as a function for a collection.
//!
//! *Input*: futures. *Output*: one future of all their outputs, in the order of the arguments. *Invariant*: all
//! children have been polled once, in order, before any is polled twice.
//!
//! asyncio wraps each coroutine into a task. Here the children are part of the task that awaits them: they may borrow
//! from it, cost no task, and are dropped with it.

mod collection;
#[cfg(all(test, loom))]
mod loom_tests;
mod tuple;

pub use collection::{gather, Gather};
pub use tuple::{gather_tuple, GatherTuple};

/// Runs futures at the same time, inside the current task, and gives a tuple of their outputs.
///
/// `gather!(a, b, c)` is a future; awaiting it gives `(output of a, output of b, output of c)`. It takes up to sixteen
/// futures, and [`gather`](crate::gather()) takes any number of the same type.
///
/// asyncio's `gather(a, b, c)`: all are started in the order of the arguments. It differs in that no tasks are made:
/// the children are polled in place, without allocation, and may borrow local variables. So a child's turn is the turn
/// of the task, and each wake of the task polls all children that are not ready. To have tasks, pass tasks:
/// `gather!(spawn(a), spawn(b))`.
///
/// An error is an output like any other, as with `return_exceptions=True`.
///
/// # Panics
///
/// A panic of a child is a panic of the whole: the siblings are dropped with it.
///
/// # Cancellation
///
/// Dropping the future drops the children and the outputs that are there.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use coloop::{gather, sleep};
///
/// coloop::run(async {
///     let name = String::from("main");
///     let (length, ()) = gather!(
///         async {
///             sleep(Duration::from_millis(1)).await;
///             name.len()
///         },
///         async { println!("{name} has not waited") },
///     )
///     .await;
///     assert_eq!(length, 4);
/// });
/// ```
#[macro_export]
macro_rules! gather {
    ($($future:expr),* $(,)?) => {
        $crate::__gather(($($future,)*))
    };
}
