//! Temporaries of last expressions and of `if let`, which end elsewhere in edition 2024: `coloop-edition-2024` has this suite, too.

#![allow(unused)]

use crate::harness::{Trace, D};

/// What borrows from a value that may be a temporary.
trait Perhaps {
    fn some(&self) -> Option<&D>;
    fn none(&self) -> Option<&D>;
    fn nothing(&self);
}

impl Perhaps for D {
    fn some(&self) -> Option<&D> {
        Some(self.by_ref())
    }

    fn none(&self) -> Option<&D> {
        self.by_ref();
        None
    }

    fn nothing(&self) {
        self.by_ref();
    }
}

differential! {
    async fn last_expression_of_the_body(t: Trace) -> u32 {
        let a = t.d(1);
        t.wait(2, 1).await;
        t.d(3).by_ref().id() + a.id()
    }
}

differential! {
    async fn last_expression_that_awaits(t: Trace) -> u32 {
        let a = t.d(1);
        t.later_d(2).await.by_ref().id() + t.wait(3, 1).await
    }
}

differential! {
    async fn last_expression_of_an_operand(t: Trace) -> u32 {
        let n = { let a = t.d(1); t.later_d(2).await.by_ref().id() } + { let b = t.d(3); t.d(4).id() + t.wait(5, 1).await };
        t.n(n)
    }
}

differential! {
    async fn last_expression_that_is_taken_apart(t: Trace) -> u32 {
        let a = t.d(1);
        match t.d(2).by_ref().id() {
            2 => { let b = t.d(3); t.later_d(4).await.id() }
            n => t.wait(n, 1).await,
        }
    }
}

differential! {
    async fn last_expression_of_branches(t: Trace) -> u32 {
        let n = if t.yes(1) {
            let a = t.d(2);
            t.later_d(3).await.by_ref().id()
        } else {
            t.wait(4, 1).await
        };
        t.n(n)
    }
}

differential! {
    async fn last_expression_with_a_question_mark(t: Trace) -> Option<u32> {
        let a = t.d(1);
        t.wait(2, 1).await;
        Some(t.d(3).by_ref().some()?.id() + t.later_d(4).await.by_ref().some()?.id())
    }
}

differential! {
    async fn last_expression_that_is_extended(t: Trace) -> u32 {
        let a = { let b = t.d(1); t.wait(2, 1).await; &t.d(3) };
        t.wait(4, 1).await + a.id()
    }
}

differential! {
    async fn last_expression_of_a_labelled_block(t: Trace) -> u32 {
        let n = 'out: {
            let a = t.d(1);
            if t.no(1) { break 'out t.d(2).by_ref().id(); }
            t.later_d(3).await.by_ref().id()
        };
        t.n(n)
    }
}

differential! {
    async fn last_expression_of_a_loop_s_body(t: Trace) -> u32 {
        for n in 0..2 {
            let a = t.d(n);
            t.later_d(10 + n).await.by_ref().nothing()
        }
        t.n(3)
    }
}

differential! {
    async fn condition_that_fails(t: Trace) -> u32 {
        if let Some(d) = t.later_d(1).await.by_ref().none() {
            t.wait(2, 1).await + d.id()
        } else {
            t.later_d(3).await.id()
        }
    }
}

differential! {
    async fn condition_that_holds(t: Trace) -> u32 {
        let n = if let Some(d) = t.later_d(1).await.by_ref().some() {
            let a = t.d(2);
            t.wait(3, 1).await + d.id()
        } else {
            0
        } + t.wait(4, 1).await;
        t.n(n)
    }
}

differential! {
    async fn condition_after_conditions(t: Trace) -> u32 {
        if let Some(d) = t.d(1).by_ref().none() {
            t.wait(2, 1).await + d.id()
        } else if let Some(d) = t.later_d(3).await.by_ref().none() {
            d.id()
        } else if let Some(d) = t.d(4).by_ref().some() {
            t.later_d(5).await.id() + d.id()
        } else {
            t.later_d(6).await.id()
        }
    }
}

differential! {
    async fn condition_that_is_the_last_expression(t: Trace) -> u32 {
        let a = t.d(1);
        if let Some(d) = t.d(2).by_ref().none() { d.id() } else { t.later_d(3).await.by_ref().id() }
    }
}

differential! {
    async fn condition_of_a_loop(t: Trace) -> u32 {
        let mut left = 2;
        while let Some(d) = t.later_d(left).await.by_ref().some() {
            left -= 1;
            if left == 0 { break; }
            t.wait(3, 1).await;
        }
        t.n(4)
    }
}
