//! One coroutine beside what `#[coloop::coroutine]` makes of it, simplified by hand.
//!
//! [`written`] keeps a local in a borrow across a suspension, moves its argument away, and may panic. [`expanded`] is
//! the same machine as an ordinary struct. The program drives both in the same ways, to the end, to a panic, and dropped
//! at every suspension point before, and prints all that happens; the two traces are equal.
//!
//! ```text
//!          poll                  poll                   poll
//! START ----------> FIRST_PAUSE ------> SECOND_PAUSE --------> RETURNED
//!                        |
//!                        +--- poll: unwinds ---> PANICKED
//! ```
//!
//! What is simplified: the macro's frame has a type parameter for each slot, which rustc infers, since a macro sees no
//! types; and it asks rustc whether a method such as `end.push(…)` consumes or borrows `end`, which we know by reading.

use std::fmt;
use std::future::Future;
use std::marker::PhantomPinned;
use std::mem::{self, needs_drop, MaybeUninit};
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe};
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, Waker};

#[coloop::coroutine]
async fn written(name: Text) -> usize {
    let mut line = Text::new("Hello, ");
    let end = &mut line;
    Pause::default().await;
    end.push(&name);
    drop(name);
    Pause::default().await;
    line.len()
}

/// The frame: what must survive from one poll to the next.
///
/// Each variable that is alive at a suspension has a slot. A slot's bit in `live` is set exactly while the slot holds
/// something that must be dropped.
struct Expanded {
    state: u8,
    live: u8,
    name: MaybeUninit<Text>,
    line: MaybeUninit<Text>,
    // A reference into the frame itself. The macro leaves its type, `&mut Text`, to inference; a struct that is written
    // down has no lifetime to give it.
    end: MaybeUninit<*mut Text>,
    pause: MaybeUninit<Pause>,
    // `end` points to `line`: the frame must not move once it has been polled, and rustc must not take a
    // `&mut Expanded` for the only pointer into it. For a type that is not `Unpin` it does not.
    _pinned: PhantomPinned,
}

const START: u8 = 0;
const FIRST_PAUSE: u8 = 1;
const SECOND_PAUSE: u8 = 2;
const PANICKED: u8 = 254;
const RETURNED: u8 = 255;

const NAME: u8 = 1 << 0;
const LINE: u8 = 1 << 1;
const END: u8 = 1 << 2;
const PAUSE: u8 = 1 << 3;

/// The function itself only moves the arguments into a frame.
fn expanded(name: Text) -> Expanded {
    // The proof: the body as it was written. It never runs. rustc checks types and borrows here, and since the machine
    // does the same things in the same order, what is sound here is sound there.
    if false {
        proof(async move {
            let mut line = Text::new("Hello, ");
            let end = &mut line;
            Pause::default().await;
            end.push(&name);
            drop(name);
            Pause::default().await;
            line.len()
        })
    }
    Expanded {
        state: START,
        live: NAME,
        name: MaybeUninit::new(name),
        line: MaybeUninit::uninit(),
        end: MaybeUninit::uninit(),
        pause: MaybeUninit::uninit(),
        _pinned: PhantomPinned,
    }
}

fn proof(_body: impl Future<Output = usize>) -> ! {
    unreachable!()
}

/// Where a variable is. Variables are reached through raw pointers from the frame's address, so that an access to one
/// says nothing about references to another.
struct Slot<T> {
    live: *mut u8,
    bit: u8,
    at: *mut T,
}

impl<T> Slot<T> {
    /// `let x = value;`
    ///
    /// # Safety
    ///
    /// The frame is there, and the slot is empty.
    unsafe fn init(&self, value: T) {
        // SAFETY: the caller's promise.
        unsafe {
            self.at.write(value);
            if needs_drop::<T>() {
                *self.live |= self.bit;
            }
        }
    }

    /// A use of `x` that moves it: from here on it is somebody else's to drop.
    ///
    /// # Safety
    ///
    /// The frame is there, and the slot holds a value.
    unsafe fn take(&self) -> T {
        // SAFETY: the caller's promise.
        unsafe {
            *self.live &= !self.bit;
            self.at.read()
        }
    }

    /// The end of the scope of `x`: drops it, unless it has been moved or was never reached.
    ///
    /// # Safety
    ///
    /// The frame is there.
    unsafe fn end(&self) {
        // SAFETY: the caller's promise; the bit says that the slot holds a value.
        unsafe {
            if *self.live & self.bit != 0 {
                *self.live &= !self.bit;
                self.at.drop_in_place();
            }
        }
    }
}

struct Slots {
    name: Slot<Text>,
    line: Slot<Text>,
    end: Slot<*mut Text>,
    pause: Slot<Pause>,
}

