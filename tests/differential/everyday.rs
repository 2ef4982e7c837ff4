//! Single functions in the styles that everyday code is written in.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use crate::harness::{borrow_wait, consume_wait, Pair, Trace, D, E};

differential! {
    async fn shared_state_in_a_ref_cell(t: Trace) -> (u32, usize) {
        let cache: Rc<RefCell<BTreeMap<u32, D>>> = Rc::default();
        let get = |id: u32| {
            let (cache, t) = (cache.clone(), t.clone());
            async move {
                if let Some(d) = cache.borrow().get(&id) {
                    return d.id();
                }
                let d = t.later_d(id).await;
                let id = d.id();
                cache.borrow_mut().insert(id, d);
                id
            }
        };
        let sum = get(1).await + get(2).await + get(1).await;
        let len = cache.borrow().len();
        (sum, len)
    }
}

differential! {
    async fn mutex_in_an_arc(t: Trace) -> Vec<u32> {
        let log = Arc::new(Mutex::new(Vec::new()));
        for n in 1..=2 {
            let log = Arc::clone(&log);
            let value = t.wait(n, 1).await;
            {
                let mut guard = log.lock().unwrap();
                guard.push(value);
                if guard.len() > 1 { guard.extend_from_slice(&[7, 8]); }
            }
            log.lock().unwrap().push(t.n(5));
            t.wait(n + 10, 1).await;
        }
        Arc::try_unwrap(log).unwrap().into_inner().unwrap()
    }
}

differential! {
    async fn let_else_chain(t: Trace) -> Result<u32, String> {
        let text = t.later(1, "k=5;d".to_string()).await;
        let Some((pair, rest)) = text.split_once(';') else {
            return Err(t.later(2, "no ;".to_string()).await);
        };
        let ["k", v] = pair.split('=').collect::<Vec<_>>()[..] else { panic!("no k") };
        let Ok(n) = v.parse::<u32>() else { return Err(format!("{v} is no number")) };
        let Some(d) = (if rest == "d" { Some(t.later_d(n).await) } else { None }) else {
            return Err(rest.to_string());
        };
        Ok(n + t.wait(d.id(), 1).await)
    }
}

differential! {
    async fn work_queue(t: Trace) -> Vec<(u32, u32)> {
        let mut queue = VecDeque::from([(t.d(4), 0)]);
        let mut seen = Vec::new();
        while let Some((d, depth)) = queue.pop_front() {
            let id = borrow_wait(&d).await;
            seen.push((id, depth));
            for next in [id / 2, id / 3].into_iter().filter(|&n| n > 0 && n != id) {
                if seen.iter().any(|&(old, _)| old == next) || queue.iter().any(|(d, _)| d.id() == next) { continue; }
                queue.push_back((t.later_d(next).await, depth + 1));
            }
        }
        seen
    }
}

differential! {
    async fn iterators_and_closures(t: Trace) -> (u32, String) {
        let ds: Vec<D> = (1..=3).map(|n| t.d(n)).collect();
        let mut total = 0;
        for (i, d) in ds.iter().rev().enumerate().skip(1) {
            total += t.wait(d.id() * i as u32, 1).await;
        }
        let names = ds.iter().map(|d| format!("{d:?}")).collect::<Vec<_>>().join("+");
        t.wait(9, 1).await;
        let longest = ds.into_iter().max_by_key(|d| d.id()).map(|d| d.with(10)).unwrap();
        t.wait(8, 1).await;
        (total + longest.by_value(), names)
    }
}

differential! {
    async fn nested_closures(t: Trace) -> u32 {
        let base = t.later(1, 10).await;
        let make = |add: u32| { let t = &t; move |n: u32| { t.op(n); base + add + n } };
        let (one, two) = (make(1), make(2));
        let a = one(t.wait(2, 1).await);
        let compose = move |n| two(one(n));
        t.wait(3, 1).await;
        a + compose(1)
    }
}

differential! {
    async fn control_flow_as_an_error(t: Trace) -> ControlFlow<u32, D> {
        for n in 1..4 {
            let step = if n == 3 { ControlFlow::Break(n) } else { ControlFlow::Continue(t.later_d(n).await) };
            let d = step?;
            t.wait(d.id(), 1).await;
        }
        ControlFlow::Continue(t.d(9))
    }
}

differential! {
    async fn joined_children(t: Trace) -> (u32, Vec<u32>, Result<(u32, u32), E>) {
        let d = t.d(5);
        let (a, b) = futures::future::join(t.wait(1, 2), borrow_wait(&d)).await;
        let all = futures::future::join_all((2..4).map(|n| t.wait(n, n))).await;
        let tried = futures::future::try_join(
            async { t.wait(6, 1).await; Err(E(6)) },
            async { borrow_wait(&d).await; Ok(7) },
        ).await;
        (a + b, all, tried)
    }
}

