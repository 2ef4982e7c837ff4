//! A coroutine allocates nothing: not when it is called, polled, suspended or dropped, whatever its body needs of the
//! compiler. Counted by the allocator of this test binary; what the runtime allocates is in `runtime/tests`.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::future::{poll_fn, Future};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use coloop::{AsyncGenerator, GeneratorState};
use futures_core::Stream;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

impl Counting {
    fn count() {
        // A thread that ends has no counter any more.
        let _ = COUNT.try_with(|count| count.set(count.get() + 1));
    }
}

// SAFETY: it hands everything to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        Counting::count();
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        Counting::count();
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations something makes.
fn allocations<T>(run: impl FnOnce() -> T) -> usize {
    let before = COUNT.get();
    drop(run());
    COUNT.get() - before
}

/// Polls a future to its end.
fn finish<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut noop()) {
            return output;
        }
    }
}

fn noop() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

/// Suspends once.
async fn pause() {
    let mut suspended = false;
    poll_fn(|_| match std::mem::replace(&mut suspended, true) {
        true => Poll::Ready(()),
        false => Poll::Pending,
    })
    .await
}

async fn later<T>(value: T) -> T {
    pause().await;
    value
}

/// A value with something to drop, and methods of every kind.
struct Owner<'a> {
    drops: &'a Cell<u32>,
    number: u32,
}

impl Owner<'_> {
    fn shared(&self) -> u32 {
        self.number
    }

    fn unique(&mut self) -> &mut u32 {
        &mut self.number
    }

    fn consuming(self) -> u32 {
        self.number
    }

    async fn shared_wait(&self) -> u32 {
        later(self.number).await
    }

    async fn consuming_wait(self) -> u32 {
        later(self.number).await
    }
}

impl Drop for Owner<'_> {
    fn drop(&mut self) {
        self.drops.set(self.drops.get() + 1);
    }
}

fn owner(drops: &Cell<u32>, number: u32) -> Owner<'_> {
    Owner { drops, number }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| Box::new(1)), 1);
    assert_eq!(allocations(|| finish(async { vec![later(1).await] })), 1);
}

#[coloop::coroutine]
async fn awaits(n: u32) -> u32 {
    let a = later(n).await;
    let b = later(a + 1).await + later(a).await;
    for n in 0..later(3).await {
        if later(n == 1).await {
            continue;
        }
        pause().await;
    }
    a + b
}

#[test]
fn awaits_allocate_nothing() {
    assert_eq!(allocations(|| assert_eq!(finish(awaits(1)), 4)), 0);
}

#[test]
fn a_call_a_poll_and_a_drop_allocate_nothing() {
    assert_eq!(allocations(|| awaits(1)), 0);
    let polled = allocations(|| {
        let mut future = pin!(awaits(1));
        assert!(future.as_mut().poll(&mut noop()).is_pending());
    });
    assert_eq!(polled, 0);
}

#[coloop::coroutine]
async fn receivers(drops: &Cell<u32>) -> u32 {
    let (a, mut b, c, d) = (
        owner(drops, 1),
        owner(drops, 2),
        owner(drops, 3),
        owner(drops, 4),
    );
    pause().await;
    let mut sum = a.shared() + *b.unique();
    pause().await;
    sum += c.consuming() + a.shared_wait().await;
    sum += d.consuming_wait().await;
    sum + later(owner(drops, 5)).await.shared_wait().await
}

#[test]
fn receivers_of_unknown_methods_allocate_nothing() {
    let drops = Cell::new(0);
    assert_eq!(allocations(|| assert_eq!(finish(receivers(&drops)), 16)), 0);
    assert_eq!(drops.get(), 5);
}

#[coloop::coroutine]
async fn matches(drops: &Cell<u32>) -> u32 {
    let mut sum = 0;
    for choice in [Some((owner(drops, 1), 2)), None] {
        pause().await;
        match choice {
            Some((ref a, 0)) => sum += a.shared(),
            Some((a, n)) if n > 1 => sum += a.consuming_wait().await + n,
            Some(_) => pause().await,
            None => sum += later(10).await,
        }
    }
    let pair = (owner(drops, 3), owner(drops, 4));
    pause().await;
    let (first, _) = pair;
    pause().await;
    let Some(second) = later(Some(owner(drops, 5))).await else {
        return 0;
    };
    sum + first.consuming() + second.shared()
}

#[test]
fn matches_over_moved_values_allocate_nothing() {
    let drops = Cell::new(0);
    assert_eq!(allocations(|| assert_eq!(finish(matches(&drops)), 21)), 0);
    assert_eq!(drops.get(), 4);
}

#[coloop::coroutine]
async fn captures(drops: &Cell<u32>) -> u32 {
    let (a, b) = (owner(drops, 1), owner(drops, 2));
    pause().await;
    let borrowing = |n: u32| a.shared() + n;
    let sum = borrowing(1) + later(borrowing(2)).await;
    let block = async move {
        pause().await;
        b.consuming()
    };
    pause().await;
    sum + block.await
}

#[test]
fn closures_and_async_blocks_allocate_nothing() {
    let drops = Cell::new(0);
    assert_eq!(allocations(|| assert_eq!(finish(captures(&drops)), 7)), 0);
    assert_eq!(drops.get(), 2);
}

