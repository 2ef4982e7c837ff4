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

mod cell;
mod waker;

use std::any::Any;
use std::cell::RefMut;
use std::fmt;
use std::future::Future;
use std::mem::ManuallyDrop;
use std::panic::Location;
use std::ptr::{self, NonNull};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::state::Turn;
use crate::event_loop::{note_wait, without_blame, Awaited, EventLoop, Inbox};
use crate::shared::Arc;
use crate::task::{self, TaskHandle};
use cell::{discard, Callback, Header, Outcome, Rare, TaskCell};

/// Allocates a task: what the loop keeps, what goes into the ready queue, what the user gets. These are the three
/// references that a new state counts.
pub(crate) fn create<F>(
    future: F,
    id: u64,
    inbox: Arc<Inbox>,
    context: task::Context,
    started_at: &'static Location<'static>,
) -> (TaskRef, Notified, JoinHandle<F::Output>)
where
    F: Future + 'static,
    F::Output: 'static,
{
    let task = TaskCell::allocate(future, id, inbox, context, started_at);
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
        let header = unsafe { self.0.as_ref() };
        header.memory.used();
        header
    }

    pub(crate) fn id(&self) -> u64 {
        self.header().id
    }

    /// Whether it is the same task.
    pub(crate) fn is(&self, other: &TaskRef) -> bool {
        self.0 == other.0
    }

    /// Remembers where the loop keeps the task.
    pub(crate) fn set_key(&self, key: usize) {
        self.header().key.set(key);
    }

    /// What it is called: what it was given, or `Task-` and its number.
    pub(crate) fn name(&self) -> String {
        let rare = self.header().rare.borrow();
        match rare.as_ref().and_then(|rare| rare.name.as_ref()) {
            Some(name) => name.to_string(),
            None => format!("Task-{}", self.id()),
        }
    }

    pub(crate) fn set_name(&self, name: &str) {
        self.rare().name = Some(name.into());
    }

    /// What it has beside what all have.
    fn rare(&self) -> RefMut<'_, Rare> {
        RefMut::map(self.header().rare.borrow_mut(), |rare| {
            &mut **rare.get_or_insert_default()
        })
    }

    pub(crate) fn started_at(&self) -> &'static Location<'static> {
        self.header().started_at
    }

    /// The task's variables; none of one that has completed.
    pub(crate) fn context(&self) -> task::Context {
        let slot = &self.header().context;
        let context = slot.take();
        slot.set(context.clone());
        context
    }

    /// Sets all variables, of a task that has not begun.
    pub(crate) fn set_context(&self, context: task::Context) {
        self.header().context.set(context);
    }

    /// Sets a variable, unless the task has completed; gives what it was.
    pub(crate) fn put_into_context(
        &self,
        key: usize,
        value: Option<Rc<dyn Any>>,
    ) -> Option<Rc<dyn Any>> {
        if self.is_completed() {
            return None;
        }
        let slot = &self.header().context;
        let mut context = slot.take();
        let before = context.put(key, value);
        slot.set(context);
        before
    }

    /// Lets `callback` be called when the task has ended; gives it back if it has.
    pub(crate) fn add_done_callback(&self, callback: Callback) -> Result<(), Callback> {
        if self.is_completed() {
            return Err(callback);
        }
        let is_awaited = self.is_awaited();
        let callbacks = &mut self.rare().callbacks;
        if is_awaited && !callbacks.iter().any(Option::is_none) {
            callbacks.push(None);
        }
        callbacks.push(Some(callback));
        Ok(())
    }

    pub(crate) fn is_completed(&self) -> bool {
        self.header().state.is_completed()
    }

    /// In one word, for debug output.
    pub(crate) fn state(&self) -> &'static str {
        let state = &self.header().state;
        match (state.is_completed(), state.is_cancel_requested()) {
            (true, _) => "finished",
            (false, true) => "cancelling",
            (false, false) => "pending",
        }
    }

    /// See [`Task::cancel`](crate::Task::cancel).
    pub(crate) fn cancel(&self) -> bool {
        let requested = self.header().state.request_cancel();
        if requested {
            self.schedule();
        }
        requested
    }

    fn waker(&self) -> Waker {
        self.header().state.retain();
        // SAFETY: the reference has just been counted.
        unsafe { waker::from_counted(self.0) }
    }

    /// Drops the future now, if the task has not completed.
    pub(crate) fn abort(&self, event_loop: &EventLoop) {
        self.assert_belongs_to(event_loop);
        if self.header().state.request_cancel() {
            let outer = event_loop.set_current_task(Some(self.clone()));
            self.cancel_now(event_loop);
            drop(event_loop.set_current_task(outer));
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
        event_loop.forget_waits(self);
        // SAFETY: `self` is counted, and outlives the waker, which is not dropped and so gives up no reference.
        let waker = ManuallyDrop::new(unsafe { waker::from_counted(self.0) });
        let mut cx = Context::from_waker(&waker);
        // SAFETY: this is the loop's thread, between two turns; the task has not completed, so the stage is `Running`.
        if unsafe { (self.header().vtable.poll)(self.0, &mut cx) } {
            self.complete(event_loop);
        }
    }

    fn cancel_now(&self, event_loop: &EventLoop) {
        // SAFETY: this is the loop's thread, and no task is being polled: cancellation of a task takes effect in its
        // turn, or after the last iteration. The task has not completed, so the stage is `Running`.
        without_blame(|| unsafe { (self.header().vtable.cancel)(self.0) });
        self.complete(event_loop);
    }

    fn complete(&self, event_loop: &EventLoop) {
        let header = self.header();
        event_loop.forget_task(header.key.get());
        event_loop.forget_waits(self);
        if !header.state.complete() {
            // SAFETY: this is the loop's thread, the task has completed, and there is no handle that could do it.
            unsafe { (header.vtable.drop_outcome)(self.0) };
        }
        // Nothing is put there any more: from here on the last reference may go on another thread.
        discard(header.context.take());
        for callback in self.take_callbacks() {
            match callback {
                Some(callback) => {
                    task::call_back(event_loop, TaskHandle::new(self.clone()), callback);
                }
                None => self.wake_awaiter(),
            }
        }
        self.wake_awaiter();
    }

    fn take_callbacks(&self) -> Vec<Option<Callback>> {
        match &mut *self.header().rare.borrow_mut() {
            Some(rare) => std::mem::take(&mut rare.callbacks),
            None => Vec::new(),
        }
    }

    fn is_awaited(&self) -> bool {
        let waker = self.header().join_waker.take();
        let is_awaited = waker.is_some();
        self.header().join_waker.set(waker);
        is_awaited
    }

    fn wake_awaiter(&self) {
        if let Some(waker) = self.header().join_waker.take() {
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

impl Clone for TaskRef {
    fn clone(&self) -> Self {
        self.header().state.retain();
        TaskRef(self.0)
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
    pub(crate) fn task(&self) -> &TaskRef {
        &self.0
    }

    /// The task's turn, in which it is the current one.
    pub(crate) fn run(self, event_loop: &EventLoop) {
        let task = ManuallyDrop::new(TaskRef(self.0 .0));
        let outer = event_loop.set_current_task(Some(self.0));
        task.run(event_loop);
        drop(event_loop.set_current_task(outer));
    }
}

/// The user's reference: the only way to the outcome.
pub(crate) struct JoinHandle<T> {
    task: TaskRef,
    take_outcome: unsafe fn(NonNull<Header>) -> Option<Outcome<T>>,
}

impl<T> JoinHandle<T> {
    pub(crate) fn task(&self) -> &TaskRef {
        &self.task
    }

    pub(crate) fn waker(&self) -> Waker {
        self.task.waker()
    }

    pub(crate) fn is_completed(&self) -> bool {
        self.task.is_completed()
    }

    pub(crate) fn cancel(&self) -> bool {
        self.task.cancel()
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
            note_wait(Awaited::Task(self.task.id()));
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
