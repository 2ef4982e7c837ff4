//! The allocation: header and stage, and the functions that know the type of the future.
//!
//! *Input*: a future. *Output*: a pointer to its header, with a table of functions for what is behind. *Invariant*: the
//! stage goes from `Running` to `Finished` to `Consumed`, only on the loop's thread, and no user code can unwind out of
//! these functions.

use std::any::Any;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::future::Future;
use std::mem;
use std::panic::{catch_unwind, AssertUnwindSafe, Location};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{self, Poll, Waker};

use crate::event_loop::Inbox;
use crate::shared::{Arc, Witness};
use crate::task::context::Context;
use crate::task::handle::TaskHandle;
use crate::task::join::JoinError;
use crate::task::state::State;

/// What a task gives in the end.
pub(super) type Outcome<T> = Result<T, JoinError>;

pub(super) struct Header {
    pub(super) state: State,
    pub(super) vtable: &'static Vtable,
    pub(super) inbox: Arc<Inbox>,
    /// Position in the order of creation.
    pub(super) id: u64,
    /// Where the loop keeps its reference.
    pub(super) key: Cell<usize>,
    /// Who awaits the handle.
    pub(super) join_waker: Cell<Option<Waker>>,
    /// Where it was started.
    pub(super) started_at: &'static Location<'static>,
    /// Nothing once the task has completed: it belongs to the loop's thread.
    pub(super) context: Cell<Context>,
    pub(super) rare: RefCell<Option<Box<Rare>>>,
    pub(super) memory: Witness,
}

/// What most tasks do not have, and so have no room for.
#[derive(Default)]
pub(super) struct Rare {
    /// What it was called, if that was said.
    pub(super) name: Option<Box<str>>,
    /// In the order of registration; `None` is the place of who awaits the task, if there are any after it. None are left once the
    /// task has completed: they belong to the loop's thread.
    pub(super) callbacks: Vec<Option<Callback>>,
}

/// What is called when a task has ended.
pub(super) type Callback = Box<dyn FnOnce(TaskHandle)>;

#[repr(C)]
pub(super) struct TaskCell<F: Future> {
    header: Header,
    stage: UnsafeCell<Stage<F>>,
}

enum Stage<F: Future> {
    Running(F),
    Finished(Outcome<F::Output>),
    Consumed,
}

/// The functions that know the type of the future.
pub(super) struct Vtable {
    /// Polls the future; true if it has been replaced by its outcome.
    pub(super) poll: unsafe fn(NonNull<Header>, &mut task::Context<'_>) -> bool,
    /// Replaces the future by the outcome of a cancelled task.
    pub(super) cancel: unsafe fn(NonNull<Header>),
    /// Drops the outcome if it is still there.
    pub(super) drop_outcome: unsafe fn(NonNull<Header>),
    /// Frees the allocation.
    pub(super) free: unsafe fn(NonNull<Header>),
}

impl<F: Future> TaskCell<F> {
    /// A task that is scheduled and has the references of [`State::new`].
    pub(super) fn allocate(
        future: F,
        id: u64,
        inbox: Arc<Inbox>,
        context: Context,
        started_at: &'static Location<'static>,
    ) -> NonNull<Header> {
        let cell = Box::new(TaskCell {
            header: Header {
                state: State::new(),
                vtable: &Self::VTABLE,
                inbox,
                id,
                key: Cell::new(usize::MAX),
                join_waker: Cell::new(None),
                started_at,
                context: Cell::new(context),
                rare: RefCell::default(),
                memory: Witness::default(),
            },
            stage: UnsafeCell::new(Stage::Running(future)),
        });
        NonNull::from(Box::leak(cell)).cast()
    }

    const VTABLE: Vtable = Vtable {
        poll: Self::poll,
        cancel: Self::cancel,
        drop_outcome: Self::drop_outcome,
        free: Self::free,
    };

    /// The stage of the task.
    ///
    /// # Safety
    ///
    /// `task` is a live `TaskCell<F>`.
    unsafe fn stage(task: NonNull<Header>) -> *mut Stage<F> {
        let cell = task.as_ptr().cast::<Self>();
        // SAFETY: the caller says what `task` points to; only an address is computed.
        UnsafeCell::raw_get(unsafe { &raw const (*cell).stage })
    }

