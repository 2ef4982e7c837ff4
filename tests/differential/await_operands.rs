//! `.await` as an operand: arithmetic, comparison, logic, casts, ranges, references, unary operators.
#![allow(unused_assignments, unused_braces, unused_parens)]

use crate::harness::{Trace, D};

differential! {
    async fn tail_expression(t: Trace) -> u32 {
        t.wait(1, 1).await
    }
}

differential! {
    async fn never_suspends(t: Trace) -> u32 {
        t.ready(1).await
    }
}

differential! {
    async fn no_await_at_all(t: Trace) -> u32 {
        t.op(1);
        t.n(2)
    }
}

differential! {
    async fn empty_body(_t: Trace) {}
}

differential! {
    async fn suspends_several_times(t: Trace) -> u32 {
        t.wait(1, 3).await
    }
}

differential! {
    async fn binary_left(t: Trace) -> u32 {
        t.wait(1, 1).await + t.n(2)
    }
}

differential! {
    async fn binary_right(t: Trace) -> u32 {
        t.n(1) + t.wait(2, 1).await
    }
}

differential! {
    async fn binary_both(t: Trace) -> u32 {
        t.wait(5, 1).await - t.wait(2, 1).await
    }
}

differential! {
    async fn binary_nested(t: Trace) -> u32 {
        (t.wait(1, 1).await + t.n(2)) * (t.n(3) + t.wait(4, 2).await) - t.wait(5, 1).await % t.n(2)
    }
}

differential! {
    async fn binary_on_a_local(t: Trace) -> u32 {
        let x = t.n(1);
        x + t.wait(2, 1).await + x
    }
}

differential! {
    /// the left operand is read before the right one changes the variable
    async fn left_operand_is_read_first(t: Trace) -> u32 {
        let mut x = t.n(1);
        x + {
            x = t.wait(10, 1).await;
            x
        }
    }
}

differential! {
    async fn binary_operators_on_references(t: Trace) -> u32 {
        let x = t.n(4);
        &x * &t.wait(2, 1).await
    }
}

differential! {
    async fn comparison(t: Trace) -> bool {
        t.n(1) < t.wait(2, 1).await && t.wait(3, 1).await >= t.n(3)
    }
}

differential! {
    /// `==` takes its operands by reference, both live until the comparison
    async fn comparison_of_owned_operands(t: Trace) -> bool {
        t.d(1) == t.later_d(1).await
    }
}

differential! {
    async fn comparison_of_borrowed_local(t: Trace) -> (bool, D) {
        let d = t.d(1);
        let same = d == t.later_d(1).await;
        (same, d)
    }
}

differential! {
    async fn and_short_circuits(t: Trace) -> bool {
        t.no(1) && t.later(2, true).await
    }
}

differential! {
    async fn and_evaluates_the_right(t: Trace) -> bool {
        t.later(1, true).await && t.later(2, false).await && t.yes(3)
    }
}

differential! {
    async fn or_short_circuits(t: Trace) -> bool {
        t.later(1, true).await || t.later(2, true).await
    }
}

differential! {
    async fn or_evaluates_the_right(t: Trace) -> bool {
        t.no(1) || t.later(2, true).await
    }
}

differential! {
    async fn logic_nested(t: Trace) -> bool {
        (t.no(1) || t.later(2, true).await) && !(t.later(3, false).await || t.no(4)) && t.yes(5)
    }
}

differential! {
    async fn bitwise_logic_does_not_short_circuit(t: Trace) -> bool {
        t.no(1) & t.later(2, true).await | t.later(3, true).await ^ t.yes(4)
    }
}

differential! {
    async fn not(t: Trace) -> bool {
        !t.later(1, true).await
    }
}

differential! {
    async fn negation(t: Trace) -> i32 {
        -t.later(1, 5_i32).await
    }
}

differential! {
    async fn dereference(t: Trace) -> u32 {
        let x = t.n(1);
        *t.later(2, &x).await
    }
}

differential! {
    async fn dereference_of_a_box_moves_out(t: Trace) -> D {
        let d = Box::new(t.d(1));
        *t.later(2, d).await
    }
}

differential! {
    async fn cast(t: Trace) -> u64 {
        t.wait(1, 1).await as u64 + (t.wait(300, 1).await as u8) as u64
    }
}

differential! {
    async fn range_bounds(t: Trace) -> Vec<u32> {
        let half = t.wait(1, 1).await..t.wait(3, 1).await;
        let closed = t.n(5)..=t.wait(6, 1).await;
        half.chain(closed).collect()
    }
}

