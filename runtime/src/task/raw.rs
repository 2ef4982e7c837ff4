//! The one allocation of a task: header, future and, in the same place, result. All `unsafe` of tasks is here.
//!
//! *Input*: a future and the inbox of the loop that will poll it. *Output*: three references to the allocation, each
//! with safe methods: [`TaskRef`] for the loop, [`Notified`] for queues, [`JoinHandle`] for the user, and wakers.
//!
//! *Invariants*
//!
//! - Only the loop's thread touches anything but `header.state` and `header.inbox`: [`TaskRef`] and [`JoinHandle`] are
//!   made there and are `!Send`; [`Notified`] and wakers travel, but only schedule, count, and free.
//! - The future is dropped before COMPLETED is set, hence before the loop drops its reference; the result is dropped
//!   before or with the handle. So whoever drops the last reference, on any thread, frees memory and no user value.
//! - `stage` is reached through raw pointers only, and no reference to it outlives a call: a future that wakes,
//!   cancels or drops the handle of its own task while it is polled touches the header and nothing else.

use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::fmt;
use std::future::Future;
use std::mem::{self, ManuallyDrop};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use super::join::JoinError;
use super::state::{State, Turn};
use crate::event_loop::{EventLoop, Inbox};

/// What a task gives in the end.
type Outcome<T> = Result<T, JoinError>;

struct Header {
    state: State,
    vtable: &'static Vtable,
    inbox: Arc<Inbox>,
    /// Position in the order of creation.
    id: u64,
    /// Where the loop keeps its reference.
    key: Cell<usize>,
    /// Who awaits the handle.
    join_waker: Cell<Option<Waker>>,
}

#[repr(C)]
struct TaskCell<F: Future> {
    header: Header,
    stage: UnsafeCell<Stage<F>>,
}

enum Stage<F: Future> {
    Running(F),
    Finished(Outcome<F::Output>),
    Consumed,
}

/// The functions that know the type of the future.
struct Vtable {
    /// Polls the future; true if it has been replaced by its outcome.
    poll: unsafe fn(NonNull<Header>, &mut Context<'_>) -> bool,
    /// Replaces the future by the outcome of a cancelled task.
    cancel: unsafe fn(NonNull<Header>),
    /// Drops the outcome if it is still there.
    drop_outcome: unsafe fn(NonNull<Header>),
    /// Frees the allocation.
    free: unsafe fn(NonNull<Header>),
}

impl<F: Future> TaskCell<F> {
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
    unsafe fn poll(task: NonNull<Header>, cx: &mut Context<'_>) -> bool {
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
    unsafe fn take_outcome(task: NonNull<Header>) -> Option<Outcome<F::Output>> {
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
        // SAFETY: `create` made it by `Box::into_raw` of this very type, and nobody else has it.
        drop(unsafe { Box::from_raw(task.as_ptr().cast::<Self>()) });
    }
}

/// Runs what may run user code, and turns a panic into a value.
fn caught<R>(call: impl FnOnce() -> R) -> Result<R, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(call))
}

/// Drops a value nobody asked for. Its panic has been reported by the panic hook and must not end the loop; the payload
/// is forgotten because its drop could panic too.
fn discard<T>(value: T) {
    if let Err(payload) = caught(|| drop(value)) {
        mem::forget(payload);
    }
}

/// Allocates a task: what the loop keeps, what goes into the ready queue, what the user gets.
pub(crate) fn create<F>(
    future: F,
    id: u64,
    inbox: Arc<Inbox>,
) -> (TaskRef, Notified, JoinHandle<F::Output>)
where
    F: Future + 'static,
    F::Output: 'static,
{
    let cell = Box::new(TaskCell {
        header: Header {
            state: State::new(),
            vtable: &TaskCell::<F>::VTABLE,
            inbox,
            id,
            key: Cell::new(usize::MAX),
            join_waker: Cell::new(None),
        },
        stage: UnsafeCell::new(Stage::Running(future)),
    });
    let task = NonNull::from(Box::leak(cell)).cast::<Header>();
    let handle = JoinHandle {
        task: TaskRef(task),
        take_outcome: TaskCell::<F>::take_outcome,
    };
    (TaskRef(task), Notified(TaskRef(task)), handle)
}

