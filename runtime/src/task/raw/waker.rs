//! Wakers: counted references to a task as a pointer without a type, on whatever thread.
//!
//! *Input*: wakes. *Output*: entries of the ready queue or the inbox. *Invariant*: each waker owns one reference, and
//! uses nothing of the task but `state` and `inbox`.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::task::{RawWaker, RawWakerVTable, Waker};

use super::cell::Header;
use super::TaskRef;

/// A waker that takes over a reference.
///
/// # Safety
///
/// The reference is counted, and either the caller gives it up or the waker is not dropped and does not outlive it.
pub(super) unsafe fn from_counted(task: NonNull<Header>) -> Waker {
    // SAFETY: the data is what the functions of `WAKER` ask for.
    unsafe { Waker::from_raw(RawWaker::new(task.as_ptr().cast(), &WAKER)) }
}

/// The waker of every task.
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
