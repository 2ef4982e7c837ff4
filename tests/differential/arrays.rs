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

differential! {
    async fn array_taken_apart_where_a_let_else_never_leads(t: Trace) -> u32 {
        let c = [t.d(1), t.d(2)];
        let ref d = c else {
            let [a, _] = c;
            return t.later_d(3).await.by_value();
        };
        t.later(4, t.n(5)).await
    }
}

differential! {
    async fn array_taken_apart_where_an_if_let_never_leads(t: Trace) -> u32 {
        let c = [t.d(1), t.d(2)];
        if let ref d = c {
            t.no(3);
        } else {
            let [a, _] = c;
        }
        t.later(4, t.n(5)).await
    }
}

differential! {
    async fn array_taken_apart_behind_a_tuple_that_always_matches(t: Trace) -> u32 {
        let c = ([t.d(1), t.d(2)], 2);
        match c {
            (ref d, _) => {},
            ([a, _], _) => {
                t.later(3, 1).await;
            }
        };
        t.later(4, t.n(5)).await
    }
}

differential! {
    async fn array_taken_apart_in_an_arm_that_is_never_chosen(t: Trace) -> u32 {
        let c = [t.d(1), t.d(2)];
        match c {
            ref d => {},
            _ => {
                let [a, _] = c;
            }
        };
        t.later(4, t.n(5)).await
    }
}

differential! {
    async fn array_taken_apart_behind_an_arm_that_takes_the_same(t: Trace) -> Option<D> {
        let e = Ok::<[D; 2], u32>([t.d(1), t.d(2)]);
        let a = match e {
            Ok([ref x, ..]) => Some(t.later_d(3).await),
            Ok([x, ref y]) => None,
            other => None,
        };
        t.wait(4, 1).await;
        a
    }
}
