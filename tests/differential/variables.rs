//! Variables: initialization, shadowing, values that survive a suspension.

use crate::harness::{Trace, D};

differential! {
    async fn local_survives(t: Trace) -> u32 {
        let x = t.n(1);
        t.wait(2, 1).await;
        x
    }
}

differential! {
    async fn argument_survives(t: Trace) -> u32 {
        t.wait(1, 1).await;
        t.n(2)
    }
}

differential! {
    async fn mutable_local_changes_on_both_sides(t: Trace) -> u32 {
        let mut x = t.n(1);
        x += 1;
        t.wait(2, 1).await;
        x += 10;
        t.wait(3, 1).await;
        x
    }
}

differential! {
    async fn shadowing(t: Trace) -> (D, D) {
        let d = t.d(1);
        let first = d;
        let d = t.d(2);
        t.wait(3, 1).await;
        (first, d)
    }
}

differential! {
    /// the shadowed value lives on, to the end of its scope
    async fn shadowed_value_drops_late(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(2, 1).await;
        let d = t.d(d.id() + 10);
        t.wait(3, 1).await;
        d.id()
    }
}

differential! {
    async fn shadowing_by_its_own_value(t: Trace) -> u32 {
        let x = t.n(1);
        let x = t.wait(x + 1, 1).await + x;
        let x = format!("{x}");
        t.wait(5, 1).await;
        x.len() as u32
    }
}

differential! {
    async fn shadowing_in_an_inner_block(t: Trace) -> u32 {
        let x = t.n(1);
        {
            let x = t.wait(2, 1).await;
            t.wait(x, 1).await;
        }
        t.wait(x, 1).await
    }
}

differential! {
    async fn shadowing_an_argument(t: Trace) -> u32 {
        let t = (t, 5);
        t.0.wait(t.1, 1).await
    }
}

differential! {
    async fn deferred_initialization(t: Trace) -> u32 {
        let x;
        t.wait(1, 1).await;
        x = t.n(2);
        t.wait(3, 1).await;
        x
    }
}

differential! {
    async fn deferred_initialization_in_branches(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let d;
            if n == 0 {
                d = t.d(1);
            } else {
                d = t.later_d(2).await;
            }
            t.wait(3, 1).await;
            sum += d.id();
        }
        sum
    }
}

differential! {
    async fn initialized_in_one_branch_only(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let d;
            if n == 0 {
                d = t.d(1);
                sum += d.id();
            }
            sum += t.wait(3, 1).await;
        }
        sum
    }
}

differential! {
    async fn declared_and_never_initialized(t: Trace) -> u32 {
        #![allow(unused_variables)]
        let d: D;
        t.wait(1, 1).await
    }
}

differential! {
    /// dropped in the order of declaration reversed, not of initialization
    async fn deferred_values_drop_in_order_of_declaration(t: Trace) -> u32 {
        let (_a, _b);
        let _c;
        _c = t.d(3);
        _b = t.later_d(2).await;
        _a = t.d(1);
        t.wait(4, 1).await
    }
}

differential! {
    async fn deferred_initialization_in_a_loop(t: Trace) -> u32 {
        let found;
        let mut n = 0;
        loop {
            n += 1;
            if t.wait(n, 1).await == 3 {
                found = t.d(n);
                break;
            }
        }
        t.wait(9, 1).await;
        found.id()
    }
}

differential! {
    async fn copy_value_used_again(t: Trace) -> u32 {
        let x = t.n(1);
        let y = x;
        t.wait(x, 1).await;
        let z = t.later(2, x).await;
        x + y + z
    }
}

differential! {
    /// passed by value while borrowed: the storage stays
    async fn copy_value_borrowed_and_passed(t: Trace) -> u32 {
        let x = t.n(1);
        let r = &x;
        t.later(2, x).await;
        t.wait(3, 1).await;
        *r + x
    }
}

differential! {
    async fn statics_and_constants(t: Trace) -> u32 {
        static LIMIT: u32 = 5;
        const STEP: u32 = 2;
        let r = &LIMIT;
        t.wait(STEP, 1).await;
        *r + STEP
    }
}

