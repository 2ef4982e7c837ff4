//! Places and values: when a variable is read, what counts as a move of it, and what does not.
#![allow(
    unused_assignments,
    unused_must_use,
    unused_parens,
    unused_braces,
    path_statements
)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Mutex;

use crate::harness::{consume_wait, Pair, Trace, D};

differential! {
    async fn copied_receiver_is_not_changed_later(t: Trace) -> u32 {
        let mut x = t.n(2);
        x.pow({
            x = t.wait(3, 1).await;
            x
        })
    }
}

differential! {
    async fn tuple_elements_are_read_in_order(t: Trace) -> (u32, u32, u32) {
        let mut x = t.n(1);
        (x, { x += t.wait(10, 1).await; x }, x)
    }
}

differential! {
    async fn fields_are_read_in_order(t: Trace) -> [u32; 3] {
        let mut p = (t.n(1), t.n(2));
        [p.0, { p.0 = t.wait(10, 1).await; p.0 + p.1 }, p.0]
    }
}

differential! {
    async fn compared_value_is_read_first(t: Trace) -> (bool, u32) {
        let mut x = t.n(1);
        let less = x < { x = t.wait(0, 1).await; x + 1 };
        (less, x)
    }
}

differential! {
    async fn index_variable_is_read_first(t: Trace) -> u32 {
        let v = vec![10, 20, 30];
        let mut i = 0;
        v[i] + { i = t.later(1, 2_usize).await; v[i] }
    }
}

differential! {
    async fn copied_binding_is_not_changed_later(t: Trace) -> u32 {
        let mut x = t.n(1);
        match x {
            n => {
                x = t.wait(10, 1).await;
                n * 100 + x
            }
        }
    }
}

differential! {
    async fn copied_option_is_matched_by_value(t: Trace) -> (u32, Option<u32>) {
        let mut o = Some(t.n(1));
        let mut sum = 0;
        while let Some(n) = o {
            o = (n < 3).then_some(n + 1);
            sum += t.wait(n, 1).await;
        }
        (sum, o)
    }
}

differential! {
    /// a two-phase borrow: the receiver may be read until the call
    async fn receiver_is_read_in_an_awaited_argument(t: Trace) -> Vec<usize> {
        let mut v = vec![7];
        v.push(t.later(1, v.len()).await);
        v.insert(v.len() - 1, t.later(2, v[0]).await);
        v
    }
}

differential! {
    async fn statement_that_is_a_variable_moves_it(t: Trace) -> u32 {
        let d = t.d(1);
        let pair = Pair { a: t.d(2), b: t.d(3) };
        t.wait(4, 1).await;
        d;
        t.wait(5, 1).await;
        pair.a;
        t.wait(6, 1).await
    }
}

differential! {
    async fn block_around_a_variable_moves_it(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        t.wait(3, 1).await;
        let n = { a }.by_ref().id();
        t.wait(4, 1).await;
        let m = match { b } {
            _ => t.wait(5, 1).await,
        };
        t.op(6);
        n + m
    }
}

differential! {
    async fn parentheses_around_a_variable_do_not_move_it(t: Trace) -> u32 {
        let d = t.d(1);
        let _ = (d);
        t.wait(2, 1).await;
        let n = (d).by_ref_wait().await;
        let r = &(d);
        t.wait(3, 1).await;
        n + r.id()
    }
}

differential! {
    async fn assignment_to_underscore(t: Trace) -> u32 {
        let d = t.d(1);
        _ = t.later_d(2).await;
        _ = d;
        t.wait(3, 1).await;
        let _: D = d;
        t.wait(4, 1).await
    }
}

differential! {
    async fn match_on_a_variable_that_binds_nothing(t: Trace) -> u32 {
        let d = t.d(1);
        match d {
            _ => t.op(2),
        }
        t.wait(3, 1).await;
        match d {
            D { .. } => t.wait(4, 1).await,
        }
    }
}

differential! {
    /// a match on a place holds no copy of it
    async fn match_on_a_dereferenced_reference(t: Trace) -> (u32, Pair) {
        let mut pair = Pair { a: t.d(1), b: t.d(2) };
        let r = &mut pair;
        let n = match *r {
            Pair { ref mut a, ref b } => a.by_mut_wait().await + b.id(),
        };
        (n, pair)
    }
}

differential! {
    async fn borrow_of_a_dereference(t: Trace) -> u32 {
        let b = Box::new(t.d(1));
        let r = &*b;
        t.wait(2, 1).await;
        let s = &mut *Box::new(t.d(3));
        t.wait(4, 1).await;
        s.set(5);
        r.id() + s.id()
    }
}

differential! {
    async fn overloaded_index(t: Trace) -> u32 {
        let mut map = HashMap::from([("a", t.n(1)), ("b", t.n(2))]);
        let n = map[t.later(3, "a").await];
        map.insert(t.later(4, "c").await, t.wait(5, 1).await);
        n + map["b"] + map["c"]
    }
}

differential! {
    /// the last method call does not end the guard
    async fn refcell_guard_lives_after_its_last_method(t: Trace) -> (u32, bool) {
        let cell = RefCell::new(t.d(1));
        let guard = cell.borrow_mut();
        let n = guard.id();
        t.wait(2, 1).await;
        let held = cell.try_borrow().is_err();
        (n, held)
    }
}

differential! {
    async fn refcell_guard_lives_through_a_sub_future(t: Trace) -> (u32, bool) {
        let cell = RefCell::new(t.d(1));
        let mut guard = cell.borrow_mut();
        let n = guard.by_mut_wait().await;
        t.wait(2, 1).await;
        let held = cell.try_borrow().is_err();
        (n, held)
    }
}

differential! {
    async fn mutex_guard_lives_after_its_last_method(t: Trace) -> (u32, bool, bool) {
        let mutex = Mutex::new(t.d(1));
        let (n, held) = {
            let guard = mutex.lock().unwrap();
            let n = guard.id();
            t.wait(2, 1).await;
            (n, mutex.try_lock().is_err())
        };
        let n = n + mutex.lock().unwrap().by_ref_wait().await;
        let free = mutex.try_lock().is_ok();
        (n, held, free)
    }
}

differential! {
    async fn value_of_a_branch_is_moved_out(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        t.wait(3, 1).await;
        let chosen = if t.yes(4) { a } else { b };
        t.wait(5, 1).await;
        consume_wait(chosen).await
    }
}

differential! {
    async fn value_of_a_match_is_moved_out(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        let chosen = match t.wait(3, 1).await {
            1 => a,
            _ => b.with(10),
        };
        t.wait(5, 1).await;
        chosen.id()
    }
}

differential! {
    async fn reference_of_a_branch_borrows(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        let chosen = match t.wait(3, 1).await {
            1 => &a,
            _ => &b,
        };
        t.wait(5, 1).await;
        chosen.id() + a.by_value()
    }
}

differential! {
    async fn field_of_what_a_reference_points_to_beside_an_await(t: Trace) -> bool {
        let pair = Box::new(Pair { a: t.d(1), b: t.d(2) });
        let f = &pair;
        (*f).b == t.later(3, t.d(4)).await
    }
}
