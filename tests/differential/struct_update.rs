//! `..base` of a temporary: what it does not move lives on as long as the temporary does.

use crate::harness::{Pair, Trace, D, E};

differential! {
    async fn base_before_an_await(t: Trace) -> u32 {
        let c = t.later(31, Ok::<Pair, E>(Pair { a: t.d(1), ..Pair { a: t.d(2), b: t.d(3) } })).await;
        c.is_ok() as u32 + t.n(4)
    }
}

differential! {
    async fn base_in_a_method_before_an_await(t: Trace) -> u32 {
        let _d = t.d(1);
        let pair = t.later(2, Pair { b: t.d(3), ..t.later(4, Pair { a: t.d(5), b: t.d(6) }).await }).await;
        pair.a.id()
    }
}

differential! {
    async fn base_without_fields(t: Trace) -> u32 {
        t.later(2, Pair { ..Pair { a: t.d(5), b: t.d(6) } }).await.a.id()
    }
}

differential! {
    async fn base_with_all_fields_listed(t: Trace) -> u32 {
        t.later(2, Pair { b: t.d(1), a: t.d(2), ..Pair { a: t.d(5), b: t.d(6) } }).await.a.id()
    }
}

differential! {
    async fn base_inside_of_a_base(t: Trace) -> u32 {
        t.later(2, Pair { b: t.d(1), ..Pair { a: t.d(2), ..Pair { a: t.d(5), b: t.d(6) } } }).await.a.id()
    }
}

differential! {
    async fn base_in_a_loop(t: Trace) -> u32 {
        let mut n = 0;
        for i in 0..2 {
            n += t.later(2, Pair { b: t.d(i), ..Pair { a: t.d(5), b: t.d(6) } }).await.a.id();
        }
        n
    }
}

differential! {
    /// the base is not extended, the fields are
    async fn base_of_an_extended_temporary(t: Trace) -> u32 {
        let pair = &Pair { a: t.d(1), ..Pair { a: t.d(2), b: t.d(3) } };
        t.step(4);
        t.wait(pair.a.id(), 1).await
    }
}

/// All that its update takes is copied, which is allowed beside a `Drop`.
struct Counted {
    d: D,
    left: u32,
    right: u32,
}

struct Dropping(Counted);

impl Drop for Dropping {
    fn drop(&mut self) {
        self.0.left += 1;
    }
}

differential! {
    async fn base_that_is_copied_from(t: Trace) -> u32 {
        let counted = |d, left| Counted { d, left, right: 5 };
        let c = t.later(1, Counted { d: t.d(1), ..counted(t.d(2), 3) }).await;
        let d = t.later(2, Dropping(Counted { d: t.d(3), left: 1, ..counted(t.d(4), 3) })).await;
        c.left + c.right + c.d.id() + d.0.right + d.0.d.id()
    }
}

struct Numbers {
    a: u32,
    b: u32,
}

impl Drop for Numbers {
    fn drop(&mut self) {
        assert_ne!(self.a, 0);
    }
}

impl Numbers {
    fn new(b: u32) -> Self {
        Numbers { a: 1, b }
    }
}

differential! {
    async fn base_with_a_drop(t: Trace) -> u32 {
        let c = t.later(1, Numbers { a: t.n(1), ..Numbers::new(t.n(2)) }).await;
        c.a + c.b
    }
}

/// With a field that is coerced, and a parameter.
struct Shown<T> {
    shown: Box<dyn std::fmt::Debug>,
    d: T,
}

differential! {
    async fn base_with_a_field_that_is_coerced(t: Trace) -> u32 {
        let make = |d: D| Shown { shown: Box::new(1), d };
        let c = t.later(1, Shown { shown: Box::new("a"), ..make(t.d(2)) }).await;
        format!("{:?}", c.shown).len() as u32 + c.d.id()
    }
}

differential! {
    async fn base_at_the_end_of_a_block_in_matches(t: Trace) -> u32 {
        if matches!(Some({ t.step(9); Pair { a: t.d(5), ..Pair { a: t.d(7), b: t.later(12, t.d(1)).await } } }), None) {
            t.step(8);
        }
        t.n(1)
    }
}

differential! {
    async fn base_in_matches_that_moves_before_an_await(t: Trace) -> u32 {
        let both = (
            matches!(Some({ t.step(9); Pair { a: t.d(5), ..Pair { a: t.d(7), b: t.d(8) } } }), Some(Pair { a, .. }) if a.id() == 5),
            t.later(1, 2).await,
        );
        both.1
    }
}
