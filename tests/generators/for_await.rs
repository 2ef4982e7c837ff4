//! `#[for_await] for x in stream { … }`, in coroutines and in generators.

use futures::{stream, Stream, StreamExt};

use crate::harness::D;
use crate::stream::{all, pause, source};

same_loop! {
    async fn over_an_empty_stream(t: Trace) -> u32 {
        let none = source(&t, 1, 0);
        #[for_await]
        for d in none {
            t.op(d.id());
        }
        t.n(2)
    }
}

same_loop! {
    async fn over_a_stream_that_suspends(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        for d in (source(&t, 1, 3)) {
            sum += d.id();
        }
        sum
    }
}

same_loop! {
    /// an item is dropped before the next one is asked for
    async fn items_are_dropped_one_by_one(t: Trace) {
        #[for_await]
        for d in (source(&t, 1, 2)) {
            t.op(1);
        }
        t.op(2);
    }
}

same_loop! {
    async fn awaits_in_the_body(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        for d in (source(&t, 1, 2)) {
            sum += d.by_ref_wait().await + t.wait(5, 1).await;
        }
        sum
    }
}

same_loop! {
    async fn the_body_consumes_items(t: Trace) -> Vec<D> {
        let mut found = Vec::new();
        #[for_await]
        for d in (source(&t, 1, 3)) {
            t.wait(5, 1).await;
            found.push(d);
        }
        found
    }
}

same_loop! {
    async fn break_drops_the_stream(t: Trace) -> u32 {
        let outside = t.d(1);
        #[for_await]
        for d in (source(&t, 1, 3)) {
            if d.id() == 12 {
                break;
            }
            t.wait(5, 1).await;
        }
        outside.id()
    }
}

same_loop! {
    async fn continue_asks_for_the_next(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        for d in (source(&t, 1, 3)) {
            let local = t.d(5);
            if d.id() == 12 {
                continue;
            }
            sum += t.wait(d.id(), 1).await;
        }
        sum
    }
}

same_loop! {
    async fn return_leaves_the_loop(t: Trace) -> u32 {
        let outside = t.d(1);
        #[for_await]
        for d in (source(&t, 1, 3)) {
            if d.id() == 12 {
                return d.by_value();
            }
        }
        t.n(9)
    }
}

same_loop! {
    async fn question_mark_leaves_the_loop(t: Trace) -> Result<u32, crate::harness::E> {
        let mut sum = 0;
        #[for_await]
        for d in (source(&t, 1, 3)) {
            sum += t.ok(d.id())?;
            if d.id() == 12 {
                sum += t.later_err(7).await?;
            }
        }
        Ok(sum)
    }
}

same_loop! {
    async fn nested(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        for a in (source(&t, 1, 2)) {
            #[for_await]
            for b in (source(&t, a.id(), 2)) {
                sum += a.id() * b.id();
            }
        }
        sum
    }
}

same_loop! {
    async fn labelled_break_and_continue(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        'outer: for a in (source(&t, 1, 3)) {
            #[for_await]
            for b in (source(&t, 2, 3)) {
                if b.id() == 22 {
                    if a.id() == 12 {
                        break 'outer;
                    }
                    continue 'outer;
                }
                sum += t.wait(b.id(), 1).await;
            }
            t.op(99);
        }
        sum
    }
}

same_loop! {
    async fn inside_a_for_loop(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 1..3 {
            let local = t.d(n);
            #[for_await]
            for d in (source(&t, n, 2)) {
                sum += d.id();
            }
        }
        sum
    }
}

same_loop! {
    async fn a_for_loop_inside(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        for d in (source(&t, 1, 2)) {
            for n in 0..2 {
                sum += t.wait(n, 1).await + d.id();
            }
        }
        sum
    }
}

same_loop! {
    async fn tuple_patterns(t: Trace) -> u32 {
        let pairs = source(&t, 1, 2).map(|d| (d.id(), d));
        let mut sum = 0;
        #[for_await]
        for (n, d) in pairs {
            t.wait(5, 1).await;
            sum += n + d.id();
        }
        sum
    }
}

same_loop! {
    async fn patterns_that_bind_a_part(t: Trace) -> u32 {
        let pairs = source(&t, 1, 2).map(|d| (d.id(), d));
        let mut sum = 0;
        #[for_await]
        for (n, _) in pairs {
            t.wait(5, 1).await;
            sum += n;
        }
        sum
    }
}

same_loop! {
    async fn struct_patterns(t: Trace) -> u32 {
        let pairs = source(&t, 1, 2).map(|d| crate::harness::Pair { b: d.by_ref().id().then(&t), a: d });
        let mut sum = 0;
        #[for_await]
        for crate::harness::Pair { a, b: second } in pairs {
            sum += t.wait(5, 1).await + a.id() + second.id();
        }
        sum
    }
}

trait Then {
    fn then(self, t: &crate::harness::Trace) -> D;
}

impl Then for u32 {
    fn then(self, t: &crate::harness::Trace) -> D {
        t.d(self + 100)
    }
}

