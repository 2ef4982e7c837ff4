//! Synchronization primitives for the tasks of one thread, with the exact semantics of asyncio's.
//!
//! | asyncio | here |
//! |---|---|
//! | `async with lock:` | `let guard = lock.lock().await;` |
//! | `await event.wait()` | `event.wait().await` |
//! | `async with semaphore:` | `let permit = semaphore.acquire().await;` |
//! | `async with condition:` | `let guard = condition.lock().await;` |
//! | `await condition.wait()` | `guard = guard.wait().await;` |
//! | `await future`, `future.set_result(x)` | `promise.wait().await?`, `promise.set_result(x)?` |
//! | `await barrier.wait()` | `let index = barrier.wait().await?;` |
//! | `await queue.put(item)`, `await queue.get()` | `queue.put(item).await?`, `queue.get().await?` |
//!
//! What they have in common:
//!
//! - *Fairness*: whoever waits first is served first, strictly, and also if some of those who wait are cancelled. A
//!   newcomer never overtakes one who waits, not even between a release and the turn of the one it has woken.
//! - *Cancellation safety*: a future that is dropped leaves its queue; if it had been woken already, what it was woken
//!   for goes to the next. Nothing is lost and nothing is handed out twice.
//! - *One thread*: none is `Sync`. Share them by reference or in an [`Rc`](std::rc::Rc).
//! - *Any executor*: none needs coloop's event loop; the futures use nothing but their wakers.
//! - *No allocation*: a queue consists of the futures that wait in it.

mod barrier;
mod bounded_semaphore;
mod condition;
mod event;
mod lock;
#[allow(unsafe_code)]
mod owned;
mod promise;
mod queue;
mod rwlock;
mod semaphore;
#[allow(unsafe_code)]
pub(crate) mod wait_list;

pub use barrier::{Barrier, BrokenBarrierError};
pub use bounded_semaphore::BoundedSemaphore;
pub use condition::{Condition, ConditionAcquire, ConditionGuard, ConditionWait, ConditionWaitFor};
pub use event::{Event, EventWait};
pub use lock::{Lock, LockAcquire, LockGuard};
pub use owned::{OwnedLockGuard, OwnedSemaphorePermit};
pub use promise::{InvalidStateError, NoResult, Promise};
pub use queue::{
    LifoQueue, PriorityQueue, PutError, Queue, QueueShutDown, TryGetError, TryPutError,
};
pub use rwlock::{RwLock, RwLockRead, RwLockReadGuard, RwLockWrite, RwLockWriteGuard};
pub use semaphore::{Semaphore, SemaphoreAcquire, SemaphorePermit};
