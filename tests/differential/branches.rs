//! `if` and `match`: guards, nesting, values, what each branch owns.

use crate::harness::{borrow_wait, consume_wait, Trace, D, E};

differential! {
    async fn if_branches_suspend(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            sum += if n == 0 { t.wait(1, 1).await } else { t.wait(2, 2).await };
        }
        sum
    }
}

differential! {
    async fn only_one_branch_suspends(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let d = t.d(n);
            if n == 0 {
                sum += t.wait(10, 1).await;
            } else {
                sum += t.n(20);
            }
            sum += d.id();
        }
        sum
    }
}

differential! {
    async fn if_nested(t: Trace) -> u32 {
        if t.yes(1) {
            let _a = t.d(2);
            if t.later(3, true).await {
                let _b = t.d(4);
                if t.no(5) { t.wait(6, 1).await } else { t.wait(7, 1).await }
            } else {
                t.n(8)
            }
        } else {
            t.n(9)
        }
    }
}

differential! {
    async fn else_if_chain(t: Trace) -> Vec<u32> {
        let mut seen = vec![];
        for n in 0..4 {
            seen.push(if n == t.wait(0, 1).await {
                t.n(10)
            } else if n == t.n(1) {
                t.wait(11, 1).await
            } else if let 2 = t.val(2, n) {
                t.n(12)
            } else {
                t.wait(13, 1).await
            });
        }
        seen
    }
}

differential! {
    async fn if_let_consumes_the_scrutinee(t: Trace) -> u32 {
        let d = Some(t.d(1));
        t.wait(2, 1).await;
        if let Some(d) = d { consume_wait(d).await } else { t.n(3) }
    }
}

differential! {
    /// moved into the pattern, dropped at the end of the branch, not of the function
    async fn if_let_binding_drops_with_the_branch(t: Trace) -> u32 {
        let d = Some(t.d(1));
        if let Some(d) = d {
            t.wait(2, 1).await;
            d.id();
        }
        t.wait(3, 1).await
    }
}

differential! {
    async fn if_let_borrows_the_scrutinee(t: Trace) -> Option<D> {
        let mut d = Some(t.d(1));
        if let Some(d) = &mut d {
            d.by_mut_wait().await;
        }
        if let Some(ref d) = d {
            borrow_wait(d).await;
        }
        d
    }
}

differential! {
    /// nothing is bound, so nothing is moved
    async fn if_let_wildcard_does_not_move(t: Trace) -> Option<D> {
        let d = Some(t.d(1));
        t.wait(2, 1).await;
        if let Some(_) = d {
            t.wait(3, 1).await;
        }
        d
    }
}

differential! {
    async fn match_consumes_the_scrutinee(t: Trace) -> u32 {
        let r = Ok::<D, E>(t.d(1));
        t.wait(2, 1).await;
        match r {
            Ok(d) => consume_wait(d).await,
            Err(E(id)) => t.wait(id, 1).await,
        }
    }
}

differential! {
    async fn match_consumes_in_one_arm_only(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..3 {
            let d = Some(t.d(n));
            t.wait(10, 1).await;
            sum += match d {
                Some(d) if n == 0 => consume_wait(d).await,
                Some(ref d) if n == 1 => borrow_wait(d).await,
                _ => t.wait(11, 1).await,
            };
            t.op(12);
        }
        sum
    }
}

differential! {
    async fn match_by_default_binding_mode(t: Trace) -> (u32, Result<D, D>) {
        let r = Err::<D, D>(t.d(1));
        t.wait(2, 1).await;
        let n = match &r {
            Ok(d) => d.id(),
            Err(d) => d.by_ref_wait().await,
        };
        (n, r)
    }
}

differential! {
    async fn match_mutates_through_the_pattern(t: Trace) -> (D, D) {
        let mut pair = (t.d(1), t.d(2));
        match &mut pair {
            (a, b) => {
                a.by_mut_wait().await;
                std::mem::swap(a, b);
            }
        }
        pair
    }
}

differential! {
    async fn match_moves_out_of_a_box(t: Trace) -> u32 {
        let d = Box::new(Some(t.d(1)));
        t.wait(2, 1).await;
        match *d {
            Some(d) => consume_wait(d).await,
            None => t.n(3),
        }
    }
}

