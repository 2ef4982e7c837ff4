//! Storage that several variables have one after the other: a value must be out of it before another is put in, and what is
//! still used, borrowed or to be dropped must keep its own.

use std::hint::black_box;

use crate::harness::{consume_wait, Trace, D};

/// What it is given, changed: storage that is shared too early shows.
async fn through(t: Trace, bytes: [u32; 16]) -> [u32; 16] {
    t.wait(bytes[0], 1).await;
    bytes.map(|byte| byte + 100)
}

fn sum(bytes: [u32; 16]) -> u32 {
    bytes.iter().sum()
}

differential! {
    async fn moved_into_what_is_awaited(t: Trace) -> u32 {
        let bytes = [7; 16];
        let a = through(t.clone(), bytes).await;
        let b = through(t.clone(), a).await;
        t.wait(b.iter().sum(), 1).await
    }
}

differential! {
    async fn copied_and_used_again(t: Trace) -> u32 {
        let bytes = [black_box(7); 16];
        let a = through(t.clone(), bytes).await;
        let b = through(t.clone(), bytes).await;
        t.wait(sum(a) + sum(b), 1).await
    }
}

differential! {
    async fn copied_and_perhaps_used_again(t: Trace) -> u32 {
        let bytes = [black_box(7); 16];
        let a = through(t.clone(), bytes).await;
        let more = a[0] == 107 && sum(bytes) == 112;
        t.wait(u32::from(more), 1).await
    }
}

differential! {
    async fn copied_and_borrowed(t: Trace) -> u32 {
        let bytes = [black_box(7); 16];
        let borrowed = &bytes;
        let a = through(t.clone(), bytes).await;
        t.wait(borrowed.iter().sum::<u32>() + a[1], 1).await
    }
}

differential! {
    async fn copied_in_a_loop(t: Trace) -> u32 {
        let bytes = [black_box(7); 16];
        let mut sum = 0;
        for n in 0..3 {
            sum += through(t.clone(), bytes).await[n];
        }
        sum
    }
}

differential! {
    async fn given_a_value_again_in_a_loop(t: Trace) -> u32 {
        let mut d = t.d(1);
        let mut sum = 0;
        for n in 0..3 {
            sum += consume_wait(d).await;
            let between = t.d(10 + n);
            t.wait(sum, 1).await;
            d = t.d(between.id() + 20);
        }
        sum + d.id()
    }
}

differential! {
    async fn moved_in_one_arm_and_used_in_another(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..3 {
            let d = t.d(n);
            let bytes = [n; 16];
            sum += match n {
                0 => through(t.clone(), bytes).await[2],
                1 => consume_wait(d).await,
                _ => {
                    let other = t.d(9);
                    t.wait(other.id(), 1).await + bytes[4] + d.id()
                }
            };
        }
        sum
    }
}

differential! {
    async fn scopes_one_after_the_other(t: Trace) -> u32 {
        let mut sum = 0;
        {
            let a = t.d(1);
            let b = [2; 16];
            sum += t.wait(a.id() + b[3], 1).await;
        }
        {
            let c = [3; 8];
            let d = t.d(4);
            sum += t.wait(d.id() + c[3], 1).await;
        }
        let e = t.d(5);
        t.wait(e.id() + sum, 1).await
    }
}

differential! {
    async fn longer_than_one_and_shorter_than_another(t: Trace) -> u32 {
        let a = t.d(1);
        t.wait(1, 1).await;
        let b = t.d(2);
        t.wait(2, 1).await;
        let n = consume_wait(a).await;
        let c = t.d(3);
        t.wait(3, 1).await;
        let m = consume_wait(b).await;
        let d = t.d(4);
        t.wait(4, 1).await;
        n + m + consume_wait(c).await + d.id()
    }
}

differential! {
    async fn moved_into_a_block_of_its_own(t: Trace) -> u32 {
        let d = t.d(1);
        let bytes = [black_box(3); 16];
        let inner = t.clone();
        let task = async move { inner.wait(d.id() + bytes[1], 1).await };
        let n = task.await;
        let after = t.d(2);
        t.wait(after.id() + n + bytes[2], 1).await
    }
}

differential! {
    async fn broken_off_with_a_value(t: Trace) -> D {
        let mut n = 0;
        loop {
            let d = t.d(n);
            t.wait(n, 1).await;
            if n == 2 {
                break d;
            }
            let bytes = [n; 16];
            n = through(t.clone(), bytes).await[0] - 99;
        }
    }
}

differential! {
    async fn a_value_that_no_suspension_preserves(t: Trace) -> u32 {
        let n = t.wait(1, 1).await;
        let d = if n == 1 { t.wait(2, 1).await; t.d(3) } else { t.d(4) };
        let m = d.id();
        drop(d);
        t.wait(m, 1).await
    }
}

differential! {
    async fn a_value_between_two_suspensions(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..3 {
            sum += t.wait(n, 1).await;
            let d = t.d(n);
            if d.id() == 1 {
                continue;
            }
            sum += match d.id() {
                0 => { sum += d.by_value(); 1 }
                _ => t.wait(5, 1).await,
            };
        }
        sum
    }
}
