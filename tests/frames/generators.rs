//! Generators: with `async-stream`, written by hand, and with coloop.

use std::future::{ready, Ready};
use std::mem::{size_of, size_of_val};

use futures_core::Stream;

/// One generator.
pub struct Shape {
    pub name: &'static str,
    /// With `async-stream`; nothing for an iterator.
    pub async_stream: Option<usize>,
    pub by_hand: usize,
    pub coloop: usize,
}

/// The name, the one by hand, and the body for both macros.
macro_rules! shape {
    ($name:ident, $hand:ty, ($($x:ident = $value:expr),*), {$($body:tt)*}) => {{
        $(let $x = $value;)*
        let theirs = async_stream::stream! { $($body)* };
        $(let $x = $value;)*
        let ours = coloop::gen! { $($body)* };
        Shape {
            name: stringify!($name),
            async_stream: Some(size_of_val(&theirs)),
            by_hand: size_of::<$hand>(),
            coloop: size_of_val(&ours),
        }
    }};
}

// What such a generator has to remember, as who writes it by hand would write it.

/// `for n in 0..end { yield n; }`: the next number and the end.
type Counter = (u64, u64);
/// The same, waiting before each.
type Waiting = (Counter, Option<Ready<()>>);
/// The bytes, and the number of the next.
type Buffer = ([u8; 256], usize);
/// The text, and how far it has been read.
type Pieces = (String, usize);
/// The page, the next on it, the next page and their end.
type Pages = ([u64; 64], usize, u64, u64);
/// One after the other.
type Chain = (Counter, Counter);

fn streamed(end: u64) -> impl Stream<Item = u64> {
    coloop::gen!({
        for n in 0..end {
            yield n;
        }
    })
}

fn streamed_by_async_stream(end: u64) -> impl Stream<Item = u64> {
    async_stream::stream! {
        for n in 0..end {
            yield n;
        }
    }
}

pub fn shapes() -> Vec<Shape> {
    vec![
        shape!(counter, Counter, (end = 10_u64), {
            for n in 0..end {
                yield n;
            }
        }),
        shape!(waiting, Waiting, (end = 10_u64), {
            for n in 0..end {
                ready(()).await;
                yield n;
            }
        }),
        shape!(buffer, Buffer, (), {
            let bytes = [0_u8; 256];
            for byte in &bytes {
                yield *byte;
            }
        }),
        shape!(buffer_moved, Buffer, (bytes = [0_u8; 256]), {
            for byte in &bytes {
                yield *byte;
            }
        }),
        shape!(lines, Pieces, (text = String::new()), {
            for line in text.lines() {
                yield line.len();
            }
        }),
        shape!(page, Pages, (pages = 3_u64), {
            let mut token = 0;
            while token < pages {
                let page = ready([token; 64]).await;
                for n in page.iter() {
                    yield *n;
                }
                token += 1;
            }
        }),
        chained(),
        iterator(),
    ]
}

fn chained() -> Shape {
    let theirs = async_stream::stream! {
        for await n in streamed_by_async_stream(1) {
            yield n;
        }
        for await n in streamed_by_async_stream(2) {
            yield n;
        }
    };
    let ours = coloop::gen!({
        yield_all!(streamed(1));
        yield_all!(streamed(2));
    });
    Shape {
        name: "delegated",
        async_stream: Some(size_of_val(&theirs)),
        by_hand: size_of::<Chain>(),
        coloop: size_of_val(&ours),
    }
}

fn iterator() -> Shape {
    let ours = coloop::iter!({
        for n in 0..10_u64 {
            yield n;
        }
    });
    Shape {
        name: "iterator",
        async_stream: None,
        by_hand: size_of::<Counter>(),
        coloop: size_of_val(&ours),
    }
}
