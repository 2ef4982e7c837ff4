//! `.await` in statements: conditions, scrutinees, `return`, `break`, assignments, `let … else`.
#![allow(unused_assignments)]

use crate::harness::{Trace, D, E};

differential! {
    async fn if_condition(t: Trace) -> u32 {
        if t.later(1, true).await { t.n(2) } else { t.n(3) }
    }
}

differential! {
    async fn if_condition_is_false(t: Trace) -> u32 {
        if t.later(1, false).await { t.n(2) } else if t.later(3, false).await { t.n(4) } else { t.wait(5, 1).await }
    }
}

differential! {
    async fn if_without_else(t: Trace) -> u32 {
        if t.later(1, true).await {
            t.wait(2, 1).await;
        }
        if t.later(3, false).await {
            t.wait(4, 1).await;
        }
        t.n(5)
    }
}

differential! {
    async fn while_condition(t: Trace) -> u32 {
        let mut n = 0;
        while t.wait(n, 1).await < 3 {
            n += 1;
        }
        n
    }
}

differential! {
    async fn match_scrutinee(t: Trace) -> u32 {
        match t.wait(2, 1).await {
            1 => t.n(10),
            2 => t.n(20),
            _ => t.n(30),
        }
    }
}

differential! {
    async fn match_guard(t: Trace) -> u32 {
        let limit = t.wait(2, 1).await;
        match t.n(5) {
            n if n < limit => t.n(10),
            n if t.val(6, n > limit) => t.wait(n, 1).await,
            _ => t.n(30),
        }
    }
}

differential! {
    async fn if_let_scrutinee(t: Trace) -> u32 {
        if let Some(n) = t.later(1, Some(2)).await { t.n(n) } else { t.n(3) }
    }
}

differential! {
    async fn if_let_scrutinee_does_not_match(t: Trace) -> u32 {
        if let Some(n) = t.later(1, None::<u32>).await { t.n(n) } else { t.wait(3, 1).await }
    }
}

differential! {
    async fn while_let_scrutinee(t: Trace) -> u32 {
        let mut left = 3;
        let mut sum = 0;
        while let Some(n) = t.later(left, (left > 0).then_some(left)).await {
            left -= 1;
            sum += t.n(n);
        }
        sum
    }
}

differential! {
    async fn let_else_matches(t: Trace) -> u32 {
        let Some(n) = t.later(1, Some(2)).await else {
            t.op(3);
            return 0;
        };
        t.wait(n, 1).await
    }
}

differential! {
    async fn let_else_diverges(t: Trace) -> u32 {
        let d = t.d(9);
        let Some(n) = t.later(1, None::<u32>).await else {
            return t.wait(3, 1).await;
        };
        n + d.id()
    }
}

differential! {
    async fn let_else_breaks(t: Trace) -> u32 {
        let mut rest = vec![t.n(1), t.n(2)];
        loop {
            let Some(n) = rest.pop() else { break t.wait(4, 1).await };
            t.wait(n, 1).await;
        }
    }
}

differential! {
    async fn let_else_owned(t: Trace) -> Result<D, E> {
        let Ok(d) = t.later(1, Ok::<_, E>(t.d(2))).await else {
            return Err(E(3));
        };
        t.wait(4, 1).await;
        Ok(d)
    }
}

differential! {
    async fn return_value(t: Trace) -> u32 {
        return t.wait(1, 1).await;
    }
}

differential! {
    async fn return_value_early(t: Trace) -> u32 {
        let d = t.d(1);
        if t.yes(2) {
            return t.wait(3, 1).await + d.id();
        }
        t.n(4)
    }
}

differential! {
    async fn return_unit(t: Trace) {
        let _d = t.d(1);
        t.wait(2, 1).await;
        if t.yes(3) {
            return;
        }
        t.op(4);
    }
}

differential! {
    async fn break_value(t: Trace) -> u32 {
        let n = loop {
            break t.wait(1, 1).await;
        };
        n + t.n(2)
    }
}

differential! {
    async fn let_value(t: Trace) -> u32 {
        let a = t.wait(1, 1).await;
        let b: u32 = t.wait(2, 1).await;
        a + b
    }
}

