//! Moves: out of variables, fields and boxes, in some branches only, and initialization again afterwards.

use crate::harness::{borrow_wait, consume_wait, Pair, Trace, D};

differential! {
    async fn moved_before_an_await(t: Trace) -> u32 {
        let d = t.d(1);
        let n = d.by_value();
        t.wait(2, 1).await + n
    }
}

differential! {
    async fn moved_after_an_await(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(2, 1).await;
        d.by_value()
    }
}

differential! {
    async fn moved_into_a_sub_future(t: Trace) -> u32 {
        let d = t.d(1);
        let n = consume_wait(d).await;
        t.wait(2, 1).await + n
    }
}

differential! {
    async fn moved_in_one_branch_only(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let d = t.d(n);
            if n == 0 {
                drop(d);
            }
            sum += t.wait(10, 1).await;
        }
        sum
    }
}

differential! {
    async fn moved_in_one_branch_with_an_await(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..3 {
            let d = t.d(n);
            match n {
                0 => sum += consume_wait(d).await,
                1 => sum += d.by_value(),
                _ => {}
            }
            sum += t.wait(10, 1).await;
        }
        sum
    }
}

differential! {
    async fn moved_to_another_variable(t: Trace) -> D {
        let a = t.d(1);
        t.wait(2, 1).await;
        let b = a;
        t.wait(3, 1).await;
        let c = b;
        t.wait(4, 1).await;
        c
    }
}

differential! {
    async fn moved_and_initialized_again(t: Trace) -> u32 {
        let mut d = t.d(1);
        let n = d.by_value();
        t.wait(2, 1).await;
        d = t.d(n + 2);
        t.wait(4, 1).await;
        d.id()
    }
}

differential! {
    async fn moved_and_perhaps_initialized_again(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let mut d = t.d(n);
            sum += consume_wait(d).await;
            if n == 0 {
                d = t.d(n + 10);
                sum += d.id();
            }
            sum += t.wait(20, 1).await;
        }
        sum
    }
}

differential! {
    async fn perhaps_moved_and_then_assigned(t: Trace) -> Vec<D> {
        let mut out = vec![];
        for n in 0..2 {
            let mut d = t.d(n);
            if n == 0 {
                out.push(d);
            }
            t.wait(10, 1).await;
            d = t.d(n + 20);
            t.wait(11, 1).await;
            out.push(d);
        }
        out
    }
}

differential! {
    async fn initialized_again_by_its_own_successor(t: Trace) -> D {
        let mut d = t.d(1);
        d = t.later(2, d).await;
        d = d.with(3);
        t.wait(4, 1).await;
        d
    }
}

differential! {
    async fn field_moved_out(t: Trace) -> u32 {
        let pair = Pair { a: t.d(1), b: t.d(2) };
        t.wait(3, 1).await;
        let a = pair.a;
        t.wait(4, 1).await;
        a.id() + pair.b.id()
    }
}

differential! {
    /// the other field drops at the end of the scope, by itself
    async fn field_moved_into_a_sub_future(t: Trace) -> u32 {
        let pair = Pair { a: t.d(1), b: t.d(2) };
        let n = consume_wait(pair.b).await;
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn tuple_element_moved_out(t: Trace) -> u32 {
        let pair = (t.d(1), t.d(2), t.n(3));
        let first = pair.0;
        let n = first.by_value();
        t.wait(4, 1).await;
        n + pair.2 + pair.1.id()
    }
}

differential! {
    async fn nested_field_moved_out_in_one_branch(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let v = ((t.d(1), t.d(2)), t.d(3));
            if n == 0 {
                let inner = v.0 .1;
                sum += inner.by_value();
            }
            sum += t.wait(4, 1).await;
        }
        sum
    }
}

differential! {
    async fn field_moved_out_and_put_back(t: Trace) -> Pair {
        let mut pair = Pair { a: t.d(1), b: t.d(2) };
        let n = consume_wait(pair.a).await;
        t.wait(3, 1).await;
        pair.a = t.d(n + 4);
        t.wait(5, 1).await;
        pair
    }
}

differential! {
    async fn moved_out_of_a_box(t: Trace) -> u32 {
        let d = Box::new(t.d(1));
        t.wait(2, 1).await;
        let inner = *d;
        t.wait(3, 1).await;
        inner.by_value()
    }
}

differential! {
    async fn field_moved_out_of_a_box(t: Trace) -> u32 {
        let pair = Box::new((t.d(1), t.d(2)));
        t.wait(3, 1).await;
        let a = pair.0;
        t.wait(4, 1).await;
        a.by_value() + pair.1.id()
    }
}

differential! {
    /// what the pattern has moved must not be dropped by the assignment
    async fn part_moved_by_a_pattern_is_assigned(t: Trace) -> u32 {
        let mut p = (t.d(1), Some(t.later_d(2).await));
        if let Some(d) = p.1 { t.n(d.id()); }
        p.1 = Some(t.d(3));
        t.wait(4, 1).await;
        borrow_wait(p.1.as_ref().unwrap()).await;
        p.0.id()
    }
}

differential! {
    async fn part_within_a_part_is_moved_and_the_part_assigned(t: Trace) -> u32 {
        let mut p = (t.d(1), (t.d(2), t.later_d(3).await));
        for n in 0..2 {
            let inner = p.1.0;
            t.wait(4, 1).await;
            if n == 0 { t.n(inner.id()); }
            p.1 = (t.d(10 + n), t.later_d(20 + n).await);
        }
        p.0.id() + p.1.1.id()
    }
}

