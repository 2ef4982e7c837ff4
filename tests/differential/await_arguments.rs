//! `.await` among the arguments of calls, in receivers, in constructors, in indices.

use crate::harness::{borrow_mut_wait, borrow_wait, consume_wait, Pair, Trace, D};

fn three(t: &Trace, a: u32, b: u32, c: u32) -> u32 {
    t.op(90);
    a * 100 + b * 10 + c
}

#[derive(Debug)]
#[allow(dead_code)]
struct Point {
    x: u32,
    y: u32,
    z: u32,
}

fn point(t: &Trace, start: u32) -> Point {
    Point {
        x: t.n(start),
        y: t.n(start + 1),
        z: t.n(start + 2),
    }
}

differential! {
    async fn call_first_argument(t: Trace) -> u32 {
        three(&t, t.wait(1, 1).await, t.n(2), t.n(3))
    }
}

differential! {
    async fn call_middle_argument(t: Trace) -> u32 {
        three(&t, t.n(1), t.wait(2, 1).await, t.n(3))
    }
}

differential! {
    async fn call_all_arguments(t: Trace) -> u32 {
        three(&t, t.wait(1, 1).await, t.wait(2, 1).await, t.wait(3, 2).await)
    }
}

differential! {
    /// what was evaluated before the await is dropped when it is cancelled or panics
    async fn call_with_owned_arguments(t: Trace) -> u32 {
        fn take(a: D, b: u32, c: D) -> u32 {
            a.id() + b + c.id()
        }
        take(t.d(1), t.wait(2, 1).await, t.d(3))
    }
}

differential! {
    /// the borrow taken for the first argument lives across the await in the second
    async fn call_with_borrowed_argument(t: Trace) -> u32 {
        fn look(a: &D, b: u32) -> u32 {
            a.id() + b
        }
        let d = t.d(1);
        look(&d, t.wait(2, 1).await)
    }
}

differential! {
    async fn call_with_moved_local(t: Trace) -> u32 {
        fn take(a: D, b: u32) -> u32 {
            a.by_value() + b
        }
        let d = t.d(1);
        take(d, t.wait(2, 1).await)
    }
}

differential! {
    /// a `Copy` argument is copied before the later argument changes the variable
    async fn copied_argument_is_not_changed_later(t: Trace) -> (u32, u32) {
        fn pair(a: u32, b: u32) -> (u32, u32) {
            (a, b)
        }
        let mut x = t.n(1);
        pair(x, {
            x += t.wait(10, 1).await;
            x
        })
    }
}

differential! {
    async fn call_nested_in_call(t: Trace) -> u32 {
        let inner = three(&t, t.n(1), t.n(1), t.wait(1, 1).await);
        three(&t, three(&t, t.n(0), t.wait(0, 1).await, t.n(1)), t.wait(2, 1).await, inner)
    }
}

differential! {
    async fn callee_is_awaited(t: Trace) -> u32 {
        fn double(x: u32) -> u32 {
            x * 2
        }
        t.later(1, double).await(t.wait(2, 1).await)
    }
}

differential! {
    async fn callee_is_a_boxed_closure(t: Trace) -> u32 {
        let d = t.d(1);
        let f: Box<dyn FnOnce(u32) -> u32> = Box::new(move |x| x + d.by_value());
        f(t.wait(2, 1).await)
    }
}

differential! {
    async fn future_built_from_awaited_arguments(t: Trace) -> u32 {
        t.wait(t.wait(1, 1).await, t.wait(2, 1).await).await
    }
}

differential! {
    async fn method_argument(t: Trace) -> u32 {
        t.n(5).pow(t.wait(2, 1).await)
    }
}

differential! {
    async fn method_receiver(t: Trace) -> u32 {
        t.wait(5, 1).await.pow(t.n(2))
    }
}

differential! {
    async fn method_receiver_and_argument(t: Trace) -> u32 {
        t.wait(5, 1).await.pow(t.wait(2, 1).await)
    }
}

differential! {
    async fn method_chain(t: Trace) -> u32 {
        t.wait(1, 1).await.wrapping_add(t.wait(2, 1).await).wrapping_mul(t.wait(3, 1).await).min(t.n(8))
    }
}

differential! {
    /// two-phase borrow: `v` may be read in the argument of a method that changes it
    async fn method_argument_reads_the_receiver(t: Trace) -> Vec<usize> {
        let mut v = vec![1, 2];
        v.push(v.len());
        t.wait(1, 1).await;
        v.push(v.len() + v[0]);
        v
    }
}

differential! {
    async fn method_with_changed_receiver(t: Trace) -> Vec<u32> {
        let mut v = Vec::new();
        v.push(t.wait(1, 1).await);
        v.insert(t.later(2, 0_usize).await, t.wait(3, 1).await);
        v
    }
}