impl Slots {
    /// # Safety
    ///
    /// `frame` points to a frame, which is there as long as the result is used.
    unsafe fn of(frame: *mut Expanded) -> Self {
        // SAFETY: the caller's promise; nothing is read here.
        unsafe {
            let live = &raw mut (*frame).live;
            Slots {
                name: Slot {
                    live,
                    bit: NAME,
                    at: (&raw mut (*frame).name).cast(),
                },
                line: Slot {
                    live,
                    bit: LINE,
                    at: (&raw mut (*frame).line).cast(),
                },
                end: Slot {
                    live,
                    bit: END,
                    at: (&raw mut (*frame).end).cast(),
                },
                pause: Slot {
                    live,
                    bit: PAUSE,
                    at: (&raw mut (*frame).pause).cast(),
                },
            }
        }
    }

    /// Runs from one suspension to the next. `Pending` leaves the state at the `.await` that is to be resumed.
    ///
    /// # Safety
    ///
    /// The slots hold what the body has put there up to `state`, and the frame does not move any more.
    unsafe fn step(&self, state: &mut u8, cx: &mut Context<'_>) -> Poll<usize> {
        let Slots {
            name,
            line,
            end,
            pause,
        } = self;
        loop {
            match *state {
                // SAFETY: the body begins; only `name` holds a value.
                START => unsafe {
                    line.init(Text::new("Hello, "));
                    end.init(line.at);
                    pause.init(Pause::default());
                    *state = FIRST_PAUSE;
                },
                // SAFETY: `name`, `line`, `end` and `pause` hold values, and `pause` stays where it is until it ends.
                FIRST_PAUSE => unsafe {
                    if Pin::new_unchecked(&mut *pause.at).poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    pause.end();
                    (**end.at).push(&*name.at);
                    drop(name.take());
                    pause.init(Pause::default());
                    *state = SECOND_PAUSE;
                },
                // SAFETY: as before, but that `name` has been moved away.
                SECOND_PAUSE => unsafe {
                    if Pin::new_unchecked(&mut *pause.at).poll(cx).is_pending() {
                        return Poll::Pending;
                    }
                    pause.end();
                    return Poll::Ready((*line.at).len());
                },
                PANICKED => panic!("`async fn` resumed after panicking"),
                _ => panic!("`async fn` resumed after completion"),
            }
        }
    }

    /// Drops what is alive, in the reverse order of declaration. The bits make this right at every moment: at the end of
    /// the body, after a panic, and when the coroutine is dropped half-way.
    ///
    /// # Safety
    ///
    /// The frame is there.
    unsafe fn finish(&self) {
        // SAFETY: the caller's promise.
        unsafe {
            self.pause.end();
            self.end.end();
            self.line.end();
            self.name.end();
        }
    }
}

impl Future for Expanded {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        // SAFETY: nothing is moved out of the frame but through its slots.
        let frame = ptr::from_mut(unsafe { self.get_unchecked_mut() });
        let unwind = Unwind(frame);
        // SAFETY: the frame is pinned and there for the whole call; `state` is no part of what the slots point to.
        let poll = unsafe {
            let slots = Slots::of(frame);
            let poll = slots.step(&mut (*frame).state, cx);
            if poll.is_ready() {
                slots.finish();
                (*frame).state = RETURNED;
            }
            poll
        };
        mem::forget(unwind);
        poll
    }
}

impl Drop for Expanded {
    fn drop(&mut self) {
        // SAFETY: the frame is dropped after this, and used no more.
        unsafe { Slots::of(self).finish() }
    }
}

/// Dropped only by a panic that leaves `poll`.
struct Unwind(*mut Expanded);

impl Drop for Unwind {
    fn drop(&mut self) {
        // SAFETY: the guard lives inside of `poll`, and the frame longer.
        unsafe {
            let state = &mut (*self.0).state;
            if *state != RETURNED {
                *state = PANICKED;
            }
            Slots::of(self.0).finish();
        }
    }
}

/// A text that says when it is dropped, and that accepts no empty text.
struct Text(String);

impl Text {
    fn new(text: &str) -> Self {
        Text(text.to_owned())
    }

    fn push(&mut self, other: &Text) {
        assert!(other.len() > 0, "nothing to push");
        self.0.push_str(&other.0);
        println!("  {self}");
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        println!("  drop {self}");
    }
}

/// A future that is ready when it is polled for the second time.
#[derive(Default)]
struct Pause {
    polled: bool,
}

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match mem::replace(&mut self.polled, true) {
            false => Poll::Pending,
            true => Poll::Ready(()),
        }
    }
}

impl Drop for Pause {
    fn drop(&mut self) {
        println!("  drop pause");
    }
}

fn drive(title: &str, coroutine: impl Future<Output = usize>, polls: usize) {
    println!("{title}, polled {polls} times");
    let mut coroutine = Box::pin(coroutine);
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        match catch_unwind(AssertUnwindSafe(|| coroutine.as_mut().poll(&mut cx))) {
            Ok(poll) => println!("  {poll:?}"),
            Err(panic) => println!("  panicked: {:?}", panic.downcast_ref::<&str>()),
        }
    }
    println!("  drop the coroutine");
}

fn main() {
    set_hook(Box::new(|_| println!("  panic")));
    for name in ["World", ""] {
        for polls in 0..=4 {
            drive("written", written(Text::new(name)), polls);
            drive("expanded", expanded(Text::new(name)), polls);
        }
    }
}
