//! When and in which order locals and arguments are dropped.

use std::rc::Rc;

use crate::harness::{consume_wait, Pair, Trace, D};

differential! {
    async fn locals_drop_in_reverse(t: Trace) -> u32 {
        let _a = t.d(1);
        let _b = t.d(2);
        t.wait(3, 1).await;
        let _c = t.d(4);
        t.wait(5, 1).await
    }
}

differential! {
    async fn blocks_drop_their_locals(t: Trace) -> u32 {
        let _a = t.d(1);
        {
            let _b = t.d(2);
            t.wait(3, 1).await;
            {
                let _c = t.d(4);
                t.wait(5, 1).await;
            }
            t.op(6);
        }
        t.wait(7, 1).await
    }
}

differential! {
    async fn local_that_is_never_used_lives_to_the_end(t: Trace) -> u32 {
        let _guard = t.d(1);
        t.wait(2, 1).await;
        t.op(3);
        t.n(4)
    }
}

differential! {
    async fn local_between_awaits_drops_between_them(t: Trace) -> u32 {
        t.wait(1, 1).await;
        {
            let d = t.d(2);
            d.id();
        }
        t.wait(3, 1).await
    }
}

differential! {
    async fn explicit_drop(t: Trace) -> u32 {
        let a = t.d(1);
        let b = t.d(2);
        t.wait(3, 1).await;
        drop(a);
        t.wait(4, 1).await;
        b.id()
    }
}

differential! {
    async fn mem_forget_and_manually_drop(t: Trace) -> u32 {
        let a = std::mem::ManuallyDrop::new(t.d(1));
        let b = t.d(2);
        t.wait(3, 1).await;
        std::mem::forget(b);
        t.wait(4, 1).await;
        let a = std::mem::ManuallyDrop::into_inner(a);
        t.wait(5, 1).await + a.id()
    }
}

differential! {
    /// the value is made before the locals are dropped
    async fn return_value_is_made_before_the_drops(t: Trace) -> (u32, D) {
        let a = t.d(1);
        let _b = t.d(2);
        t.wait(3, 1).await;
        (a.id(), t.d(4))
    }
}

differential! {
    async fn return_drops_all_open_scopes(t: Trace) -> u32 {
        let _a = t.d(1);
        {
            let _b = t.d(2);
            for n in 0..3 {
                let _c = t.d(10 + n);
                t.wait(4, 1).await;
                if n == 1 {
                    return t.wait(5, 1).await;
                }
            }
        }
        t.n(6)
    }
}

differential! {
    async fn vec_drops_its_elements(t: Trace) -> u32 {
        let v = vec![t.d(1), t.d(2)];
        t.wait(3, 1).await;
        v.len() as u32
    }
}

differential! {
    async fn vec_elements_removed_across_awaits(t: Trace) -> Vec<D> {
        let mut v = vec![t.d(1), t.d(2), t.d(3)];
        let removed = v.remove(1);
        t.wait(4, 1).await;
        v.truncate(1);
        t.wait(removed.id(), 1).await;
        v
    }
}

differential! {
    async fn option_box_and_rc(t: Trace) -> u32 {
        let a = Some(t.d(1));
        let b = Box::new(t.d(2));
        let c = Rc::new(t.d(3));
        let c2 = Rc::clone(&c);
        t.wait(4, 1).await;
        drop(c);
        t.wait(5, 1).await;
        drop(b);
        t.wait(6, 1).await;
        c2.id() + a.map_or(0, |d| d.id())
    }
}

differential! {
    async fn tuple_and_array_drop_in_order_of_elements(t: Trace) -> u32 {
        let _tuple = (t.d(1), (t.d(2), t.d(3)));
        let _array = [t.d(4), t.d(5)];
        t.wait(6, 1).await
    }
}

differential! {
    async fn conditional_move_then_scope_end(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..3 {
            let a = t.d(n);
            let b = t.d(n + 10);
            if n == 0 {
                sum += consume_wait(a).await;
            } else if n == 1 {
                sum += t.wait(20, 1).await;
                drop(b);
            }
            sum += t.wait(21, 1).await;
        }
        sum
    }
}

differential! {
    async fn moved_in_a_loop_then_left(t: Trace) -> u32 {
        let d = t.d(1);
        let other = t.d(2);
        loop {
            t.wait(3, 1).await;
            if t.yes(4) {
                drop(d);
                break;
            }
        }
        t.wait(5, 1).await + other.id()
    }
}

differential! {
    async fn drops_on_every_round_of_a_loop(t: Trace) -> u32 {
        for n in 0..3 {
            let _a = t.d(n);
            t.wait(10, 1).await;
            let _b = t.d(20 + n);
        }
        t.n(30)
    }
}

differential! {
    async fn awaited_value_that_is_not_bound(t: Trace) -> u32 {
        let _a = t.d(1);
        t.later_d(2).await;
        t.later(3, t.d(4)).await;
        t.wait(5, 1).await
    }
}

