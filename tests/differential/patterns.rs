//! Patterns: in `let`, in arguments, in arms; what they bind, borrow and leave alone.

use crate::harness::{borrow_mut_wait, borrow_wait, consume_wait, Pair, Trace, D};

differential! {
    async fn tuple_pattern(t: Trace) -> u32 {
        let (a, b) = (t.n(1), t.n(2));
        t.wait(3, 1).await;
        a * 10 + b
    }
}

differential! {
    async fn tuple_pattern_of_an_awaited_value(t: Trace) -> u32 {
        let (a, mut b) = t.later(1, (t.d(2), t.n(3))).await;
        t.wait(4, 1).await;
        b += a.id();
        b
    }
}

differential! {
    /// all of them drop in the order of binding reversed
    async fn nested_pattern(t: Trace) -> u32 {
        let ((a, _b), [c, .., d]) = ((t.d(1), t.d(2)), [t.d(3), t.d(4), t.d(5)]);
        t.wait(6, 1).await;
        a.id() + c.id() + d.id()
    }
}

differential! {
    async fn struct_pattern(t: Trace) -> u32 {
        let Pair { a, b: second } = t.later(1, Pair { a: t.d(2), b: t.d(3) }).await;
        t.wait(4, 1).await;
        second.by_value() + a.id()
    }
}

differential! {
    /// what `..` leaves out of a temporary drops with the statement
    async fn struct_pattern_with_rest_of_a_temporary(t: Trace) -> u32 {
        let Pair { a, .. } = Pair { a: t.d(1), b: t.d(2) };
        t.wait(3, 1).await;
        a.id()
    }
}

differential! {
    /// what `..` leaves out of a variable stays in the variable
    async fn struct_pattern_with_rest_of_a_variable(t: Trace) -> u32 {
        let pair = Pair { a: t.d(1), b: t.d(2) };
        let Pair { a, .. } = pair;
        t.wait(3, 1).await;
        drop(a);
        t.wait(4, 1).await
    }
}

differential! {
    async fn wildcard_drops_a_temporary_at_once(t: Trace) -> u32 {
        let _ = t.d(1);
        t.wait(2, 1).await
    }
}

differential! {
    async fn wildcard_drops_an_awaited_value_at_once(t: Trace) -> u32 {
        let _ = t.later_d(1).await;
        t.wait(2, 1).await
    }
}

differential! {
    /// `let _ = d` does not move
    async fn wildcard_leaves_a_variable_alone(t: Trace) -> u32 {
        let d = t.d(1);
        let _ = d;
        t.wait(2, 1).await;
        d.id()
    }
}

differential! {
    async fn wildcard_leaves_a_last_used_variable_alone(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(2, 1).await;
        let _ = d;
        t.wait(3, 1).await
    }
}

differential! {
    async fn wildcard_inside_a_tuple_pattern(t: Trace) -> u32 {
        let (a, _) = (t.d(1), t.d(2));
        t.wait(3, 1).await;
        let pair = (t.d(4), t.d(5));
        let (_, b) = pair;
        t.wait(6, 1).await;
        a.id() + b.id()
    }
}

differential! {
    async fn wildcard_never_polls_a_future(t: Trace) -> u32 {
        let _ = t.wait(1, 1);
        let _later = t.wait(2, 1);
        t.wait(3, 1).await
    }
}

differential! {
    /// `_x` is a variable as any other
    async fn underscore_name_lives_to_the_end(t: Trace) -> u32 {
        let _d = t.d(1);
        let _ = &_d;
        t.wait(2, 1).await
    }
}

differential! {
    async fn ref_pattern(t: Trace) -> (u32, D) {
        let d = t.d(1);
        let ref r = d;
        let n = borrow_wait(r).await;
        (n + r.id(), d)
    }
}

differential! {
    async fn ref_mut_pattern(t: Trace) -> (D, D) {
        let mut pair = (t.d(1), t.d(2));
        let (ref mut a, ref b) = pair;
        a.by_mut_wait().await;
        a.set(b.id() + 10);
        pair
    }
}