differential! {
    async fn range_from_and_to(t: Trace) -> String {
        let s = "abcdef";
        let from = &s[t.later(1, 2_usize).await..];
        let to = &s[..t.later(2, 2_usize).await];
        let upto = &s[..=t.later(3, 2_usize).await];
        format!("{from} {to} {upto}")
    }
}

differential! {
    async fn reference_to_an_awaited_value(t: Trace) -> u32 {
        let r = &t.wait(1, 1).await;
        t.wait(2, 1).await;
        *r
    }
}

differential! {
    async fn mutable_reference_to_an_awaited_value(t: Trace) -> u32 {
        let r = &mut t.wait(1, 1).await;
        *r += t.wait(2, 1).await;
        *r
    }
}

differential! {
    async fn parentheses(t: Trace) -> u32 {
        let x = ((t.wait(1, 1)).await);
        (((x)))
    }
}

differential! {
    async fn overflow_panics(t: Trace) -> u8 {
        let x = t.later(1, 200_u8).await;
        x + t.later(2, 100_u8).await
    }
}

differential! {
    async fn division_by_zero_panics(t: Trace) -> u32 {
        t.wait(1, 1).await / t.wait(0, 1).await
    }
}

differential! {
    async fn future_from_a_block(t: Trace) -> u32 {
        {
            t.op(1);
            t.wait(2, 1)
        }
        .await
    }
}

differential! {
    async fn future_chosen_by_if(t: Trace) -> u32 {
        (if t.yes(1) { t.wait(2, 1) } else { t.ready(3) }).await
    }
}

differential! {
    async fn future_of_a_future(t: Trace) -> u32 {
        t.later(1, t.wait(2, 1)).await.await
    }
}

differential! {
    async fn future_held_in_a_variable(t: Trace) -> u32 {
        let future = t.wait(1, 1);
        t.op(2);
        t.wait(3, 1).await;
        future.await
    }
}

differential! {
    async fn futures_awaited_in_the_other_order(t: Trace) -> u32 {
        let a = t.wait(1, 1);
        let b = t.wait(2, 1);
        let (b, a) = (b.await, a.await);
        a * 10 + b
    }
}

differential! {
    /// `IntoFuture`, not `Future`
    async fn into_future_is_called(t: Trace) -> u32 {
        struct Request(Trace);
        impl std::future::IntoFuture for Request {
            type Output = u32;
            type IntoFuture = crate::harness::Wait<u32>;
            fn into_future(self) -> Self::IntoFuture {
                self.0.op(1);
                self.0.wait(2, 1)
            }
        }
        Request(t.clone()).await + Request(t).await
    }
}

differential! {
    /// the value of an assignment is evaluated before its place
    async fn assigned_value_before_a_place_that_suspends(t: Trace) -> u32 {
        let mut v = vec![t.d(0), t.d(1)];
        v[t.wait(1, 1).await as usize] = t.d(2);
        v[t.n(0) as usize] = t.later_d(3).await;
        v[t.wait(0, 1).await as usize] = t.later_d(4).await;
        v[0].id() + v[1].id()
    }
}

fn increment(x: &mut u32) {
    *x += 1;
}

differential! {
    /// numbers are copied before the other side is evaluated
    async fn comparison_of_what_the_other_side_changes(t: Trace) -> u32 {
        let mut x = t.n(1);
        let a = x == { increment(&mut x); t.wait(2, 1).await };
        let b = x < { x += 1; t.wait(3, 1).await };
        let mut p = (1, t.d(2));
        let c = p.0 == { p.0 += 1; t.wait(2, 1).await };
        let mut l = [1, 2];
        let d = l[0] == { l[0] += 1; t.wait(2, 1).await };
        let r = &mut x;
        let e = *r >= { *r += 1; t.wait(4, 1).await };
        let text = "text".to_owned();
        let f = text == { t.op(text.len() as u32); t.wait(5, 1).await; String::from("text") };
        t.n(x) + [a, b, c, d, e, f].iter().fold(0, |sum, bit| 2 * sum + u32::from(*bit))
    }
}

differential! {
    /// the same of receivers, and of functions in variables
    async fn receiver_that_an_argument_changes(t: Trace) -> u32 {
        let mut x = t.n(7);
        let a = x.min({ increment(&mut x); t.wait(9, 1).await });
        let mut p = (1, t.d(2));
        let b = p.0.max({ p.0 += 1; t.wait(1, 1).await });
        let mut f: (fn(u32) -> u32, D) = (|x| x, t.d(3));
        let c = (f.0)({ f.0 = |x| x + 10; t.wait(4, 1).await });
        let mut pair = (t.d(5), t.d(6));
        pair.0.set({ pair.1.set(7); let id = &mut pair.1; id.set(8); t.wait(id.id(), 1).await });
        t.n(a) + b + c + (f.0)(x) + p.0 + pair.0.id()
    }
}

