//! What the macros' output is made of: a frame, a step over it, and the `Future` or `Stream` around both.
//!
//! *Input*: a frame, which has a [`Head`], and closures written by the compiler: a step, which runs from one suspension to
//! the next, and its [`Code`]: `held` says which slots hold a value at a suspension, `finish` drops what is alive. None of
//! their types tells the frame's: see `storage`.
//!
//! What no suspension has to preserve is on the stack of the step, beside the `live` bytes: a [`Stack`].
//!
//! *Invariant*: while a step runs, a slot's bit in its `live` bytes is set exactly while the slot holds a value that must
//! be dropped. So `finish` is right at every moment, also in the middle of an unwinding. Between steps there are no such
//! bytes: what they were follows from the state, but for the few that the compiler cannot know, which the head keeps.
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
use core::mem::{self, ManuallyDrop, MaybeUninit};
use core::pin::Pin;
use core::task::{Context, Poll};

use futures_core::stream::{FusedStream, Stream};

use crate::generator::{AsyncGenerator, GeneratorState};
use crate::storage::{Output, Room};

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

/// Where the next step begins, in as few bytes as the body's states need.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State<const BYTES: usize>([u8; BYTES]);

impl<const BYTES: usize> State<BYTES> {
    /// The state a machine starts in.
    pub const START: Self = Self::new(0);
    /// The state after the body has returned.
    pub const RETURNED: Self = State([u8::MAX; BYTES]);
    /// The state after a panic has left the body.
    pub const PANICKED: Self = Self::new(Self::RETURNED.number() - 1);

    /// The state of this number.
    #[inline(always)]
    pub const fn new(number: u16) -> Self {
        let bytes = number.to_le_bytes();
        let mut state = [0; BYTES];
        state[0] = bytes[0];
        if BYTES == 2 {
            state[1] = bytes[1];
        }
        State(state)
    }

    /// The number of the state.
    #[inline(always)]
    pub const fn number(self) -> u16 {
        match BYTES {
            1 => self.0[0] as u16,
            _ => u16::from_le_bytes([self.0[0], self.0[1]]),
        }
    }

    /// Whether it is one of the two states of the end.
    #[inline(always)]
    pub const fn has_ended(self) -> bool {
        self.number() >= Self::PANICKED.number()
    }
}

/// What a machine remembers beside its slots.
#[derive(Debug)]
pub struct Head<const STATE: usize, const KEPT: usize> {
    /// Where the next step begins.
    pub state: State<STATE>,
    /// The first of the `live` bytes: those of slots of which the state does not tell whether they hold a value.
    pub kept: [u8; KEPT],
}

impl<const STATE: usize, const KEPT: usize> Head<STATE, KEPT> {
    /// A machine that has not been started.
    #[inline(always)]
    pub const fn new() -> Self {
        Head {
            state: State::START,
            kept: [0; KEPT],
        }
    }

    /// Notes where the next step begins.
    ///
    /// # Safety
    /// `live` are the bytes of the step, of which there are at least as many as are kept.
    #[inline(always)]
    pub unsafe fn suspend(&mut self, state: u16, live: *const u8) {
        self.state = State::new(state);
        for (index, kept) in self.kept.iter_mut().enumerate() {
            // SAFETY: the caller's promise.
            *kept = unsafe { *live.add(index) };
        }
    }

    /// The `live` bytes of the next step: those that the state tells, and those that are kept.
    #[inline(always)]
    pub fn resume<const LIVE: usize>(&self, mut told: [u8; LIVE]) -> [u8; LIVE] {
        for (live, kept) in told.iter_mut().zip(&self.kept) {
            *live = *kept;
        }
        told
    }
}

impl<const STATE: usize, const KEPT: usize> Default for Head<STATE, KEPT> {
    fn default() -> Self {
        Head::new()
    }
}

/// What a step has on its stack: the `live` bytes, and room for the slots that no suspension preserves.
#[derive(Debug)]
pub struct Stack<const LIVE: usize, T> {
    /// Which slots hold a value that must be dropped.
    pub live: [u8; LIVE],
    slots: MaybeUninit<T>,
}

impl<const LIVE: usize, T> Stack<LIVE, T> {
    /// The stack of a step that begins.
    #[inline(always)]
    const fn new(live: [u8; LIVE]) -> Self {
        Stack {
            live,
            slots: MaybeUninit::uninit(),
        }
    }

    /// The address of the slots.
    ///
    /// # Safety
    /// The pointer is to a stack.
    #[inline(always)]
    pub const unsafe fn slots<K>(this: *mut Self) -> *mut K {
        const {
            assert!(size_of::<K>() <= size_of::<T>() && align_of::<K>() <= align_of::<T>());
        }
        // SAFETY: the caller's promise.
        unsafe { (&raw mut (*this).slots).cast() }
    }
}

