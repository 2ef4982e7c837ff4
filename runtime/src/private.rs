//! The operations that expansions are made of. Not public: everything here may change with the macros.
//!
//! A *slot* is storage in the frame for one variable. The compiler hands each operation the slot's address, the
//! frame's `live` bytes and the slot's number in them; all of it folds to constants.
//!
//! The proof that the operations are used soundly is the equivalence that the compiler keeps: the machine performs the
//! accesses of the user's body in the user's order, and rustc's borrow checker has accepted that body (the proof copy).

pub use crate::captured::{
    copied, moves_and_stays, BorrowCaptured, Captured, MoveCaptured, MovesAndStays, Probe,
    ReborrowCaptured, Reborrowed,
};
pub use crate::compared::{
    CompareBorrowed, CompareCopied, Compared, Copied, ReceiveBorrowed, ReceiveCopied,
    ReceivePointed, Receiver, ReceiverCopy, ReceiverPlace, Unpadded,
};
pub use crate::concurrent::{
    branch, first, flat, flat_ok, is_not_of_futures, is_of_futures, is_of_tokio, is_ready, join,
    list, member, poll_once, select, select_fused, try_join, without_tokio, Around, Asked, Chosen,
    Disabled, End, InOrder, InTurn, NoMask, OfColoop, Rotating, Shuffled,
};
pub use crate::ending::{Armed, ArmedGuard, Ending, EndingBy, EndingGuard, Within};
pub use crate::generator::{
    bounded, delegated, delegated_now, delegated_to_ended, movable, moves, outlives, pinned, plain,
    results, resumed_now, resumed_with, GeneratorState, IsCopied, IsReference, Kept, MayBeDropped,
    Outside, Variables, ViaGenerator, ViaGeneratorNow, ViaIterator, ViaNothing, ViaNothingNow,
    ViaStream,
};
pub use crate::machine::{machine, resumed, Flow, Head, Stack, State};
pub use crate::movable::{
    moves_part, whole, BoxOfDrop, BoxOfParts, BoxOfPointer, Parts, Pointer, WithDrop,
};
#[cfg(feature = "std")]
pub use crate::run::main;
pub use crate::standard::{is_fn, macros as standard, Operand, Writer};
pub use crate::storage::{shape_at, shape_of, Argument, Output, Shape};
pub use crate::unknown::{
    arguments, borrows_only, call, captures_whole, coerced, gives, moved_ahead, moves_always,
    moves_nothing, once, owns_nothing, padded, peek, placed, put_erased, result_is, same, Guards,
    Leave, Padded, Place, Prepared, Tie, TieOthers, TieSame, Witness,
};
pub use alloc::boxed::Box;
pub use coloop_macros::{configured, unconfigured, Configure};
pub use core;
#[cfg(feature = "std")]
pub use std::eprintln;

use core::convert::Infallible;
use core::future::Future;
use core::mem::{needs_drop, ManuallyDrop};
use core::ops::ControlFlow;
use core::pin::Pin;
use core::task::{Context, Poll};

/// Storage for one variable.
#[repr(C)]
pub union Slot<T> {
    empty: (),
    value: ManuallyDrop<T>,
}

impl<T> Slot<T> {
    /// Storage that holds nothing yet.
    #[inline(always)]
    pub const fn empty() -> Self {
        Slot { empty: () }
    }

    /// Storage that holds an argument or a captured variable.
    #[inline(always)]
    pub const fn filled(value: T) -> Self {
        Slot {
            value: ManuallyDrop::new(value),
        }
    }
}

impl<T> core::fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}

/// Storage that two share, one at a time.
#[repr(C)]
pub union Overlay<A, B> {
    first: ManuallyDrop<A>,
    second: ManuallyDrop<B>,
    empty: (),
}

impl<A, B> Overlay<A, B> {
    /// Storage that holds nothing yet.
    #[inline(always)]
    pub const fn empty() -> Self {
        Overlay { empty: () }
    }

    /// The address of the first: all fields of a C union begin where it begins.
    #[inline(always)]
    pub const fn first(this: *mut Self) -> *mut A {
        this.cast()
    }

    /// The address of the second.
    #[inline(always)]
    pub const fn second(this: *mut Self) -> *mut B {
        this.cast()
    }
}

impl<A, B> core::fmt::Debug for Overlay<A, B> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Overlay").finish_non_exhaustive()
    }
}

/// A name that a macro must not bind: later uses of it mean a variable of the coroutine.
#[derive(Clone, Copy, Debug)]
pub struct NotBound;

impl NotBound {
    /// The name still means this.
    #[inline(always)]
    pub const fn same(_name: NotBound) {}
}

