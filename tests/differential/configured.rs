//! `#[cfg]` in bodies. What it leaves out is not there, whether the code around it is taken apart or not.

use crate::harness::{Trace, D};

differential! {
    async fn statements_are_left_out(t: Trace) -> u32 {
        let mut sum = 0;
        #[cfg(any())]
        {
            sum += t.wait(1, 1).await;
        }
        #[cfg(all())]
        {
            sum += t.wait(2, 1).await;
        }
        #[cfg(any())]
        let d = nonsense(t.d(3)).await;
        #[cfg(not(any()))]
        let d = t.later_d(4).await;
        #[cfg(any())]
        sum.clear();
        #[cfg_attr(any(), nonsense)]
        let last = t.wait(5, 1).await;
        sum + last + d.id()
    }
}

differential! {
    async fn arms_fields_and_elements_are_left_out(t: Trace) -> usize {
        struct Two {
            #[cfg(any())]
            none: D,
            first: D,
        }
        let n = match t.wait(1, 1).await {
            #[cfg(any())]
            1 => t.wait(2, 1).await,
            #[cfg(all())]
            1 => t.wait(3, 1).await,
            n => n,
        };
        let two = Two {
            #[cfg(any())]
            none: t.later_d(4).await,
            first: t.later_d(5).await,
        };
        let all = [
            #[cfg(any())]
            t.later_d(6).await,
            t.later_d(7).await,
            two.first,
        ];
        #[cfg(all())]
        if n > 0 {
            #[cfg(any())]
            return 0;
            #[cfg(all())]
            return all.len();
        }
        1
    }
}

differential_items! {
    mod a_method_with_patterns_and_lifetimes($co) {
        struct Text(String);

        impl Text {
            #[$co]
            async fn head<'a>(&'a self, t: &Trace, (from, _): (usize, D), _unused: D) -> &'a str {
                #[cfg(any())]
                return "";
                #[cfg(all())]
                t.wait(1, 1).await;
                &self.0[from..]
            }
        }

        async fn body(t: Trace) -> usize {
            let text = Text("text".into());
            drop(text.head(&t, (1, t.d(1)), t.d(2)));
            text.head(&t, (1, t.d(3)), t.d(4)).await.len()
        }
    }
}