differential! {
    async fn ref_pattern_of_a_temporary_extends_it(t: Trace) -> u32 {
        let (ref a, ref b) = (t.d(1), t.d(2));
        t.wait(3, 1).await;
        a.id() + b.id()
    }
}

differential! {
    async fn reference_pattern(t: Trace) -> u32 {
        let (x, y) = (t.n(1), t.n(2));
        let &a = &x;
        let (&b, c) = (&y, &x);
        t.wait(3, 1).await;
        a + b + *c
    }
}

differential! {
    async fn binding_mode_through_a_reference(t: Trace) -> Vec<(D, D)> {
        let mut v = vec![(t.d(1), t.d(2))];
        for (a, b) in &v {
            t.wait(a.id(), 1).await;
            b.by_ref_wait().await;
        }
        if let Some((a, _)) = v.first_mut() {
            borrow_mut_wait(a).await;
        }
        v
    }
}

differential! {
    async fn at_binding_of_a_copy(t: Trace) -> u32 {
        let n @ 0..=9 = t.wait(5, 1).await else { return 0 };
        let p @ (a, _) = (n, t.n(2));
        t.wait(3, 1).await;
        p.0 + p.1 + a
    }
}

differential! {
    async fn at_binding_of_an_owned_value(t: Trace) -> Option<D> {
        let d = Some(t.d(1));
        t.wait(2, 1).await;
        match d {
            whole @ Some(_) => {
                t.wait(3, 1).await;
                whole
            }
            none => none,
        }
    }
}

differential! {
    async fn at_binding_by_reference(t: Trace) -> (u32, Option<D>) {
        let d = Some(t.d(1));
        let n = match d {
            ref whole @ Some(ref inner) => borrow_wait(inner).await + whole.iter().count() as u32,
            None => 0,
        };
        (n, d)
    }
}

differential! {
    async fn slice_pattern_with_a_named_rest(t: Trace) -> usize {
        let v = vec![t.d(1), t.d(2), t.d(3), t.d(4)];
        let [first, rest @ .., last] = &v[..] else { panic!("four elements") };
        first.by_ref_wait().await;
        t.wait(last.id(), 1).await;
        rest.len()
    }
}

differential! {
    async fn array_pattern_moves_elements(t: Trace) -> u32 {
        let array = [t.d(1), t.d(2), t.d(3)];
        t.wait(4, 1).await;
        let [a, _, c] = array;
        t.wait(5, 1).await;
        consume_wait(c).await + a.id()
    }
}

differential! {
    async fn box_inside_a_pattern(t: Trace) -> u32 {
        let (a, b) = (Box::new(t.d(1)), t.d(2));
        t.wait(3, 1).await;
        let Pair { a, b } = Pair { a: *a, b };
        t.wait(4, 1).await;
        a.id() + b.id()
    }
}

differential! {
    async fn or_pattern_in_let(t: Trace) -> u32 {
        let (Ok(d) | Err(d)) = t.later(1, Err::<D, D>(t.d(2))).await;
        t.wait(3, 1).await;
        d.id()
    }
}

differential! {
    async fn constant_and_unit_struct_patterns(t: Trace) -> u32 {
        struct Unit;
        const TWO: u32 = 2;
        let Unit = t.later(1, Unit).await;
        match (t.n(2), Some(Unit)) {
            (TWO, Some(Unit)) => t.wait(3, 1).await,
            _ => t.n(4),
        }
    }
}

differential_items! {
    mod argument_patterns($co) {
        #[$co]
        async fn callee((t, n): (Trace, u32), Pair { a, b: ref second }: Pair, [x, .., _]: [D; 3]) -> u32 {
            t.wait(n, 1).await;
            a.id() + second.id() + x.id()
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let pair = Pair { a: t.d(1), b: t.d(2) };
            callee((t.clone(), t.n(3)), pair, [t.d(4), t.d(5), t.d(6)]).await
        }
    }
}

differential_items! {
    /// an argument that is not bound lives as long as the others
    mod argument_wildcard($co) {
        #[$co]
        async fn callee(t: &Trace, _: D, a: D, (_, b): (D, D), _unused: D) -> u32 {
            t.wait(1, 1).await;
            let _c = t.d(10);
            a.id() + b.id()
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            callee(&t, t.d(1), t.d(2), (t.d(3), t.d(4)), t.d(5)).await
        }
    }
}

