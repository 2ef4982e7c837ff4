//! Receivers of methods, of which nothing but the type says whether the method consumes or borrows them.

use std::rc::Rc;

use crate::harness::{consume_wait, Pair, Trace, D};

differential! {
    async fn last_use_borrows(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(2, 1).await;
        let n = d.id();
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn last_use_consumes(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(2, 1).await;
        let n = d.by_value();
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn last_use_borrows_uniquely(t: Trace) -> u32 {
        let mut d = t.d(1);
        t.wait(2, 1).await;
        d.set(5);
        t.wait(3, 1).await
    }
}

differential! {
    async fn last_use_lends_to_a_sub_future(t: Trace) -> u32 {
        let d = t.d(1);
        let n = d.by_ref_wait().await;
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn last_use_lends_uniquely_to_a_sub_future(t: Trace) -> u32 {
        let mut d = t.d(1);
        let n = d.by_mut_wait().await;
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn last_use_is_consumed_by_a_sub_future(t: Trace) -> u32 {
        let d = t.d(1);
        let n = d.by_value_wait().await;
        t.wait(3, 1).await + n
    }
}

differential! {
    /// consumed at the call: an argument evaluated later suspends with the receiver moved out
    async fn consumed_receiver_with_an_awaited_argument(t: Trace) -> D {
        let d = t.d(1);
        let other = t.d(2);
        let d = d.with(t.wait(3, 1).await);
        t.wait(other.id(), 1).await;
        d
    }
}

differential! {
    async fn borrowed_receiver_with_an_awaited_argument(t: Trace) -> Vec<u32> {
        let mut v = vec![t.n(1)];
        v.push(t.wait(2, 1).await);
        v.extend([t.n(3), t.wait(4, 1).await]);
        v
    }
}

differential! {
    async fn chain_of_borrows(t: Trace) -> u32 {
        let mut d = t.d(1);
        d.by_mut().by_mut().set(t.wait(2, 1).await);
        t.wait(3, 1).await;
        let n = d.by_ref().by_ref().id();
        t.wait(4, 1).await + n
    }
}

differential! {
    async fn chain_of_borrows_into_a_sub_future(t: Trace) -> u32 {
        let mut d = t.d(1);
        let n = d.by_mut().by_mut_wait().await + d.by_ref().by_ref_wait().await;
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn builder_chain(t: Trace) -> u32 {
        let builder = t.d(1);
        t.wait(2, 1).await;
        let n = builder.with(10).with(t.wait(20, 1).await).by_value_wait().await;
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn builder_chain_from_a_temporary(t: Trace) -> u32 {
        t.d(1).with(t.n(2)).with(t.wait(3, 1).await).by_value_wait().await + t.n(4)
    }
}

differential! {
    async fn builder_by_unique_borrow(t: Trace) -> String {
        let mut s = String::new();
        s.push_str(t.later(1, "a").await);
        s.insert(t.later(2, 0_usize).await, 'b');
        let s = std::mem::take(&mut s);
        t.wait(3, 1).await;
        s
    }
}

differential! {
    async fn awaited_receiver_consumed(t: Trace) -> u32 {
        t.later_d(1).await.by_value() + t.wait(2, 1).await
    }
}

differential! {
    async fn awaited_receiver_consumed_by_a_sub_future(t: Trace) -> u32 {
        t.later_d(1).await.by_value_wait().await + t.wait(2, 1).await
    }
}

differential! {
    async fn awaited_receiver_lent_uniquely(t: Trace) -> u32 {
        t.later_d(1).await.by_mut_wait().await + t.wait(2, 1).await
    }
}

differential! {
    async fn chain_of_awaits_mixed(t: Trace) -> u32 {
        let n = t.later(1, t.d(2)).await.with(3).by_ref_wait().await.pow(t.wait(2, 1).await);
        t.op(4);
        n
    }
}

differential! {
    async fn option_consumed_by_a_method(t: Trace) -> u32 {
        let d = Some(t.d(1));
        t.wait(2, 1).await;
        let n = d.map(|d| d.by_value()).unwrap_or(3);
        t.wait(4, 1).await + n
    }
}

differential! {
    async fn option_asked_by_a_method(t: Trace) -> bool {
        let d = Some(t.d(1));
        t.wait(2, 1).await;
        let some = d.is_some();
        t.wait(3, 1).await;
        some
    }
}

differential! {
    async fn option_as_ref_then_awaited(t: Trace) -> u32 {
        let d = Some(t.d(1));
        let n = d.as_ref().unwrap().by_ref_wait().await;
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn result_unwrapped(t: Trace) -> u32 {
        let r: Result<D, u32> = Ok(t.d(1));
        t.wait(2, 1).await;
        let d = r.unwrap();
        t.wait(3, 1).await + d.id()
    }
}

differential! {
    async fn vec_consumed_by_into_iter(t: Trace) -> u32 {
        let v = vec![t.d(1), t.d(2)];
        t.wait(3, 1).await;
        let n: u32 = v.into_iter().map(|d| d.by_value()).sum();
        t.wait(4, 1).await + n
    }
}

differential! {
    async fn vec_asked_for_its_length(t: Trace) -> usize {
        let v = vec![t.d(1), t.d(2)];
        t.wait(3, 1).await;
        let n = v.len();
        t.wait(4, 1).await;
        n
    }
}

differential! {
    async fn consumed_in_one_branch_borrowed_in_the_other(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..2 {
            let d = t.d(n);
            t.wait(10, 1).await;
            sum += if n == 0 { d.by_value() } else { d.id() };
            t.wait(11, 1).await;
        }
        sum
    }
}

differential! {
    async fn consumed_in_a_loop_that_ends(t: Trace) -> u32 {
        let d = t.d(1);
        let mut n = 0;
        loop {
            n += t.wait(1, 1).await;
            if n == 2 {
                break d.by_value_wait().await;
            }
        }
    }
}

differential! {
    async fn field_as_a_receiver(t: Trace) -> u32 {
        let mut pair = Pair { a: t.d(1), b: t.d(2) };
        t.wait(3, 1).await;
        let n = pair.a.by_ref().id();
        t.wait(4, 1).await;
        pair.b.by_mut_wait().await;
        n + pair.b.id()
    }
}

differential! {
    async fn element_as_a_receiver(t: Trace) -> u32 {
        let mut v = vec![t.d(1), t.d(2)];
        v[t.later(3, 1_usize).await].by_mut_wait().await;
        t.wait(4, 1).await;
        let n = v[0].id();
        t.wait(5, 1).await + n
    }
}

differential! {
    async fn dereferenced_box_as_a_receiver(t: Trace) -> u32 {
        let a = Box::new(t.d(1));
        let b = Box::new(t.d(2));
        t.wait(3, 1).await;
        let n = a.by_value();
        t.wait(4, 1).await;
        let m = (*b).by_ref_wait().await;
        t.wait(5, 1).await + n + m
    }
}

differential! {
    async fn rc_as_a_receiver(t: Trace) -> u32 {
        let rc = Rc::new(t.d(1));
        t.wait(2, 1).await;
        let n = rc.by_ref_wait().await;
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn copy_receiver(t: Trace) -> u32 {
        #[derive(Clone, Copy)]
        struct C(u32);
        impl C {
            fn by_value(self) -> u32 {
                self.0
            }
        }
        let c = C(t.n(1));
        t.wait(2, 1).await;
        c.by_value() + c.by_value()
    }
}

differential! {
    /// the reference is copied or reborrowed, what it points to stays
    async fn reference_as_a_receiver(t: Trace) -> (u32, D) {
        let mut d = t.d(1);
        let r = &mut d;
        let n = r.by_mut_wait().await + r.by_ref_wait().await;
        let s = &*r;
        let m = s.by_ref_wait().await + s.id();
        t.wait(2, 1).await;
        (n + m, d)
    }
}

differential! {
    async fn method_of_a_trait_by_value_and_by_reference(t: Trace) -> u32 {
        trait Take: Sized {
            fn take(self) -> u32;
            fn look(&self) -> u32;
        }
        impl Take for D {
            fn take(self) -> u32 {
                self.by_value()
            }
            fn look(&self) -> u32 {
                self.id()
            }
        }
        let (a, b) = (t.d(1), t.d(2));
        t.wait(3, 1).await;
        let n = a.take() + b.look();
        t.wait(4, 1).await + n
    }
}

differential! {
    /// a trait implemented for the reference: `self` by value borrows the variable
    async fn method_by_value_on_a_reference(t: Trace) -> u32 {
        trait Look {
            fn look(self) -> u32;
        }
        impl Look for &D {
            fn look(self) -> u32 {
                self.id()
            }
        }
        let d = t.d(1);
        t.wait(2, 1).await;
        let n = d.look();
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn clone_then_consume(t: Trace) -> usize {
        let rc = Rc::new(t.d(1));
        let copy = rc.clone();
        t.wait(2, 1).await;
        drop(rc);
        let n = Rc::strong_count(&copy);
        t.wait(3, 1).await;
        n
    }
}

differential! {
    async fn stored_closure_called_as_a_field(t: Trace) -> u32 {
        struct Handler<F> {
            run: F,
        }
        let d = t.d(1);
        let handler = Handler { run: move |n: u32| d.id() + n };
        let n = (handler.run)(t.wait(2, 1).await);
        t.wait(3, 1).await;
        (handler.run)(n)
    }
}

differential! {
    async fn operator_consumes_its_left_operand(t: Trace) -> String {
        let s = String::from("a");
        t.wait(1, 1).await;
        let s = s + t.later(2, "b").await;
        t.wait(3, 1).await;
        s + "c" + t.later(4, "d").await
    }
}

differential! {
    async fn consumed_while_another_is_lent(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        let lent = b.by_ref_wait();
        let n = consume_wait(a).await;
        lent.await + n + b.by_value()
    }
}

differential! {
    /// what is left of a temporary drops at the end of the statement
    async fn parts_of_temporaries_are_consumed(t: Trace) -> u32 {
        let pair = |a, b| (t.d(a), Some(t.d(b)));
        let v = Vec::from([pair(1, 2).0, t.later_d(3).await]);
        let n = pair(4, 5).1.unwrap().with(t.n(6)).by_mut_wait().await;
        let m = match pair(7, 8).1.map(|d| d.id()) {
            Some(n) => t.wait(n, 1).await,
            None => 0,
        };
        let mut sum = 0;
        for d in (vec![t.d(9), t.d(10)], t.d(11)).0.into_iter() {
            sum += t.wait(d.id(), 1).await;
        }
        n + m + sum + v.len() as u32
    }
}

differential! {
    async fn parts_of_variables_are_consumed(t: Trace) -> u32 {
        let p = (t.d(1), Some(t.later_d(2).await), vec![t.d(3)]);
        let n = p.1.map_or(0, |d| d.id());
        t.wait(4, 1).await;
        let m = p.2.into_iter().map(|d| d.id()).sum::<u32>();
        t.wait(5, 1).await;
        n + m + p.0.id()
    }
}

differential! {
    /// a receiver that is consumed is dropped with the operands, in the order of their evaluation
    async fn panic_in_the_argument_of_a_consuming_call(t: Trace) -> u32 {
        let x = &(t.d(1), t.later(2, Pair { a: t.d(3).with(t.n(4)), b: t.d(5) }).await);
        x.0.id()
    }
}

differential! {
    async fn panic_in_the_argument_of_a_call_that_consumes_a_variable(t: Trace) -> u32 {
        let (d, e, f) = (t.d(1), t.d(2), t.d(3));
        t.wait(4, 1).await;
        let x = (t.d(5), d.with(t.n(6)), t.later(7, f).await);
        let y = (t.d(8), e.with(t.d(9).id()));
        t.wait(x.0.id() + y.0.id(), 1).await
    }
}

differential! {
    async fn panic_in_the_argument_of_a_call_that_consumes_a_part(t: Trace) -> u32 {
        let (pair, mut other) = (Pair { a: t.d(1), b: t.d(2) }, Pair { a: t.d(3), b: t.d(4) });
        t.wait(4, 1).await;
        let d = pair.a.with(t.d(5).id());
        other.b.set(t.d(6).id());
        t.wait(d.id() + pair.b.id() + other.b.id(), 1).await
    }
}

/// Takes a value, and borrows another.
fn beside(d: &D, e: D, f: &D) -> u32 {
    d.id() + e.id() + f.id()
}

trait Beside {
    fn beside(&self, e: D, f: &D) -> u32;
}

impl Beside for D {
    fn beside(&self, e: D, f: &D) -> u32 {
        beside(self, e, f)
    }
}

differential! {
    async fn arguments_that_borrow_temporaries_beside_those_with_a_destructor(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(2, 1).await;
        let n = d.beside(t.d(3), &t.d(4));
        t.wait(n, 1).await
    }
}