differential! {
    async fn copied_parts_of_a_pattern_are_assigned(t: Trace) -> u32 {
        let mut p = (Some(t.n(1)), t.later_d(2).await);
        if let (Some(n), _) = p { t.n(n); p.0 = None; }
        t.wait(3, 1).await;
        match p { (Some(n), _) => n, (None, ref d) => d.id() }
    }
}

differential! {
    async fn array_taken_apart_late(t: Trace) -> u32 {
        let p = [t.d(1), t.d(2), t.d(3)];
        t.wait(1, 1).await;
        let [a, _, c] = p;
        drop(c);
        t.wait(2, 1).await;
        a.id()
    }
}

differential_items! {
    mod array_argument_taken_apart_late($co) {
        #[$co]
        async fn inner(t: &Trace, p: [D; 3], q: (D, [D; 2])) -> u32 {
            t.wait(1, 1).await;
            let [a, _, c] = p;
            let [d, e] = q.1;
            drop(c);
            t.wait(2, 1).await;
            a.id() + d.id() + e.id()
        }
        async fn body(t: Trace) -> u32 {
            drop(inner(&t, [t.d(1), t.d(2), t.d(3)], (t.d(4), [t.d(5), t.d(6)])));
            inner(&t, [t.d(1), t.d(2), t.d(3)], (t.d(4), [t.d(5), t.d(6)])).await
        }
    }
}

differential! {
    /// parts that overlap are moved on different ways
    async fn overlapping_parts_on_different_ways(t: Trace) -> u32 {
        let mut sum = 0;
        for way in 0..5 {
            let mut x = (t.d(way * 10), (t.d(way * 10 + 1), t.later_d(way * 10 + 2).await), Some(t.d(way * 10 + 3)));
            if way == 0 { drop(x.1.0); sum += t.wait(70, 1).await + x.1.1.id(); continue; }
            if way == 1 { let r = x.1; t.wait(80, 1).await; sum += r.1.id(); continue; }
            if way == 2 { let (_, (_, b), _) = x; sum += t.wait(81, 1).await + b.id(); continue; }
            if way == 3 { let (_, (a, ref b), ref c) = x; sum += a.id() + b.id() + t.wait(82, 1).await; let _ = c.is_some(); continue; }
            if let Some(d) = x.2 { sum += consume_wait(d).await; }
            x.0 = t.d(71);
            t.wait(83, 1).await;
            sum += x.0.id() + x.1.0.id();
        }
        sum
    }
}

differential! {
    async fn match_on_a_part_with_arms_that_move(t: Trace) -> u32 {
        enum C { A(D), B(D, #[allow(dead_code)] D), None }
        struct S { c: C, d: D }
        let mut sum = 0;
        for n in 0..3 {
            let c = match n { 0 => C::A(t.d(n)), 1 => C::B(t.d(n), t.d(n + 10)), _ => C::None };
            let s = S { c, d: t.later_d(20 + n).await };
            match s.c {
                C::A(a) => { if let Some(v) = Some(a.by_ref_wait().await) { sum += v } else { sum += t.n(5) } }
                C::B(a, _) => { sum += a.by_ref_wait().await; }
                C::None => {}
            }
            sum += t.wait(30, 1).await + s.d.id();
        }
        sum
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn given_a_new_value_in_an_operand_of_a_match(t: Trace) -> Option<D> {
    if match (Some(t.d(8)), if let mut b = Some(t.d(1)) {
        drop(b);
        b = Some(t.d(1));
        t.wait(2, 1).await;
        t.d(1)
    } else {
        t.d(1)
    }) {
        (mut b, _) => {
            return b;
        },
        (Some(b), ref d) => {
            None::<bool>
        },
    }? {
    }
    Some(t.d(1))
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn in_an_if_let_moved_and_given_a_new_value(t: Trace) {
        if let mut b = Some(t.d(1)) {
            drop(b);
            b = Some(t.d(2));
            t.wait(2, 1).await;
            t.op(1);
        }
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn in_an_if_let_moved_on_one_way_and_given_a_new_value_on_the_other(t: Trace) {
        if let mut b = Some(t.d(1)) {
            if t.yes(1) { b = Some(t.d(2)); } else { drop(b); }
            t.wait(2, 1).await;
            t.op(1);
        }
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn in_an_if_let_moved_on_a_way_not_taken(t: Trace) {
        if let b = Some(t.d(1)) {
            if t.no(1) { drop(b); }
            t.wait(2, 1).await;
            t.op(1);
        }
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn in_a_let_moved_and_given_a_new_value(t: Trace) {
        let mut b = Some(t.d(1));
        drop(b);
        b = Some(t.d(2));
        t.wait(2, 1).await;
        t.op(1);
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn given_a_new_value_in_a_closure_that_is_never_called(t: Trace) {
        let mut b = t.d(1);
        let f = |x: D| { b = x; };
        t.wait(2, 1).await;
        t.op(1);
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn moved_in_the_second_operand_of_and(t: Trace) {
        if t.yes(1) {
            let b = t.d(1);
            let r = t.yes(2) && { drop(b); true };
            t.wait(2, 1).await;
            t.op(1);
        }
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn not_moved_in_the_second_operand_of_and(t: Trace) {
        if t.yes(1) {
            let b = t.d(1);
            let r = t.no(2) && { drop(b); true };
            t.wait(2, 1).await;
            t.op(1);
        }
    }
}
differential! {
    #[allow(irrefutable_let_patterns, unreachable_patterns, unused)]
    async fn in_a_loop_moved_in_an_arm_not_taken(t: Trace) {
        loop {
            let b = t.d(1);
            match t.n(1) { 2 => drop(b), _ => {} }
            t.wait(2, 1).await;
            t.op(1);
            break;
        }
    }
}