differential! {
    /// a name in an operand that means another variable changes nothing
    async fn operand_with_a_variable_of_the_same_name(t: Trace) -> u32 {
        let d = t.d(1);
        let text = format!("{:?} {}", d, { let mut d = t.n(2); d += 1; t.wait(d, 1).await });
        let s = String::from("later");
        let at = s.find({ let mut s = 'a'; if t.wait(3, 1).await == 3 { s = 't'; } s });
        t.n(text.len() as u32) + d.id() + (s.len() + at.unwrap_or(9)) as u32
    }
}

differential! {
    /// an element is looked up before what follows is evaluated
    async fn missing_element_before_an_await(t: Trace) -> u32 {
        let list = vec![t.d(1)];
        let mut texts = [String::from("a"), String::from("b")];
        texts[t.n(1) as usize].push(char::from_digit(t.wait(2, 1).await, 10).unwrap_or('x'));
        let (a, b) = (&list[0..1][0], &texts[1] == &texts[{ t.wait(0, 1).await; 1 }]);
        t.op(a.id() + u32::from(b));
        if t.wait(3, 1).await == 3 {
            t.op(format!("{:?} {}", list[list.len()], t.wait(4, 1).await).len() as u32);
        }
        t.n(5)
    }
}

differential! {
    async fn missing_element_before_an_argument(t: Trace) -> u32 {
        let mut list = vec![t.d(1), t.d(2)];
        let mut at = t.n(1) as usize;
        t.op(list[at].id());
        at += 1;
        list[at].set(t.wait(3, 1).await);
        t.n(5)
    }
}

differential! {
    async fn missing_element_before_what_it_is_compared_with(t: Trace) -> u32 {
        let list = vec![t.d(1).id(), 2];
        let equal = list[1] == t.wait(2, 1).await && list[2] == t.wait(3, 1).await;
        t.n(5) + u32::from(equal)
    }
}

#[derive(Clone, Copy)]
struct Counter(u32);

impl Counter {
    fn add(&mut self, n: u32) {
        self.0 += n;
    }
    fn plus(self, n: u32) -> u32 {
        self.0 * 100 + n
    }
    fn looks(&self, n: u32) -> u32 {
        self.0 * 100 + n
    }
}

trait Advance {
    fn advance(&mut self);
}

impl Advance for &[u8] {
    fn advance(&mut self) {
        *self = &self[1..];
    }
}

differential! {
    /// by a method, which nothing says
    async fn receiver_that_a_method_in_an_argument_changes(t: Trace) -> u32 {
        let mut x = Counter(t.n(1));
        let a = x.plus({ x.add(1); t.wait(1, 1).await });
        let mut p = (x, t.d(2));
        let b = p.0.plus({ p.0.add(1); t.wait(2, 1).await }) + p.0.looks({ t.wait(p.0.looks(3), 1).await });
        let r = &mut x;
        let c = r.plus({ r.add(1); t.wait(4, 1).await }) + r.looks({ t.wait(r.0, 1).await });
        r.add({ t.wait(r.0, 1).await });
        let mut k = Box::new(*r);
        let d = k.plus({ k.add(1); t.wait(5, 1).await });
        k.add({ t.wait(k.0, 1).await });
        let mut bytes: &[u8] = &[1, 2, 3, 4];
        let e = bytes.split_at({ bytes.advance(); t.wait(2, 1).await as usize }).1.len();
        let mut f: fn(u32) -> u32 = |n| n + 1;
        let g = f({ f = |n| n + 100; t.wait(6, 1).await });
        t.n(a) + b + c + d + e as u32 + g + f(k.0) + x.0
    }
}

differential! {
    async fn arguments_that_use_the_receiver(t: Trace) -> u32 {
        struct Sum(u32);
        impl Sum {
            fn put(&mut self, a: u32, b: u32, c: impl FnOnce(u32) -> u32) -> u32 {
                self.0 += a * 100 + c(b);
                self.0
            }
            fn kept<'a>(&self, _: u32, d: &D, e: &'a D) -> &'a D {
                d.id();
                e
            }
        }
        let (mut x, mut sum, e) = (t.n(1), Sum(1), t.d(2));
        let a = sum.put(x, { x += 1; t.wait(sum.0, 1).await + x }, |n| n + x);
        let b = sum.put({ x += 1; t.wait(sum.0 % 10, 1).await }, x, { x += 1; move |n| n + x });
        let c = sum.kept(t.wait(sum.0 % 10, 1).await, &t.d(3), &e).id() + t.d(4).id();
        let d = sum.kept(t.d(5).id(), &t.d(6), match t.wait(sum.0 % 10, 1).await { _ => &e }).id();
        a + b + c + t.wait(t.d(7).id(), d).await
    }
}