/// A counted reference to a task, on the thread of its loop.
pub(crate) struct TaskRef(NonNull<Header>);

impl TaskRef {
    fn header(&self) -> &Header {
        // SAFETY: a counted reference keeps the allocation, and the header is only used through shared references.
        unsafe { self.0.as_ref() }
    }

    pub(crate) fn id(&self) -> u64 {
        self.header().id
    }

    /// Remembers where the loop keeps the task.
    pub(crate) fn set_key(&self, key: usize) {
        self.header().key.set(key);
    }

    fn waker(&self) -> Waker {
        self.header().state.retain();
        // SAFETY: the pointer is a counted reference, which is what the functions of `WAKER` ask for.
        unsafe { Waker::from_raw(RawWaker::new(self.0.as_ptr().cast(), &WAKER)) }
    }

    /// Drops the future now, if the task has not completed.
    pub(crate) fn abort(&self, event_loop: &EventLoop) {
        self.assert_belongs_to(event_loop);
        if self.header().state.request_cancel() {
            self.cancel_now(event_loop);
        }
    }

    fn run(&self, event_loop: &EventLoop) {
        self.assert_belongs_to(event_loop);
        match self.header().state.begin_turn() {
            Turn::Poll => self.poll_now(event_loop),
            Turn::Cancel => self.cancel_now(event_loop),
            Turn::Nothing => {}
        }
    }

    /// An `EventLoop` never leaves its thread, so this also proves that the thread is right.
    fn assert_belongs_to(&self, event_loop: &EventLoop) {
        assert!(
            ptr::eq(Arc::as_ptr(&self.header().inbox), event_loop.inbox()),
            "a task reached an event loop that is not its own"
        );
    }

    fn poll_now(&self, event_loop: &EventLoop) {
        // SAFETY: `self` is counted, and outlives the waker, which is not dropped and so gives up no reference.
        let waker = unsafe { Waker::from_raw(RawWaker::new(self.0.as_ptr().cast(), &WAKER)) };
        let waker = ManuallyDrop::new(waker);
        let mut cx = Context::from_waker(&waker);
        // SAFETY: this is the loop's thread, between two turns; the task has not completed, so the stage is `Running`.
        if unsafe { (self.header().vtable.poll)(self.0, &mut cx) } {
            self.complete(event_loop);
        }
    }

    fn cancel_now(&self, event_loop: &EventLoop) {
        // SAFETY: this is the loop's thread, and no task is being polled: cancellation of a task takes effect in its
        // turn, or after the last iteration. The task has not completed, so the stage is `Running`.
        unsafe { (self.header().vtable.cancel)(self.0) };
        self.complete(event_loop);
    }

    fn complete(&self, event_loop: &EventLoop) {
        let header = self.header();
        event_loop.forget_task(header.key.get());
        if !header.state.complete() {
            // SAFETY: this is the loop's thread, the task has completed, and there is no handle that could do it.
            unsafe { (header.vtable.drop_outcome)(self.0) };
        }
        if let Some(waker) = header.join_waker.take() {
            waker.wake();
        }
    }

    /// Queues the task, if it is not queued and has not completed.
    fn schedule(&self) {
        if self.header().state.schedule() {
            TaskRef(self.0).enqueue();
        }
    }

    /// Gives this reference to the ready queue or, from elsewhere, to the inbox. From then on the task may be gone.
    fn enqueue(self) {
        let inbox = Arc::as_ptr(&self.header().inbox);
        if let Err(task) = EventLoop::push_if_running_here(inbox, Notified(self)) {
            let inbox = Arc::clone(&task.0.header().inbox);
            inbox.deliver(task);
        }
    }
}

impl Drop for TaskRef {
    fn drop(&mut self) {
        let header = self.header();
        if header.state.release() {
            // SAFETY: that was the last reference.
            unsafe { (header.vtable.free)(self.0) };
        }
    }
}

impl fmt::Debug for TaskRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task-{}", self.id())
    }
}