/// The code of a machine that borrows nothing: what it does with the frame at an address.
pub trait Code<const STATE: usize, const LIVE: usize, T> {
    /// The address of the state.
    fn state(&self, frame: *mut ()) -> *mut State<STATE>;

    /// Which slots are alive when a step begins.
    fn held(&self, frame: *mut ()) -> [u8; LIVE];

    /// Drops what is alive.
    fn finish(&self, frame: *mut (), stack: *mut Stack<LIVE, T>);

    /// Panics because the body has ended; the place of the panic is the user's body.
    fn resumed(&self, panicked: bool) -> !;
}

/// The code as the compiler writes it: a closure for each method of [`Code`].
#[derive(Debug)]
pub struct Closures<A, H, D, P> {
    state: A,
    held: H,
    finish: D,
    resumed: P,
}

impl<const STATE: usize, const LIVE: usize, T, A, H, D, P> Code<STATE, LIVE, T>
    for Closures<A, H, D, P>
where
    A: Fn(*mut ()) -> *mut State<STATE>,
    H: Fn(*mut ()) -> [u8; LIVE],
    D: Fn(*mut (), *mut Stack<LIVE, T>),
    P: Fn(bool),
{
    #[inline(always)]
    fn state(&self, frame: *mut ()) -> *mut State<STATE> {
        (self.state)(frame)
    }

    #[inline(always)]
    fn held(&self, frame: *mut ()) -> [u8; LIVE] {
        (self.held)(frame)
    }

    #[inline(always)]
    fn finish(&self, frame: *mut (), stack: *mut Stack<LIVE, T>) {
        (self.finish)(frame, stack);
    }

    #[inline(always)]
    fn resumed(&self, panicked: bool) -> ! {
        (self.resumed)(panicked);
        unreachable!("it panics")
    }
}

/// A suspended computation: `Future` if it only returns, `Stream` if it yields.
pub struct Machine<const STATE: usize, const LIVE: usize, B, T, C, K, S, M, Y, R>
where
    K: Code<STATE, LIVE, T>,
{
    room: Room<B>,
    arguments: C,
    code: K,
    /// Owns what a generator only calls, until the end. A function's owns nothing.
    step: ManuallyDrop<S>,
    result: PhantomData<fn(M) -> Flow<Y, R>>,
    stack: PhantomData<fn() -> T>,
    // Slots borrow from one another, so a machine must not move, and `&mut Machine` must not be assumed unique.
    _pinned: PhantomPinned,
}

/// Puts a machine together: its first frame, the types of its arguments, its code, and what rustc keeps such a frame in.
///
/// The step comes first of all closures, because rustc looks at them in their order, and only the step tells the types.
#[inline(always)]
#[expect(clippy::too_many_arguments, clippy::type_complexity)]
pub fn machine<const STATE: usize, const LIVE: usize, F, B, T, C, A, H, D, P, S, M, Y, R>(
    frame: F,
    arguments: C,
    _output: Output<R>,
    step: S,
    held: H,
    finish: D,
    state: A,
    resumed: P,
    _room: impl FnOnce() -> B,
    _room_on_stack: impl FnOnce() -> T,
) -> Machine<STATE, LIVE, B, T, C, Closures<A, H, D, P>, S, M, Y, R>
where
    C: Copy,
    A: Fn(*mut ()) -> *mut State<STATE>,
    H: Fn(*mut ()) -> [u8; LIVE],
    D: Fn(*mut (), *mut Stack<LIVE, T>),
    P: Fn(bool),
    S: FnMut(*mut (), *mut Stack<LIVE, T>, &mut Context<'_>, &mut Option<M>, C) -> Flow<Y, R>,
{
    Machine {
        room: Room::with(frame),
        arguments,
        code: Closures {
            state,
            held,
            finish,
            resumed,
        },
        step: ManuallyDrop::new(step),
        result: PhantomData,
        stack: PhantomData,
        _pinned: PhantomPinned,
    }
}

/// Drops what is alive. If a drop unwinds, the rest is dropped nevertheless.
///
/// # Safety
/// Both pointers are to what the code is about.
#[inline]
unsafe fn finish<const STATE: usize, const LIVE: usize, T, K>(
    frame: *mut (),
    stack: *mut Stack<LIVE, T>,
    code: &K,
) where
    K: Code<STATE, LIVE, T>,
{
    struct Rest<'a, const STATE: usize, const LIVE: usize, T, K: Code<STATE, LIVE, T>> {
        frame: *mut (),
        stack: *mut Stack<LIVE, T>,
        code: &'a K,
    }
    impl<const STATE: usize, const LIVE: usize, T, K> Drop for Rest<'_, STATE, LIVE, T, K>
    where
        K: Code<STATE, LIVE, T>,
    {
        fn drop(&mut self) {
            self.code.finish(self.frame, self.stack);
        }
    }
    let rest = Rest { frame, stack, code };
    code.finish(frame, stack);
    mem::forget(rest);
}

