//! Temporaries: how long they live when their statement suspends. Edition 2021; where 2024 differs (tail
//! expressions, `if let`) the body says so.
#![allow(irrefutable_let_patterns)]

use crate::harness::{borrow_wait, Pair, Trace, D};

/// A sub-future that has nothing to do with the temporary it was made beside.
fn look(d: &D, n: u32) -> u32 {
    d.id() + n
}

differential! {
    async fn argument_lives_to_the_end_of_the_statement(t: Trace) -> u32 {
        borrow_wait(&t.d(1)).await;
        t.wait(2, 1).await
    }
}

differential! {
    async fn argument_lives_to_the_end_of_a_let(t: Trace) -> u32 {
        let n = borrow_wait(&t.d(1)).await + t.wait(2, 1).await;
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn several_drop_in_reverse(t: Trace) -> u32 {
        let n = look(&t.d(1), t.wait(2, 1).await) + look(&t.d(3), t.wait(4, 1).await);
        t.op(5);
        n
    }
}

differential! {
    /// 2024: before the locals
    async fn in_the_tail_expression_drops_after_the_locals(t: Trace) -> u32 {
        let _d = t.d(1);
        borrow_wait(&t.d(2)).await
    }
}

differential! {
    /// 2024: at the end of the block
    async fn in_the_tail_of_a_block_lives_to_the_end_of_the_statement(t: Trace) -> u32 {
        let n = {
            let _d = t.d(1);
            borrow_wait(&t.d(2)).await
        } + t.wait(3, 1).await;
        t.n(4) + n
    }
}

differential! {
    async fn in_a_match_scrutinee_lives_through_the_arms(t: Trace) -> u32 {
        let n = match borrow_wait(&t.d(1)).await {
            1 => t.wait(2, 1).await,
            _ => t.n(3),
        };
        t.wait(4, 1).await + n
    }
}

differential! {
    async fn in_a_match_scrutinee_borrowed_by_the_arms(t: Trace) -> u32 {
        match t.later_d(1).await.by_ref() {
            d if d.id() == 1 => t.wait(2, 1).await + d.id(),
            _ => t.n(3),
        }
    }
}

differential! {
    /// 2024: before the else block
    async fn in_an_if_let_scrutinee_lives_through_else(t: Trace) -> u32 {
        let n = if let 5 = borrow_wait(&t.d(1)).await {
            t.wait(2, 1).await
        } else {
            t.wait(3, 1).await
        };
        t.n(4) + n
    }
}

differential! {
    async fn in_an_if_condition_drops_before_the_branch(t: Trace) -> u32 {
        if borrow_wait(&t.d(1)).await == 1 {
            t.wait(2, 1).await
        } else {
            t.n(3)
        }
    }
}

differential! {
    async fn in_a_while_condition_drops_before_the_round(t: Trace) -> u32 {
        let mut n = 0;
        while borrow_wait(&t.d(n)).await < 2 {
            n += 1;
            t.wait(10 + n, 1).await;
        }
        n
    }
}

differential! {
    async fn in_a_while_let_scrutinee_lives_through_the_round(t: Trace) -> u32 {
        let mut n = 0;
        while let 0..=1 = borrow_wait(&t.d(n)).await {
            n += 1;
            t.wait(10 + n, 1).await;
        }
        n
    }
}

differential! {
    async fn in_a_for_iterator_lives_through_the_loop(t: Trace) -> u32 {
        let mut sum = 0;
        for n in [1, 2].iter().take(look(&t.d(1), t.later(2, 1).await) as usize) {
            sum += t.wait(10 + n, 1).await;
        }
        t.n(3) + sum
    }
}

differential! {
    /// dropped before the else block, in both editions
    async fn in_a_let_else_drops_before_else(t: Trace) -> u32 {
        let 5 = borrow_wait(&t.d(1)).await else {
            return t.wait(2, 1).await;
        };
        t.n(3)
    }
}

differential! {
    async fn in_an_operand_of_and(t: Trace) -> bool {
        let both = borrow_wait(&t.d(1)).await == 1 && borrow_wait(&t.d(2)).await == 2;
        t.wait(3, 1).await;
        both
    }
}

differential! {
    async fn in_a_return_drops_after_the_value(t: Trace) -> u32 {
        let _d = t.d(1);
        return borrow_wait(&t.d(2)).await;
    }
}

differential! {
    async fn in_an_assignment(t: Trace) -> u32 {
        let mut x = t.n(1);
        x += borrow_wait(&t.d(2)).await;
        t.op(3);
        x = look(&t.d(4), t.wait(5, 1).await) + x;
        t.wait(x, 1).await
    }
}

differential! {
    async fn in_a_struct_literal(t: Trace) -> Pair {
        let pair = Pair { a: t.later_d(look(&t.d(1), 2)).await, b: t.later_d(look(&t.d(4), 1)).await };
        t.op(6);
        pair
    }
}

differential! {
    async fn in_an_index(t: Trace) -> u32 {
        let v = vec![10, 20, 30];
        let n = v[look(&t.d(1), t.wait(0, 1).await) as usize];
        t.wait(2, 1).await + n
    }
}

differential! {
    async fn in_a_macro_argument(t: Trace) -> String {
        let s = format!("{} {}", borrow_wait(&t.d(1)).await, look(&t.d(2), t.wait(3, 1).await));
        t.op(4);
        s
    }
}

differential! {
    async fn let_reference_extends(t: Trace) -> u32 {
        let d = &t.d(1);
        t.wait(2, 1).await;
        d.id()
    }
}

differential! {
    async fn let_reference_to_an_awaited_value_extends(t: Trace) -> u32 {
        let d = &t.later_d(1).await;
        let e = &mut t.later_d(2).await;
        t.wait(3, 1).await;
        e.set(4);
        d.id() + e.id()
    }
}

differential! {
    async fn let_reference_inside_a_tuple_or_struct_extends(t: Trace) -> u32 {
        struct Holder<'a> {
            d: &'a D,
        }
        let (a, n) = (&t.d(1), t.wait(2, 1).await);
        let holder = Holder { d: &t.later_d(3).await };
        let array = [&t.d(4), &t.d(5)];
        t.wait(6, 1).await;
        a.id() + n + holder.d.id() + array.len() as u32
    }
}

