//! Where `gen! { … }` may stand.

use std::future::ready;
use std::pin::{pin, Pin};

use futures::{Stream, StreamExt};

use crate::stream::{all, pause};

same_items! {
    fn inside_another(t: Trace) { let captured = t.d(1); } gives {
        let local = t.d(2);
        let inner = coloop::gen! {
            yield captured.id();
            yield local.id();
        };
        t.op(1);
        #[for_await]
        for n in inner {
            yield n;
        }
        t.op(2);
    }
}

same_items! {
    fn inside_another_that_goes_on_using_copies(t: Trace) { let n = 5; } gives {
        let m = n + 1;
        let inner = coloop::gen! {
            yield n;
            yield m;
        };
        #[for_await]
        for k in inner {
            yield k + n + m;
        }
    }
}

same_loop! {
    async fn inside_a_coroutine(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        let n = t.wait(3, 1).await;
        let items = coloop::gen! {
            for i in 0..n {
                yield a.id() + i;
            }
        };
        t.op(4);
        let mut sum = n + b.id();
        #[for_await]
        for item in items {
            sum += t.wait(item, 1).await;
        }
        sum
    }
}

same_loop! {
    async fn inside_a_coroutine_that_has_the_same_names(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(1, 1).await;
        let trace = t.clone();
        let items = coloop::gen! {
            let d = trace.d(2);
            yield d.id();
            if let Some(d) = Some(trace.d(3)) {
                yield d.by_value();
            }
            for d in [trace.d(4)] {
                yield d.id();
            }
        };
        let mut sum = 0;
        #[for_await]
        for item in items {
            sum += t.wait(item, 1).await;
        }
        sum + d.id()
    }
}

same_loop! {
    async fn inside_a_coroutine_with_consumed_values(t: Trace) -> u32 {
        let (a, b) = (Some(t.d(1)), t.d(2));
        t.wait(1, 1).await;
        let items = coloop::gen! {
            match a {
                Some(d) => yield d.by_value(),
                None => return,
            }
            yield b.by_value_wait().await;
            yield format!("{}", 5).len() as u32;
        };
        let mut sum = 0;
        #[for_await]
        for item in items {
            sum += item;
        }
        sum
    }
}

same_loop! {
    async fn inside_a_loop_of_a_coroutine(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 1..3 {
            let d = t.d(n);
            let items = coloop::gen! {
                yield d.id();
                yield n * 10;
            };
            #[for_await]
            for item in items {
                sum += t.wait(item, 1).await;
            }
        }
        sum
    }
}

#[test]
fn as_the_tail_of_a_function() {
    fn countdown(from: u32) -> impl Stream<Item = u32> {
        coloop::gen! {
            for n in (0..from).rev() {
                pause().await;
                yield n;
            }
        }
    }
    assert_eq!(all(countdown(3)), [2, 1, 0]);
}

#[test]
fn as_the_tail_of_a_function_that_captures_precisely() {
    fn numbers<'a, T: Copy>(n: &'a T, _unused: &str) -> impl Stream<Item = T> + use<'a, T> {
        coloop::gen! {
            yield *n;
            yield *n;
        }
    }
    let n = 5;
    let items = numbers(&n, &String::from("gone before the stream is used"));
    assert_eq!(all(items), [5, 5]);
}

#[test]
fn as_the_value_of_a_let() {
    let from = 2;
    let items = coloop::gen! {
        yield from;
        yield from + 1;
    };
    assert_eq!(all(items), [2, 3]);
}

#[test]
fn as_an_argument() {
    let n = 4;
    assert_eq!(all(coloop::gen! { yield n; }), [4]);
}

#[test]
fn as_a_field_and_an_element() {
    struct Holder<S> {
        stream: S,
    }
    let holder = Holder {
        stream: coloop::gen! { yield 1; },
    };
    let streams: [Pin<Box<dyn Stream<Item = u32>>>; 2] =
        [Box::pin(holder.stream), Box::pin(coloop::gen! { yield 2; })];
    let items: Vec<u32> = streams.into_iter().flat_map(all).collect();
    assert_eq!(items, [1, 2]);
}

