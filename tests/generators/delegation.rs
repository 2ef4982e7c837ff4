//! `yield_all!`: Python's `yield from`, after PEP 380 and CPython's `test_pep380`.

use std::cell::RefCell;
use std::pin::{pin, Pin};
use std::rc::Rc;

use coloop::GeneratorState::{Ended, Returned, Yielded};
use coloop::{generator, try_gen, AsyncGenerator};
use futures::executor::block_on;
use futures::stream::{self, Stream, StreamExt};

use crate::stream::{all, pause};

fn range(from: u32, to: u32) -> impl Stream<Item = u32> {
    generator! {
        for n in from..to {
            pause().await;
            yield n;
        }
    }
}

#[test]
fn to_a_generator() {
    let items = generator! {
        yield 0;
        yield_all!(range(1, 4));
        yield 4;
    };
    assert_eq!(all(items), [0, 1, 2, 3, 4]);
}

#[test]
fn to_any_stream() {
    let items = generator! {
        yield_all!(stream::iter(["a", "b"]));
        yield_all!(stream::empty());
        yield_all!(stream::once(async { pause().await; "c" }));
    };
    assert_eq!(all(items), ["a", "b", "c"]);
}

#[test]
fn to_a_pinned_reference_that_is_used_again() {
    let items = generator! {
        let mut numbers = pin!(range(1, 5).fuse());
        yield_all!(numbers.as_mut().take(2));
        yield 10;
        yield_all!(&mut numbers);
        yield_all!(&mut numbers);
    };
    assert_eq!(all(items), [1, 2, 10, 3, 4]);
}

#[test]
fn in_every_position() {
    let items = generator! {
        let pair = (yield_all!(range(0, 1)), yield_all!(range(1, 2)));
        assert_eq!(pair, ((), ()));
        for n in 2..4 {
            if n == 3 {
                yield_all!(range(n, 4));
            } else {
                match n {
                    2 => yield_all!(range(2, 3)),
                    _ => {}
                }
            }
        }
    };
    assert_eq!(all(items), [0, 1, 2, 3]);
}

/// CPython: `test_delegation_of_send` and `test_returning_value_from_delegated_throw`.
#[test]
fn values_that_are_sent_go_to_the_inner() {
    let log = Rc::new(RefCell::new(Vec::new()));
    let received = &log;
    let mut outer = pin!(generator! { |first: &'static str|
        received.borrow_mut().push(("outer", first));
        let inner = generator! { |first: &'static str|
            received.borrow_mut().push(("inner", first));
            let second = yield 1;
            received.borrow_mut().push(("inner", second));
            let third = yield 2;
            received.borrow_mut().push(("inner", third));
            "the inner's"
        };
        let value = yield_all!(inner, first);
        let last = yield 3;
        received.borrow_mut().push(("outer", last));
        (value, "the outer's")
    });
    block_on(async {
        assert_eq!(outer.asend("a").await, Yielded(1));
        assert_eq!(outer.asend("b").await, Yielded(2));
        assert_eq!(outer.asend("c").await, Yielded(3));
        let end = outer.asend("d").await;
        assert_eq!(end, Returned(("the inner's", "the outer's")));
    });
    let expected = [
        ("outer", "a"),
        ("inner", "a"),
        ("inner", "b"),
        ("inner", "c"),
        ("outer", "d"),
    ];
    assert_eq!(*log.borrow(), expected);
}

/// CPython: `test_delegation_of_throw`.
#[test]
fn errors_that_are_thrown_go_to_the_inner() {
    type Sent = Result<u32, &'static str>;
    fn inner(
        log: Rc<RefCell<Vec<&'static str>>>,
    ) -> impl AsyncGenerator<Sent, Yield = u32, Return = Sent> {
        generator! { |first: Sent|
            let mut n = first?;
            loop {
                match yield n {
                    Ok(0) => return Ok(n),
                    Ok(more) => n += more,
                    Err("ignored") => log.borrow_mut().push("inner ignores"),
                    Err(error) => {
                        log.borrow_mut().push("inner gives up");
                        return Err(error);
                    }
                }
            }
        }
    }
    let log = Rc::new(RefCell::new(Vec::new()));
    let mine = Rc::clone(&log);
    let mut outer = pin!(generator! { |first: Sent|
        let result = yield_all!(inner(Rc::clone(&mine)), first);
        mine.borrow_mut().push("outer goes on");
        let _ = yield 100;
        result
    });
    block_on(async {
        assert_eq!(outer.asend(Ok(1)).await, Yielded(1));
        assert_eq!(outer.asend(Ok(2)).await, Yielded(3));
        assert_eq!(outer.athrow("ignored").await, Yielded(3));
        assert_eq!(outer.athrow("stop").await, Yielded(100));
        assert_eq!(outer.asend(Ok(1)).await, Returned(Err("stop")));
        assert_eq!(outer.asend(Ok(1)).await, Ended);
    });
    assert_eq!(
        *log.borrow(),
        ["inner ignores", "inner gives up", "outer goes on"]
    );
}