differential! {
    async fn let_reference_to_a_field_extends_the_whole(t: Trace) -> u32 {
        let a = &Pair { a: t.d(1), b: t.d(2) }.a;
        t.wait(3, 1).await;
        a.id()
    }
}

differential! {
    async fn let_reference_to_an_element_extends_the_array(t: Trace) -> u32 {
        let a = &[t.d(1), t.later_d(2).await][t.later(3, 1_usize).await];
        t.wait(4, 1).await;
        a.id()
    }
}

differential! {
    async fn let_reference_at_the_tail_of_a_block_extends(t: Trace) -> u32 {
        let d = {
            t.op(1);
            &t.later_d(2).await
        };
        t.wait(3, 1).await;
        d.id()
    }
}

differential! {
    /// the extended one lives on, the one it was made from does not
    async fn extended_and_not_extended_in_one_statement(t: Trace) -> u32 {
        let d = &t.d(look(&t.d(1), t.wait(1, 1).await));
        t.wait(3, 1).await;
        d.id()
    }
}

differential! {
    async fn slice_of_a_temporary_extends(t: Trace) -> usize {
        let slice: &[D] = &vec![t.d(1), t.later_d(2).await];
        let part = &[1, 2, 3][..t.later(3, 2_usize).await];
        t.wait(4, 1).await;
        slice.len() + part.len()
    }
}

differential! {
    async fn constant_is_promoted(t: Trace) -> &'static u32 {
        let r = &5;
        t.wait(1, 1).await;
        r
    }
}

differential! {
    async fn result_of_a_method_does_not_extend(t: Trace) -> u32 {
        let n = t.d(1).by_ref().by_ref().id();
        t.wait(2, 1).await;
        let m = t.later_d(3).await.by_ref().id() + t.wait(4, 1).await;
        t.op(5);
        n + m
    }
}

differential! {
    async fn awaited_receiver_lives_to_the_end_of_the_statement(t: Trace) -> u32 {
        let n = t.later_d(1).await.by_ref_wait().await + t.n(2);
        t.wait(3, 1).await + n
    }
}

