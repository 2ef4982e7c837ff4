//! Where `yield` may stand.

use crate::stream::{all, pause};

same_items! {
    fn of_nothing_ends_at_once(t: Trace) gives {
        if t.no(1) {
            yield 1;
        }
    }
}

same_items! {
    fn items_come_in_the_order_of_the_yields(t: Trace) gives {
        yield t.n(1);
        t.op(2);
        yield t.n(3);
        yield t.n(4);
        t.op(5);
    }
}

same_items! {
    fn runs_only_up_to_the_yield_that_is_asked_for(t: Trace) gives {
        t.op(1);
        yield 1;
        t.op(2);
        yield 2;
        t.op(3);
    }
}

same_items! {
    fn in_a_for_loop(t: Trace) gives {
        for n in 0..3 {
            t.op(n);
            yield n;
        }
    }
}

same_items! {
    fn in_a_for_loop_over_owned_values(t: Trace) gives {
        for d in [t.d(1), t.d(2), t.d(3)] {
            yield d.id();
        }
        t.op(9);
    }
}

same_items! {
    fn in_a_while_loop(t: Trace) gives {
        let mut n = 3;
        while t.val(n, n > 0) {
            n -= 1;
            yield n;
        }
    }
}

same_items! {
    fn in_a_while_let_loop(t: Trace) gives {
        let mut stack = vec![t.d(1), t.d(2), t.d(3)];
        while let Some(d) = stack.pop() {
            yield d.id();
        }
    }
}

same_items! {
    fn in_a_loop_with_break(t: Trace) gives {
        let mut n = 0;
        loop {
            if t.val(n, n == 3) {
                break;
            }
            yield n;
            n += 1;
        }
        t.op(9);
    }
}

same_items! {
    fn in_match_arms(t: Trace) gives {
        for n in 0..4 {
            match n {
                0 => yield t.n(10),
                1 | 2 => {
                    yield t.n(20);
                    yield t.n(21);
                }
                _ => t.op(30),
            }
        }
    }
}

same_items! {
    fn in_the_arm_that_binds_a_value(t: Trace) gives {
        for d in [Some(t.d(1)), None] {
            match d {
                Some(d) => {
                    yield d.id();
                    t.op(1);
                }
                None => yield 0,
            }
        }
    }
}

same_items! {
    fn in_both_branches_of_an_if(t: Trace) gives {
        for n in 0..3 {
            if t.val(n, n % 2 == 0) {
                yield n;
            } else {
                t.op(n);
                yield n + 100;
            }
        }
    }
}

same_items! {
    fn in_an_if_let(t: Trace) gives {
        if let Some(d) = t.val(1, Some(t.d(1))) {
            yield d.id();
        } else {
            yield 0;
        }
        t.op(2);
    }
}

same_items! {
    fn in_the_else_of_a_let(t: Trace) gives {
        let d = t.d(1);
        let Some(n) = t.val(2, None::<u32>) else {
            yield 2;
            return;
        };
        yield n;
    }
}

same_items! {
    fn in_nested_blocks(t: Trace) gives {
        let a = t.d(1);
        {
            let b = t.d(2);
            {
                let c = t.d(3);
                yield a.id() + b.id() + c.id();
            }
            yield b.id();
        }
        yield a.id();
    }
}

same_items! {
    fn in_a_block_that_has_a_value(t: Trace) gives {
        let n = {
            let d = t.d(1);
            yield 1;
            d.id() + 1
        };
        yield n;
    }
}

same_items! {
    fn in_an_unsafe_block(t: Trace) gives {
        let d = t.d(1);
        let p = &raw const d;
        // SAFETY: `d` is a variable of this body.
        let n = unsafe {
            yield (*p).id();
            (*p).id()
        };
        yield n;
    }
}

same_items! {
    fn as_the_last_expression(t: Trace) gives {
        let d = t.d(1);
        yield d.id()
    }
}

same_items! {
    fn without_a_value_gives_units(t: Trace) gives {
        yield;
        t.op(1);
        yield;
    }
}

