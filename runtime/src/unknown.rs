//! Uses of a slot that may move it or borrow it: only rustc knows, and this is how it is asked.
//!
//! A non-`move` closure `|| (*b).method()` over a `b: Box<T>` owns `b` exactly if the method consumes its receiver. Such
//! a closure is written in unreachable code, where it fixes the parameter of a [`Witness`]; `needs_drop` of that type,
//! evaluated after type checking, is the answer. If `T` has no drop glue the answer is "borrows", and borrowing is then
//! right in both cases.
//!
//! - *Consuming*: the value is read out of its slot, and the expression is evaluated on the value.
//! - *Borrowing*: a `Box` made of the slot's address is the one place that can be borrowed from *and* moved out of, so
//!   the expression compiles whatever it does. Its scope must be left without dropping the box: it is the body of a
//!   small future that is polled once, to a pending point ([`Leave`]), and forgotten. The expression is not evaluated
//!   in there but as a closure ([`Prepared`]) outside of it, so that a panic unwinds past nothing that owns the slot.
//!
//! ```text
//! x.method(arg)      =>      if witness.owns() { take(x).method(arg) }
//!                            else { scope: closure = || (*b).method(arg); leave }; closure()
//! ```

mod panics;

use core::cell::Cell;
use core::fmt::Arguments;
use core::future::Future;
use core::marker::PhantomData;
use core::mem::{needs_drop, ManuallyDrop, MaybeUninit};
use core::pin::Pin;
use core::ptr;
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use panics::Panics;

/// The type of a closure that is never built.
#[derive(Debug)]
pub struct Witness<C>(PhantomData<C>);

impl<C> Witness<C> {
    /// A witness whose type is still to be fixed.
    #[inline(always)]
    pub const fn new() -> Self {
        Witness(PhantomData)
    }

    /// A value where one of the type is expected, which fixes it.
    pub fn expected(&self, _value: C) -> C {
        unreachable!()
    }

    /// Fixes the type.
    #[inline(always)]
    pub fn is(&mut self, _closure: &C) {}

    /// Whether the closure would own what it captures.
    #[inline(always)]
    pub const fn owns(&self) -> bool {
        const { needs_drop::<C>() }
    }

    /// Whether the scope would keep what is [`Padded`].
    #[inline(always)]
    pub const fn keeps(&self) -> bool {
        const { size_of::<C>() >= PLACE }
    }
}

/// An argument of a type that is known, and the type of what its call gives.
#[inline(always)]
pub fn coerced<T, R>((_known, given): (Witness<T>, Witness<R>), value: T) -> (T, Witness<R>) {
    (value, given)
}

/// Says that a call gives what the storage is for.
#[inline(always)]
pub fn gives<R>(_given: Witness<R>, _out: &MaybeUninit<R>) {}

impl<C> Default for Witness<C> {
    fn default() -> Self {
        Witness::new()
    }
}

/// A receiver that is consumed, and was moved before the arguments were evaluated.
#[inline(always)]
pub fn moved_ahead<T>(receiver: Option<T>) -> T {
    receiver.unwrap_or_else(|| unreachable!())
}

/// A future that is polled once and then forgotten: leaving it runs no drop.
#[derive(Debug)]
pub struct Leave;

impl Leave {
    /// Runs a scope up to the point where it leaves, and never further.
    #[inline(always)]
    pub fn enter<S: Future<Output = ()>>(scope: &mut ManuallyDrop<S>) {
        // SAFETY: the scope is neither moved nor dropped after this.
        let scope = unsafe { Pin::new_unchecked(&mut **scope) };
        let _ = scope.poll(&mut Context::from_waker(Waker::noop()));
    }
}

impl Future for Leave {
    type Output = ();

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        Poll::Pending
    }
}

impl Leave {
    /// Runs a scope up to the point where it leaves, or returns.
    #[inline(always)]
    pub fn returned<S: Future>(scope: &mut ManuallyDrop<S>) -> Option<S::Output> {
        // SAFETY: the scope is neither moved nor dropped after this.
        let scope = unsafe { Pin::new_unchecked(&mut **scope) };
        match scope.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    /// Leaves with formatted arguments, whose parts stay in the scope.
    #[inline(always)]
    pub fn with(arguments: Arguments<'_>) -> LeaveWith<'_> {
        LeaveWith { arguments }
    }
}

/// What [`arguments`] runs into.
#[derive(Debug)]
pub struct LeaveWith<'a> {
    arguments: Arguments<'a>,
}

impl Future for LeaveWith<'_> {
    type Output = ();

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let out = cx.waker().data().cast::<Cell<Option<Arguments<'_>>>>();
        // SAFETY: only `arguments` polls a scope that ends here, and its waker's data is that cell.
        unsafe { (*out).set(Some(self.arguments)) };
        Poll::Pending
    }
}

