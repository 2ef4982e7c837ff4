//! The same bodies as `async fn` and as `#[coroutine]`, driven by the same executor.
//!
//! `cargo bench -p coloop-benches --bench coroutines`

use std::future::{poll_fn, Future};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use divan::black_box;

fn main() {
    divan::main();
}

/// Suspends once.
async fn pause() {
    let mut paused = false;
    poll_fn(|_| {
        if std::mem::replace(&mut paused, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
}

/// The bodies, under an attribute or without.
macro_rules! bodies {
    ($name:ident $(, $attr:meta)?) => {
        mod $name {
            use super::{black_box, block_on, pause};

            $(#[$attr])?
            async fn leaf(n: u64) -> u64 {
                pause().await;
                n.wrapping_mul(3)
            }

            $(#[$attr])?
            async fn many(n: u64) -> u64 {
                let mut sum = 0_u64;
                for i in 0..n {
                    sum = sum.wrapping_add(leaf(i).await);
                }
                sum
            }

            $(#[$attr])?
            async fn strings(n: usize) -> usize {
                let mut words = Vec::new();
                for i in 0..n {
                    let word = format!("{i}");
                    pause().await;
                    if let Some(last) = words.pop() {
                        words.push(longer(last, word).await);
                    } else {
                        words.push(word);
                    }
                }
                words.len()
            }

            $(#[$attr])?
            async fn longer(a: String, b: String) -> String {
                pause().await;
                if a.len() > b.len() { a } else { b }
            }

            #[divan::bench]
            fn ten_thousand_awaits() -> u64 {
                block_on(many(black_box(10_000)))
            }

            #[divan::bench]
            fn owned_values_across_awaits() -> usize {
                block_on(strings(black_box(1_000)))
            }
        }
    };
}

bodies!(async_fn);
bodies!(coroutine, coloop::coroutine);
