//! What the macros' output is made of: a frame, a step over it, and the `Future` or `Stream` around both.
//!
//! *Input*: a [`Head`] (state number and drop duties), a frame of [`Slot`](crate::__private::Slot)s, and two closures
//! written by the compiler: `step` runs from one suspension to the next, `finish` drops whatever is still alive.
//!
//! *Invariant*: a slot's bit in [`Head::live`] is set exactly while the slot holds a value that must be dropped. So
//! `finish` is right at every moment: after a return, in the middle of an unwinding, and when the machine is dropped.
//!
//! ```text
//!             poll                 poll: Flow::Return
//! START ------------> resume point --------------------> RETURNED
//!                          |  ^                               ^ poll: panics
//!                          +--+ poll: Flow::Pending, Yield    |
//!                          |         poll: unwinds            |
//!                          +-----------------------------> PANICKED
//! ```

use core::convert::Infallible;
use core::fmt;
use core::future::Future;
use core::marker::{PhantomData, PhantomPinned};
use core::mem::{self, ManuallyDrop};
use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::stream::{FusedStream, Stream};

/// The state a machine starts in.
pub const START: u16 = 0;
/// The state after the body has returned.
pub const RETURNED: u16 = u16::MAX;
/// The state after a panic has left the body.
pub const PANICKED: u16 = u16::MAX - 1;

/// Why a step ended.
#[derive(Debug)]
pub enum Flow<Y, R> {
    /// Something awaited is not ready.
    Pending,
    /// A generator's `yield`.
    Yield(Y),
    /// The body has ended.
    Return(R),
}

/// The part of a frame that the machine itself reads.
#[derive(Debug)]
#[repr(C)]
pub struct Head<const BYTES: usize> {
    /// Where the next step begins.
    pub state: u16,
    /// One bit for each slot that holds a value to be dropped.
    pub live: [u8; BYTES],
}

/// A suspended computation: `Future` if it only returns, `Stream` if it yields.
pub struct Machine<const BYTES: usize, F, S, D, Y, R>
where
    D: Fn(*mut Head<BYTES>, *mut F),
{
    head: Head<BYTES>,
    frame: F,
    /// Owns what a generator only calls, until the end. A function's owns nothing.
    step: ManuallyDrop<S>,
    finish: D,
    result: PhantomData<fn() -> Flow<Y, R>>,
    // Slots borrow from one another, so a machine must not move, and `&mut Machine` must not be assumed unique.
    _pinned: PhantomPinned,
}

/// Puts a machine together.
#[inline(always)]
pub const fn machine<const BYTES: usize, F, S, D, Y, R>(
    live: [u8; BYTES],
    frame: F,
    step: S,
    finish: D,
) -> Machine<BYTES, F, S, D, Y, R>
where
    S: FnMut(*mut Head<BYTES>, *mut F, &mut Context<'_>) -> Flow<Y, R>,
    D: Fn(*mut Head<BYTES>, *mut F),
{
    Machine {
        head: Head { state: START, live },
        frame,
        step: ManuallyDrop::new(step),
        finish,
        result: PhantomData,
        _pinned: PhantomPinned,
    }
}

/// Drops what is alive and marks the machine as finished when a step unwinds.
struct Unwind<'a, const BYTES: usize, F, S, D: Fn(*mut Head<BYTES>, *mut F)> {
    head: *mut Head<BYTES>,
    frame: *mut F,
    step: *mut ManuallyDrop<S>,
    finish: &'a D,
}

impl<const BYTES: usize, F, S, D> Drop for Unwind<'_, BYTES, F, S, D>
where
    D: Fn(*mut Head<BYTES>, *mut F),
{
    #[cold]
    fn drop(&mut self) {
        // SAFETY: all pointers come from the machine that is being polled, which outlives this guard.
        let state = unsafe { &mut (*self.head).state };
        if *state != RETURNED {
            *state = PANICKED;
        }
        (self.finish)(self.head, self.frame);
        // SAFETY: as above. The step has been left, and nothing runs or drops it after the end.
        unsafe { ManuallyDrop::drop(&mut *self.step) };
    }
}