differential! {
    async fn labeled_search(t: Trace) -> Option<(usize, usize)> {
        let grid = [[1, 2], [3, 4], [5, 6]];
        let found = 'search: {
            for (y, row) in grid.iter().enumerate() {
                for (x, &cell) in row.iter().enumerate() {
                    match t.wait(cell, 1).await {
                        n if n % 2 == 1 => continue,
                        4 => break 'search Some((x, y)),
                        _ => {}
                    }
                }
            }
            None
        };
        t.op(9);
        found
    }
}

differential! {
    async fn option_combinators(t: Trace) -> Option<u32> {
        let mut slot = Some(t.d(1));
        if let Some(d) = slot.as_mut() { d.by_mut_wait().await; }
        let taken = slot.take();
        let other = match &taken { Some(d) if d.id() > 100 => Some(t.later_d(2).await), Some(_) | None => None };
        let replaced = slot.replace(t.later_d(3).await);
        assert!(replaced.is_none(), "was {replaced:?}");
        let n = slot.as_ref().map(|d| d.id()).filter(|n| *n == 3)?;
        Some(n + taken?.by_value() + other.map_or(0, D::by_value) + t.wait(4, 1).await)
    }
}

differential! {
    async fn numbers_and_operators(t: Trace) -> (i64, f64, bool) {
        let mut a = t.wait(3, 1).await as i64;
        a -= -(t.wait(2, 1).await as i64) << 1;
        a ^= t.wait(1, 1).await as i64 & 1;
        let f = (t.wait(5, 1).await as f64).sqrt().mul_add(2.0, f64::from(t.wait(1, 1).await));
        let b = !(t.yes(6) && t.wait(7, 1).await > 3 || t.no(8)) | (a..=t.wait(9, 1).await as i64).contains(&5);
        (a, f.floor(), b)
    }
}

differential! {
    async fn slices_and_swaps(t: Trace) -> (Vec<u32>, [u32; 3], u32) {
        let mut v = vec![3, 1, 2];
        let (left, right) = v.split_at_mut(1);
        std::mem::swap(&mut left[0], &mut right[t.wait(1, 1).await as usize]);
        let n = v[t.wait(2, 1).await as usize] + v[..t.wait(2, 1).await as usize].iter().sum::<u32>();
        let mut a = [0; 3];
        (a[0], a[t.n(2) as usize]) = (t.wait(5, 1).await, n);
        a[1] = t.wait(7, 1).await;
        v.push(t.wait(8, 1).await + v.len() as u32);
        v.sort_by_key(|n| std::cmp::Reverse(*n));
        v.retain(|&x| x != t.n(1));
        (v, a, n)
    }
}

differential! {
    async fn string_building(t: Trace) -> String {
        use std::fmt::Write as _;
        let mut s = String::with_capacity(8);
        let width = t.later(1, 4_usize).await;
        for (i, word) in ["a", "bc"].iter().enumerate() {
            write!(s, "{i}:{word:>width$}|").unwrap();
            write!(&mut s, "{:?};", t.later_d(i as u32).await).unwrap();
        }
        s += &format!("{s_len}-{0}", t.wait(2, 1).await, s_len = s.len());
        s.insert_str(0, &t.later(3, "<".to_string()).await);
        s
    }
}

differential! {
    async fn generic_result_of_a_block(t: Trace) -> (Vec<D>, u32) {
        let mut errors = 0;
        let parsed = {
            let mut out = Vec::new();
            for text in ["1", "x", "2"] {
                let parsed: Result<u32, _> = text.parse();
                out.push(match parsed {
                    Ok(n) => t.later_d(n).await,
                    Err(_) if errors > 3 => return (out, errors),
                    Err(_) => { errors += 1; continue }
                });
            }
            out
        };
        let total = parsed.iter().fold(0, |sum, d| sum + d.id());
        (parsed, total + errors)
    }
}

differential! {
    async fn unsafe_and_statics(t: Trace) -> u32 {
        static TABLE: [u32; 3] = [4, 5, 6];
        let x = t.later(1, 2_usize).await;
        // SAFETY: the index is 2.
        let n = unsafe { *TABLE.get_unchecked(x) + t.wait(2, 1).await };
        let p = &raw const n;
        t.wait(3, 1).await;
        // SAFETY: both point to `n`.
        unsafe { *p + *(&n as *const u32) }
    }
}

