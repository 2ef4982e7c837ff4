//! Methods under the attribute: every kind of `self`, associated functions, `Self`.

use std::pin::Pin;
use std::rc::Rc;

use crate::harness::{borrow_wait, consume_wait, Trace, D};

differential_items! {
    mod self_by_value($co) {
        struct S {
            d: D,
            t: Trace,
        }
        impl S {
            #[$co]
            async fn run(self) -> u32 {
                self.t.wait(1, 1).await + self.d.id()
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            S { d: t.d(2), t }.run().await
        }
    }
}

differential_items! {
    mod self_by_value_taken_apart($co) {
        struct S {
            d: D,
            e: D,
            t: Trace,
        }
        impl S {
            #[$co]
            async fn run(self) -> u32 {
                let n = consume_wait(self.d).await;
                self.t.wait(1, 1).await;
                let S { e, t, .. } = self;
                t.wait(n, 1).await + e.by_value()
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            S { d: t.d(2), e: t.d(3), t }.run().await
        }
    }
}

differential_items! {
    mod mut_self_by_value($co) {
        struct S(D, Trace);
        impl S {
            #[$co]
            async fn with(mut self, id: u32) -> Self {
                self.0.by_mut_wait().await;
                self.0.set(id);
                self
            }
        }

        #[$co]
        async fn body(t: Trace) -> D {
            let s = S(t.d(1), t.clone());
            let s = s.with(2).await.with(3).await;
            t.wait(4, 1).await;
            s.1.op(5);
            s.0
        }
    }
}

differential_items! {
    mod self_by_reference($co) {
        struct S(D, Trace);
        impl S {
            #[$co]
            async fn run(&self, more: &D) -> u32 {
                let n = self.1.wait(1, 1).await;
                n + borrow_wait(&self.0).await + more.id()
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let s = S(t.d(2), t.clone());
            s.run(&s.0).await + s.run(&t.d(3)).await
        }
    }
}

differential_items! {
    mod self_by_unique_reference($co) {
        struct S {
            items: Vec<D>,
            t: Trace,
        }
        impl S {
            #[$co]
            async fn add(&mut self, id: u32) -> &mut Self {
                let d = self.t.later_d(id).await;
                self.items.push(d);
                self.items[0].by_mut_wait().await;
                self
            }
        }

        #[$co]
        async fn body(t: Trace) -> Vec<D> {
            let mut s = S { items: vec![], t };
            s.add(1).await.add(2).await;
            s.items
        }
    }
}

differential_items! {
    /// the output borrows from `self` and not from the other argument
    mod output_borrows_from_self($co) {
        struct S(D);
        impl S {
            #[$co]
            async fn get(&self, t: &Trace) -> &D {
                t.wait(1, 1).await;
                &self.0
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let s = S(t.d(2));
            let d = {
                let t = t.clone();
                s.get(&t).await
            };
            t.wait(3, 1).await;
            d.id()
        }
    }
}

differential_items! {
    mod self_in_a_box($co) {
        struct S(D, Trace);
        impl S {
            #[$co]
            async fn run(self: Box<Self>) -> u32 {
                self.1.wait(1, 1).await;
                let d = self.0;
                consume_wait(d).await
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            Box::new(S(t.d(2), t)).run().await
        }
    }
}

differential_items! {
    mod self_in_an_rc($co) {
        struct S(D, Trace);
        impl S {
            #[$co]
            async fn run(self: Rc<Self>) -> usize {
                self.1.wait(self.0.id(), 1).await;
                Rc::strong_count(&self)
            }

            #[$co]
            async fn look(self: &Rc<Self>) -> usize {
                let other = Rc::clone(self);
                self.1.wait(1, 1).await;
                Rc::strong_count(&other)
            }
        }

        #[$co]
        async fn body(t: Trace) -> usize {
            let s = Rc::new(S(t.d(2), t));
            let n = s.look().await + Rc::clone(&s).run().await;
            n * 10 + s.run().await
        }
    }
}

differential_items! {
    mod self_pinned($co) {
        struct S {
            n: u32,
            t: Trace,
        }
        impl S {
            #[$co]
            async fn run(mut self: Pin<&mut Self>) -> u32 {
                self.n += 1;
                let n = self.t.wait(self.n, 1).await;
                self.as_mut().get_mut().n += n;
                self.n
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let mut s = S { n: t.n(1), t };
            Pin::new(&mut s).run().await + Pin::new(&mut s).run().await
        }
    }
}

differential_items! {
    mod copy_self($co) {
        #[derive(Clone, Copy)]
        struct Id(u32);
        impl Id {
            #[$co]
            async fn wait(self, t: &Trace) -> u32 {
                t.wait(self.0, 1).await + self.0
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let id = Id(1);
            id.wait(&t).await + id.wait(&t).await
        }
    }
}

differential_items! {
    mod associated_function($co) {
        struct S(D);
        impl S {
            const START: u32 = 3;

            #[$co]
            async fn new(t: &Trace) -> Self {
                let d = t.later_d(Self::START).await;
                Self(d)
            }

            #[$co]
            async fn open(t: &Trace) -> Option<Self> {
                let Self(d) = Self::new(t).await;
                Some(Self(d.with(t.wait(1, 1).await)))
            }
        }

        #[$co]
        async fn body(t: Trace) -> Option<D> {
            S::open(&t).await.map(|s| s.0)
        }
    }
}

differential_items! {
    mod generic_impl($co) {
        struct Slot<'a, T, const N: usize> {
            items: [T; N],
            t: &'a Trace,
        }
        impl<'a, T: std::fmt::Debug + 'a, const N: usize> Slot<'a, T, N> {
            #[$co]
            async fn last<U>(mut self, also: U, mut change: impl FnMut(&mut T)) -> (Option<T>, U, &'a Trace) {
                for item in &mut self.items {
                    self.t.wait(N as u32, 1).await;
                    change(item);
                }
                let Slot { items, t } = self;
                (items.into_iter().last(), also, t)
            }
        }

        #[$co]
        async fn body(t: Trace) -> (Option<D>, D) {
            let slot = Slot { items: [t.d(1), t.d(2)], t: &t };
            let (last, also, t) = slot.last(t.d(3), |d| d.set(9)).await;
            t.op(4);
            (last, also)
        }
    }
}

differential_items! {
    mod methods_that_call_each_other($co) {
        struct Account {
            balance: u32,
            t: Trace,
        }
        impl Account {
            #[$co]
            async fn check(&self, amount: u32) -> Result<(), String> {
                self.t.wait(amount, 1).await;
                if amount > self.balance { Err(format!("{amount} > {}", self.balance)) } else { Ok(()) }
            }

            #[$co]
            async fn withdraw(&mut self, amount: u32) -> Result<u32, String> {
                self.check(amount).await?;
                self.balance -= amount;
                self.t.wait(self.balance, 1).await;
                Ok(self.balance)
            }
        }

        #[$co]
        async fn body(t: Trace) -> Result<u32, String> {
            let mut account = Account { balance: 5, t };
            let left = account.withdraw(3).await?;
            account.withdraw(left + 1).await
        }
    }
}

differential_items! {
    mod self_captured_by_closures($co) {
        struct S {
            a: D,
            n: u32,
            t: Trace,
        }
        impl S {
            #[$co]
            async fn run(&mut self) -> u32 {
                let look = || self.a.id() + self.n;
                let first = look();
                self.t.wait(1, 1).await;
                let mut add = |m| self.n += m;
                add(first);
                self.t.wait(2, 1).await;
                let future = async { self.t.wait(self.n, 1).await };
                future.await
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            S { a: t.d(3), n: 4, t }.run().await
        }
    }
}

differential_items! {
    mod self_in_macros($co) {
        #[derive(Debug)]
        struct S {
            d: D,
        }
        impl S {
            #[$co]
            async fn show(&self, t: &Trace) -> String {
                let before = format!("{:?} {}", self, self.d.id());
                t.wait(1, 1).await;
                assert!(matches!(self.d.id(), 2), "{self:?}");
                format!("{before} {self:?} {}", t.wait(3, 1).await)
            }
        }

        #[$co]
        async fn body(t: Trace) -> String {
            S { d: t.d(2) }.show(&t).await
        }
    }
}

differential_items! {
    /// methods without a visibility, whose references meet in one call
    mod two_references_in_one_call($co) {
        async fn longer<'a>(t: &'a Trace, a: &'a D, b: &'a D) -> &'a D {
            t.wait(10, 1).await;
            if a.id() > b.id() { a } else { b }
        }
        trait Longest {
            async fn longest(&mut self, t: &Trace, other: &D) -> u32;
        }
        struct S { d: D, n: u32 }
        impl S {
            #[$co]
            async fn mine<'b>(&mut self, t: &'b Trace, other: &D) -> Option<&D> {
                let id = longer(t, &self.d, other).await.id();
                self.n += id;
                self.maybe(t, Some(other)).await?;
                Some(&self.d)
            }
            #[$co]
            async fn maybe<'d>(&self, t: &Trace, other: Option<&'d D>) -> Option<&'d D> {
                longer(t, &self.d, other?).await;
                other
            }
        }
        impl Longest for S {
            #[$co]
            async fn longest(&mut self, t: &Trace, other: &D) -> u32 {
                let longer = longer(t, &self.d, other).await;
                t.wait(longer.id(), 1).await;
                longer.id() + self.n
            }
        }
        async fn body(t: Trace) -> u32 {
            let mut s = S { d: t.d(1), n: 0 };
            let n = s.mine(&t, &t.d(2)).await.map_or(0, |d| d.id());
            n + s.longest(&t, &t.d(0)).await
        }
    }
}

differential_items! {
    /// references of several arguments meet in one call
    mod references_meet_in_a_function($co) {
        async fn longer<'a>(t: &'a Trace, a: &'a D, b: &'a D) -> &'a D {
            t.wait(10, 1).await;
            if a.id() > b.id() { a } else { b }
        }
        #[$co]
        async fn free(t: &Trace, a: &D, b: &mut D) -> u32 {
            b.set(7);
            let longest = longer(t, a, b).await;
            longest.id()
        }
        struct S(D);
        impl S {
            #[$co]
            pub async fn method<'d>(&self, t: &Trace, mut rest: &'d [D]) -> Option<&'d D> {
                let mut last = None;
                while let Some((first, others)) = rest.split_first() {
                    longer(t, &self.0, first).await;
                    (last, rest) = (Some(first), others);
                }
                last
            }
        }
        async fn body(t: Trace) -> u32 {
            let s = S(t.d(1));
            let rest = [t.d(2), t.d(3)];
            let n = free(&t, &s.0, &mut t.d(4)).await;
            n + s.method(&t, &rest).await.map_or(0, |d| d.id())
        }
    }
}