/// CPython: `test_delegator_is_visible_to_debugger` has no equal; `test_close_with_cleared_frame` and
/// `test_delegation_of_close_to_non_generator` are about closing.
#[test]
fn the_inner_is_closed_with_the_outer() {
    struct Noted(&'static str, Rc<RefCell<Vec<&'static str>>>);
    impl Drop for Noted {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0);
        }
    }
    let log = Rc::new(RefCell::new(Vec::new()));
    let noted = |name| Noted(name, Rc::clone(&log));
    let mut outer = pin!(generator! {
        let _outer = noted("outer");
        let inner = generator! {
            let _inner = noted("inner");
            yield 1;
            yield 2;
        };
        yield_all!(inner);
    });
    block_on(async {
        assert_eq!(AsyncGenerator::next(&mut outer).await, Some(1));
        outer.aclose().await;
        assert_eq!(*log.borrow(), ["inner", "outer"]);
        assert_eq!(AsyncGenerator::next(&mut outer).await, None);
    });
}

#[test]
fn recursion() {
    struct Tree(u32, Vec<Tree>);
    fn walk(tree: &Tree) -> Pin<Box<dyn Stream<Item = u32> + '_>> {
        Box::pin(generator! {
            for child in &tree.1 {
                yield_all!(walk(child));
            }
            yield tree.0;
        })
    }
    let leaf = |n| Tree(n, Vec::new());
    let tree = Tree(
        6,
        vec![Tree(3, vec![leaf(1), leaf(2)]), Tree(5, vec![leaf(4)])],
    );
    assert_eq!(all(walk(&tree)), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn recursion_with_values() {
    fn count(depth: u32) -> Pin<Box<dyn AsyncGenerator<u32, Yield = u32, Return = u32>>> {
        Box::pin(generator! { |first: u32|
            let mut sum = yield first + depth;
            if depth > 0 {
                sum += yield_all!(count(depth - 1), sum);
            }
            sum
        })
    }
    let mut generator = count(2);
    block_on(async {
        assert_eq!(generator.asend(10).await, Yielded(12));
        assert_eq!(generator.asend(20).await, Yielded(21));
        assert_eq!(generator.asend(30).await, Yielded(30));
        assert_eq!(generator.asend(40).await, Returned(90));
    });
}

#[test]
fn results_end_with_the_first_error() {
    let inner = || stream::iter([Ok(1), Err("no"), Ok(2)]);
    let items = try_gen! {
        yield 0;
        yield_all!(inner());
        yield 3;
    };
    assert_eq!(all(items), [Ok(0), Ok(1), Err("no")]);
}

#[test]
fn to_a_generator_without_a_stream() {
    fn inner() -> impl AsyncGenerator<Yield = u32, Return = &'static str> {
        generator! {
            yield 1;
            "inner"
        }
    }
    let mut outer = pin!(generator! {
        let value = yield_all!(inner());
        yield 2;
        value
    });
    block_on(async {
        assert_eq!(outer.asend(()).await, Yielded(1));
        assert_eq!(outer.asend(()).await, Yielded(2));
        assert_eq!(outer.asend(()).await, Returned("inner"));
    });
}

#[test]
#[should_panic(expected = "`yield_all!` of a generator that has ended")]
fn to_one_that_has_ended() {
    let mut inner = pin!(generator! {
        yield 1;
        "inner"
    });
    block_on(inner.aclose());
    let outer = generator! {
        let value = yield_all!(&mut inner);
        assert_eq!(value, "inner");
        yield 2;
    };
    all(outer);
}

#[test]
fn a_generic_stream() {
    fn twice<S: Stream + Clone>(items: S) -> impl Stream<Item = S::Item> {
        generator! {
            yield_all!(items.clone());
            yield_all!(items);
        }
    }
    assert_eq!(all(twice(stream::iter([1, 2]))), [1, 2, 1, 2]);
}
