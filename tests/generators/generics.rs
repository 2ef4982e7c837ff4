//! Generators in generic functions and methods.

use std::fmt::Display;
use std::future::Future;

use futures::{Stream, StreamExt};

use crate::stream::{all, pause};

#[test]
fn over_a_type() {
    fn each<T>(items: Vec<T>) -> impl Stream<Item = T> {
        coloop::gen! {
            for item in items {
                pause().await;
                yield item;
            }
        }
    }
    assert_eq!(all(each(vec!["a", "b"])), ["a", "b"]);
    assert_eq!(all(each(vec![1])), [1]);
}

#[test]
fn over_a_stream_that_it_borrows_from() {
    fn same<A: Stream>(a: A) -> impl Stream<Item = A::Item> {
        coloop::gen! {
            let mut a = Box::pin(a);
            while let Some(item) = a.next().await {
                yield item;
            }
        }
    }
    assert_eq!(all(same(futures::stream::iter([1, 2]))), [1, 2]);
}

#[test]
fn over_a_constant() {
    fn chunks<const N: usize>(numbers: &[u32]) -> impl Stream<Item = [u32; N]> + '_ {
        coloop::gen! {
            for chunk in numbers.chunks_exact(N) {
                let mut array = [0; N];
                array.copy_from_slice(chunk);
                yield array;
            }
        }
    }
    assert_eq!(all(chunks::<2>(&[1, 2, 3, 4, 5])), [[1, 2], [3, 4]]);
}

#[test]
fn over_impl_trait() {
    fn shown(values: impl IntoIterator<Item = impl Display>) -> impl Stream<Item = String> {
        coloop::gen! {
            for value in values {
                yield value.to_string();
            }
        }
    }
    assert_eq!(all(shown([1, 2])), ["1", "2"]);
}

#[test]
fn over_futures_and_functions() {
    fn mapped<F, T>(count: u32, f: impl Fn(u32) -> F) -> impl Stream<Item = T>
    where
        F: Future<Output = T>,
    {
        coloop::gen! {
            for n in 0..count {
                yield f(n).await;
            }
        }
    }
    let items = mapped(3, |n| async move {
        pause().await;
        n * n
    });
    assert_eq!(all(items), [0, 1, 4]);
}

#[test]
fn over_streams() {
    fn pairs<S: Stream<Item: Clone>>(stream: S) -> impl Stream<Item = (S::Item, S::Item)> {
        coloop::gen! {
            #[for_await]
            for item in stream {
                yield (item.clone(), item);
            }
        }
    }
    assert_eq!(all(pairs(futures::stream::iter([1, 2]))), [(1, 1), (2, 2)]);
}

struct Counter<T> {
    start: T,
    steps: usize,
}

impl<T: Copy + std::ops::Add<Output = T>> Counter<T> {
    fn values(&self) -> impl Stream<Item = T> + '_ {
        coloop::gen! {
            let mut value = self.start;
            for _ in 0..self.steps {
                yield value;
                value = value + self.start;
            }
        }
    }

    fn count(&mut self) -> impl Stream<Item = usize> + '_ {
        coloop::gen! {
            while self.steps > 0 {
                self.steps -= 1;
                pause().await;
                yield self.steps;
            }
        }
    }

    fn into_values(self) -> impl Stream<Item = T> {
        coloop::gen! {
            for _ in 0..self.steps {
                yield self.start;
            }
        }
    }
}

#[test]
fn methods_with_a_shared_self() {
    let counter = Counter { start: 2, steps: 3 };
    assert_eq!(all(counter.values()), [2, 4, 6]);
    assert_eq!(all(counter.values()), [2, 4, 6]);
}

#[test]
fn methods_with_a_unique_self() {
    let mut counter = Counter { start: 2, steps: 2 };
    assert_eq!(all(counter.count()), [1, 0]);
    assert_eq!(counter.steps, 0);
}

#[test]
fn methods_that_consume_self() {
    assert_eq!(
        all(Counter {
            start: 1.5,
            steps: 2
        }
        .into_values()),
        [1.5, 1.5]
    );
}

#[test]
fn methods_of_a_trait() {
    trait Source {
        type Item;
        fn items(&self) -> impl Stream<Item = Self::Item>;
    }
    impl<T: Clone> Source for Vec<T> {
        type Item = T;
        fn items(&self) -> impl Stream<Item = T> {
            coloop::gen! {
                for item in self {
                    yield item.clone();
                }
            }
        }
    }
    assert_eq!(all(vec![1, 2].items()), [1, 2]);
}

#[test]
fn methods_call_their_own_type() {
    struct Doubler;
    impl Doubler {
        const LIMIT: u32 = 3;
        fn double(n: u32) -> u32 {
            2 * n
        }
        fn all(&self) -> impl Stream<Item = u32> {
            coloop::gen! {
                for n in 0..Self::LIMIT {
                    yield Self::double(n);
                }
            }
        }
    }
    assert_eq!(all(Doubler.all()), [0, 2, 4]);
}