differential! {
    /// the same name for a variable, a function, a field, a label and a loop variable
    async fn one_name_for_many_things(t: Trace) -> u32 {
        struct X {
            x: u32,
        }
        fn x(v: X) -> u32 {
            v.x
        }
        let first = x(X { x: t.n(1) });
        let x = X { x: t.wait(2, 1).await };
        let mut sum = first;
        'x: for x in [x.x, 3] {
            sum += t.wait(x, 1).await;
            if x == 3 {
                break 'x;
            }
        }
        sum
    }
}

differential! {
    async fn raw_identifiers(t: Trace) -> u32 {
        let r#type = t.n(1);
        let r#match = t.wait(2, 1).await;
        r#type + r#match
    }
}

differential! {
    /// names the compiler might use itself
    async fn names_like_the_generated_ones(t: Trace) -> u32 {
        let (state, frame, cx, this) = (t.n(1), t.n(2), t.n(3), t.n(4));
        let (future, output, poll, __frame) = (t.wait(5, 1).await, t.n(6), t.n(7), t.n(8));
        t.wait(9, 1).await;
        state + frame + cx + this + future + output + poll + __frame
    }
}

differential! {
    async fn many_locals(t: Trace) -> u32 {
        let (a, b, c, d) = (t.d(1), t.d(2), t.d(3), t.d(4));
        let (e, f, g, h) = (t.d(5), t.d(6), t.d(7), t.d(8));
        let (i, j) = (t.d(9), t.d(10));
        t.wait(11, 1).await;
        let sum = c.by_value() + g.by_value() + j.by_value();
        t.wait(12, 1).await;
        sum + a.id() + b.id() + d.id() + e.id() + f.id() + h.id() + i.id()
    }
}

differential! {
    /// in the `else` block the name is still the outer variable
    async fn let_else_shadows_only_after(t: Trace) -> Result<u32, String> {
        let name = t.wait(1, 1).await.to_string();
        let Some(name) = name.strip_suffix('x') else {
            t.wait(2, 1).await;
            return Err(format!("{name:?} {}", name.len()));
        };
        t.wait(3, 1).await;
        Ok(name.len() as u32)
    }
}

differential! {
    async fn let_else_shadows_in_plain_else(t: Trace) -> Result<D, u32> {
        for n in 0..2 {
            let d = t.later_d(n + 1).await;
            let Some(d) = (if d.id() > 5 { Some(d) } else { None }) else { continue };
            return Ok(d);
        }
        let d = t.later_d(3).await;
        let Some(d) = Some(&d).filter(|d| d.id() > 5) else { return Err(d.id()) };
        t.wait(4, 1).await;
        Err(d.id() + 100)
    }
}

differential! {
    async fn if_let_shadows_only_in_its_block(t: Trace) -> u32 {
        let d = t.later_d(1).await;
        if let Some(d) = t.later(2, None::<D>).await {
            t.wait(d.id(), 1).await
        } else if let Some(d) = Some(d.id()).filter(|d| *d > 1) {
            t.wait(d, 1).await
        } else {
            t.wait(3, 1).await;
            d.id()
        }
    }
}

differential! {
    async fn match_arms_shadow_only_themselves(t: Trace) -> u32 {
        let d = t.later_d(1).await;
        let n = match t.later(2, Some(3)).await {
            Some(d) if d > 3 => t.wait(d, 1).await,
            Some(n) if d.id() == n => t.wait(4, 1).await,
            None => t.wait(5, 1).await,
            Some(_) => t.wait(6, 1).await + d.id(),
        };
        n + d.id()
    }
}

differential! {
    async fn loops_shadow_only_inside(t: Trace) -> u32 {
        let d = vec![t.d(1), t.d(2)];
        let mut sum = 0;
        for d in d.iter() {
            sum += t.wait(d.id(), 1).await;
        }
        let mut next = Some(t.n(3));
        while let Some(next_) = next {
            let next_ = t.wait(next_, 1).await;
            next = if next_ < 5 { Some(next_ + 1) } else { None };
        }
        let d = { let d = &d[0]; t.wait(7, 1).await; d.id() } + d.len() as u32;
        sum + d
    }
}