differential! {
    async fn future_is_dropped_when_it_is_done(t: Trace) -> u32 {
        let n = t.wait(1, 1).await + t.wait(2, 1).await;
        t.n(3) + n
    }
}

differential! {
    /// a temporary made by the expression that makes the future
    async fn temporary_of_the_future_expression(t: Trace) -> u32 {
        t.wait(t.d(1).id(), t.d(2).by_ref().id()).await;
        t.op(3);
        t.wait(look(&t.d(4), 1), 1).await
    }
}

differential! {
    async fn dropped_by_the_cancellation_of_a_half_evaluated_expression(t: Trace) -> u32 {
        fn sum(parts: [D; 3], more: &D, rest: Box<D>, n: u32) -> u32 {
            parts.len() as u32 + more.id() + rest.id() + n
        }
        sum([t.d(1), t.d(2), t.later_d(3).await], &t.d(4), Box::new(t.d(5)), t.wait(6, 1).await)
    }
}

differential! {
    async fn of_an_awaited_operand_of_format(t: Trace) -> usize {
        let s = format!("{:?} {:?}", t.d(1).by_ref(), t.later_d(2).await);
        t.wait(3, 1).await;
        s.len()
    }
}

differential! {
    async fn of_an_operand_of_format_before_a_suspension(t: Trace) -> usize {
        let d = t.later_d(1).await;
        let s = format!("{:?} {:?}", t.d(2).by_ref(), d);
        t.wait(3, 1).await;
        s.len()
    }
}

differential! {
    /// an extended temporary outlives the variable whose value borrows it
    async fn extended_temporaries_outlive_the_variable(t: Trace) -> u32 {
        struct S<'a> { n: u32, d: &'a D, own: D }
        impl Drop for S<'_> {
            fn drop(&mut self) { self.d.id(); }
        }
        let a = S { n: t.wait(1, 1).await, d: &t.d(2), own: t.d(3) };
        let b = S { n: t.n(4), d: &t.later_d(5).await, own: t.later_d(6).await };
        let pair = (t.d(7), &t.later_d(8).await, t.wait(9, 1).await);
        t.wait(10, 1).await;
        a.n + b.n + pair.1.id() + a.own.id() + b.own.id()
    }
}

differential! {
    /// each operand of `&&` and `||` ends its temporaries
    async fn lazy_operands_end_their_temporaries(t: Trace) -> u32 {
        let mut sum = 0;
        if t.later_d(1).await.id() == 1 && t.n(2) == 2 { sum += 1; }
        if t.d(3).by_ref_wait().await == 0 || t.d(4).id() == 4 { sum += 2; }
        let both = t.later_d(5).await.id() == 5 && t.later_d(6).await.id() == 6 && t.d(7).id() == 7;
        let nested = (t.d(8).id() == 8 && t.d(9).id() == 9, t.wait(10, 1).await);
        sum + u32::from(both) + nested.1
    }
}

differential! {
    /// of temporaries within one another the inner one is older
    async fn nested_temporaries_drop_from_the_outside(t: Trace) -> u32 {
        struct Pair<'a>(D, &'a D);
        impl<'a> Pair<'a> {
            fn new(t: &Trace, id: u32, d: &'a D) -> Self { Pair(t.d(id), d) }
            async fn wait(&self, t: &Trace) -> u32 { t.wait(self.0.id() + self.1.id(), 1).await }
        }
        let n = Pair::new(&t, 1, &t.d(2)).wait(&t).await;
        let m = Pair::new(&t, 3, &Pair::new(&t, 4, &t.d(5)).0).wait(&t).await;
        let kept = &Pair::new(&t, 6, &Pair::new(&t, 7, &t.d(8)).0).0.id();
        let held = Some(&t.later_d(9).await).map(|d| d.id());
        t.wait(10, 1).await;
        n + m + kept + held.unwrap_or(0)
    }
}

differential! {
    async fn awaited_temporary_of_the_tail_drops_after_the_locals(t: Trace) -> u32 {
        let _d = t.d(1);
        t.later_d(38).await.trace().steps() as u32
    }
}