/// Runs a scope up to the point where it leaves with formatted arguments: those, as long as the scope stands in memory.
///
/// # Safety
/// The scope leaves with arguments, and is neither moved nor forgotten before the last use of them.
#[inline(always)]
pub unsafe fn arguments<'a, S: Future<Output = ()>>(scope: &mut ManuallyDrop<S>) -> Arguments<'a> {
    const VTABLE: RawWakerVTable =
        RawWakerVTable::new(|data| RawWaker::new(data, &VTABLE), |_| {}, |_| {}, |_| {});
    let out = Cell::new(None);
    let raw = RawWaker::new(ptr::from_ref(&out).cast(), &VTABLE);
    // SAFETY: the waker does nothing. The scope is not moved any more.
    let (waker, scope) = unsafe { (Waker::from_raw(raw), Pin::new_unchecked(&mut **scope)) };
    let _ = scope.poll(&mut Context::from_waker(&waker));
    out.take().expect("the scope leaves with arguments")
}

/// A call that was prepared inside a scope that has been left, to be made outside of it.
#[derive(Debug)]
pub struct Prepared {
    run: unsafe fn(*const (), *mut ()),
    env: *const (),
}

impl Prepared {
    /// Nothing yet.
    #[inline(always)]
    pub const fn none() -> Self {
        unsafe fn nothing(_: *const (), _: *mut ()) {}
        Prepared {
            run: nothing,
            env: ptr::null(),
        }
    }

    /// Remembers the closure where it stands.
    #[inline(always)]
    pub fn set<R, C: FnOnce() -> R>(&mut self, closure: &ManuallyDrop<C>) {
        unsafe fn run<R, C: FnOnce() -> R>(env: *const (), out: *mut ()) {
            // SAFETY: `env` is the closure of this type, read once; `out` has room for its result.
            unsafe { out.cast::<R>().write(env.cast::<C>().read()()) }
        }
        *self = Prepared {
            run: run::<R, C>,
            env: ptr::from_ref(closure).cast(),
        };
    }
}

/// A closure that is called once: what it captures by reference may leave it.
#[inline(always)]
pub fn once<R, C: FnOnce() -> R>(closure: C) -> ManuallyDrop<C> {
    ManuallyDrop::new(closure)
}

/// Makes a prepared call.
///
/// # Safety
/// A closure has been set, its scope still stands in memory, and its result is of type `R` up to lifetimes.
#[inline(always)]
pub unsafe fn call<R>(prepared: &Prepared, out: &mut MaybeUninit<R>) {
    // SAFETY: the caller's promise.
    unsafe { (prepared.run)(prepared.env, out.as_mut_ptr().cast()) }
}

/// Writes a value to storage whose type differs in lifetimes only.
///
/// # Safety
/// `A` and `B` are the same type up to lifetimes.
#[inline(always)]
pub unsafe fn put_erased<A, B>(out: *mut MaybeUninit<B>, value: A) {
    const { assert!(size_of::<A>() == size_of::<B>()) };
    // SAFETY: the caller's promise.
    unsafe { out.cast::<A>().write(value) }
}

/// Match guards that run inside a scope which a panic must not unwind.
#[derive(Debug, Default)]
pub struct Guards {
    panics: Panics,
}

impl Guards {
    /// No guard has panicked.
    #[inline(always)]
    pub const fn new() -> Self {
        Guards {
            panics: Panics::none(),
        }
    }

    /// The guard's answer. A panic is kept, and ends the match.
    #[inline(always)]
    pub fn run(&mut self, guard: impl FnOnce() -> bool) -> bool {
        self.panics.keep(guard).unwrap_or(true)
    }

    /// Goes on with a panic, outside of the scope.
    #[inline(always)]
    pub fn resume(self) {
        self.panics.resume();
    }
}

/// The type of a value that a witness must not capture.
pub fn peek<T>(_value: &T) -> T {
    unreachable!()
}

/// The types of the result of a call and of its storage, which are the same unless there is a closure in them: that is another
/// one in each copy of the call.
#[derive(Debug)]
pub struct Tie<A, B>(PhantomData<(A, B)>);

