//! Trait methods under the attribute, in the impl and as a default.

use crate::harness::{borrow_wait, Trace, D};

differential_items! {
    mod impl_of_an_async_method($co) {
        trait Run {
            async fn run(&self, t: &Trace) -> u32;
        }
        impl Run for D {
            #[$co]
            async fn run(&self, t: &Trace) -> u32 {
                t.wait(1, 1).await + borrow_wait(self).await
            }
        }
        impl Run for u32 {
            #[$co]
            async fn run(&self, t: &Trace) -> u32 {
                t.wait(*self, 1).await
            }
        }

        async fn all<R: Run>(t: &Trace, run: R) -> u32 {
            run.run(t).await
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            all(&t, 5).await + all(&t, t.d(2)).await
        }
    }
}

differential_items! {
    mod impl_of_a_method_that_returns_a_future($co) {
        trait Run {
            fn run(self, t: &Trace) -> impl std::future::Future<Output = u32>;
        }
        impl Run for D {
            #[$co]
            async fn run(self, t: &Trace) -> u32 {
                t.wait(1, 1).await + self.by_value()
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            t.d(2).run(&t).await
        }
    }
}

differential_items! {
    mod default_method($co) {
        trait Run {
            fn trace(&self) -> &Trace;

            #[$co]
            async fn run(&self, id: u32) -> u32 {
                let d = self.trace().d(id);
                self.trace().wait(1, 1).await + d.id()
            }
        }
        struct S(Trace);
        impl Run for S {
            fn trace(&self) -> &Trace {
                &self.0
            }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let s = S(t);
            s.run(2).await + s.run(3).await
        }
    }
}

differential_items! {
    mod associated_types_and_constants($co) {
        trait Source {
            type Item;
            const COUNT: u32;
            async fn next(&mut self) -> Option<Self::Item>;
        }
        struct Counter {
            n: u32,
            t: Trace,
        }
        impl Source for Counter {
            type Item = D;
            const COUNT: u32 = 2;

            #[$co]
            async fn next(&mut self) -> Option<Self::Item> {
                if self.n == Self::COUNT {
                    return None;
                }
                self.n += 1;
                Some(self.t.later_d(self.n).await)
            }
        }

        #[$co]
        async fn collect<S: Source>(mut source: S) -> Vec<S::Item> {
            let mut items = Vec::with_capacity(S::COUNT as usize);
            while let Some(item) = source.next().await {
                items.push(item);
            }
            items
        }

        #[$co]
        async fn body(t: Trace) -> Vec<D> {
            collect(Counter { n: 0, t }).await
        }
    }
}

differential_items! {
    mod generic_trait_method($co) {
        trait Convert<T> {
            async fn convert<U: From<T>>(self, extra: &T) -> U;
        }
        struct S(Trace);
        impl Convert<u32> for S {
            #[$co]
            async fn convert<U: From<u32>>(self, extra: &u32) -> U {
                let n = self.0.wait(1, 1).await;
                U::from(n + *extra)
            }
        }

        #[$co]
        async fn body(t: Trace) -> u64 {
            S(t).convert(&5).await
        }
    }
}

differential_items! {
    mod boxed_for_dynamic_dispatch($co) {
        use std::future::Future;
        use std::pin::Pin;

        trait Run {
            fn run<'a>(&'a self, t: &'a Trace) -> Pin<Box<dyn Future<Output = u32> + 'a>>;
        }
        impl Run for D {
            fn run<'a>(&'a self, t: &'a Trace) -> Pin<Box<dyn Future<Output = u32> + 'a>> {
                Box::pin(wait_both(self, t))
            }
        }

        #[$co]
        async fn wait_both(d: &D, t: &Trace) -> u32 {
            t.wait(1, 1).await + borrow_wait(d).await
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let runs: Vec<Box<dyn Run>> = vec![Box::new(t.d(2)), Box::new(t.d(3))];
            let mut sum = 0;
            for run in &runs {
                sum += run.run(&t).await;
            }
            sum
        }
    }
}