differential! {
    async fn panic_in_the_tail_drops_the_locals_before_the_temporary(t: Trace) -> u32 {
        let _d = t.d(1);
        t.wait(1, 1).await;
        t.d(38).id()
    }
}

differential! {
    async fn awaited_temporaries_of_inner_tails(t: Trace) -> u32 {
        let _d = t.d(1);
        let n = { let _e = t.d(2); t.later_d(3).await.trace().steps() as u32 };
        let m = if n > 1 { let _e = t.d(4); t.later(5, t.d(5)).await.trace().steps() as u32 } else { 0 };
        match t.later_d(6).await.trace().steps() as u32 { n => { let _f = t.d(7); t.later_d(8).await.trace().steps() as u32 + n + m } }
    }
}

/// Dereferences to a number.
#[allow(dead_code)]
struct Numbered(crate::harness::D, u32);

impl std::ops::Deref for Numbered {
    type Target = u32;
    fn deref(&self) -> &u32 {
        &self.1
    }
}

differential! {
    async fn of_a_scrutinee_that_is_dereferenced(t: Trace) -> u32 {
        match *Numbered(t.d(1), 2) {
            1 => 3,
            2 => t.wait(4, 1).await,
            n => n,
        }
    }
}

differential! {
    async fn of_a_scrutinee_that_is_a_field(t: Trace) -> u32 {
        match Numbered(t.d(1), 2).1 {
            1 => 3,
            2 => t.wait(4, 1).await,
            n => n,
        }
    }
}

differential! {
    async fn of_a_condition_that_is_dereferenced(t: Trace) -> u32 {
        if let 2 = *Numbered(t.d(1), 2) {
            t.wait(4, 1).await
        } else {
            5
        }
    }
}

differential! {
    async fn of_a_matched_operand_by_reference(t: Trace) -> u32 {
        let (a, b) = (match t.d(1) { ref d => d.id() }, t.wait(2, 1).await);
        t.wait(a + b, 1).await
    }
}

differential! {
    async fn of_a_matched_operand_that_is_not_bound(t: Trace) -> u32 {
        let (a, b) = (match t.d(1) { _ => 3 }, t.wait(2, 1).await);
        t.wait(a + b, 1).await
    }
}

differential! {
    async fn of_a_matched_operand_by_value(t: Trace) -> u32 {
        let (a, b) = (match t.d(1) { d => d.id() }, t.wait(2, 1).await);
        t.wait(a + b, 1).await
    }
}

differential! {
    async fn of_an_operand_in_a_condition(t: Trace) -> u32 {
        let (a, b) = (if let Some(ref d) = Some(t.d(1)) { d.id() } else { 4 }, t.wait(2, 1).await);
        t.wait(a + b, 1).await
    }
}

differential! {
    async fn of_a_matched_operand_of_an_extended_initializer(t: Trace) -> u32 {
        let x = &(match t.d(1) { ref mut d => d.id() }, t.wait(2, 1).await, t.d(3));
        t.wait(x.0 + x.1, 1).await
    }
}

differential! {
    async fn of_a_matched_part_of_an_operand(t: Trace) -> u32 {
        let x = &(match (t.d(1), t.d(4)) { (ref mut d, e) => d.id() + e.id() }, t.wait(2, 1).await, t.d(3));
        t.wait(x.0 + x.1, 1).await
    }
}

differential! {
    async fn of_a_call_on_a_matched_operand(t: Trace) -> u32 {
        let (a, b) = (match t.d(1).by_ref().id() { n => n }, t.wait(2, 1).await);
        t.wait(a + b, 1).await
    }
}

differential! {
    async fn of_the_end_of_a_block_in_an_awaited_operand(t: Trace) -> u32 {
        let n = borrow_wait({ t.n(5); &t.d(1) }).await + { t.n(2); &t.d(3) }.by_ref().id() + t.wait(4, 1).await;
        t.wait(n, 1).await
    }
}

differential! {
    async fn of_a_part_among_the_operands_of_an_iterated_value(t: Trace) -> u32 {
        let mut sum = 0;
        for d in vec![t.d(1), Pair { a: t.d(2), b: t.d(3) }.a, t.later_d(4).await] {
            sum += d.id();
        }
        sum
    }
}