    /// Drops what is in the stage and puts `next` there, also if the drop panics.
    ///
    /// # Safety
    ///
    /// As [`Self::stage`]; on the loop's thread, and no reference to the stage exists.
    unsafe fn replace(task: NonNull<Header>, next: Stage<F>) -> Result<(), Box<dyn Any + Send>> {
        // SAFETY: the caller has the stage to itself. A pinned future is dropped in place by the assignment.
        caught(|| unsafe { *Self::stage(task) = next })
    }

    /// See [`Vtable::poll`].
    ///
    /// # Safety
    ///
    /// As [`Self::replace`]; the stage is `Running`.
    unsafe fn poll(task: NonNull<Header>, cx: &mut task::Context<'_>) -> bool {
        // SAFETY: the stage is `Running` and exclusively ours for the poll; a task never moves, so pinning is right.
        let polled = caught(|| unsafe {
            match &mut *Self::stage(task) {
                Stage::Running(future) => Pin::new_unchecked(future).poll(cx),
                Stage::Finished(_) | Stage::Consumed => Poll::Pending,
            }
        });
        let outcome = match polled {
            Ok(Poll::Pending) => return false,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(payload) => Err(JoinError::panicked(payload)),
        };
        // SAFETY: as the caller promises; `poll` has returned and with it every reference to the stage.
        unsafe { Self::finish(task, outcome) };
        true
    }

    /// See [`Vtable::cancel`].
    ///
    /// # Safety
    ///
    /// As [`Self::poll`].
    unsafe fn cancel(task: NonNull<Header>) {
        // SAFETY: as the caller promises.
        unsafe { Self::finish(task, Err(JoinError::cancelled())) }
    }

    /// Drops the future, then stores what the task ends with: a request for cancellation wins over an output, and a
    /// panic, be it in a poll or in a drop, over both.
    ///
    /// # Safety
    ///
    /// As [`Self::poll`].
    unsafe fn finish(task: NonNull<Header>, mut outcome: Outcome<F::Output>) {
        // SAFETY: as the caller promises.
        let dropped = unsafe { Self::replace(task, Stage::Consumed) };
        // SAFETY: `task` is live, and `state` may be used by any thread at any time.
        let cancelled = unsafe { (*task.as_ptr()).state.is_cancel_requested() };
        if cancelled && outcome.is_ok() {
            let output = mem::replace(&mut outcome, Err(JoinError::cancelled()));
            if let Err(payload) = caught(|| drop(output)) {
                outcome = Err(JoinError::panicked(payload));
            }
        }
        let is_panic = matches!(&outcome, Err(error) if error.is_panic());
        if let (Err(payload), false) = (dropped, is_panic) {
            discard(mem::replace(
                &mut outcome,
                Err(JoinError::panicked(payload)),
            ));
        }
        // SAFETY: as the caller promises; nothing is dropped here, the stage is `Consumed`.
        unsafe { Self::stage(task).write(Stage::Finished(outcome)) };
    }

    /// Moves the outcome out; `None` if it has been moved out before.
    ///
    /// # Safety
    ///
    /// As [`Self::replace`]; the task has completed.
    pub(super) unsafe fn take_outcome(task: NonNull<Header>) -> Option<Outcome<F::Output>> {
        // SAFETY: the caller has the stage to itself.
        match unsafe { mem::replace(&mut *Self::stage(task), Stage::Consumed) } {
            Stage::Finished(outcome) => Some(outcome),
            Stage::Running(_) | Stage::Consumed => None,
        }
    }

    /// See [`Vtable::drop_outcome`].
    ///
    /// # Safety
    ///
    /// As [`Self::take_outcome`].
    unsafe fn drop_outcome(task: NonNull<Header>) {
        // SAFETY: as the caller promises.
        discard(unsafe { Self::take_outcome(task) });
    }

    /// See [`Vtable::free`].
    ///
    /// # Safety
    ///
    /// The last reference to the task is gone.
    unsafe fn free(task: NonNull<Header>) {
        // SAFETY: `allocate` leaked it as a box of this very type, and nobody else has it.
        let cell = unsafe { Box::from_raw(task.as_ptr().cast::<Self>()) };
        cell.header.memory.freed();
    }
}

/// Runs what may run user code, and turns a panic into a value.
fn caught<R>(call: impl FnOnce() -> R) -> Result<R, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(call))
}

/// Drops a value nobody asked for. Its panic has been reported by the panic hook and must not end the loop; the payload
/// is forgotten because its drop could panic too.
pub(super) fn discard<T>(value: T) {
    if let Err(payload) = caught(|| drop(value)) {
        mem::forget(payload);
    }
}