differential! {
    async fn match_on_a_tuple_of_locals(t: Trace) -> u32 {
        let (a, b) = (Some(t.d(1)), None::<D>);
        t.wait(2, 1).await;
        match (a, b) {
            (Some(a), Some(b)) => a.id() + b.id(),
            (Some(a), None) => t.wait(3, 1).await + a.id(),
            (None, _) => t.n(4),
        }
    }
}

differential! {
    async fn match_on_references_to_locals(t: Trace) -> (u32, Option<D>, Option<D>) {
        let (a, b) = (Some(t.d(1)), None::<D>);
        t.wait(2, 1).await;
        let n = match (&a, &b) {
            (Some(a), None) => t.wait(3, 1).await + a.id(),
            _ => t.n(4),
        };
        (n, a, b)
    }
}

differential! {
    /// the guard sees the binding by reference, the arm owns it
    async fn match_guard_uses_the_binding(t: Trace) -> D {
        let d = Some(t.d(1));
        t.wait(2, 1).await;
        match d {
            Some(d) if d.id() == 5 => d,
            Some(d) if d.id() == 1 => {
                t.wait(3, 1).await;
                d
            }
            _ => t.d(4),
        }
    }
}

differential! {
    async fn match_or_patterns_and_ranges(t: Trace) -> Vec<u32> {
        let mut seen = vec![];
        for n in 0..7_u32 {
            seen.push(match t.later(n, n).await {
                0 | 3 => t.n(10),
                n @ (1 | 2) => t.wait(n + 20, 1).await,
                n @ 4..=5 => t.n(n + 30),
                _ => t.wait(40, 1).await,
            });
        }
        seen
    }
}

differential! {
    async fn match_on_strings_and_slices(t: Trace) -> u32 {
        let s = String::from("two");
        let v = vec![1, 2, 3];
        t.wait(1, 1).await;
        let a = match s.as_str() {
            "one" => t.n(1),
            "two" => t.wait(2, 1).await,
            _ => t.n(3),
        };
        let b = match v.as_slice() {
            [] => t.n(4),
            [first, .., last] => t.wait(5, 1).await + first + last,
            [_] => t.n(6),
        };
        a + b
    }
}

differential! {
    async fn match_on_a_constant(t: Trace) -> u32 {
        const LIMIT: u32 = 2;
        match t.wait(2, 1).await {
            LIMIT => t.wait(3, 1).await,
            u32::MAX => t.n(4),
            _ => t.n(5),
        }
    }
}

differential! {
    async fn match_arm_diverges(t: Trace) -> u32 {
        let d = t.d(1);
        let n: u32 = match t.wait(2, 1).await {
            1 => return d.id(),
            2 => t.wait(3, 1).await,
            _ => panic!("never"),
        };
        n + d.by_value()
    }
}

differential! {
    async fn match_without_a_value(t: Trace) {
        let d = t.d(1);
        match t.wait(2, 1).await {
            2 => drop(d),
            _ => t.op(3),
        }
        t.wait(4, 1).await;
    }
}

differential! {
    async fn match_on_an_enum_with_named_fields(t: Trace) -> u32 {
        enum Shape {
            Square { side: D },
            Other(D, D),
        }
        let mut sum = 0;
        for shape in [Shape::Square { side: t.d(1) }, Shape::Other(t.d(2), t.d(3))] {
            sum += match shape {
                Shape::Square { side } => consume_wait(side).await,
                Shape::Other(a, b) => b.id() + consume_wait(a).await,
            };
        }
        sum
    }
}

differential! {
    async fn match_on_never(t: Trace) -> u32 {
        let r = t.later(1, Ok::<u32, std::convert::Infallible>(2)).await;
        match r {
            Ok(n) => t.wait(n, 1).await,
            Err(never) => match never {},
        }
    }
}

differential! {
    async fn match_inside_match(t: Trace) -> u32 {
        match t.later(1, Some(Ok::<D, E>(t.d(2)))).await {
            Some(r) => match r {
                Ok(d) => match d.id() {
                    2 => consume_wait(d).await,
                    _ => t.n(3),
                },
                Err(_) => t.n(4),
            },
            None => t.n(5),
        }
    }
}

differential! {
    async fn struct_literal_after_a_branch_that_suspends(t: Trace) -> u32 {
        struct S { d: D }
        let s = match t.later(1, Some(2)).await {
            Some(n) => {
                let d = t.d(n);
                if n > 1 { t.wait(3, 1).await; }
                S { d }
            }
            None => S { d: t.d(4) },
        };
        s.d.id()
    }
}