impl<A, B> Tie<A, B> {
    /// Of a result.
    pub fn of(_out: &MaybeUninit<A>, _value: &B) -> Self {
        Tie(PhantomData)
    }

    /// Of what a closure returns.
    pub fn of_result<C: FnOnce() -> B>(_closure: &ManuallyDrop<C>, _out: &MaybeUninit<A>) -> Self {
        Tie(PhantomData)
    }
}

/// Types that can be the same are.
pub trait TieSame {
    /// Says so.
    fn tie(&self) {}
}

impl<T> TieSame for Tie<T, T> {}

/// Others are not.
pub trait TieOthers {
    /// Says nothing.
    fn tie(&self) {}
}

impl<A, B> TieOthers for &Tie<A, B> {}

/// Says that a value has the type of the storage.
#[inline(always)]
pub fn same<R>(_out: &MaybeUninit<R>, _value: R) {}

/// Says that a closure's result has the type of the storage.
#[inline(always)]
pub fn result_is<R, C: FnOnce() -> R>(_closure: &ManuallyDrop<C>, _out: &MaybeUninit<R>) {}

/// A variable in a question about what is left of it. A scope that keeps it is larger than any other.
#[derive(Debug)]
pub struct Padded<T> {
    /// The variable.
    pub value: T,
    _size: [u8; PLACE],
}

/// What stands for the variable in such a question.
pub fn padded<T>(_variable: &T) -> Padded<T> {
    unreachable!()
}

/// Refuses a capture that takes a part of a variable and leaves the rest, which has to be dropped where the variable is.
#[inline(always)]
pub const fn captures_whole<R>(_rest: &Witness<R>) {
    const {
        assert!(
            size_of::<R>() < PLACE,
            "a `move` closure or async block captures a part of a variable of this coroutine; \
             write `let part = variable.part;` before it and capture that"
        );
    }
}

/// Refuses a pattern that moves a part which may be the one that is assigned to.
#[inline(always)]
pub const fn moves_nothing<C>(_arm: &Witness<C>) {
    const {
        assert!(
            !needs_drop::<C>(),
            "a pattern that may not match moves a part out of a variable of this coroutine, and what it is a part of is \
             assigned to; bind that with a `let` before, and assign to its variable"
        );
    }
}

/// Refuses a macro that moves a variable on some of its ways only.
#[inline(always)]
pub const fn moves_always<C, M, K>(_call: &Witness<C>, _moved: &Witness<M>, _kept: &Witness<K>) {
    const {
        assert!(
            !needs_drop::<C>() || size_of::<M>() < size_of::<K>(),
            "a macro moves a variable of this coroutine, or a part of it, on some of its ways only; \
             give it a variable that ends here: `let y = x;` in braces around it"
        );
    }
}

/// Refuses a macro that may return, and moves something in before it knows.
#[inline(always)]
pub const fn owns_nothing<C>(_call: &Witness<C>) {
    const {
        assert!(
            !needs_drop::<C>(),
            "a macro that may return moves a variable of this coroutine; give it a reference, or write what it stands for"
        );
    }
}

/// Stands for a variable in a question. Larger than anything that only borrows one.
#[derive(Debug)]
pub struct Place<T> {
    value: core::marker::PhantomData<T>,
    _size: [u8; PLACE],
}

const PLACE: usize = 1 << 24;

impl<T> core::ops::Deref for Place<T> {
    type Target = T;

    fn deref(&self) -> &T {
        unreachable!()
    }
}

impl<T> core::ops::DerefMut for Place<T> {
    fn deref_mut(&mut self) -> &mut T {
        unreachable!()
    }
}

macro_rules! formatted {
    ($($trait:ident)*) => {$(
        impl<T: core::fmt::$trait> core::fmt::$trait for Place<T> {
            fn fmt(&self, _: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                unreachable!()
            }
        }
    )*};
}

formatted!(Display LowerHex UpperHex LowerExp UpperExp Octal Binary Pointer);

/// What stands for the variable in a question.
pub fn placed<T>(_variable: &T) -> Place<T> {
    unreachable!()
}

/// Refuses a macro that moves a variable into a closure or an async block of its own.
#[inline(always)]
pub const fn borrows_only<C>(_call: &Witness<C>) {
    const {
        assert!(
            size_of::<C>() < PLACE,
            "a macro moves a variable of this coroutine into a closure or an async block of its own; \
             give it a variable that ends here: `let y = x;` in braces around it"
        );
    }
}
