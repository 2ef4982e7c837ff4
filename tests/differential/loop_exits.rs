//! Every way out of a loop: `break`, `continue` and `return`, across several levels, with what they drop.

use crate::harness::{Trace, D};

differential! {
    async fn continue_drops_the_locals_of_the_round(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..4 {
            let d = t.d(n);
            if n % 2 == 0 {
                continue;
            }
            t.wait(10 + n, 1).await;
            sum += d.id();
        }
        sum
    }
}

differential! {
    async fn continue_after_an_await(t: Trace) -> u32 {
        let mut n = 0;
        while n < 4 {
            n += 1;
            let _d = t.d(n);
            if t.wait(n, 1).await == 2 {
                continue;
            }
            t.op(20 + n);
        }
        n
    }
}

differential! {
    async fn break_drops_the_locals_of_the_round(t: Trace) -> u32 {
        let a = t.d(1);
        loop {
            let _b = t.d(2);
            {
                let _c = t.d(3);
                t.wait(4, 1).await;
                if t.yes(5) {
                    break;
                }
            }
            t.op(6);
        }
        a.id()
    }
}

differential! {
    async fn break_out_of_the_outer_loop(t: Trace) -> u32 {
        let mut count = 0;
        'outer: for a in 0..3 {
            let _a = t.d(a);
            for b in 0..3 {
                let _b = t.d(10 + b);
                count += 1;
                t.wait(20, 1).await;
                if a == 1 && b == 1 {
                    break 'outer;
                }
            }
        }
        count
    }
}

differential! {
    async fn continue_the_outer_loop(t: Trace) -> u32 {
        let mut count = 0;
        'outer: for a in 0..3 {
            let _a = t.d(a);
            loop {
                let _b = t.d(10);
                count += t.wait(1, 1).await;
                if count % 2 == 0 {
                    continue 'outer;
                }
            }
        }
        count
    }
}

differential! {
    async fn break_with_a_value_across_loops(t: Trace) -> D {
        'found: loop {
            let mut n = 0;
            while n < 10 {
                let d = t.d(n);
                t.wait(20 + n, 1).await;
                if n == 2 {
                    break 'found d;
                }
                n += 1;
            }
        }
    }
}

differential! {
    async fn break_value_is_evaluated_before_the_drops(t: Trace) -> u32 {
        loop {
            let d = t.d(1);
            let _e = t.d(2);
            break d.id() + t.wait(3, 1).await;
        }
    }
}

differential! {
    async fn break_out_of_a_labelled_block(t: Trace) -> u32 {
        let n = 'block: {
            let _d = t.d(1);
            if t.later(2, true).await {
                break 'block t.wait(3, 1).await;
            }
            t.wait(4, 1).await
        };
        n + t.n(5)
    }
}

differential! {
    async fn return_from_nested_loops(t: Trace) -> u32 {
        let _a = t.d(1);
        for n in 0.. {
            let _b = t.d(10 + n);
            let mut m = 0;
            while m < 2 {
                let _c = t.d(20 + m);
                t.wait(30, 1).await;
                if n == 1 && m == 1 {
                    return n + m;
                }
                m += 1;
            }
        }
        t.n(99)
    }
}

differential! {
    async fn infinite_loop_left_by_return(t: Trace) -> u32 {
        let mut n = 0;
        loop {
            n += t.wait(1, 1).await;
            if n == 3 {
                return n;
            }
        }
    }
}
