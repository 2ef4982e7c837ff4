//! How a generator ends, and what it is afterwards.

use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::rc::Rc;
use std::task::Poll;

use futures::stream::FusedStream;
use futures::Stream;

use crate::harness::Pair;
use crate::stream::{pause, poll};

same_items! {
    fn return_ends(t: Trace) gives {
        yield t.n(1);
        if t.yes(2) {
            return;
        }
        yield t.n(3);
    }
}

same_items! {
    fn return_leaves_loops_and_blocks(t: Trace) gives {
        let outer = t.d(1);
        for n in 0.. {
            let inner = t.d(10 + n);
            if n == 2 {
                let innermost = t.d(20);
                return;
            }
            yield n;
        }
    }
}

same_items! {
    fn return_inside_an_operand(t: Trace) gives {
        let d = t.d(1);
        yield t.n(2) + if t.yes(3) { return } else { 4 };
    }
}

same_items! {
    fn return_in_the_else_of_a_let(t: Trace) gives {
        for choice in [Some(t.d(1)), None, Some(t.d(2))] {
            let Some(d) = choice else { return };
            yield d.id();
        }
    }
}

same_items! {
    fn locals_are_dropped_in_reverse(t: Trace) gives {
        let a = t.d(1);
        yield 1;
        let b = t.d(2);
        yield 2;
        let (c, d) = (t.d(3), t.d(4));
        yield 3;
    }
}

#[test]
fn gives_none_for_ever_after_the_end() {
    let mut items = Box::pin(coloop::gen! {
        yield 1;
        pause().await;
    });
    let polls: Vec<_> = (0..6).map(|_| poll(&mut items)).collect();
    let none = Poll::Ready(None);
    assert_eq!(
        polls,
        [Poll::Ready(Some(1)), Poll::Pending, none, none, none, none]
    );
}

#[test]
fn is_terminated_at_the_end_and_not_before() {
    let mut items = Box::pin(coloop::gen! {
        pause().await;
        yield 1;
    });
    let mut terminated = vec![items.is_terminated()];
    for _ in 0..4 {
        let _ = poll(&mut items);
        terminated.push(items.is_terminated());
    }
    assert_eq!(terminated, [false, false, false, true, true]);
}

#[test]
fn size_hint_is_unknown_until_it_is_zero() {
    let mut items = Box::pin(coloop::gen! {
        yield 1;
    });
    let mut hints = vec![items.size_hint()];
    for _ in 0..2 {
        let _ = poll(&mut items);
        hints.push(items.size_hint());
    }
    assert_eq!(hints, [(0, None), (0, None), (0, Some(0))]);
}

#[test]
fn debug_says_where_it_is() {
    let mut items = Box::pin(coloop::gen! {
        yield 1;
    });
    let mut shown = vec![format!("{items:?}")];
    for _ in 0..2 {
        let _ = poll(&mut items);
        shown.push(format!("{items:?}"));
    }
    assert_eq!(
        shown,
        [
            "Coroutine(not started)",
            "Coroutine(suspended)",
            "Coroutine(finished)"
        ]
    );
}

/// Polls a generator whose body panics.
fn panics<S: Stream>(items: &mut std::pin::Pin<Box<S>>) -> bool {
    catch_unwind(AssertUnwindSafe(|| poll(items).is_ready())).is_err()
}

#[test]
fn gives_none_after_a_panic() {
    let shared = Rc::new(());
    let inside = shared.clone();
    let mut items = Box::pin(coloop::gen! {
        let local = inside.clone();
        yield Rc::strong_count(&local);
        resume_unwind(Box::new("no more"));
        #[allow(unreachable_code)]
        {
            yield 2;
        }
    });
    assert_eq!(poll(&mut items), Poll::Ready(Some(3)));
    assert!(panics(&mut items));
    assert_eq!(Rc::strong_count(&shared), 1);
    assert_eq!(poll(&mut items), Poll::Ready(None));
    assert_eq!(poll(&mut items), Poll::Ready(None));
    assert_eq!(
        (items.is_terminated(), items.size_hint()),
        (true, (0, Some(0)))
    );
}

#[test]
fn gives_none_after_a_panic_in_what_it_awaits() {
    let mut items = Box::pin(coloop::gen! {
        yield 1;
        async {
            pause().await;
            resume_unwind(Box::new("no more"))
        }
        .await;
        yield 2;
    });
    assert_eq!(poll(&mut items), Poll::Ready(Some(1)));
    assert_eq!(poll(&mut items), Poll::Pending);
    assert!(panics(&mut items));
    assert_eq!(poll(&mut items), Poll::Ready(None));
}

#[test]
fn a_panicking_drop_of_a_captured_value_ends_it() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            resume_unwind(Box::new("dropped"));
        }
    }
    let bomb = Bomb;
    let mut items = Box::pin(coloop::gen! {
        let _borrowed = &bomb;
        yield 1;
    });
    assert_eq!(poll(&mut items), Poll::Ready(Some(1)));
    assert!(panics(&mut items));
    assert_eq!(poll(&mut items), Poll::Ready(None));
    drop(items);
}

#[test]
fn an_endless_generator_can_be_left_at_any_item() {
    fn naturals() -> impl Stream<Item = u64> {
        coloop::gen! {
            let mut n = 0;
            loop {
                yield n;
                n += 1;
            }
        }
    }
    let mut items = Box::pin(naturals());
    for n in 0..1000 {
        assert_eq!(poll(&mut items), Poll::Ready(Some(n)));
    }
}

#[test]
fn a_generator_without_a_yield_that_runs_is_empty() {
    let mut items = Box::pin(coloop::gen! {
        if false {
            yield 1;
        }
    });
    assert_eq!(poll(&mut items), Poll::Ready(None));
}

same_items! {
    /// as the edition of the body says, not that of the macro
    fn the_temporaries_of_a_block_outlive_its_variables(t: Trace) gives {
        yield t.n(1);
        let pair = {
            let local = vec![t.d(2)];
            Pair { a: t.d(3), ..Pair { a: t.d(4), b: t.later_d(5).await } }
        };
        yield pair.a.id();
    }
}
