//! Loops and labels; ways out of a loop are in `loop_exits`.

use crate::harness::{borrow_mut_wait, consume_wait, Trace, D};

differential! {
    async fn for_over_a_range(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..t.wait(3, 1).await {
            sum += t.wait(n, 1).await;
        }
        sum
    }
}

differential! {
    async fn for_with_an_empty_iterator(t: Trace) -> u32 {
        for n in Vec::<u32>::new() {
            t.wait(n, 1).await;
        }
        t.n(1)
    }
}

differential! {
    /// the iterator is dropped with the elements that are left
    async fn for_over_owned_elements(t: Trace) -> u32 {
        let mut sum = 0;
        for d in vec![t.d(1), t.d(2), t.d(3)] {
            sum += t.wait(10, 1).await + d.id();
        }
        sum
    }
}

differential! {
    async fn for_consumes_elements(t: Trace) -> u32 {
        let mut sum = 0;
        for d in [t.d(1), t.d(2)] {
            sum += consume_wait(d).await;
        }
        sum
    }
}

differential! {
    async fn for_over_shared_borrows(t: Trace) -> (u32, Vec<D>) {
        let v = vec![t.d(1), t.d(2)];
        let mut sum = 0;
        for d in &v {
            sum += d.by_ref_wait().await;
        }
        (sum, v)
    }
}

differential! {
    async fn for_over_unique_borrows(t: Trace) -> Vec<D> {
        let mut v = vec![t.d(1), t.d(2)];
        for d in &mut v {
            borrow_mut_wait(d).await;
        }
        for d in v.iter_mut().rev() {
            d.by_mut_wait().await;
        }
        v
    }
}

differential! {
    async fn for_with_a_pattern(t: Trace) -> u32 {
        let mut sum = 0;
        for (i, (a, ref b)) in [(1, t.d(2)), (3, t.d(4))].into_iter().enumerate() {
            t.wait(a, 1).await;
            sum += i as u32 + b.id();
        }
        sum
    }
}

differential! {
    async fn for_over_an_adapted_iterator(t: Trace) -> Vec<u32> {
        let mut seen = Vec::new();
        let base = t.n(10);
        for n in (1..6).filter(|n| n % 2 == 1).map(|n| t.n(n + base)) {
            seen.push(t.wait(n, 1).await);
        }
        seen
    }
}

differential! {
    /// `into_iter` is called once, `next` before each round
    async fn for_calls_the_iterator_in_order(t: Trace) -> u32 {
        struct Count(Trace, u32);
        impl Iterator for Count {
            type Item = D;
            fn next(&mut self) -> Option<D> {
                self.0.op(100 + self.1);
                self.1 += 1;
                (self.1 < 3).then(|| self.0.d(self.1))
            }
        }
        impl Drop for Count {
            fn drop(&mut self) {
                self.0.dropped("drop the iterator");
            }
        }
        let mut last = 0;
        for d in Count(t.clone(), 0) {
            t.wait(50, 1).await;
            last = d.id();
        }
        last
    }
}

differential! {
    async fn iterator_by_ref_is_used_again(t: Trace) -> (u32, Vec<u32>) {
        let mut iter = [1, 2, 3, 4, 5].into_iter();
        let mut sum = 0;
        for n in iter.by_ref() {
            sum += t.wait(n, 1).await;
            if n == 2 {
                break;
            }
        }
        t.wait(9, 1).await;
        (sum, iter.collect())
    }
}

differential! {
    async fn while_with_droppable_locals(t: Trace) -> u32 {
        let mut n = 0;
        while n < 3 {
            let d = t.d(n);
            t.wait(10 + n, 1).await;
            n = d.id() + 1;
        }
        n
    }
}

differential! {
    async fn while_condition_borrows(t: Trace) -> Vec<D> {
        let mut v = vec![];
        while v.len() < t.later(1, 2_usize).await {
            v.push(t.d(v.len() as u32));
        }
        v
    }
}

differential! {
    async fn while_let_pops(t: Trace) -> u32 {
        let mut stack = vec![t.d(1), t.d(2), t.d(3)];
        let mut sum = 0;
        while let Some(d) = stack.pop() {
            sum += t.wait(10, 1).await + d.id();
        }
        sum + stack.len() as u32
    }
}

differential! {
    async fn while_let_consumes(t: Trace) -> u32 {
        let mut stack = vec![t.d(1), t.d(2)];
        let mut sum = 0;
        while let Some(d) = stack.pop() {
            sum += consume_wait(d).await;
            if sum == 2 {
                stack.push(t.later_d(5).await);
            }
        }
        sum
    }
}

differential! {
    async fn loop_without_a_suspension_inside(t: Trace) -> u32 {
        let mut sum = 0;
        'outer: loop {
            for n in 0..5 {
                sum += t.n(n);
                if sum > 8 {
                    break 'outer;
                }
            }
        }
        t.wait(sum, 1).await
    }
}

differential! {
    /// one label on two loops, and a loop inside that a macro labels the same
    async fn labels_of_the_same_name(t: Trace) -> u32 {
        macro_rules! wait_until {
            ($condition:expr, $wait:expr) => {
                'a: loop {
                    if $condition {
                        break 'a;
                    }
                    $wait
                }
            };
        }
        let mut count = 0;
        'a: loop {
            count += t.wait(1, 1).await;
            wait_until!(count > 7, {
                count += t.n(2);
            });
            if count == 9 {
                break 'a;
            }
        }
        'a: while count < 10 {
            count += t.wait(3, 1).await;
            if count == 8 {
                continue 'a;
            }
            t.op(count);
        }
        count
    }
}

differential! {
    async fn loop_in_an_operand(t: Trace) -> u32 {
        t.n(1)
            + loop {
                let d = t.d(2);
                if t.wait(3, 1).await == 3 {
                    break d.id();
                }
            }
            + t.n(4)
    }
}

differential! {
    async fn break_inside_an_argument(t: Trace) -> u32 {
        loop {
            let d = t.d(1);
            let (_a, _b) = (t.d(2), if t.later(3, true).await { break d.id() } else { t.n(4) });
        }
    }
}

differential! {
    async fn break_inside_a_match_arm(t: Trace) -> Vec<u32> {
        let mut seen = vec![];
        for n in 0..9 {
            match n {
                0 => continue,
                1 | 2 => seen.push(t.wait(n, 1).await),
                3 => {
                    t.wait(n, 1).await;
                    break;
                }
                _ => return vec![],
            }
        }
        seen
    }
}

differential! {
    async fn value_carried_from_round_to_round(t: Trace) -> D {
        let mut d = t.d(0);
        for n in 1..4 {
            t.wait(n, 1).await;
            d = d.with(n);
        }
        d
    }
}

differential! {
    async fn value_moved_in_the_last_round_only(t: Trace) -> u32 {
        let d = t.d(7);
        let mut n = 0;
        loop {
            n += t.wait(1, 1).await;
            if n == 2 {
                break consume_wait(d).await;
            }
        }
    }
}

differential! {
    /// the type of what the loop fills is known after it
    async fn loop_tells_types(t: Trace) -> u32 {
        let mut words = Vec::new();
        for n in [t.n(1)] {
            t.wait(2, 1).await;
            words.extend(Some(n).map(|n| n.to_string()));
        }
        let sum: usize = words.iter().map(|word| word.len()).sum();
        for pair in "a;b=c".split(';') {
            t.wait(3, 1).await;
            match pair.split_once('=') {
                Some((_, v)) => return t.wait(v.len() as u32, 1).await,
                None => { t.n(pair.len() as u32); }
            }
        }
        sum as u32
    }
}
