//! Arrays that a pattern takes apart: of one that may have been taken apart where it is dropped, rustc drops the elements in
//! another order, whether they have moved or not.

#![allow(unused, unreachable_patterns, irrefutable_let_patterns)]

use crate::harness::{Trace, D};

differential! {
    async fn array_taken_apart_on_one_way_and_assigned(t: Trace) -> u32 {
        let mut b: [D; 2] = [t.d(1), t.d(2)];
        if t.yes(1) { let [x, y] = b; } else { t.wait(3, 1).await; }
        b = [t.d(3), t.d(4)];
        t.n(1)
    }
}

differential! {
    async fn array_taken_apart_and_assigned(t: Trace) -> u32 {
        let mut b: [D; 2] = [t.d(1), t.d(2)];
        let [x, y] = b;
        t.wait(3, 1).await;
        b = [t.d(3), t.d(4)];
        t.wait(4, 1).await;
        t.n(1)
    }
}

differential! {
    async fn array_taken_apart_where_it_returns(t: Trace) -> u32 {
        let mut b: [D; 2] = [t.d(1), t.d(2)];
        t.wait(3, 1).await;
        if t.yes(1) { let [x, y] = b; return 2; }
        t.wait(4, 1).await;
        t.n(1)
    }
}

differential! {
    async fn array_taken_apart_where_it_would_return(t: Trace) -> u32 {
        let mut b: [D; 2] = [t.d(1), t.d(2)];
        t.wait(3, 1).await;
        if t.no(1) { let [x, y] = b; return 2; }
        t.wait(4, 1).await;
        t.n(1)
    }
}

differential! {
    async fn array_taken_apart_in_what_it_is_assigned(t: Trace) -> u32 {
        let mut b: [D; 2] = [t.d(1), t.d(2)];
        b = [if let [x, y] = b { t.d(3) } else { t.later_d(4).await }, t.d(5)];
        t.n(1)
    }
}

differential! {
    async fn array_whose_elements_change_places(t: Trace) -> u32 {
        let mut b: [D; 2] = [t.d(1), t.d(2)];
        t.wait(3, 1).await;
        b = match b { [x, y] => [y.with(4), x] };
        t.wait(5, 1).await;
        t.n(1)
    }
}

differential! {
    /// the second arm is never reached
    async fn array_taken_apart_behind_an_arm_that_always_matches(t: Trace) -> D {
        let mut c = [t.d(6), t.d(7)];
        c = match c {
            ref mut e => {
                c
            },
            [_, mut c] => [t.later_d(15).await, c],
        };
        let d = t.later(18, (t.d(1), t.d(1))).await;
        t.d(1)
    }
}