/// Drops what is alive and marks the machine as finished when a step unwinds.
struct Unwind<'a, const STATE: usize, const LIVE: usize, T, K, S>
where
    K: Code<STATE, LIVE, T>,
{
    frame: *mut (),
    stack: *mut Stack<LIVE, T>,
    step: *mut ManuallyDrop<S>,
    code: &'a K,
}

impl<const STATE: usize, const LIVE: usize, T, K, S> Drop for Unwind<'_, STATE, LIVE, T, K, S>
where
    K: Code<STATE, LIVE, T>,
{
    // Inlined, so that the bytes are not in memory just for this.
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: all pointers come from the machine that is being polled or dropped, which outlives this guard.
        unsafe {
            *self.code.state(self.frame) = State::PANICKED;
            let step = self.step;
            let _step = Deferred(move || ManuallyDrop::drop(&mut *step));
            finish(self.frame, self.stack, self.code);
        }
    }
}

/// Runs at the end of its scope, also of one that unwinds.
struct Deferred<F: FnMut()>(F);

impl<F: FnMut()> Drop for Deferred<F> {
    #[inline(always)]
    fn drop(&mut self) {
        (self.0)();
    }
}

impl<const STATE: usize, const LIVE: usize, B, T, C, K, S, M, Y, R>
    Machine<STATE, LIVE, B, T, C, K, S, M, Y, R>
where
    K: Code<STATE, LIVE, T>,
{
    #[inline(always)]
    fn state(&self) -> State<STATE> {
        // SAFETY: the state is a field of the frame, which is not being changed.
        unsafe {
            *self
                .code
                .state(Room::frame((&raw const self.room).cast_mut()))
        }
    }

    /// Ends the machine where it is.
    #[inline]
    fn close(&mut self) {
        // Nothing is alive after the end.
        if self.state().has_ended() {
            return;
        }
        if self.state() == State::START {
            never_resumed::<S, Y>();
        }
        let (frame, step) = (Room::frame(&raw mut self.room), &raw mut self.step);
        let (mut stack, state) = (Stack::new(self.code.held(frame)), self.code.state(frame));
        // SAFETY: a machine that has not ended has its step, which is dropped once: after this it has.
        unsafe {
            let _ended = Deferred(move || *state = State::RETURNED);
            let _step = Deferred(move || ManuallyDrop::drop(&mut *step));
            finish(frame, &raw mut stack, &self.code);
        }
    }
}

impl<const STATE: usize, const LIVE: usize, B, T, C, K, S, M, Y, R>
    Machine<STATE, LIVE, B, T, C, K, S, M, Y, R>
where
    K: Code<STATE, LIVE, T>,
    C: Copy,
    S: FnMut(*mut (), *mut Stack<LIVE, T>, &mut Context<'_>, &mut Option<M>, C) -> Flow<Y, R>,
{
    /// The machine has not ended.
    #[inline(always)]
    fn resume(self: Pin<&mut Self>, cx: &mut Context<'_>, sent: &mut Option<M>) -> Flow<Y, R> {
        // SAFETY: nothing is moved out of the machine; its slots are reached through pointers from its address only.
        let this = unsafe { self.get_unchecked_mut() };
        let (frame, step) = (Room::frame(&raw mut this.room), &raw mut this.step);
        let mut stack = Stack::new(this.code.held(frame));
        let stack = &raw mut stack;
        let unwind = Unwind {
            frame,
            stack,
            step,
            code: &this.code,
        };
        // SAFETY: `step` is part of the machine, and dropped at its end only.
        let flow = unsafe { (*step)(frame, stack, cx, sent, this.arguments) };
        if let Flow::Return(_) = flow {
            // SAFETY: frame and stack are those of the step. Each value is forgotten before it is dropped, so that the
            // guard has nothing to do after this.
            unsafe {
                *this.code.state(frame) = State::RETURNED;
                finish(frame, stack, &this.code);
            }
            mem::forget(unwind);
            // SAFETY: the state says that nothing runs or drops it after this.
            unsafe { ManuallyDrop::drop(&mut *step) };
            return flow;
        }
        mem::forget(unwind);
        flow
    }
}

impl<const STATE: usize, const LIVE: usize, B, T, C, K, S, R> Future
    for Machine<STATE, LIVE, B, T, C, K, S, (), Infallible, R>
where
    K: Code<STATE, LIVE, T>,
    C: Copy,
    S: FnMut(
        *mut (),
        *mut Stack<LIVE, T>,
        &mut Context<'_>,
        &mut Option<()>,
        C,
    ) -> Flow<Infallible, R>,
{
    type Output = R;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        if self.state().has_ended() {
            self.code.resumed(self.state() == State::PANICKED);
        }
        match self.resume(cx, &mut None) {
            Flow::Pending => Poll::Pending,
            Flow::Return(value) => Poll::Ready(value),
            Flow::Yield(never) => match never {},
        }
    }
}

