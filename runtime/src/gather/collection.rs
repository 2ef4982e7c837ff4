//! `gather`: any number of futures of one type as a future of a vector.
//!
//! *Input*: an iterator of futures. *Output*: their outputs, in the order of the iterator. *Invariant*: every child has
//! a waker of its own, which notes in [`Due`] that it is the child's turn and then wakes the parent. So a poll of the
//! whole polls the children that were woken, in the order in which they were, and no other: n wakes cost n polls.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::shared::{Mutex, MutexGuard};

/// Runs any number of futures at the same time, inside the current task, and gives their outputs in order.
///
/// asyncio's `gather(*futures)`. It differs in that no tasks are made: the children are polled by the task that awaits,
/// may borrow from it, and start when it first polls. Each child is polled only when it was woken, so a big gather
/// costs what its children cost. Each is one allocation, and its waker another. For futures of different types see
/// [`gather!`](crate::gather!).
///
/// An error is an output like any other, as with `return_exceptions=True`. Without children the output is empty, and
/// there at once.
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
///
/// let squares = coloop::run(coloop::gather((1..=3).map(|n| async move {
///     coloop::sleep(Duration::from_millis(4 - n)).await;
///     n * n
/// })));
/// assert_eq!(squares, [1, 4, 9]);
/// ```
pub fn gather<I>(futures: I) -> Gather<<I::Item as IntoFuture>::IntoFuture>
where
    I: IntoIterator,
    I::Item: IntoFuture,
{
    let futures: Vec<_> = futures.into_iter().map(IntoFuture::into_future).collect();
    let due = Arc::new(Due::all(futures.len()));
    let child = |(index, future)| Child::Running {
        future: Box::pin(future),
        waker: Waker::from(Arc::new(ChildWaker {
            index,
            due: Arc::clone(&due),
        })),
    };
    Gather {
        running: futures.len(),
        children: futures.into_iter().enumerate().map(child).collect(),
        turns: Vec::new(),
        due,
    }
}

/// The future of [`gather`].
#[must_use = "futures do nothing unless awaited"]
pub struct Gather<F: Future> {
    children: Vec<Child<F>>,
    running: usize,
    due: Arc<Due>,
    /// The turns of the current poll; empty between polls.
    turns: Vec<usize>,
}

enum Child<F: Future> {
    Running { future: Pin<Box<F>>, waker: Waker },
    Done { output: F::Output },
}

/// The futures are boxed, and outputs are never pinned.
impl<F: Future> Unpin for Gather<F> {}

impl<F: Future> Future for Gather<F> {
    type Output = Vec<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        drop(this.due.begin_poll(cx.waker().clone(), &mut this.turns));
        for index in this.turns.drain(..) {
            if this.children[index].poll() {
                this.running -= 1;
            }
        }
        if this.running > 0 {
            return Poll::Pending;
        }
        this.due.set_parent(None);
        let outputs = this.children.drain(..).filter_map(Child::into_output);
        Poll::Ready(outputs.collect())
    }
}

impl<F: Future> Drop for Gather<F> {
    fn drop(&mut self) {
        self.due.set_parent(None);
    }
}

impl<F: Future> fmt::Debug for Gather<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gather")
            .field("children", &self.children.len())
            .field("running", &self.running)
            .finish_non_exhaustive()
    }
}

impl<F: Future> Child<F> {
    /// The child's turn; true if that was its last.
    fn poll(&mut self) -> bool {
        let Child::Running { future, waker } = self else {
            return false;
        };
        let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) else {
            return false;
        };
        *self = Child::Done { output };
        true
    }

    fn into_output(self) -> Option<F::Output> {
        match self {
            Child::Done { output } => Some(output),
            Child::Running { .. } => None,
        }
    }
}

/// The children whose turn it is. Wakers are `Send`, so it is behind a mutex; wakers are woken and dropped outside.
struct Due(Mutex<Turns>);

struct Turns {
    /// In the order of the wakes.
    order: Vec<usize>,
    /// Which children are in `order`.
    contains: Vec<bool>,
    /// Woken by the first child that becomes due.
    parent: Option<Waker>,
}

impl Due {
    /// It is the first turn of all.
    fn all(children: usize) -> Self {
        Due(Mutex::new(Turns {
            order: (0..children).collect(),
            contains: vec![true; children],
            parent: None,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Turns> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set_parent(&self, parent: Option<Waker>) {
        let before = mem::replace(&mut self.lock().parent, parent);
        drop(before);
    }

    /// Moves the turns to `turns`, which is empty; whoever becomes due from now on wakes `parent`. The result is the
    /// parent so far, to be dropped.
    fn begin_poll(&self, parent: Waker, turns: &mut Vec<usize>) -> Option<Waker> {
        let due = &mut *self.lock();
        mem::swap(&mut due.order, turns);
        for index in &*turns {
            due.contains[*index] = false;
        }
        due.parent.replace(parent)
    }

    fn push(&self, child: usize) {
        let mut due = self.lock();
        if !mem::replace(&mut due.contains[child], true) {
            due.order.push(child);
        }
        let parent = due.parent.take();
        drop(due);
        if let Some(parent) = parent {
            parent.wake();
        }
    }
}

struct ChildWaker {
    index: usize,
    due: Arc<Due>,
}

impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.due.push(self.index);
    }
}