/// Says what a slot stores.
#[inline(always)]
pub const fn typed<T>(_at: *mut T) {}

/// What a function returns: the way to name `!`.
pub trait Returns {
    /// The type.
    type Output;
}

impl<R> Returns for fn() -> R {
    type Output = R;
}

/// A slot's address, typed as what it stores.
#[inline(always)]
pub const fn at<T>(slot: *mut Slot<T>) -> *mut T {
    slot.cast()
}

#[inline(always)]
unsafe fn set(live: *mut u8, slot: usize) {
    // SAFETY: the caller passes the frame's bytes and a number within them.
    unsafe { *live.add(slot / 8) |= 1 << (slot % 8) };
}

#[inline(always)]
unsafe fn clear(live: *mut u8, slot: usize) {
    // SAFETY: the caller passes the frame's bytes and a number within them.
    unsafe { *live.add(slot / 8) &= !(1 << (slot % 8)) };
}

/// Whether a slot (or a flag, which is numbered like one) is set.
///
/// # Safety
/// `live` are the frame's bytes, `slot` is a number within them.
#[inline(always)]
pub unsafe fn is_set(live: *mut u8, slot: usize) -> bool {
    // SAFETY: the caller's promise.
    unsafe { *live.add(slot / 8) & (1 << (slot % 8)) != 0 }
}

/// Notes that a part of a variable has been moved out, if that can matter to what is dropped later.
///
/// # Safety
/// `live` are the frame's bytes, `flag` is a number within them.
#[inline(always)]
pub unsafe fn note<T>(live: *mut u8, flag: usize, _part: *const T) {
    if const { needs_drop::<T>() } {
        // SAFETY: the caller's promise.
        unsafe { set(live, flag) };
    }
}

/// Sets a flag.
///
/// # Safety
/// `live` are the frame's bytes, `flag` is a number within them.
#[inline(always)]
pub unsafe fn set_flag(live: *mut u8, flag: usize) {
    // SAFETY: the caller's promise.
    unsafe { set(live, flag) };
}

/// Removes a flag.
///
/// # Safety
/// `live` are the frame's bytes, `flag` is a number within them.
#[inline(always)]
pub unsafe fn forget_flag(live: *mut u8, flag: usize) {
    // SAFETY: the caller's promise.
    unsafe { clear(live, flag) };
}

/// `let x = value;`
///
/// # Safety
/// The slot is not alive.
#[inline(always)]
pub unsafe fn init<T>(live: *mut u8, slot: usize, at: *mut T, value: T) -> *mut T {
    // SAFETY: the caller's promise.
    unsafe {
        at.write(value);
        if const { needs_drop::<T>() } {
            set(live, slot);
        }
    }
    at
}

/// A use of `x` as a value: a move, or a copy, after which the bit does not matter.
///
/// # Safety
/// The slot holds a value.
#[inline(always)]
pub unsafe fn take<T>(live: *mut u8, slot: usize, at: *mut T) -> T {
    // SAFETY: the caller's promise.
    unsafe {
        if const { needs_drop::<T>() } {
            clear(live, slot);
        }
        at.read()
    }
}

/// A copy of what a slot holds, to be taken apart and forgotten.
///
/// # Safety
/// The slot holds a value.
#[inline(always)]
pub unsafe fn read<T>(at: *mut T) -> T {
    // SAFETY: the caller's promise.
    unsafe { at.read() }
}

/// A part of a variable used as a value.
///
/// # Safety
/// The place holds a value.
#[inline(always)]
pub unsafe fn take_part<T>(live: *mut u8, flag: usize, part: *const T) -> T {
    // SAFETY: the caller's promise.
    unsafe {
        note(live, flag, part);
        part.read()
    }
}

/// What a slot is going to hold when its old value has been dropped, also when that drop unwinds: as rustc's assignment
/// has it.
#[derive(Debug)]
pub struct Replacing<T> {
    live: *mut u8,
    slot: usize,
    at: *mut T,
    value: ManuallyDrop<T>,
}

impl<T> Replacing<T> {
    /// The new value.
    ///
    /// # Safety
    /// When this is dropped, the slot is not alive.
    #[inline(always)]
    pub const unsafe fn by(live: *mut u8, slot: usize, at: *mut T, value: T) -> Self {
        let value = ManuallyDrop::new(value);
        Replacing {
            live,
            slot,
            at,
            value,
        }
    }
}

impl<T> Drop for Replacing<T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: `value` is read once; the rest is the promise of `by`.
        unsafe {
            let value = ManuallyDrop::take(&mut self.value);
            init(self.live, self.slot, self.at, value)
        };
    }
}