impl<const STATE: usize, const LIVE: usize, B, T, C, K, S, Y> Stream
    for Machine<STATE, LIVE, B, T, C, K, S, (), Y, ()>
where
    K: Code<STATE, LIVE, T>,
    C: Copy,
    S: FnMut(*mut (), *mut Stack<LIVE, T>, &mut Context<'_>, &mut Option<()>, C) -> Flow<Y, ()>,
{
    type Item = Y;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Y>> {
        if self.state().has_ended() {
            return Poll::Ready(None);
        }
        match self.resume(cx, &mut None) {
            Flow::Pending => Poll::Pending,
            Flow::Yield(item) => Poll::Ready(Some(item)),
            Flow::Return(()) => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self.state().has_ended() {
            true => (0, Some(0)),
            false => (0, None),
        }
    }
}

impl<const STATE: usize, const LIVE: usize, B, T, C, K, S, Y> FusedStream
    for Machine<STATE, LIVE, B, T, C, K, S, (), Y, ()>
where
    K: Code<STATE, LIVE, T>,
    C: Copy,
    S: FnMut(*mut (), *mut Stack<LIVE, T>, &mut Context<'_>, &mut Option<()>, C) -> Flow<Y, ()>,
{
    fn is_terminated(&self) -> bool {
        self.state().has_ended()
    }
}

impl<const STATE: usize, const LIVE: usize, B, T, C, K, S, M, Y, R> AsyncGenerator<M>
    for Machine<STATE, LIVE, B, T, C, K, S, M, Y, R>
where
    K: Code<STATE, LIVE, T>,
    C: Copy,
    S: FnMut(*mut (), *mut Stack<LIVE, T>, &mut Context<'_>, &mut Option<M>, C) -> Flow<Y, R>,
{
    type Yield = Y;
    type Return = R;

    #[inline]
    fn poll_resume(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        sent: &mut Option<M>,
    ) -> Poll<GeneratorState<Y, R>> {
        if self.state().has_ended() {
            return Poll::Ready(GeneratorState::Ended);
        }
        match self.resume(cx, sent) {
            Flow::Pending => Poll::Pending,
            Flow::Yield(item) => Poll::Ready(GeneratorState::Yielded(item)),
            Flow::Return(value) => Poll::Ready(GeneratorState::Returned(value)),
        }
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        // SAFETY: what is alive is dropped in its place.
        unsafe { self.get_unchecked_mut() }.close();
        Poll::Ready(())
    }

    fn has_ended(&self) -> bool {
        self.state().has_ended()
    }
}

impl<const STATE: usize, const LIVE: usize, B, T, C, K, S, M, Y, R> Drop
    for Machine<STATE, LIVE, B, T, C, K, S, M, Y, R>
where
    K: Code<STATE, LIVE, T>,
{
    #[inline]
    fn drop(&mut self) {
        self.close();
    }
}

impl<const STATE: usize, const LIVE: usize, B, T, C, K, S, M, Y, R> fmt::Debug
    for Machine<STATE, LIVE, B, T, C, K, S, M, Y, R>
where
    K: Code<STATE, LIVE, T>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state() {
            state if state == State::START => "not started",
            state if state == State::RETURNED => "finished",
            state if state == State::PANICKED => "panicked",
            _ => "suspended",
        };
        f.debug_tuple("Coroutine")
            .field(&format_args!("{state}"))
            .finish()
    }
}

/// Tells a loop that is being debugged of a coroutine that ends before it has begun; generators may.
#[cold]
fn never_resumed<S, Y>() {
    #[cfg(feature = "std")]
    if core::any::type_name::<Y>() == core::any::type_name::<Infallible>() {
        crate::event_loop::report_never_awaited(core::any::type_name::<S>());
    }
}

/// Says that a body which has ended is not resumed.
#[cold]
#[track_caller]
pub fn resumed(panicked: bool) -> ! {
    match panicked {
        true => panic!("`async fn` resumed after panicking"),
        false => panic!("`async fn` resumed after completion"),
    }
}