#[test]
fn in_a_closure() {
    let repeat = |n: u32, times: usize| {
        coloop::gen! {
            for _ in 0..times {
                yield n;
            }
        }
    };
    assert_eq!(all(repeat(7, 2)), [7, 7]);
    assert_eq!(all(repeat(8, 1)), [8]);
}

#[test]
fn in_an_async_block() {
    let items = futures::executor::block_on(async {
        let n = ready(3).await;
        coloop::gen! { yield n; }.collect::<Vec<_>>().await
    });
    assert_eq!(items, [3]);
}

#[coloop::coroutine]
async fn let_in_a_coroutine(n: u32) -> Vec<u32> {
    let offset = ready(10).await;
    let items = coloop::gen! {
        for i in 0..n {
            pause().await;
            yield offset + i;
        }
    };
    let mut items = pin!(items);
    let mut found = Vec::new();
    while let Some(item) = items.next().await {
        found.push(item);
    }
    found
}

#[test]
fn in_a_coroutine() {
    assert_eq!(coloop::run(let_in_a_coroutine(2)), [10, 11]);
}

#[coloop::coroutine]
async fn tail_of_a_coroutine(n: u32) -> impl Stream<Item = u32> {
    let n = ready(n).await + 1;
    coloop::gen! {
        pause().await;
        yield n;
    }
}

#[test]
fn as_the_value_of_a_coroutine() {
    assert_eq!(all(coloop::run(tail_of_a_coroutine(1))), [2]);
}

#[coloop::coroutine]
async fn operand_in_a_coroutine(n: u32) -> u32 {
    let mut sum = 0;
    #[for_await]
    for item in coloop::gen! { yield n; yield n + 1; } {
        sum += item;
    }
    sum
}

#[test]
fn as_the_operand_of_a_for_await() {
    assert_eq!(coloop::run(operand_in_a_coroutine(1)), 3);
}

#[test]
fn inside_the_loop_of_another() {
    let table = coloop::gen! {
        for row in 1..4 {
            let cells = coloop::gen! {
                for column in 1..row {
                    yield row * column;
                }
            };
            #[for_await]
            for cell in cells {
                yield cell;
            }
        }
    };
    assert_eq!(all(table), [2, 3, 6]);
}

#[test]
fn generators_of_generators() {
    let streams = coloop::gen! {
        for n in 0..3 {
            yield Box::pin(coloop::gen! {
                for i in 0..n {
                    yield (n, i);
                }
            });
        }
    };
    let items: Vec<_> = all(streams).into_iter().flat_map(all).collect();
    assert_eq!(items, [(1, 0), (2, 0), (2, 1)]);
}

#[test]
fn recursive_through_a_box() {
    enum Tree {
        Leaf(u32),
        Node(Vec<Tree>),
    }
    fn leaves(tree: &Tree) -> Pin<Box<dyn Stream<Item = u32> + '_>> {
        Box::pin(coloop::gen! {
            match tree {
                Tree::Leaf(n) => yield *n,
                Tree::Node(children) => {
                    for child in children {
                        #[for_await]
                        for n in leaves(child) {
                            yield n;
                        }
                    }
                }
            }
        })
    }
    let tree = Tree::Node(vec![
        Tree::Leaf(1),
        Tree::Node(vec![Tree::Leaf(2), Tree::Leaf(3)]),
        Tree::Leaf(4),
    ]);
    assert_eq!(all(leaves(&tree)), [1, 2, 3, 4]);
}

#[test]
fn two_in_one_function_do_not_meet() {
    let n = 1;
    let (a, b) = (
        coloop::gen! { yield n; },
        coloop::gen! { yield n + 1; yield n + 2; },
    );
    assert_eq!((all(a), all(b)), (vec![1], vec![2, 3]));
}
