//! Coroutines and generators without the standard library and without an allocator. Ends with 0 if all of it is right, and
//! with the number of the first check that is not.

#![no_std]
#![no_main]

use core::cell::Cell;
use core::convert::Infallible;
use core::ffi::c_int;
use core::fmt::Write;
use core::future::Future;
use core::pin::{pin, Pin};
use core::task::{Context, Poll, Waker};

use coloop::GeneratorState::{Ended, Returned, Yielded};
use coloop::{coroutine as co, AsyncGenerator};
use futures_core::Stream;

#[global_allocator]
static NONE: coloop::NoAllocator = coloop::NoAllocator;

#[link(name = "c")]
extern "C" {
    fn abort() -> !;
}

/// The library `alloc` of this target is built to unwind, and names this. Nothing calls it.
#[no_mangle]
extern "C" fn rust_eh_personality() {}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: the C library's, which takes nothing.
    unsafe { abort() }
}

/// Is ready after being polled once.
struct Pause(bool);

impl Future for Pause {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match core::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

fn pause() -> Pause {
    Pause(false)
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return output;
        }
    }
}

/// Counts drops, and consumes itself by a method.
struct Guard<'a>(&'a Cell<u32>, u32);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

impl Guard<'_> {
    fn into_number(self) -> u32 {
        self.1
    }

    async fn number(&mut self) -> u32 {
        pause().await;
        self.1 += 1;
        self.1
    }
}

#[co]
async fn consumed_and_borrowed(drops: &Cell<u32>) -> Result<u32, Infallible> {
    let mut guard = Guard(drops, 1);
    let sum = guard.number().await + guard.number().await;
    let other = Guard(drops, 10);
    pause().await;
    let n = other.into_number();
    pause().await;
    Ok(sum + n)
}

#[co]
async fn a_guarded_match(n: Option<Guard<'_>>) -> u32 {
    let text = match n {
        Some(guard) if guard.1 > 3 => {
            pause().await;
            guard.into_number()
        }
        Some(guard) => guard.1,
        None => 0,
    };
    text + 1
}

#[co]
async fn together() -> (u32, u32) {
    let first = coloop::select! {
        () = async { pause().await; pause().await } => 1,
        () = pause() => 2,
    };
    let (a, b) = coloop::join!(async { first }, async {
        pause().await;
        3
    });
    (a, b)
}

fn numbers(limit: u32) -> impl Stream<Item = u32> {
    coloop::generator! {
        for n in 0..limit {
            pause().await;
            yield n;
        }
        yield_all!(coloop::generator! { yield 100; });
    }
}

#[co]
async fn sum(limit: u32) -> u32 {
    let mut sum = 0;
    #[for_await]
    for n in numbers(limit) {
        sum += n;
    }
    sum
}

#[co]
async fn formatted(out: &mut Text, n: u32) -> core::fmt::Result {
    write!(out, "{n} {}", sum(n).await)?;
    pause().await;
    out.write_str("!")
}

struct Text([u8; 16], usize);

impl Write for Text {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let end = self.1 + text.len();
        let room = self.0.get_mut(self.1..end).ok_or(core::fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.1 = end;
        Ok(())
    }
}

fn two_way() -> bool {
    let mut generator = pin!(coloop::generator! { |first: u32|
        let second = yield first + 1;
        first + second
    });
    block_on(async {
        let answers = [
            generator.asend(1).await,
            generator.asend(2).await,
            generator.asend(3).await,
        ];
        answers == [Yielded(2), Returned(3), Ended]
    })
}

fn results() -> bool {
    fn checked(n: u32) -> impl Stream<Item = Result<u32, &'static str>> {
        coloop::try_gen! {
            yield n;
            yield n.checked_sub(1).ok_or("zero")?;
        }
    }
    let mut items = pin!(checked(0));
    let mut next = || block_on(core::future::poll_fn(|cx| items.as_mut().poll_next(cx)));
    [next(), next(), next()] == [Some(Ok(0)), Some(Err("zero")), None]
}

fn synchronous() -> bool {
    let squares = coloop::iter! {
        for n in 0..4u32 {
            yield n * n;
        }
        yield_all!([16, 25]);
    };
    squares.sum::<u32>() == 55
}

#[no_mangle]
extern "C" fn main() -> c_int {
    let drops = Cell::new(0);
    let mut text = Text([0; 16], 0);
    let checks = [
        block_on(consumed_and_borrowed(&drops)) == Ok(15) && drops.get() == 2,
        block_on(a_guarded_match(Some(Guard(&drops, 4)))) == 5 && drops.get() == 3,
        block_on(a_guarded_match(None)) == 1,
        block_on(together()) == (2, 3),
        block_on(sum(4)) == 106,
        two_way(),
        results(),
        synchronous(),
        block_on(formatted(&mut text, 2)).is_ok() && text.0.starts_with(b"2 101!"),
    ];
    match checks.iter().position(|right| !right) {
        None => 0,
        Some(wrong) => wrong as c_int + 1,
    }
}
