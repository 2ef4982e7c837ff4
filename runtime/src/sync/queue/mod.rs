//! Queues between tasks: asyncio's `Queue`, `PriorityQueue` and `LifoQueue`.
//!
//! *Input*: items. *Output*: the same, each to one who gets it, in the order of the kind. *Invariant*: an item that is put wakes one
//! who gets, an item that is taken one who puts; a wake-up whose receiver is dropped goes to the next.
//!
//! - `core`: what all kinds have in common
//! - `storage`: in which order items come out
//! - `error`: what can go wrong

mod core;
mod error;
mod storage;

use std::fmt;

use self::core::Core;
pub use error::{PutError, QueueShutDown, TryGetError, TryPutError};
use storage::{Fifo, Lifo, Priority};

macro_rules! queues {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident<T $(: $bound:ident)?> of $storage:ident;
    )*) => {$(
        $(#[doc = $doc])+
        ///
        /// Clones of an [`Rc`](std::rc::Rc) share it between tasks; all methods take `&self`.
        ///
        /// # Fairness
        ///
        /// Those who wait are woken in the order in which they began to wait. As in asyncio, one who comes between a wake-up and the turn
        /// of the woken may take the item or the place first; the woken then waits again.
        pub struct $name<T $(: $bound)?> {
            core: Core<T, $storage<T>>,
        }

        impl<T $(: $bound)?> $name<T> {
            /// A queue that holds `maxsize` items at most; with 0, any number.
            #[must_use]
            pub fn new(maxsize: usize) -> Self {
                $name { core: Core::new(maxsize) }
            }

            /// Puts an item in, waiting while the queue is full.
            ///
            /// # Errors
            ///
            /// If the queue is [shut down](Self::shutdown), also meanwhile: the item comes back.
            ///
            /// # Cancellation
            ///
            /// Dropping the future drops the item, if it is not in the queue yet.
            pub async fn put(&self, item: T) -> Result<(), PutError<T>> {
                self.core.put(item).await
            }

            /// Puts an item in, if there is room. asyncio's `put_nowait`.
            ///
            /// # Errors
            ///
            /// If the queue is full or shut down: the item comes back.
            #[doc(alias = "put_nowait")]
            pub fn try_put(&self, item: T) -> Result<(), TryPutError<T>> {
                self.core.try_put(item)
            }

            /// Takes the next item out, waiting while there is none.
            ///
            /// # Errors
            ///
            /// If the queue is [shut down](Self::shutdown) and empty.
            ///
            /// # Cancellation
            ///
            /// Dropping the future loses no item.
            pub async fn get(&self) -> Result<T, QueueShutDown> {
                self.core.get().await
            }

            /// Takes the next item out, if there is one. asyncio's `get_nowait`.
            ///
            /// # Errors
            ///
            /// If the queue is empty; and whether it is shut down besides.
            #[doc(alias = "get_nowait")]
            pub fn try_get(&self) -> Result<T, TryGetError> {
                self.core.try_get()
            }

            /// Says that the work that an item stood for is done. Everybody who gets an item says so once, if somebody
            /// [waits](Self::join) for it.
            ///
            /// # Panics
            ///
            /// If it is said more often than there were items. asyncio raises `ValueError`.
            #[track_caller]
            pub fn task_done(&self) {
                self.core.task_done();
            }

            /// Waits until the work of all items that were put in is [done](Self::task_done). What is put in between that and the turn of
            /// who waits is not waited for.
            ///
            /// # Cancellation
            ///
            /// Dropping the future changes nothing.
            pub async fn join(&self) {
                self.core.join().await;
            }

            /// Lets nothing in any more: who puts gets the item back, who gets takes what is left, and then learns of it.
            ///
            /// With `immediate`, what is left is dropped, and counts as [done](Self::task_done).
            pub fn shutdown(&self, immediate: bool) {
                self.core.shutdown(immediate);
            }

            /// The number of items. asyncio's `qsize`.
            #[doc(alias = "qsize")]
            #[must_use]
            pub fn len(&self) -> usize {
                self.core.len()
            }

            /// Whether there is no item. asyncio's `empty`.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.core.len() == 0
            }

            /// Whether there is no room. asyncio's `full`.
            #[must_use]
            pub fn is_full(&self) -> bool {
                self.core.is_full()
            }

            /// The number of items for which there is room; 0 for any number.
            #[must_use]
            pub fn maxsize(&self) -> usize {
                self.core.maxsize()
            }
        }

        impl<T $(: $bound)?> Default for $name<T> {
            /// Room for any number of items.
            fn default() -> Self {
                $name::new(0)
            }
        }

        impl<T $(: $bound)?> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.core.describe(stringify!($name), f)
            }
        }
    )*};
}

queues! {
    /// A queue between tasks of one thread: first in, first out. asyncio's `Queue`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use coloop::Queue;
    ///
    /// coloop::run(async {
    ///     let queue = Rc::new(Queue::new(2));
    ///     let jobs = Rc::clone(&queue);
    ///     let worker = coloop::spawn(async move {
    ///         let mut sum = 0;
    ///         while let Ok(n) = jobs.get().await {
    ///             sum += n;
    ///             jobs.task_done();
    ///         }
    ///         sum
    ///     });
    ///
    ///     for n in 1..=10 {
    ///         queue.put(n).await.unwrap();
    ///     }
    ///     queue.join().await;
    ///     queue.shutdown(false);
    ///     assert_eq!(worker.await.unwrap(), 55);
    /// });
    /// ```
    Queue<T> of Fifo;

    /// A queue between tasks of one thread: the smallest item first. asyncio's `PriorityQueue`.
    ///
    /// Pairs of a number and something else are compared by the number first; [`Reverse`](std::cmp::Reverse) turns the order around.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::PriorityQueue;
    ///
    /// let queue = PriorityQueue::new(0);
    /// for job in [(2, "sweep"), (1, "cook"), (3, "sleep")] {
    ///     queue.try_put(job).unwrap();
    /// }
    /// assert_eq!(queue.try_get(), Ok((1, "cook")));
    /// ```
    PriorityQueue<T: Ord> of Priority;

    /// A queue between tasks of one thread: last in, first out. asyncio's `LifoQueue`.
    ///
    /// # Examples
    ///
    /// ```
    /// use coloop::LifoQueue;
    ///
    /// let queue = LifoQueue::new(0);
    /// queue.try_put(1).unwrap();
    /// queue.try_put(2).unwrap();
    /// assert_eq!(queue.try_get(), Ok(2));
    /// ```
    LifoQueue<T> of Lifo;
}
