//! Items inside a body, attributes, and other syntax that has little to do with suspension.
#![allow(redundant_semicolons)]

use crate::harness::{consume_wait, Trace, D};

differential! {
    async fn function_in_the_body(t: Trace) -> u32 {
        fn double(n: u32) -> u32 {
            n * 2
        }
        double(t.wait(1, 1).await) + double(2)
    }
}

differential! {
    async fn function_declared_after_its_use(t: Trace) -> u32 {
        let n = double(t.wait(1, 1).await);
        t.wait(2, 1).await;
        return n;

        fn double(n: u32) -> u32 {
            n * 2
        }
    }
}

differential! {
    async fn async_function_in_the_body(t: Trace) -> u32 {
        async fn inner(t: &Trace, id: u32) -> u32 {
            let d = t.d(id);
            t.wait(id + 1, 1).await + d.id()
        }
        inner(&t, 1).await + inner(&t, 5).await
    }
}

differential! {
    async fn struct_with_methods_in_the_body(t: Trace) -> u32 {
        #[derive(Debug, Clone, PartialEq)]
        struct Point {
            x: u32,
            y: u32,
        }
        impl Point {
            const ORIGIN: Point = Point { x: 0, y: 0 };
            fn sum(&self) -> u32 {
                self.x + self.y
            }
        }
        let p = Point { x: t.wait(1, 1).await, ..Point::ORIGIN };
        let q = p.clone();
        t.wait(2, 1).await;
        assert_eq!(p, q);
        q.sum()
    }
}

differential! {
    async fn enum_and_use_in_the_body(t: Trace) -> u32 {
        enum Kind {
            Left(u32),
            Right,
        }
        use Kind::{Left, Right};
        let mut sum = 0;
        for kind in [Left(t.wait(1, 1).await), Right] {
            sum += match kind {
                Left(n) => t.wait(n + 1, 1).await,
                Right => t.wait(3, 1).await,
            };
        }
        sum
    }
}

differential! {
    async fn constants_and_statics_in_the_body(t: Trace) -> u32 {
        const N: usize = 3;
        static NAMES: [&str; N] = ["a", "b", "c"];
        let array = [t.wait(1, 1).await; N];
        t.wait(2, 1).await;
        array.len() as u32 + NAMES[2].len() as u32
    }
}

differential! {
    async fn module_and_type_alias_in_the_body(t: Trace) -> u32 {
        mod inner {
            pub(super) fn add(a: u32, b: u32) -> u32 {
                a + b
            }
        }
        type Number = u32;
        let n: Number = inner::add(t.wait(1, 1).await, 2);
        t.wait(n, 1).await
    }
}

differential! {
    async fn trait_and_impl_in_the_body(t: Trace) -> u32 {
        trait Twice {
            fn twice(&self) -> u32;
        }
        impl Twice for u32 {
            fn twice(&self) -> u32 {
                self * 2
            }
        }
        let n = t.wait(1, 1).await;
        n.twice() + t.wait(2, 1).await.twice()
    }
}

differential! {
    async fn lints_on_statements(t: Trace) -> u32 {
        #[allow(unused_assignments)]
        let mut a = t.wait(1, 1).await;
        a += t.wait(2, 1).await;
        #[allow(clippy::identity_op)]
        {
            t.wait(a + 0, 1).await
        }
    }
}

differential! {
    async fn empty_statements_and_comments(t: Trace) -> u32 {
        ;;
        t.wait(1, 1).await;; // and a comment
        {};
        {}
        /* another */ t.wait(2, 1).await
    }
}

differential! {
    async fn unit_values(t: Trace) {
        let unit = t.later(1, ()).await;
        t.wait(2, 1).await;
        let () = unit;
        unit
    }
}

differential! {
    async fn literals(t: Trace) -> (char, &'static str, &'static [u8], f64, u8, i128) {
        let all = ('x', "y\n", b"bytes" as &[u8], 1.5e3, b'z', -5_i128);
        t.wait(1, 1).await;
        all
    }
}

differential! {
    async fn inferred_types_from_later_uses(t: Trace) -> Vec<u64> {
        let mut v = Vec::new();
        let mut best = None;
        t.wait(1, 1).await;
        for n in [3, 1, 2] {
            if best.is_none_or(|best| n > best) {
                best = Some(n);
            }
            t.wait(2, 1).await;
            v.push(n);
        }
        v.extend(best);
        v
    }
}

differential! {
    async fn inferred_integer_falls_back_to_i32(t: Trace) -> usize {
        let n = 1;
        t.wait(1, 1).await;
        size_of_val(&n)
    }
}

differential! {
    async fn inferred_from_the_return_type(t: Trace) -> (Vec<u32>, u64, String) {
        let v = t.later(1, [1, 2]).await.into_iter().collect();
        let n = t.wait(2, 1).await.into();
        let s = "5".parse().unwrap();
        t.wait(s, 1).await;
        (v, n, Default::default())
    }
}

differential! {
    async fn coercion_of_the_return_value(t: Trace) -> Box<dyn std::fmt::Debug> {
        if t.later(1, false).await {
            return Box::new(t.n(2));
        }
        Box::new(t.later_d(3).await)
    }
}

differential! {
    async fn turbofish(t: Trace) -> usize {
        let v = t.later(1, [1, 2, 3]).await.into_iter().collect::<Vec<u8>>();
        t.wait(2, 1).await;
        v.len() + size_of::<[u16; 2]>()
    }
}

differential! {
    async fn type_ascriptions_and_coercions(t: Trace) -> usize {
        let slice: &[u32] = &[1, 2, 3];
        let object: Box<dyn std::fmt::Debug> = Box::new(t.d(4));
        let pointer: fn(usize) -> usize = |n| n + 1;
        t.wait(5, 1).await;
        pointer(slice.len()) + format!("{object:?}").len()
    }
}

differential! {
    async fn coercions_at_an_awaited_value(t: Trace) -> usize {
        let object: Box<dyn std::fmt::Debug> = t.later(1, Box::new(t.d(2))).await;
        let array = [1, 2];
        let slice: &[u32] = t.later(3, &array).await;
        t.wait(4, 1).await;
        slice.len() + format!("{object:?}").len()
    }
}

differential! {
    async fn deep_nesting(t: Trace) -> u32 {
        let _a = t.d(1);
        if t.yes(2) {
            for n in 0..2 {
                match n {
                    0 => {
                        let _b = t.d(3);
                        'block: {
                            let _c = t.d(4);
                            while t.yes(5) {
                                if let Some(d) = t.later(6, Some(t.d(7))).await {
                                    if consume_wait(d).await == 7 {
                                        break 'block;
                                    }
                                }
                            }
                        }
                    }
                    _ => return t.wait(8, 1).await,
                }
            }
        }
        t.n(9)
    }
}

differential! {
    async fn long_body(t: Trace) -> u32 {
        let mut log = Vec::new();
        let a = t.d(1);
        log.push(t.wait(2, 1).await);
        let b = Some(t.d(3));
        if let Some(b) = &b {
            log.push(b.by_ref_wait().await);
        }
        for d in [t.d(4), t.d(5)] {
            if d.id() == 5 {
                log.push(consume_wait(d).await);
                continue;
            }
            log.push(d.by_value());
        }
        let text = format!("{a:?} {b:?} {}", t.wait(6, 1).await);
        match text.len() {
            0 => return 0,
            n if n > 100 => log.clear(),
            _ => log.push(text.len() as u32),
        }
        let c: D = match b {
            Some(b) => b.with(t.wait(7, 1).await),
            None => t.d(8),
        };
        log.push(c.by_value() + a.id());
        log.iter().sum()
    }
}