same_items! {
    fn gives_values_away(t: Trace) gives {
        let d = t.d(1);
        yield d;
        yield t.d(2);
        t.op(3);
    }
}

same_items! {
    fn gives_away_one_field(t: Trace) gives {
        let pair = crate::harness::Pair { a: t.d(1), b: t.d(2) };
        yield pair.a;
        t.op(3);
        yield pair.b;
        t.op(4);
    }
}

same_items! {
    /// the temporaries of the operand live to the end of the statement
    fn keeps_the_temporaries_of_its_operand(t: Trace) gives {
        yield t.d(1).by_ref().id();
        t.op(2);
    }
}

same_items! {
    fn between_awaits(t: Trace) gives {
        let a = t.wait(1, 1).await;
        yield a;
        let b = t.wait(2, 2).await;
        yield a + b;
        t.wait(3, 1).await;
    }
}

same_items! {
    fn of_an_awaited_value(t: Trace) gives {
        yield t.wait(1, 1).await;
        yield t.wait(2, 0).await + t.n(3);
        yield t.d(4).by_value_wait().await;
    }
}

same_items! {
    fn in_a_loop_with_awaits(t: Trace) gives {
        for n in 0..t.wait(2, 1).await {
            let d = t.later_d(n).await;
            yield d.by_ref_wait().await;
        }
    }
}

same_items! {
    fn after_a_condition_that_awaits(t: Trace) gives {
        while t.later(1, false).await || t.yes(2) {
            yield 1;
            if t.later(3, true).await {
                break;
            }
        }
    }
}

same_items! {
    fn labelled_continue_skips_the_outer_rest(t: Trace) gives {
        'outer: for a in 0..3 {
            let outer = t.d(a);
            for b in 0..3 {
                let inner = t.d(10 + b);
                if b > a {
                    continue 'outer;
                }
                yield a * 10 + b;
            }
            t.op(99);
        }
    }
}

same_items! {
    fn labelled_break_leaves_both_loops(t: Trace) gives {
        'outer: loop {
            let outer = t.d(1);
            for b in 0.. {
                let inner = t.d(10 + b);
                yield b;
                if b == 1 {
                    break 'outer;
                }
            }
        }
        t.op(9);
    }
}

same_items! {
    fn break_with_a_value(t: Trace) gives {
        let mut n = 0;
        let last = loop {
            yield n;
            n += 1;
            if n == 2 {
                break t.d(n);
            }
        };
        yield last.id();
    }
}

same_items! {
    fn labelled_block(t: Trace) gives {
        let n = 'found: {
            for n in 0..5 {
                yield n;
                if n == 1 {
                    break 'found t.d(n);
                }
            }
            t.d(9)
        };
        yield n.id();
    }
}

same_items! {
    fn assignments_drop_the_old_value(t: Trace) gives {
        let mut d = t.d(1);
        yield 1;
        d = t.d(2);
        yield 2;
        d.set(3);
        yield d.id();
    }
}

same_items! {
    fn question_marks_inside_of_closures(t: Trace) gives {
        let parse = |text: &str| -> Result<u32, std::num::ParseIntError> { Ok(text.parse::<u32>()? + 1) };
        yield parse("1").unwrap_or(0);
        yield parse("x").unwrap_or(0);
    }
}

same_items! {
    fn async_blocks_inside(t: Trace) gives {
        let d = t.d(1);
        let later = async {
            t.wait(2, 1).await;
            d.id()
        };
        yield 0;
        yield later.await;
    }
}

same_items! {
    fn formats_captured_and_local_names(t: Trace) {
        let name = String::from("n");
    } gives {
        for n in 0..2 {
            yield format!("{name}{n}{}", t.n(n));
        }
        assert_eq!(name, "n", "{name}");
    }
}

same_items! {
    fn shadowed_names(t: Trace) gives {
        let d = t.d(1);
        yield d.id();
        let d = t.d(d.id() + 1);
        yield d.id();
        {
            let d = t.d(3);
            yield d.id();
        }
        yield d.id();
    }
}