differential_items! {
    mod field_that_a_method_of_the_whole_changes($co) {
        struct Reader { best: u32, bytes: &'static [u8], run: fn(u32) -> u32, list: [u32; 2], seen: Vec<u32>, t: Trace }

        impl Reader {
            #[$co]
            async fn next(&mut self, n: u32) -> u32 {
                self.best += 5;
                self.bytes = &self.bytes[1..];
                self.run = |n| n + 10;
                self.list[0] += 1;
                self.t.wait(n, 1).await
            }

            #[$co]
            async fn look(&self, n: u32) -> u32 {
                self.t.wait(n + self.best, 1).await
            }

            #[$co]
            async fn all(&mut self) -> u32 {
                let a = self.best.max(self.next(1).await);
                let b = self.bytes.split_at(self.next(2).await as usize).1.len();
                let c = (self.run)(self.next(3).await);
                let d = self.list[0].max(next(self).await) + self.best.min(next(self).await);
                self.seen.push(self.look(4).await);
                let e = self.list.get(self.look(5).await as usize % 2).copied();
                a + b as u32 + c + d + e.unwrap_or(self.seen[0])
            }
        }

        #[$co]
        async fn next(reader: &mut Reader) -> u32 {
            reader.next(1).await
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let (bytes, run, list) = (b"abcdefgh", |n| n + 1, [1, 2]);
            let mut reader = Reader { best: t.n(1), bytes, run, list, seen: Vec::new(), t: t.clone() };
            reader.all().await + reader.list[0] + reader.seen[0]
        }
    }
}

differential! {
    async fn element_that_is_found_by_what_is_not_copied(t: Trace) -> u32 {
        struct Named(Vec<(u32, D)>);
        impl std::ops::Index<String> for Named {
            type Output = (u32, D);
            fn index(&self, name: String) -> &(u32, D) {
                &self.0[name.len()]
            }
        }
        impl Named {
            fn len(&self) -> u32 {
                self.0.len() as u32
            }
        }
        let list = Named(vec![(1, t.d(2)), (3, t.d(4))]);
        let name = t.val(5, String::from("a"));
        list[name].0.max(t.wait(list.len(), 1).await) + list[String::new()].1.id()
    }
}

differential! {
    /// what a pointer points to is found before what follows is evaluated, which may be an effect
    async fn comparison_of_what_a_pointer_points_to(t: Trace) -> (bool, bool) {
        let lazy = std::cell::LazyCell::new(|| (t.n(1), t.d(2)));
        let number = std::cell::LazyCell::new(|| t.n(3));
        let less = *number < t.wait(4, 1).await;
        let equal = (*lazy).0 == t.wait(1, 1).await;
        (less, equal)
    }
}

differential! {
    /// a panic is where the parenthesis is
    async fn overflow_behind_a_parenthesis(t: Trace) -> u32 {
        let n = t.wait(3, 1).await;
        let m =
            (n & 1) - n;
        t.n(m)
    }
}

differential! {
    /// of which rustc cannot say whether it is copied
    async fn closure_that_its_own_argument_borrows(t: Trace) -> u32 {
        async fn apply(t: &Trace, f: &dyn Fn(u32) -> u32) -> u32 {
            t.wait(f(1), 1).await
        }
        let (d, p) = (t.d(1), (t.d(2), t.d(3)));
        let f = move |n: u32| n + d.id();
        let held = { let (a, b) = p; (move |n: u32| n + a.id(), b) };
        let n = f(apply(&t, &f).await);
        n + (held.0)(held.1.id() + apply(&t, &held.0).await)
    }
}

differential! {
    /// it has moved into the call, or has been copied, before it is given another value
    async fn receiver_that_an_argument_replaces(t: Trace) -> u32 {
        let (mut d, mut n) = (t.d(1), t.n(2));
        let old = d.with({ d = t.d(3); t.wait(4, 1).await });
        let least = n.min({ n = 1; t.wait(5, 1).await });
        d.set(least);
        t.n(n) + old.id() + d.id()
    }
}