same_loop! {
    async fn mutable_and_reference_patterns(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        for mut d in (source(&t, 1, 2)) {
            d.set(5);
            t.wait(5, 1).await;
            sum += d.id();
        }
        let numbers = [1, 2, 3];
        #[for_await]
        for &n in (stream::iter(&numbers)) {
            sum += t.wait(n, 1).await;
        }
        sum
    }
}

same_loop! {
    async fn the_wildcard_drops_at_once(t: Trace) -> u32 {
        let mut count = 0;
        #[for_await]
        for _ in (source(&t, 1, 2)) {
            count += t.wait(1, 1).await;
        }
        count
    }
}

same_loop! {
    async fn a_borrowed_stream_goes_on_afterwards(t: Trace) -> u32 {
        let mut s = std::pin::pin!(source(&t, 1, 4));
        let mut sum = 0;
        let first = s.as_mut().take(2);
        #[for_await]
        for d in first {
            sum += d.id();
        }
        t.op(1);
        #[for_await]
        for d in s {
            sum += t.wait(d.id(), 1).await;
        }
        sum
    }
}

same_loop! {
    async fn an_unpin_stream_by_unique_reference(t: Trace) -> u32 {
        let mut numbers = stream::iter(vec![t.d(1), t.d(2), t.d(3)]);
        let borrowed = &mut numbers;
        #[for_await]
        for d in borrowed {
            if t.wait(d.id(), 1).await == 2 {
                break;
            }
        }
        let rest = numbers.next().await;
        rest.map_or(0, |d| d.id())
    }
}

same_loop! {
    async fn a_boxed_stream(t: Trace) -> u32 {
        let boxed = source(&t, 1, 2).boxed_local();
        let mut sum = 0;
        #[for_await]
        for d in boxed {
            sum += t.wait(d.id(), 1).await;
        }
        sum
    }
}

same_loop! {
    async fn awaits_in_the_operand(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        for d in (source(&t, t.wait(2, 1).await, 2)) {
            sum += d.id();
        }
        sum
    }
}

same_loop! {
    async fn the_temporaries_of_the_operand_live_as_long_as_the_loop(t: Trace) -> u32 {
        let mut sum = 0;
        #[for_await]
        for n in (stream::iter([t.d(1).by_ref(), t.d(2).by_ref()])) {
            sum += t.wait(n.id(), 1).await;
        }
        sum
    }
}

same_loop! {
    async fn as_the_last_expression(t: Trace) {
        let local = t.d(1);
        #[for_await]
        for d in (source(&t, 1, 2)) {
            d.by_ref_wait().await;
        }
    }
}

same_loop! {
    async fn in_a_branch(t: Trace) -> u32 {
        let mut sum = 0;
        if t.yes(1) {
            #[for_await]
            for d in (source(&t, 1, 2)) {
                sum += d.id();
            }
        } else {
            sum += t.wait(1, 1).await;
        }
        match sum {
            0 => t.op(1),
            _ => {
                #[for_await]
                for d in (source(&t, 2, 1)) {
                    sum += d.id();
                }
            }
        }
        sum
    }
}

same_items! {
    fn in_a_generator(t: Trace) gives {
        #[for_await]
        for d in (source(&t, 1, 3)) {
            yield d.id();
            t.op(5);
        }
        yield 0;
    }
}

same_items! {
    fn in_a_generator_over_a_captured_stream(t: Trace) {
        let s = source(&t, 1, 3);
    } gives {
        #[for_await]
        for d in s {
            yield d;
        }
        t.op(5);
    }
}

same_items! {
    fn in_a_generator_nested_and_left_by_return(t: Trace) gives {
        let local = t.d(1);
        #[for_await]
        for a in (source(&t, 2, 2)) {
            #[for_await]
            for b in (source(&t, 3, 2)) {
                yield b.id();
                if t.later(4, a.id() == 22).await {
                    return;
                }
            }
        }
    }
}

#[test]
fn over_a_generator() {
    fn squares(limit: u32) -> impl Stream<Item = u32> {
        coloop::gen! {
            for n in 0..limit {
                pause().await;
                yield n * n;
            }
        }
    }
    #[coloop::coroutine]
    async fn sum(limit: u32) -> u32 {
        let mut sum = 0;
        #[for_await]
        for square in squares(limit) {
            sum += square;
        }
        sum
    }
    assert_eq!(coloop::run(sum(4)), 14);
    assert_eq!(futures::executor::block_on(sum(3)), 5);
}

#[test]
fn is_fused_with_what_it_runs_over() {
    let pipeline = coloop::gen! {
        let numbers = coloop::gen! {
            for n in 1.. {
                yield n;
            }
        };
        let even = coloop::gen! {
            #[for_await]
            for n in numbers {
                if n % 2 == 0 {
                    yield n;
                }
            }
        };
        #[for_await]
        for n in even {
            if n > 8 {
                return;
            }
            yield n;
        }
    };
    assert_eq!(all(pipeline), [2, 4, 6, 8]);
}