differential! {
    async fn assignment(t: Trace) -> u32 {
        let mut x = t.n(1);
        x = t.wait(2, 1).await + x;
        x
    }
}

differential! {
    /// the old value is dropped after the new one is evaluated
    async fn assignment_drops_the_old_value(t: Trace) -> D {
        let mut d = t.d(1);
        d = t.later(2, t.d(3)).await;
        t.wait(4, 1).await;
        d = t.later_d(d.id()).await;
        d
    }
}

differential! {
    async fn assignment_through_a_reference(t: Trace) -> (D, u32) {
        let mut d = t.d(1);
        let r = &mut d;
        *r = t.later_d(2).await;
        let id = r.id();
        (d, id)
    }
}

differential! {
    async fn assignment_to_a_field(t: Trace) -> (D, D) {
        let mut pair = (t.d(1), t.d(2));
        pair.1 = t.later_d(3).await;
        pair
    }
}

differential! {
    async fn assignment_to_an_element(t: Trace) -> Vec<D> {
        let mut v = vec![t.d(1), t.d(2)];
        v[t.later(3, 1_usize).await] = t.later_d(4).await;
        v
    }
}

differential! {
    /// `=` evaluates its right operand first
    async fn assignment_right_before_left(t: Trace) -> [u32; 2] {
        let mut a = [0, 0];
        a[t.later(2, 1_usize).await] = t.wait(1, 1).await;
        *t.later(4, &mut a).await.first_mut().unwrap() = t.wait(3, 1).await;
        a
    }
}

differential! {
    async fn compound_assignment(t: Trace) -> u32 {
        let mut x = t.n(1);
        x += t.wait(2, 1).await;
        x *= t.wait(3, 1).await;
        x <<= t.wait(1, 1).await;
        x
    }
}

differential! {
    /// on primitive types the right operand comes first, and sees `x` unchanged
    async fn compound_assignment_of_primitives_right_first(t: Trace) -> u32 {
        let mut x = t.n(1);
        x += {
            x = t.wait(10, 1).await;
            x
        };
        x
    }
}

differential! {
    async fn compound_assignment_overloaded(t: Trace) -> String {
        let mut s = String::from("a");
        s += t.later(2, "b").await;
        s += &t.later(3, "c".to_owned()).await;
        s
    }
}

differential! {
    async fn destructuring_assignment(t: Trace) -> (u32, u32, u32) {
        let (mut a, mut b) = (t.n(1), t.n(2));
        (a, b) = (b, t.wait(3, 1).await + a);
        let c;
        [_, c, ..] = [t.n(4), t.wait(5, 1).await, t.n(6), t.n(7)];
        (a, b, c)
    }
}

differential! {
    async fn destructuring_assignment_of_owned_values(t: Trace) -> (D, D) {
        let (mut a, mut b) = (t.d(1), t.d(2));
        (a, b) = t.later(3, (t.d(4), t.d(5))).await;
        (_, a) = (t.d(6), t.later_d(7).await);
        (a, b)
    }
}

differential! {
    async fn destructuring_assignment_to_places(t: Trace) -> ([u32; 2], (u32, u32)) {
        let mut a = [0, 0];
        let mut p = (0, 0);
        (a[1], p.0) = t.later(1, (t.n(2), t.n(3))).await;
        (a[0], _) = (t.wait(4, 1).await, t.wait(5, 1).await);
        (a, p)
    }
}

differential! {
    async fn expression_statement(t: Trace) -> u32 {
        t.wait(1, 1).await;
        t.later_d(2).await;
        t.n(3)
    }
}

differential! {
    async fn block_tail(t: Trace) -> u32 {
        let x = {
            let d = t.d(1);
            t.wait(2, 1).await + d.id()
        };
        x + t.n(3)
    }
}

differential! {
    async fn statements_after_a_diverging_one(t: Trace) -> u32 {
        #![allow(unreachable_code)]
        t.wait(1, 1).await;
        return t.n(2);
        t.wait(3, 1).await
    }
}