/// A task that is due: an entry of the ready queue or of the inbox.
#[derive(Debug)]
pub(crate) struct Notified(TaskRef);

// SAFETY: the methods of `Notified` use nothing but `state` and `inbox`, both `Sync`, unless the caller proves with an
// `&EventLoop` to be on the loop's thread; and by the time another thread can drop the last reference, the future and
// the outcome are gone.
unsafe impl Send for Notified {}

impl Notified {
    /// The task's turn.
    pub(crate) fn run(self, event_loop: &EventLoop) {
        self.0.run(event_loop);
    }
}

/// The user's reference: the only way to the outcome.
pub(crate) struct JoinHandle<T> {
    task: TaskRef,
    take_outcome: unsafe fn(NonNull<Header>) -> Option<Outcome<T>>,
}

impl<T> JoinHandle<T> {
    pub(crate) fn id(&self) -> u64 {
        self.task.id()
    }

    pub(crate) fn waker(&self) -> Waker {
        self.task.waker()
    }

    pub(crate) fn is_completed(&self) -> bool {
        self.task.header().state.is_completed()
    }

    /// See [`Task::cancel`](crate::Task::cancel).
    pub(crate) fn cancel(&self) -> bool {
        let requested = self.task.header().state.request_cancel();
        if requested {
            self.task.schedule();
        }
        requested
    }

    #[track_caller]
    pub(crate) fn poll_join(&mut self, cx: &mut Context<'_>) -> Poll<Outcome<T>> {
        let header = self.task.header();
        if !header.state.is_completed() {
            let waker = header.join_waker.take();
            let waker = waker.filter(|waker| waker.will_wake(cx.waker()));
            header
                .join_waker
                .set(Some(waker.unwrap_or_else(|| cx.waker().clone())));
            return Poll::Pending;
        }
        // SAFETY: the handle is on the loop's thread, it came with this function, and the task has completed.
        let outcome = unsafe { (self.take_outcome)(self.task.0) };
        Poll::Ready(outcome.expect("`Task` polled after completion"))
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let header = self.task.header();
        drop(header.join_waker.take());
        if header.state.close_handle() {
            // SAFETY: the handle is on the loop's thread, and the task has completed.
            unsafe { (header.vtable.drop_outcome)(self.task.0) };
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.task.fmt(f)
    }
}

/// The waker of every task. The data is a [`TaskRef`] as a pointer, on whatever thread.
static WAKER: RawWakerVTable =
    RawWakerVTable::new(waker_clone, waker_wake, waker_wake_by_ref, waker_drop);

/// The reference behind a waker, for use but not for dropping.
///
/// # Safety
///
/// `data` is a counted reference to a task that outlives the result.
unsafe fn borrowed(data: *const ()) -> ManuallyDrop<TaskRef> {
    // SAFETY: it came from a `NonNull`.
    let task = unsafe { NonNull::new_unchecked(data.cast_mut().cast::<Header>()) };
    ManuallyDrop::new(TaskRef(task))
}

/// # Safety
///
/// `data` is a counted reference to a task.
unsafe fn waker_clone(data: *const ()) -> RawWaker {
    // SAFETY: as the caller promises.
    unsafe { borrowed(data) }.header().state.retain();
    RawWaker::new(data, &WAKER)
}

/// # Safety
///
/// `data` is a counted reference to a task, given up by the caller.
unsafe fn waker_wake(data: *const ()) {
    // SAFETY: as the caller promises.
    let task = ManuallyDrop::into_inner(unsafe { borrowed(data) });
    if task.header().state.schedule_with_own_reference() {
        task.enqueue();
    }
}

/// # Safety
///
/// `data` is a counted reference to a task.
unsafe fn waker_wake_by_ref(data: *const ()) {
    // SAFETY: as the caller promises.
    unsafe { borrowed(data) }.schedule();
}

/// # Safety
///
/// `data` is a counted reference to a task, given up by the caller.
unsafe fn waker_drop(data: *const ()) {
    // SAFETY: as the caller promises.
    drop(ManuallyDrop::into_inner(unsafe { borrowed(data) }));
}