differential_items! {
    mod argument_mutable($co) {
        #[$co]
        async fn callee(mut d: D, mut n: u32, (mut a, mut b): (D, u32)) -> u32 {
            n += d.by_mut_wait().await;
            b += a.by_mut_wait().await;
            d.set(7);
            n + b + d.id()
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            callee(t.d(1), 2, (t.d(3), 4)).await
        }
    }
}

differential_items! {
    mod argument_reference_pattern($co) {
        #[$co]
        async fn callee(&n: &u32, &(ref a, b): &(D, u32)) -> u32 {
            n + b + borrow_wait(a).await
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            callee(&t.n(1), &(t.d(2), t.n(3))).await
        }
    }
}

differential! {
    #[allow(irrefutable_let_patterns)]
    async fn if_let_at_pattern_can_fail(t: Trace) -> u32 {
        let x = t.wait(1, 1).await;
        let r: Result<u32, D> = Err(t.later_d(2).await);
        let a = if let n @ 1..=9 = x { n } else { 1000 };
        let b = if let n @ 5..=9 = x { n } else { 1000 };
        let c = if let e @ Err(_) = r { e.map_or_else(|d| d.id(), |n| n) } else { 5 };
        let d = if let all = c { t.n(all) } else { 3 };
        a + b + c + d
    }
}

differential! {
    async fn if_let_over_a_constant_can_fail(t: Trace) -> u32 {
        const LIMIT: u32 = 7;
        let x = t.wait(1, 1).await;
        if let LIMIT = x { t.n(1) } else { t.n(2) }
    }
}

enum Command {
    Get { key: D },
    Set { key: D, value: D },
}

struct Arguments {
    command: Command,
    rest: D,
}

async fn arguments(t: Trace, n: u32) -> u32 {
    t.wait(n, 1).await
}

differential! {
    /// a match in one arm does not make another match of the next
    async fn arms_that_move_several_parts_after_a_match_in_an_arm(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let command = if n == 0 { Command::Get { key: t.d(1) } } else { Command::Set { key: t.d(2), value: t.d(3) } };
            let cli = Arguments { command, rest: t.d(4) };
            match cli.command {
                Command::Get { key } => {
                    if let 1 = t.wait(key.id(), 1).await { sum += 1; } else { sum += 2; }
                }
                Command::Set { key, value } => {
                    sum += key.id();
                    sum += arguments(t.clone(), value.by_value()).await;
                }
            }
            sum += cli.rest.id();
        }
        sum
    }
}

differential! {
    async fn plain_arms_that_move_several_parts_after_a_match_in_an_arm(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let command = if n == 0 { Command::Get { key: t.d(1) } } else { Command::Set { key: t.d(2), value: t.d(3) } };
            let cli = Arguments { command, rest: t.d(4) };
            let other = Some(t.d(5));
            t.wait(n, 1).await;
            match cli.command {
                Command::Get { key } => match other {
                    Some(d) => sum += d.by_value() + key.id(),
                    None => {}
                },
                Command::Set { key, value } => sum += key.id() + value.by_value(),
            }
            t.wait(sum, 1).await;
            sum += cli.rest.id();
        }
        sum
    }
}

/// A pointer whose `deref` is a step, which may panic.
struct Noted<T> {
    value: T,
    d: D,
}

impl<T> std::ops::Deref for Noted<T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.d.id();
        &self.value
    }
}

differential! {
    /// nothing moves out of it, and nothing may own the variable where its `deref` panics
    async fn match_behind_a_pointer_whose_deref_panics(t: Trace) -> u32 {
        let x = Noted { value: Some(3), d: t.d(1) };
        let y = Noted { value: (Some(4), 5), d: t.d(2) };
        let n = match *x {
            Some(n) if t.yes(n) => n + t.wait(6, 1).await,
            Some(_) | None => 0,
        };
        let m = if let (Some(n), m) = *y { n + m } else { 0 };
        let Some(k) = y.0 else { return t.wait(7, 1).await };
        t.wait(n + m + k, 1).await
    }
}