differential! {
    async fn user_defined_drop_sees_other_locals(t: Trace) -> u32 {
        struct Guard<'a>(&'a D);
        impl Drop for Guard<'_> {
            fn drop(&mut self) {
                self.0.trace().note("the guard looks at its D");
            }
        }
        let d = t.d(1);
        let _guard = Guard(&d);
        t.wait(2, 1).await
    }
}

differential! {
    /// a shared counter is back to zero at every point where it should be
    async fn guard_is_released_between_statements(t: Trace) -> Vec<usize> {
        let token = Rc::new(());
        let mut counts = vec![];
        {
            let _held = Rc::clone(&token);
            t.wait(1, 1).await;
            counts.push(Rc::strong_count(&token));
        }
        counts.push(Rc::strong_count(&token));
        t.later(2, Rc::clone(&token)).await;
        counts.push(Rc::strong_count(&token));
        counts
    }
}

differential! {
    async fn never_type_local(t: Trace) -> u32 {
        #![allow(unreachable_code, unused_variables, clippy::diverging_sub_expression)]
        let d = t.d(1);
        t.wait(2, 1).await;
        let never = return d.id();
    }
}

differential! {
    async fn zero_sized_values_with_drop(t: Trace) -> u32 {
        thread_local!(static DROPS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
        struct Zero;
        impl Drop for Zero {
            fn drop(&mut self) {
                DROPS.set(DROPS.get() + 1);
            }
        }
        DROPS.set(0);
        let _a = Zero;
        t.wait(1, 1).await;
        {
            let _b = Zero;
            let c = Zero;
            t.wait(2, 1).await;
            drop(c);
        }
        DROPS.get()
    }
}

differential_items! {
    /// arguments drop in reverse, after the locals; unused ones too
    mod arguments_drop_in_reverse($co) {
        #[allow(unused_variables)]
        #[$co]
        async fn callee(t: &Trace, a: D, b: D, c: D) -> u32 {
            let _local = t.d(10);
            t.wait(1, 1).await;
            b.id()
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            callee(&t, t.d(1), t.d(2), t.d(3)).await
        }
    }
}

differential_items! {
    mod argument_moved_in_the_body($co) {
        #[$co]
        async fn callee(t: &Trace, a: D, b: D, c: D) -> u32 {
            let n = consume_wait(b).await;
            drop(a);
            t.wait(n, 1).await + c.id()
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            callee(&t, t.d(1), t.d(2), t.d(3)).await
        }
    }
}

differential_items! {
    /// dropped when the never polled future is
    mod future_that_is_never_awaited($co) {
        #[$co]
        async fn callee(t: Trace, a: D, _: D) -> u32 {
            t.wait(1, 1).await + a.id()
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let unused = callee(t.clone(), t.d(1), t.d(2));
            t.wait(3, 1).await;
            drop(unused);
            t.wait(4, 1).await
        }
    }
}

differential_items! {
    /// locals drop before the caller goes on
    mod locals_drop_before_the_caller_resumes($co) {
        #[$co]
        async fn callee(t: &Trace, id: u32) -> D {
            let _a = t.d(id);
            let d = t.d(id + 1);
            t.wait(id + 2, 1).await;
            let _c = t.d(id + 3);
            d
        }

        #[$co]
        async fn body(t: Trace) -> (D, D) {
            (callee(&t, 10).await, callee(&t, 20).await)
        }
    }
}

differential! {
    async fn typed_variable_whose_value_leaves_temporaries(t: Trace) -> u32 {
        let _pair: Pair = Pair { a: t.d(4), ..Pair { a: (Pair { a: t.d(1), b: t.d(2) }).b, b: t.later_d(17).await } };
        t.n(1)
    }
}

differential! {
    async fn typed_variable_whose_value_leaves_parts(t: Trace) -> u32 {
        let _pair: Pair = Pair { a: ((t.d(1), t.d(2))).1, b: (Pair { a: t.d(6), b: t.later_d(7).await }).b };
        t.wait(1, 1).await;
        t.n(1)
    }
}

differential! {
    async fn pattern_that_leaves_a_part_beside_a_base(t: Trace) -> u32 {
        let Pair { a: _a, b: _ } = 'block: {
            if t.no(1) {
                break 'block Pair { a: t.d(1), b: t.d(2) };
            }
            Pair { a: t.later_d(3).await, ..Pair { a: t.d(4), b: t.d(5) } }
        };
        t.n(6)
    }
}

differential! {
    async fn variable_whose_value_leaves_temporaries_of_its_own(t: Trace) -> u32 {
        let both = ({ t.wait(1, 1).await; (t.d(2), t.d(3)).1.id() }, (t.d(4), t.d(5)).0.id(), t.d(6));
        both.0 + both.1
    }
}
