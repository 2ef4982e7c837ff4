//! Generic functions under the attribute: types, constants, lifetimes, `impl Trait`, `dyn Trait`.

use std::fmt::Debug;
use std::future::Future;

use crate::harness::{borrow_wait, Trace, D};

differential_items! {
    mod type_parameter($co) {
        #[$co]
        async fn keep<T>(t: &Trace, value: T) -> T {
            t.wait(1, 1).await;
            value
        }

        #[$co]
        async fn body(t: Trace) -> (u32, D, &'static str) {
            (keep(&t, 5).await, keep(&t, t.d(2)).await, keep(&t, "x").await)
        }
    }
}

differential_items! {
    /// the generic body cannot know whether `T` has drop glue
    mod type_parameter_with_and_without_drop($co) {
        #[$co]
        async fn hold<T: Debug>(t: &Trace, value: T) -> usize {
            let copy = Some(value);
            t.wait(1, 1).await;
            format!("{copy:?}").len()
        }

        #[$co]
        async fn body(t: Trace) -> usize {
            hold(&t, 5).await + hold(&t, t.d(2)).await + hold(&t, vec![t.d(3)]).await
        }
    }
}

differential_items! {
    mod where_clause($co) {
        #[$co]
        async fn sum<I, T>(t: &Trace, items: I) -> T
        where
            I: IntoIterator<Item = T>,
            T: std::ops::Add<Output = T> + Default + Copy,
        {
            let mut sum = T::default();
            for item in items {
                t.wait(1, 1).await;
                sum = sum + item;
            }
            sum
        }

        #[$co]
        async fn body(t: Trace) -> (u32, i64) {
            (sum(&t, [1, 2]).await, sum(&t, vec![-3_i64]).await)
        }
    }
}

differential_items! {
    /// consumes or borrows: known by the bound, not by the tokens
    mod method_of_a_bound($co) {
        trait Finish {
            fn finish(self) -> u32;
        }
        impl Finish for D {
            fn finish(self) -> u32 {
                self.by_value()
            }
        }
        impl Finish for &D {
            fn finish(self) -> u32 {
                self.id()
            }
        }

        #[$co]
        async fn run<T: Finish>(t: &Trace, value: T) -> u32 {
            t.wait(1, 1).await;
            let n = value.finish();
            t.wait(2, 1).await + n
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let d = t.d(3);
            run(&t, &d).await + run(&t, d).await
        }
    }
}

differential_items! {
    mod const_generic($co) {
        #[$co]
        async fn fill<const N: usize, T: Copy>(t: &Trace, value: T) -> [T; N] {
            t.wait(N as u32, 1).await;
            [value; N]
        }

        #[$co]
        async fn body(t: Trace) -> ([u32; 2], [bool; 3]) {
            (fill(&t, 7).await, fill::<3, _>(&t, true).await)
        }
    }
}

differential_items! {
    mod impl_trait_argument($co) {
        #[$co]
        async fn each(t: &Trace, items: impl IntoIterator<Item = D>, mut look: impl FnMut(&D) -> u32) -> u32 {
            let mut sum = 0;
            for d in items {
                t.wait(1, 1).await;
                sum += look(&d);
            }
            sum
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            each(&t, [t.d(2), t.d(3)], |d| d.id()).await
        }
    }
}

differential_items! {
    mod future_argument($co) {
        #[$co]
        async fn twice<F: Future<Output = u32>>(make: impl Fn() -> F, extra: impl Future<Output = u32>) -> u32 {
            make().await + make().await + extra.await
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let d = t.d(1);
            twice(|| borrow_wait(&d), t.wait(2, 1)).await
        }
    }
}

differential_items! {
    mod async_fn_argument($co) {
        #[$co]
        async fn run<F: AsyncFn(u32) -> u32>(f: F) -> u32 {
            f(1).await + f(2).await
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let d = t.d(3);
            run(async |id| t.wait(id, 1).await + d.id()).await
        }
    }
}