/// `x = value;`
///
/// # Safety
/// The slot's bit tells whether it holds a value.
#[inline(always)]
pub unsafe fn assign<T>(live: *mut u8, slot: usize, at: *mut T, value: T) {
    // SAFETY: the caller's promise.
    unsafe {
        let _replacing = Replacing::by(live, slot, at, value);
        end(live, slot, at);
    }
}

/// The end of a variable's scope.
///
/// # Safety
/// The slot's bit tells whether it holds a value.
#[inline(always)]
pub unsafe fn end<T>(live: *mut u8, slot: usize, at: *mut T) {
    if const { needs_drop::<T>() } {
        // SAFETY: the caller's promise.
        unsafe {
            if is_set(live, slot) {
                clear(live, slot);
                at.drop_in_place();
            }
        }
    }
}

/// What a user's match does with a value that no arm takes: there is none, the proof copy has found the arms to be
/// exhaustive.
#[cold]
pub fn unreachable() -> ! {
    core::unreachable!(
        "a match without an arm that takes the value: a bug in coloop, please report it"
    )
}

/// The output of a body without a last expression: `()`, or a type of which no value is needed, because the body never
/// gets there. The proof copy has found that it is one of both.
#[inline(always)]
pub fn nothing<T>() -> T {
    // SAFETY: a value without a size is made; another size panics.
    unsafe { core::mem::transmute_copy(&()) }
}

/// A coercion site. rustc reports a mismatch at the value alone, with nothing to tell of what stands around it: as the
/// proof copy and the machine both use it, there is one message.
#[derive(Debug)]
pub struct Typed<T> {
    /// The value.
    pub value: T,
}

/// `pin!(x);` of a variable that its name does not mean any more.
///
/// # Safety
/// Nothing moves the variable.
#[inline(always)]
pub unsafe fn pin_mut<T>(variable: &mut T) -> Pin<&mut T> {
    // SAFETY: the caller's promise.
    unsafe { Pin::new_unchecked(variable) }
}

/// Polls an awaited future in its slot.
///
/// # Safety
/// The slot holds a value, which is not moved until it is dropped.
#[inline(always)]
pub unsafe fn poll<F: Future>(at: *mut F, cx: &mut Context<'_>) -> Poll<F::Output> {
    // SAFETY: the caller's promise.
    unsafe { Pin::new_unchecked(&mut *at) }.poll(cx)
}

/// Polls a stream in its slot.
///
/// # Safety
/// The slot holds a value, which is not moved until it is dropped.
#[inline(always)]
pub unsafe fn poll_next<S: futures_core::Stream>(
    at: *mut S,
    cx: &mut Context<'_>,
) -> Poll<Option<S::Item>> {
    // SAFETY: the caller's promise.
    unsafe { Pin::new_unchecked(&mut *at) }.poll_next(cx)
}

/// The proof copy: judged by rustc, never run.
#[inline(always)]
pub fn proof<R, F: Future<Output = R>>(_body: F, _output: Output<R>) -> ! {
    unreachable!()
}

/// What fixes the type of the proof copy's output.
#[inline(always)]
pub fn never<T>() -> T {
    unreachable!()
}

/// What a boxed slice becomes by `.into_iter()` in the editions in which temporaries end early, or do not.
#[diagnostic::on_unimplemented(
    message = "this function is of another edition than the crate",
    label = "comes from a macro of another edition",
    note = "when temporaries are dropped depends on the edition, and `#[coroutine]` knows that of the crate only",
    note = "write the function where it is used, or let the crate of the macro have the same edition as this one"
)]
pub trait OfEdition<const EARLY: bool> {}

impl OfEdition<true> for alloc::vec::IntoIter<()> {}
impl OfEdition<false> for core::slice::Iter<'_, ()> {}

/// Accepts what it is in the edition.
pub const fn edition<const EARLY: bool, I: OfEdition<EARLY>>(_: I) {
    unreachable!()
}

/// The type of what a generator yields.
#[derive(Debug)]
pub struct Items<Y>(core::marker::PhantomData<fn(Y)>);

impl<Y> Items<Y> {
    /// An empty record of what is yielded.
    #[inline(always)]
    pub const fn new() -> Self {
        Items(core::marker::PhantomData)
    }

    /// A step whose items are of this type.
    #[inline(always)]
    pub fn flow<R>(&self) -> Flow<Y, R> {
        Flow::Pending
    }
}