differential! {
    async fn of_a_part_among_the_operands_of_an_arm(t: Trace) -> u32 {
        let list = match t.n(1) {
            1 => [t.d(1), Pair { a: t.d(2), b: t.d(3) }.a, t.later_d(4).await],
            _ => return 0,
        };
        t.wait(5, 1).await + list[0].id()
    }
}

differential! {
    async fn of_a_part_among_the_operands_of_a_repeated_condition(t: Trace) -> u32 {
        let mut n = 0;
        while let Some([a, _, c]) = Some([t.d(1), Pair { a: t.d(2), b: t.d(3) }.a, t.later_d(n).await]) {
            n += a.id() + c.id();
            if n > 3 { break; }
        }
        n
    }
}

differential! {
    /// a variable that does not outlive its step is younger than what a `let` before it has extended
    async fn extended_after_a_variable_of_the_step(t: Trace) -> u32 {
        let d = t.d(1);
        let e = &Some(t.d(2));
        let f = t.d(3);
        d.id() + e.as_ref().map_or(0, |d| d.id()) + f.id()
    }
}

differential! {
    /// what stands before a match that leaves temporaries is evaluated before it
    async fn of_a_matched_argument_after_a_receiver(t: Trace) -> u32 {
        let n = t.later(1, (t.d(2).with(match Some(t.d(3)) { _ => t.n(4) }), Pair { a: t.d(5), b: t.d(6) })).await.0.id();
        let m = t.later(n, [t.d(7).id(), if let Some(_) = Some(t.d(8)) { t.n(9) } else { 0 }]).await;
        t.wait(m[0] + m[1], 1).await
    }
}

differential! {
    async fn of_a_matched_field_after_another(t: Trace) -> u32 {
        let pair = t.later(1, Pair { a: t.d(2), b: match Some(t.d(3)) { _ => t.d(4) } }).await;
        pair.a.id() + pair.b.id()
    }
}

differential! {
    async fn of_a_condition_that_borrows_a_constant_mutably(t: Trace) -> u32 {
        let b: u32 = t.n(6);
        drop([if let None = &mut None::<Option<Pair>> {
            t.later_d(16).await
        } else {
            t.d(1)
        }, t.d(1)]);
        b
    }
}

differential! {
    async fn of_a_pattern_that_borrows_and_moves(t: Trace) -> u32 {
        let (d, ref mut e) = (None::<D>, String::from("s1"));
        e.push('n');
        let [ref f, g] = [t.d(1), t.d(2)];
        let h = t.d(3);
        t.n(f.id() + g.id() + h.id() + d.map_or(1, |d| d.id()))
    }
}

differential! {
    async fn of_a_pattern_that_borrows_and_moves_before_a_suspension(t: Trace) -> u32 {
        let (d, ref mut e): (D, D) = (t.d(4), t.d(5));
        let [ref f, g] = [t.d(1), t.d(2)];
        t.wait(1, 1).await;
        let h = t.d(3);
        e.set(4);
        drop(g);
        t.n(d.id() + f.id() + h.id())
    }
}

differential! {
    async fn of_a_constant_borrowed_mutably_by_a_pattern(t: Trace) -> u32 {
        let ref mut e = None::<D>;
        *e = Some(t.d(1));
        t.n(e.as_ref().map_or(1, |d| d.id()))
    }
}

differential! {
    async fn of_which_a_wildcard_takes_a_part(t: Trace) -> (D, u32) {
        let _ = (Pair { a: t.d(4), b: t.d(5) }).a;
        (t.d(1), t.n(1))
    }
}

differential! {
    async fn of_which_a_wildcard_takes_a_part_after_an_await(t: Trace) -> u32 {
        let _ = (Pair { a: t.later_d(4).await, b: t.d(5) }).a;
        t.n(1) + t.wait(2, 1).await
    }
}

differential! {
    async fn of_which_a_let_moves_a_part(t: Trace) -> u32 {
        let d = (Pair { a: t.d(4), b: t.d(5) }).a;
        t.n(1) + t.wait(2, 1).await + d.id()
    }
}

