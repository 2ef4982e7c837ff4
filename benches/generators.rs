//! `gen!` against a `Stream` written by hand and against `async-stream`, `iter!` against an `Iterator` written by hand: a million
//! items, inlined and through `dyn`.
//!
//! `cargo bench -p coloop-benches --bench generators`

use std::future::ready;
use std::pin::{pin, Pin};
use std::task::{Context, Poll, Waker};

use divan::{black_box, Bencher};
use futures_core::Stream;

const ITEMS: u64 = 1_000_000;

fn main() {
    divan::main();
}

struct ByHand {
    next: u64,
    end: u64,
}

impl Stream for ByHand {
    type Item = u64;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u64>> {
        let item = self.next;
        if item == self.end {
            return Poll::Ready(None);
        }
        self.next += 1;
        Poll::Ready(Some(mix(item)))
    }
}

fn by_hand(end: u64) -> impl Stream<Item = u64> {
    ByHand { next: 0, end }
}

fn generator(end: u64) -> impl Stream<Item = u64> {
    coloop::gen! {
        for item in 0..end {
            yield mix(item);
        }
    }
}

fn generator_that_awaits(end: u64) -> impl Stream<Item = u64> {
    coloop::gen! {
        for item in 0..end {
            ready(()).await;
            yield mix(item);
        }
    }
}

fn async_stream(end: u64) -> impl Stream<Item = u64> {
    async_stream::stream! {
        for item in 0..end {
            yield mix(item);
        }
    }
}

impl Iterator for ByHand {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        let item = self.next;
        if item == self.end {
            return None;
        }
        self.next += 1;
        Some(mix(item))
    }
}

fn iterator(end: u64) -> impl Iterator<Item = u64> {
    coloop::iter! {
        for item in 0..end {
            yield mix(item);
        }
    }
}

fn iterate(items: impl Iterator<Item = u64>) -> u64 {
    let mut sum = 0_u64;
    for item in items {
        sum = sum.rotate_left(1) ^ item;
    }
    sum
}

/// Work that the optimizer cannot replace by a formula.
fn mix(item: u64) -> u64 {
    (item ^ (item >> 7)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn drain(stream: impl Stream<Item = u64>) -> u64 {
    let mut stream = pin!(stream);
    let mut cx = Context::from_waker(Waker::noop());
    let mut sum = 0_u64;
    while let Poll::Ready(Some(item)) = stream.as_mut().poll_next(&mut cx) {
        sum = sum.rotate_left(1) ^ item;
    }
    sum
}

#[divan::bench_group]
mod inlined {
    use super::{async_stream, black_box, by_hand, drain, generator, generator_that_awaits, ITEMS};

    #[divan::bench]
    fn hand_written() -> u64 {
        drain(by_hand(black_box(ITEMS)))
    }

    #[divan::bench]
    fn gen() -> u64 {
        drain(generator(black_box(ITEMS)))
    }

    #[divan::bench]
    fn gen_that_awaits() -> u64 {
        drain(generator_that_awaits(black_box(ITEMS)))
    }

    #[divan::bench]
    fn async_stream_crate() -> u64 {
        drain(async_stream(black_box(ITEMS)))
    }
}

#[divan::bench_group]
mod through_dyn {
    use super::{async_stream, by_hand, drain, generator, generator_that_awaits};
    use super::{black_box, Bencher, Pin, Stream, ITEMS};

    fn run(bencher: Bencher<'_, '_>, make: fn(u64) -> Pin<Box<dyn Stream<Item = u64>>>) {
        bencher.bench(|| drain(make(black_box(ITEMS))));
    }

    #[divan::bench]
    fn hand_written(bencher: Bencher<'_, '_>) {
        run(bencher, |end| Box::pin(by_hand(end)));
    }

    #[divan::bench]
    fn gen(bencher: Bencher<'_, '_>) {
        run(bencher, |end| Box::pin(generator(end)));
    }

    #[divan::bench]
    fn gen_that_awaits(bencher: Bencher<'_, '_>) {
        run(bencher, |end| Box::pin(generator_that_awaits(end)));
    }

    #[divan::bench]
    fn async_stream_crate(bencher: Bencher<'_, '_>) {
        run(bencher, |end| Box::pin(async_stream(end)));
    }
}

#[divan::bench_group]
mod iterators {
    use super::{black_box, iterate, iterator, ByHand, ITEMS};

    #[divan::bench]
    fn hand_written() -> u64 {
        let end = black_box(ITEMS);
        iterate(ByHand { next: 0, end })
    }

    #[divan::bench]
    fn iter() -> u64 {
        iterate(iterator(black_box(ITEMS)))
    }

    #[divan::bench]
    fn hand_written_through_dyn() -> u64 {
        let end = black_box(ITEMS);
        iterate(black_box(
            Box::new(ByHand { next: 0, end }) as Box<dyn Iterator<Item = u64>>
        ))
    }

    #[divan::bench]
    fn iter_through_dyn() -> u64 {
        iterate(black_box(
            Box::new(iterator(black_box(ITEMS))) as Box<dyn Iterator<Item = u64>>
        ))
    }
}