differential! {
    async fn async_closures(t: Trace) -> u32 {
        let d = t.d(1);
        let add = async |n: u32| n + borrow_wait(&d).await;
        let a = add(t.wait(2, 1).await).await;
        let mut count = 0;
        let mut bump = async |by: u32| { t.wait(by, 1).await; count += by; count };
        let b = bump(2).await + bump(3).await;
        a + b + count
    }
}

differential! {
    async fn guards_and_bindings(t: Trace) -> (u32, &'static str) {
        let v = t.later(1, Some(Pair { a: t.d(1), b: t.d(2) })).await;
        let text = match &v {
            Some(p @ Pair { a, .. }) if a.id() == 1 && p.b.id() == 2 => { borrow_wait(a).await; "both" }
            Some(_) => "one",
            None => "none",
        };
        let n = match t.wait(15, 1).await { n @ (0..=9 | 20..) => n, n @ 10.. => n + t.wait(3, 1).await };
        if let Some(Pair { a, b: _ }) = v { return (n + a.by_value_wait().await, text); }
        (n, text)
    }
}

differential! {
    async fn rest_of_a_tuple_stays(t: Trace) -> u32 {
        let pair = (t.d(1), t.d(2), t.d(3));
        t.wait(4, 1).await;
        let (a, .., _) = pair;
        t.wait(4, 1).await;
        drop(a);
        t.op(5);
        t.wait(4, 1).await;
        3
    }
}

differential! {
    async fn field_moved_out_of_a_box(t: Trace) -> u32 {
        let pair = Box::new(Pair { a: t.d(1), b: t.d(2) });
        t.wait(4, 1).await;
        let a = pair.a;
        t.wait(4, 1).await;
        drop(a);
        t.op(5);
        3
    }
}

differential! {
    async fn part_moved_by_an_arm_that_suspends(t: Trace) -> u32 {
        let v = Some(Pair { a: t.d(1), b: t.d(2) });
        t.wait(4, 1).await;
        let n = match v {
            Some(Pair { a, .. }) => { t.wait(5, 1).await; consume_wait(a).await }
            None => 0,
        };
        t.op(5);
        t.wait(6, 1).await;
        n
    }
}

differential! {
    async fn arguments_read_what_the_receiver_changes(t: Trace) -> Vec<u32> {
        let mut v = vec![1];
        v.push(v.len() as u32);
        v.push({ let n = v.len() as u32; t.wait(n, 1).await });
        v.insert(v.len() - 1, t.wait(9, 1).await);
        v
    }
}

differential! {
    async fn field_assigned_while_another_is_borrowed(t: Trace) -> u32 {
        let mut pair = Pair { a: t.d(1), b: t.d(2) };
        let a = &mut pair.a;
        t.wait(3, 1).await;
        pair.b = t.later_d(4).await;
        a.set(8);
        pair.a = pair.b;
        t.wait(3, 1).await;
        pair.b = t.d(6);
        pair.a.id() + pair.b.id()
    }
}

differential! {
    async fn moved_in_a_loop_and_assigned_again(t: Trace) -> u32 {
        let mut d = t.d(1);
        for n in 2..5 {
            let n = consume_wait(d).await + n;
            d = if n % 2 == 0 { t.later_d(n).await } else { t.d(n) };
        }
        let late;
        if t.yes(1) { late = t.later_d(30).await; } else { late = d.with(1); return late.id() }
        late.id()
    }
}

differential! {
    async fn blocks_and_loops_with_values(t: Trace) -> u32 {
        let d = loop {
            let e = t.d(1);
            if e.id() == 1 { break t.d(2).with(t.wait(3, 1).await); }
        };
        let n = 'b: { if d.by_ref().id() > 2 { break 'b t.wait(4, 1).await } 5 };
        n + { let g = t.d(6); t.wait(g.by_ref().id(), 1).await }
    }
}

differential! {
    async fn temporaries_of_every_condition(t: Trace) -> u32 {
        match t.d(1).by_ref().id() {
            1 => { t.wait(2, 1).await; }
            _ => {}
        }
        while let 3 = t.d(3).id() { t.wait(4, 1).await; break; }
        if t.d(5).id() == 5 { t.wait(6, 1).await; }
        for n in [t.d(7).id()].iter() { t.wait(*n, 1).await; }
        if let 8 = t.d(8).by_ref().id() { t.wait(9, 1).await } else { 0 }
    }
}

differential! {
    async fn tuple_given_up_by_a_question_mark(t: Trace) -> Result<u32, E> {
        let d = t.d(1);
        let n = (d, t.later_d(2).await, Err::<D, _>(E(t.wait(3, 1).await))?).0.id();
        Ok(n)
    }
}