differential! {
    async fn block_in_a_field_keeps_its_temporaries(t: Trace) -> u32 {
        let _p = Pair { a: { t.wait(1, 1).await; (t.d(2), t.d(3)).1 }, b: t.d(4) };
        t.n(1)
    }
}

differential! {
    async fn block_in_an_argument_keeps_its_temporaries(t: Trace) -> u32 {
        std::convert::identity({ t.wait(1, 1).await; (t.d(2), t.d(3)).1 }).by_value()
    }
}

differential! {
    async fn block_in_a_method_keeps_its_temporaries(t: Trace) -> u32 {
        let x = t.d(9).with({ t.wait(1, 1).await; (t.d(2), t.d(3)).1.id() });
        x.id()
    }
}

differential! {
    async fn block_that_is_borrowed_keeps_its_temporaries(t: Trace) -> u32 {
        let x = t.d(9).eq(&{ t.wait(1, 1).await; (t.d(2), t.d(3)).1 });
        x as u32
    }
}

differential! {
    async fn block_that_is_returned_keeps_its_temporaries(t: Trace) -> u32 {
        return { t.wait(1, 1).await; (t.d(2), t.d(3)).1 }.id() + t.n(4);
    }
}

differential! {
    async fn blocks_one_after_the_other_keep_their_temporaries(t: Trace) -> u32 {
        let _c = t.d(5);
        let r = &{ let _c = t.d(6); t.wait(1, 1).await; (t.d(2), t.d(3)).1 };
        t.step(1);
        r.id() + { let _c = t.d(6); t.wait(1, 1).await; (t.d(2), t.d(3)).1 }.id() + { let _c = t.d(6); t.wait(1, 1).await; (t.d(2), t.d(3)).1 }.id()
    }
}

differential! {
    async fn temporary_of_a_tail_borrows_from_the_block(t: Trace) -> Result<u32, u32> {
        let pair = Ok::<Pair, u32>(Pair { a: t.d(1), b: t.d(2) });
        return match pair {
            pair => Ok({
                let d = Box::new(t.later(3, pair?).await);
                d.b.by_ref().id()
            }),
        };
    }
}

differential! {
    /// what the last expression moves is there until then
    async fn last_expression_that_unwinds_before_it_moves(t: Trace) -> u32 {
        let _b = {
            let _a = t.d(2);
            let e: D;
            e = t.later(9, t.d(10)).await;
            (Pair { a: t.d(1), b: e }).a
        };
        t.n(1)
    }
}

differential! {
    /// a call among the operands unwinds before the variable behind it has moved
    async fn last_expression_with_a_call_before_what_it_moves(t: Trace) -> u32 {
        fn second(_: u32, d: D) -> D { d }
        let _b = {
            let _a = t.d(2);
            let e = t.later_d(3).await;
            second(t.n(4), e)
        };
        t.n(5)
    }
}

differential! {
    /// an operand unwinds before the variable behind it has moved into what a part is taken of
    async fn last_expression_takes_a_part_of_what_it_makes(t: Trace) -> u32 {
        #[allow(dead_code)]
        struct Two { a: D, b: D }
        let _ = {
            let _a = t.d(2);
            let e;
            e = t.later_d(3).await;
            (Two { a: t.d(4), b: e }).a
        };
        t.n(5)
    }
}

differential! {
    /// the rest of it ends with the statement, as of a `let`
    async fn let_else_looks_at_a_part_of_a_temporary(t: Trace) -> u32 {
        let _ = (t.d(1), t.d(2)).1 else {
            return t.n(3);
        };
        let Some(_) = (t.d(4), Some(t.d(5))).1 else {
            return t.n(6);
        };
        let Some(_c) = (t.d(7), Some(t.d(8))).1 else {
            return t.n(9);
        };
        let Some(_w) = (t.d(10), Some(t.wait(11, 1).await)).1 else {
            return t.n(12);
        };
        let Some(ref _r) = (t.d(13), Some(t.d(14))).1 else {
            return t.n(15);
        };
        t.wait(16, 1).await
    }
}