impl<const BYTES: usize, F, S, D, Y, R> Machine<BYTES, F, S, D, Y, R>
where
    S: FnMut(*mut Head<BYTES>, *mut F, &mut Context<'_>) -> Flow<Y, R>,
    D: Fn(*mut Head<BYTES>, *mut F),
{
    /// The state is neither [`RETURNED`] nor [`PANICKED`].
    #[inline(always)]
    fn resume(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Flow<Y, R> {
        // SAFETY: nothing is moved out of the machine; its slots are reached through pointers from its address only.
        let this = unsafe { self.get_unchecked_mut() };
        let (head, frame, step) = (&raw mut this.head, &raw mut this.frame, &raw mut this.step);
        let unwind = Unwind {
            head,
            frame,
            step,
            finish: &this.finish,
        };
        // SAFETY: `step` is part of the machine, and dropped at its end only.
        let flow = unsafe { (*step)(head, frame, cx) };
        if let Flow::Return(_) = flow {
            // SAFETY: `head` is part of the machine.
            unsafe { (*head).state = PANICKED };
            (this.finish)(head, frame);
            // SAFETY: as above.
            unsafe { (*head).state = RETURNED };
            mem::forget(unwind);
            // SAFETY: the state says that nothing runs or drops it after this.
            unsafe { ManuallyDrop::drop(&mut *step) };
            return flow;
        }
        mem::forget(unwind);
        flow
    }
}

impl<const BYTES: usize, F, S, D, R> Future for Machine<BYTES, F, S, D, Infallible, R>
where
    S: FnMut(*mut Head<BYTES>, *mut F, &mut Context<'_>) -> Flow<Infallible, R>,
    D: Fn(*mut Head<BYTES>, *mut F),
{
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        if self.head.state >= PANICKED {
            resumed(self.head.state);
        }
        match self.resume(cx) {
            Flow::Pending => Poll::Pending,
            Flow::Return(value) => Poll::Ready(value),
            Flow::Yield(never) => match never {},
        }
    }
}

impl<const BYTES: usize, F, S, D, Y> Stream for Machine<BYTES, F, S, D, Y, ()>
where
    S: FnMut(*mut Head<BYTES>, *mut F, &mut Context<'_>) -> Flow<Y, ()>,
    D: Fn(*mut Head<BYTES>, *mut F),
{
    type Item = Y;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Y>> {
        if self.head.state >= PANICKED {
            return Poll::Ready(None);
        }
        match self.resume(cx) {
            Flow::Pending => Poll::Pending,
            Flow::Yield(item) => Poll::Ready(Some(item)),
            Flow::Return(()) => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self.head.state {
            PANICKED | RETURNED => (0, Some(0)),
            _ => (0, None),
        }
    }
}

impl<const BYTES: usize, F, S, D, Y> FusedStream for Machine<BYTES, F, S, D, Y, ()>
where
    S: FnMut(*mut Head<BYTES>, *mut F, &mut Context<'_>) -> Flow<Y, ()>,
    D: Fn(*mut Head<BYTES>, *mut F),
{
    fn is_terminated(&self) -> bool {
        self.head.state >= PANICKED
    }
}

impl<const BYTES: usize, F, S, D, Y, R> Drop for Machine<BYTES, F, S, D, Y, R>
where
    D: Fn(*mut Head<BYTES>, *mut F),
{
    #[inline]
    fn drop(&mut self) {
        // Nothing is alive after the end.
        if self.head.state >= PANICKED {
            return;
        }
        let (head, frame, step) = (&raw mut self.head, &raw mut self.frame, &raw mut self.step);
        let unwind = Unwind {
            head,
            frame,
            step,
            finish: &self.finish,
        };
        (self.finish)(head, frame);
        mem::forget(unwind);
        // SAFETY: a machine that has not ended has its step, and is dropped once.
        unsafe { ManuallyDrop::drop(&mut *step) };
    }
}

impl<const BYTES: usize, F, S, D, Y, R> fmt::Debug for Machine<BYTES, F, S, D, Y, R>
where
    D: Fn(*mut Head<BYTES>, *mut F),
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.head.state {
            START => "not started",
            RETURNED => "finished",
            PANICKED => "panicked",
            _ => "suspended",
        };
        f.debug_tuple("Coroutine")
            .field(&format_args!("{state}"))
            .finish()
    }
}

#[cold]
#[track_caller]
fn resumed(state: u16) -> ! {
    match state {
        PANICKED => panic!("`async fn` resumed after panicking"),
        _ => panic!("`async fn` resumed after completion"),
    }
}
