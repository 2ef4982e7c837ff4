//! Where a machine keeps its frame: room for a type that the machine's own type does not tell.
//!
//! The frame's type names the lifetime of every borrow that one variable holds of another. Such a lifetime has no name
//! outside of the body, and the type that a function returns must not hold it; nor must it hold the function's own
//! opaque type, which a recursive call brings into the frame. rustc's coroutines hold neither: what lives across an
//! `.await` is no part of a coroutine's type, but of its size and of whether it is `Send`. So the frame is kept in the
//! room of one, which is never built:
//!
//! ```text
//! let shape = Shape::of(&frame);
//! machine(frame,
//!     |frame| {
//!         let frame: *mut Frame<_, _> = frame.cast();
//!         if false { unreachable!(); Shape { of: shape_at(frame), ..shape }; }
//!         …
//!     },
//!     || async {                                                   // the room: as large, as aligned, as `Send`
//!         let (s0, s1) = (never(), never());
//!         if false { unreachable!(); Shape { of: shape_of(Frame { s0, s1 }), ..shape }; }
//!         Leave.await;
//!         let _ = (&s0, &s1);
//!     })
//! ```
//!
//! What no suspension preserves is on the stack of a step, in room of the same kind: the type of a step tells neither.
//!
//! Each of these bodies knows the frame's type by itself: of the one `shape` that all of them name, every field is
//! replaced, so nothing of it is captured, but it is the same type in all of them. They differ in lifetimes only: those
//! of a body are inferred within it, and nothing that runs tells one body of another's.
//!
//! *Soundness*: the room is memory for a frame, at the one address that the machine has; that it is large enough is
//! checked when code is generated. What the lifetimes would have said is said elsewhere: the proof copy judges the body,
//! and the machine's type has the types of all that it is given ([`Argument`]), so that it does not outlive what they
//! borrow, and the step relates its output to them.

use core::marker::PhantomData;
use core::mem::ManuallyDrop;

/// Room for a frame. A union of its own, because rustc counts the types that a layout is made of, one inside of the other,
/// and `MaybeUninit` is one more.
#[repr(C)]
pub(crate) union Room<B> {
    empty: (),
    _block: ManuallyDrop<B>,
}

impl<B> Room<B> {
    /// The room with a frame in it.
    #[inline(always)]
    pub(crate) const fn with<F>(frame: F) -> Self {
        const {
            assert!(size_of::<F>() <= size_of::<B>() && align_of::<F>() <= align_of::<B>());
        }
        let mut room = Room { empty: () };
        // SAFETY: there is room for it.
        unsafe { (&raw mut room).cast::<F>().write(frame) };
        room
    }

    /// The address of the frame in a room.
    #[inline(always)]
    pub(crate) const fn frame(this: *mut Self) -> *mut () {
        this.cast()
    }
}

/// The types of a frame, and of the slots on the stack of its steps.
#[derive(Debug)]
pub struct Shape<F, K> {
    /// The one field: to replace it is to replace all of it.
    pub of: PhantomData<*mut (F, K)>,
}

impl<F, K> Shape<F, K> {
    /// The type of this frame.
    #[inline(always)]
    pub const fn of(_frame: &F) -> Self {
        Shape { of: PhantomData }
    }
}

/// What is at these addresses.
pub const fn shape_at<F, K>(_frame: *mut F, _slots: *mut K) -> PhantomData<*mut (F, K)> {
    PhantomData
}

/// What these are.
pub const fn shape_of<F, K>(_frame: F, _slots: K) -> PhantomData<*mut (F, K)> {
    unreachable!()
}

/// The type of an argument or of a captured variable, with the lifetimes that it has outside of the machine.
#[derive(Debug)]
pub struct Argument<T>(PhantomData<fn() -> T>);

impl<T> Clone for Argument<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Argument<T> {}

impl<T> Argument<T> {
    /// The type of this one.
    #[inline(always)]
    pub const fn of(_argument: &T) -> Self {
        Argument(PhantomData)
    }

    /// Says that the slot holds the argument: it lives no longer there.
    #[inline(always)]
    pub const fn is_at(self, _slot: *mut T) {}
}

/// The type of what a function returns, in the proof copy and in the machine.
#[derive(Debug)]
pub struct Output<R>(PhantomData<fn(R) -> R>);

impl<R> Clone for Output<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Output<R> {}

impl<R> Output<R> {
    /// A type that is still to be fixed.
    #[inline(always)]
    #[expect(clippy::new_without_default)]
    pub const fn new() -> Self {
        Output(PhantomData)
    }
}