differential! {
    async fn associated_function(t: Trace) -> u32 {
        u32::pow(t.wait(2, 1).await, t.wait(3, 1).await)
    }
}

differential! {
    async fn tuple_struct_and_enum_constructors(t: Trace) -> (Option<u32>, Result<u32, String>) {
        (Some(t.wait(1, 1).await), Ok(t.wait(2, 1).await))
    }
}

differential! {
    async fn tuple_elements(t: Trace) -> (u32, u32, u32) {
        (t.wait(1, 1).await, t.n(2), t.wait(3, 1).await)
    }
}

differential! {
    async fn tuple_of_owned_elements(t: Trace) -> (D, u32, D) {
        (t.d(1), t.wait(2, 1).await, t.d(3))
    }
}

differential! {
    async fn array_elements(t: Trace) -> [u32; 3] {
        [t.n(1), t.wait(2, 1).await, t.n(3)]
    }
}

differential! {
    async fn array_of_owned_elements(t: Trace) -> [D; 3] {
        [t.d(1), t.later_d(2).await, t.d(3)]
    }
}

differential! {
    async fn array_repeat(t: Trace) -> [u32; 3] {
        [t.wait(1, 1).await; 3]
    }
}

differential! {
    async fn struct_fields(t: Trace) -> Point {
        Point { x: t.wait(1, 1).await, y: t.n(2), z: t.wait(3, 1).await }
    }
}

differential! {
    /// fields are evaluated as written, not as declared
    async fn struct_fields_out_of_order(t: Trace) -> Point {
        Point { z: t.n(1), x: t.wait(2, 1).await, y: t.n(3) }
    }
}

differential! {
    async fn struct_of_owned_fields_out_of_order(t: Trace) -> Pair {
        Pair { b: t.d(1), a: t.later_d(2).await }
    }
}

differential! {
    async fn struct_field_shorthand(t: Trace) -> Point {
        let (x, z) = (t.n(1), t.n(2));
        Point { x, y: t.wait(3, 1).await, z }
    }
}

differential! {
    async fn struct_base_is_awaited(t: Trace) -> Point {
        Point { y: t.wait(9, 1).await, ..t.later(1, point(&t, 2)).await }
    }
}

differential! {
    async fn struct_base_after_await(t: Trace) -> Point {
        Point { y: t.wait(9, 1).await, ..point(&t, 2) }
    }
}

differential! {
    /// the rest of the base is dropped
    async fn struct_base_of_owned_fields(t: Trace) -> Pair {
        Pair { a: t.later_d(1).await, ..Pair { a: t.d(2), b: t.d(3) } }
    }
}

differential! {
    async fn index_is_awaited(t: Trace) -> u32 {
        let a = [10, 20, 30];
        a[t.later(1, 2_usize).await]
    }
}

differential! {
    async fn indexed_value_is_awaited(t: Trace) -> u32 {
        t.later(1, [10, 20, 30]).await[t.val(2, 1_usize)]
    }
}

differential! {
    /// On arrays and slices, where the index is built in, rustc itself is wrong: a built-in index that is
    /// needed after an await is read uninitialized (1.95 and nightly; `a[1][later(0).await]` with a computed
    /// 1 crashes). There is no oracle for it, so this body has vectors.
    async fn index_of_an_index(t: Trace) -> u32 {
        let a = vec![vec![1, 2], vec![3, 4]];
        a[t.later(1, 1_usize).await][t.later(2, 0_usize).await]
    }
}

differential! {
    async fn index_out_of_bounds_panics(t: Trace) -> u32 {
        let v = vec![t.n(1)];
        v[t.later(2, 7_usize).await]
    }
}

differential! {
    async fn field_of_an_awaited_value(t: Trace) -> u32 {
        t.later(1, (t.n(2), t.n(3))).await.1
    }
}

differential! {
    /// the field is moved out of the temporary, the rest of it is dropped
    async fn owned_field_of_an_awaited_value(t: Trace) -> D {
        t.later(1, (t.d(2), t.d(3))).await.1
    }
}

differential! {
    async fn arguments_borrowed_by_sub_futures(t: Trace) -> u32 {
        let (a, mut b, c) = (t.d(1), t.d(2), t.d(3));
        borrow_wait(&a).await + borrow_mut_wait(&mut b).await + consume_wait(c).await + b.id()
    }
}

differential! {
    async fn argument_is_a_block_that_suspends(t: Trace) -> u32 {
        three(&t, t.n(1), { t.wait(5, 1).await; t.n(2) }, { let d = t.d(6); t.wait(7, 1).await; d.id() })
    }
}

differential! {
    async fn argument_is_an_if_that_suspends(t: Trace) -> u32 {
        three(&t, t.n(1), if t.yes(5) { t.wait(2, 1).await } else { 0 }, match t.n(6) { 6 => t.wait(3, 1).await, _ => 0 })
    }
}