/// A yielded value, which has the type of the other items: a coercion site, as [`Typed`].
#[derive(Debug)]
pub struct Given<'a, Y> {
    /// The record of what is yielded.
    pub items: &'a Items<Y>,
    /// The value.
    pub value: Y,
}

impl<Y> Given<'_, Y> {
    /// Suspends, in the proof copy.
    #[inline(always)]
    pub fn give(self) -> core::future::Ready<()> {
        core::future::ready(())
    }

    /// As [`give`](Given::give), in a generator that receives something.
    #[inline(always)]
    pub fn give_for<M>(self, _received: &Received<M>) -> core::future::Ready<M> {
        never()
    }
}

/// The type of what a generator receives.
#[derive(Debug)]
pub struct Received<M>(core::marker::PhantomData<fn(M) -> M>);

impl<M> Received<M> {
    /// An empty record of what is received.
    #[inline(always)]
    #[expect(clippy::new_without_default)]
    pub const fn new() -> Self {
        Received(core::marker::PhantomData)
    }

    /// Says that this is where it is received.
    #[inline(always)]
    pub const fn is_sent(&self, _sent: &mut Option<M>) {}

    /// Where it is received, in the proof copy.
    #[inline(always)]
    pub fn sent<'a>(&self) -> &'a mut Option<M> {
        never()
    }
}

/// What has been sent to a generator.
#[inline(always)]
pub fn received<M>(sent: &mut Option<M>) -> M {
    match sent.take() {
        Some(value) => value,
        None => nothing_received(),
    }
}

#[cold]
fn nothing_received() -> ! {
    panic!("a generator goes on with a value, and there is none")
}

impl<Y> Default for Items<Y> {
    fn default() -> Self {
        Items::new()
    }
}

/// The operand of a `for` over a stream in the proof copy.
#[inline(always)]
pub async fn items_of<S: futures_core::Stream>(_stream: S) -> core::iter::Empty<S::Item> {
    core::iter::empty()
}

/// Something that `?` works on: the standard library's own list, since it is closed on stable.
#[diagnostic::on_unimplemented(message = "the `?` operator cannot be applied to type `{Self}`")]
pub trait Try {
    /// What `?` evaluates to.
    type Output;
    /// What `?` returns early.
    type Residual;
    /// Which of both it is.
    fn branch(self) -> ControlFlow<Self::Residual, Self::Output>;
}

impl<T> Try for Option<T> {
    type Output = T;
    type Residual = Option<Infallible>;
    #[inline(always)]
    fn branch(self) -> ControlFlow<Option<Infallible>, T> {
        match self {
            Some(value) => ControlFlow::Continue(value),
            None => ControlFlow::Break(None),
        }
    }
}

impl<T, E> Try for Result<T, E> {
    type Output = T;
    type Residual = Result<Infallible, E>;
    #[inline(always)]
    fn branch(self) -> ControlFlow<Result<Infallible, E>, T> {
        match self {
            Ok(value) => ControlFlow::Continue(value),
            Err(error) => ControlFlow::Break(Err(error)),
        }
    }
}

impl<B, C> Try for ControlFlow<B, C> {
    type Output = C;
    type Residual = ControlFlow<B, Infallible>;
    #[inline(always)]
    fn branch(self) -> ControlFlow<Self::Residual, C> {
        match self {
            ControlFlow::Continue(value) => ControlFlow::Continue(value),
            ControlFlow::Break(value) => ControlFlow::Break(ControlFlow::Break(value)),
        }
    }
}

impl<T, E> Try for Poll<Result<T, E>> {
    type Output = Poll<T>;
    type Residual = Result<Infallible, E>;
    #[inline(always)]
    fn branch(self) -> ControlFlow<Result<Infallible, E>, Poll<T>> {
        match self {
            Poll::Ready(Ok(value)) => ControlFlow::Continue(Poll::Ready(value)),
            Poll::Ready(Err(error)) => ControlFlow::Break(Err(error)),
            Poll::Pending => ControlFlow::Continue(Poll::Pending),
        }
    }
}

impl<T, E> Try for Poll<Option<Result<T, E>>> {
    type Output = Poll<Option<T>>;
    type Residual = Result<Infallible, E>;
    #[inline(always)]
    fn branch(self) -> ControlFlow<Result<Infallible, E>, Poll<Option<T>>> {
        match self {
            Poll::Ready(Some(Ok(value))) => ControlFlow::Continue(Poll::Ready(Some(value))),
            Poll::Ready(Some(Err(error))) => ControlFlow::Break(Err(error)),
            Poll::Ready(None) => ControlFlow::Continue(Poll::Ready(None)),
            Poll::Pending => ControlFlow::Continue(Poll::Pending),
        }
    }
}