#[test]
fn the_plain_loop_gives_the_same() {
    fn primes(out: &mut Vec<u32>) {
        let mut known: Vec<u32> = Vec::new();
        'next: for n in 2..60 {
            for p in &known {
                if n % p == 0 {
                    continue 'next;
                }
            }
            known.push(n);
            out.push(n);
        }
    }
    let generated = coloop::gen! {
        let mut known: Vec<u32> = Vec::new();
        'next: for n in 2..60 {
            for p in &known {
                if n % p == 0 {
                    continue 'next;
                }
            }
            known.push(n);
            pause().await;
            yield n;
        }
    };
    let mut expected = Vec::new();
    primes(&mut expected);
    assert_eq!(all(generated), expected);
}

#[test]
fn a_yield_is_an_expression_of_type_unit() {
    let generated = coloop::gen! {
        let unit: () = yield 1;
        let pair = (yield 2, 5);
        assert_eq!((unit, pair), ((), ((), 5)));
        yield 3
    };
    assert_eq!(all(generated), [1, 2, 3]);
}

#[test]
fn a_yield_inside_the_operand_of_another_comes_first() {
    let generated = coloop::gen! {
        yield {
            yield 1;
            2
        };
    };
    assert_eq!(all(generated), [1, 2]);
}

#[test]
fn the_type_of_the_items_comes_from_any_yield() {
    let generated = coloop::gen! {
        yield None;
        yield Some(1_u8);
        yield "2".parse().ok();
    };
    assert_eq!(all(generated), [None, Some(1), Some(2)]);
}

#[test]
fn items_are_coerced_to_the_type_of_the_first() {
    let closures = coloop::gen! {
        yield Box::new(|n: u32| n + 1) as Box<dyn Fn(u32) -> u32>;
        yield Box::new(|n| n * 2);
    };
    let items: Vec<u32> = all(closures).iter().map(|f| f(10)).collect();
    assert_eq!(items, [11, 20]);
}

#[test]
fn literals_are_of_the_type_that_the_caller_asks_for() {
    fn numbers() -> impl futures::Stream<Item = u64> {
        coloop::gen! {
            yield 1;
            yield 0xffff_ffff_ffff;
        }
    }
    fn lists() -> impl futures::Stream<Item = Vec<u8>> {
        coloop::gen! {
            yield Vec::new();
            yield "1".parse().into_iter().collect();
        }
    }
    assert_eq!(all(numbers()), [1, 0xffff_ffff_ffff]);
    assert_eq!(all(lists()), [vec![], vec![1]]);
}

#[test]
fn gives_values_of_types_without_names() {
    let closures = coloop::gen! {
        for factor in 1..3_u32 {
            yield move |n: u32| n * factor;
        }
    };
    assert_eq!(
        all(closures).iter().map(|f| f(10)).collect::<Vec<_>>(),
        [10, 20]
    );
    let futures = coloop::gen! {
        for n in 0..2 {
            let future = async move {
                pause().await;
                n
            };
            yield (n, future);
        }
    };
    assert_eq!(all(futures).len(), 2);
}

#[test]
fn generator_is_the_same_macro() {
    use coloop::generator;
    let imported = generator! {
        yield 1;
    };
    assert_eq!(all(imported), [1]);
    assert_eq!(all(coloop::generator! { yield 2; }), [2]);
}

#[test]
fn items_inside_are_visible_before_they_are_written() {
    let generated = coloop::gen! {
        yield double(LIMIT);
        const LIMIT: u32 = 4;
        fn double(n: u32) -> u32 {
            2 * n
        }
    };
    assert_eq!(all(generated), [8]);
}

#[test]
fn gives_references_to_statics() {
    static NAMES: [&str; 2] = ["a", "b"];
    fn names() -> impl futures::Stream<Item = &'static str> {
        coloop::gen! {
            for name in &NAMES {
                yield *name;
            }
        }
    }
    assert_eq!(all(names()), NAMES);
}