#[coloop::coroutine]
async fn fails(drops: &Cell<u32>, fail: bool) -> Result<u32, u32> {
    let a = owner(drops, 1);
    let n = later(if fail { Err(7_u32) } else { Ok(1) }).await?;
    Ok(n + a.shared_wait().await)
}

#[test]
fn early_returns_allocate_nothing() {
    let drops = Cell::new(0);
    assert_eq!(
        allocations(|| assert_eq!(finish(fails(&drops, true)), Err(7))),
        0
    );
    assert_eq!(
        allocations(|| assert_eq!(finish(fails(&drops, false)), Ok(2))),
        0
    );
    assert_eq!(drops.get(), 2);
}

#[coloop::coroutine]
async fn outer(n: u32) -> u32 {
    middle(n).await + middle(n + 1).await
}

#[coloop::coroutine]
async fn middle(n: u32) -> u32 {
    awaits(n).await + awaits(n).await
}

#[test]
fn coroutines_in_coroutines_allocate_nothing() {
    assert_eq!(allocations(|| assert_eq!(finish(outer(1)), 22)), 0);
}

fn numbers<'a>(drops: &'a Cell<u32>, limit: u32) -> impl Stream<Item = Owner<'a>> {
    coloop::gen! {
        let local = owner(drops, 100);
        for n in 0..limit {
            pause().await;
            yield owner(drops, n);
            yield owner(drops, local.shared());
        }
    }
}

#[coloop::coroutine]
async fn sum(drops: &Cell<u32>) -> u32 {
    let mut sum = 0;
    #[for_await]
    for item in numbers(drops, 3) {
        sum += item.shared_wait().await;
    }
    sum
}

#[test]
fn generators_and_loops_over_them_allocate_nothing() {
    let drops = Cell::new(0);
    assert_eq!(allocations(|| assert_eq!(finish(sum(&drops)), 303)), 0);
    assert_eq!(drops.get(), 7);
}

#[test]
fn a_generator_dropped_halfway_allocates_nothing() {
    let drops = Cell::new(0);
    let dropped = allocations(|| {
        let mut numbers = pin!(numbers(&drops, 3));
        for _ in 0..2 {
            let _ = numbers.as_mut().poll_next(&mut noop());
        }
    });
    assert_eq!((dropped, drops.get()), (0, 2));
}

fn replies<'a>(drops: &'a Cell<u32>) -> impl AsyncGenerator<u32, Yield = u32, Return = u32> + 'a {
    coloop::gen!(|first: u32| {
        let local = owner(drops, first);
        let mut last = 0;
        while last < 3 {
            pause().await;
            last = yield local.shared() + last;
        }
        last
    })
}

#[coloop::coroutine]
async fn conversation(drops: &Cell<u32>) -> u32 {
    let mut outer = pin!(coloop::gen!(|first: u32| {
        let returned = yield_all!(replies(drops), first);
        yield returned * 10;
    }));
    let mut sum = 0;
    for n in 1..6 {
        match outer.asend(n).await {
            GeneratorState::Yielded(item) => sum += item,
            _ => break,
        }
    }
    outer.aclose().await;
    sum
}

#[test]
fn sending_delegating_and_closing_allocate_nothing() {
    let drops = Cell::new(0);
    assert_eq!(
        allocations(|| assert_eq!(finish(conversation(&drops)), 1 + 3 + 30)),
        0
    );
    assert_eq!(drops.get(), 1);
}

#[coloop::coroutine]
async fn results(lines: &str) -> (u32, bool) {
    let (mut sum, mut failed) = (0, false);
    #[for_await]
    for n in coloop::try_gen!({
        for line in lines.lines() {
            let n: u32 = line.parse()?;
            yield later(n).await;
        }
        Ok::<(), std::num::ParseIntError>(())
    }) {
        match n {
            Ok(n) => sum += n,
            Err(_) => failed = true,
        }
    }
    (sum, failed)
}

#[test]
fn generators_of_results_allocate_nothing() {
    let run = || assert_eq!(finish(results("1\n2\nx\n3")), (3, true));
    assert_eq!(allocations(run), 0);
}

#[test]
fn iterators_allocate_nothing() {
    let run = || {
        let evens = coloop::iter!({
            for n in 0..10 {
                if n % 2 == 0 {
                    yield n;
                }
            }
        });
        let borrowing = pin!(coloop::iter!(static || {
            let list = [1, 2, 3];
            for n in &list {
                yield *n;
            }
            yield_all!(evens);
        }));
        assert_eq!(borrowing.sum::<u32>(), 26);
    };
    assert_eq!(allocations(run), 0);
}

/// Only the first round lets the loop's queues grow.
#[test]
fn a_spawned_coroutine_is_one_allocation() {
    coloop::run(async {
        let mut counts = Vec::with_capacity(2);
        for _ in 0..2 {
            let before = COUNT.get();
            coloop::spawn(yields_to_the_loop()).await.unwrap();
            coloop::spawn(yields_to_the_loop()).await.unwrap();
            counts.push(COUNT.get() - before);
        }
        assert_eq!(counts[1], 2);
    });
}

#[coloop::coroutine]
async fn yields_to_the_loop() -> u32 {
    let mut sum = 0;
    for n in 0..3 {
        coloop::yield_now().await;
        sum += n;
    }
    sum
}