differential_items! {
    mod dyn_trait_argument($co) {
        trait Named {
            fn name(&self) -> u32;
        }
        impl Named for D {
            fn name(&self) -> u32 {
                self.id()
            }
        }

        #[$co]
        async fn borrowed(t: &Trace, named: &dyn Named) -> u32 {
            t.wait(1, 1).await + named.name()
        }

        #[$co]
        async fn boxed(t: &Trace, named: Box<dyn Named>, f: Box<dyn FnOnce(u32) -> u32>) -> u32 {
            f(t.wait(2, 1).await + named.name())
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let d = t.d(3);
            borrowed(&t, &d).await + boxed(&t, Box::new(d), Box::new(|n| n * 2)).await
        }
    }
}

differential_items! {
    mod elided_lifetimes($co) {
        #[$co]
        async fn longest(t: &Trace, a: &D, b: &mut D) -> u32 {
            t.wait(1, 1).await;
            b.set(a.id() + 10);
            t.wait(2, 1).await
        }

        #[$co]
        async fn body(t: Trace) -> (u32, D) {
            let (a, mut b) = (t.d(3), t.d(4));
            (longest(&t, &a, &mut b).await, b)
        }
    }
}

differential_items! {
    mod named_lifetimes($co) {
        #[$co]
        async fn first<'a, 'b>(t: &'b Trace, a: &'a str, b: &'b str) -> &'a str {
            t.wait(b.len() as u32, 1).await;
            &a[..1]
        }

        #[$co]
        async fn body(t: Trace) -> String {
            let a = String::from("abc");
            let found = {
                let b = String::from("de");
                first(&t, &a, &b).await
            };
            found.to_owned()
        }
    }
}

differential_items! {
    mod lifetime_of_the_output($co) {
        #[$co]
        async fn pick<'a, T>(t: &Trace, items: &'a mut [T], at: usize) -> Option<&'a mut T> {
            t.wait(1, 1).await;
            items.get_mut(at)
        }

        #[$co]
        async fn body(t: Trace) -> Vec<D> {
            let mut v = vec![t.d(2), t.d(3)];
            if let Some(d) = pick(&t, &mut v, 1).await {
                d.by_mut_wait().await;
            }
            v
        }
    }
}

differential_items! {
    mod lifetime_in_a_type($co) {
        struct View<'a>(&'a D);

        #[$co]
        async fn look(view: View<'_>, other: Option<&D>) -> u32 {
            let n = view.0.by_ref_wait().await;
            n + other.map_or(0, |d| d.id())
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let d = t.d(1);
            look(View(&d), Some(&d)).await + look(View(&d), None).await
        }
    }
}

differential_items! {
    mod higher_ranked_bound($co) {
        #[$co]
        async fn with<F>(t: &Trace, f: F) -> u32
        where
            F: for<'a> Fn(&'a D) -> &'a D,
        {
            let d = t.d(1);
            t.wait(2, 1).await;
            let r = f(&d);
            t.wait(3, 1).await;
            r.id()
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            with(&t, |d| d.by_ref()).await
        }
    }
}

differential_items! {
    mod returns_a_generic_result($co) {
        #[$co]
        async fn attempt<T, Failure: From<u32>>(t: &Trace, value: Option<T>) -> Result<T, Failure> {
            t.wait(1, 1).await;
            let value = value.ok_or(2_u32)?;
            t.wait(3, 1).await;
            Ok(value)
        }

        #[$co]
        async fn body(t: Trace) -> (Result<D, u64>, Result<D, u32>) {
            (attempt(&t, Some(t.d(4))).await, attempt(&t, None).await)
        }
    }
}

differential_items! {
    mod returns_impl_trait($co) {
        #[$co]
        async fn evens(t: &Trace, to: u32) -> impl Iterator<Item = u32> + use<> {
            t.wait(to, 1).await;
            (0..to).filter(|n| n % 2 == 0)
        }

        #[$co]
        async fn body(t: Trace) -> Vec<u32> {
            evens(&t, 5).await.collect()
        }
    }
}

differential_items! {
    mod returns_an_anonymous_lifetime_in_a_type($co) {
        #[$co]
        async fn words(text: &str, t: Trace) -> Vec<&str> {
            t.wait(1, 1).await;
            text.split(' ').collect()
        }

        #[$co]
        async fn body(t: Trace) -> usize {
            let text = String::from("a b c");
            words(&text, t).await.len()
        }
    }
}
