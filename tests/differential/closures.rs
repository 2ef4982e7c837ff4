//! Closures in a body: what they capture, when, and how long it stays captured.

use crate::harness::{borrow_mut_wait, borrow_wait, Pair, Trace, D, E};

fn call<R>(f: impl FnOnce() -> R) -> R {
    f()
}

differential! {
    async fn captures_by_reference(t: Trace) -> u32 {
        let d = t.d(1);
        let look = || d.id();
        let n = look();
        t.wait(2, 1).await;
        n + look() + d.id()
    }
}

differential! {
    async fn captures_by_unique_reference(t: Trace) -> u32 {
        let mut n = t.n(1);
        let mut add = |m| n += m;
        add(t.wait(2, 1).await);
        add(t.wait(3, 1).await);
        t.wait(4, 1).await;
        n
    }
}

differential! {
    async fn captures_by_move(t: Trace) -> u32 {
        let d = t.d(1);
        let look = move || d.id();
        t.wait(2, 1).await;
        let n = look();
        t.wait(3, 1).await;
        drop(look);
        t.wait(4, 1).await + n
    }
}

differential! {
    async fn move_closure_copies_a_copy_value(t: Trace) -> u32 {
        let mut n = t.n(1);
        let get = move || n;
        n += t.wait(2, 1).await;
        get() * 10 + n
    }
}

differential! {
    async fn captures_one_field_only(t: Trace) -> u32 {
        let mut pair = Pair { a: t.d(1), b: t.d(2) };
        let a = &mut pair.a;
        let look = || pair.b.id();
        a.by_mut_wait().await;
        look() + pair.a.id()
    }
}

differential! {
    async fn wildcard_in_a_closure_captures_nothing(t: Trace) -> u32 {
        let d = t.d(1);
        let nothing = || {
            let _ = d;
        };
        nothing();
        t.wait(2, 1).await;
        d.by_value()
    }
}

differential! {
    async fn called_on_both_sides_of_an_await(t: Trace) -> u32 {
        let base = t.n(10);
        let add = |n: u32| base + n;
        add(t.wait(1, 1).await) + add(t.wait(2, 1).await)
    }
}

differential! {
    async fn fn_once_kept_across_an_await(t: Trace) -> u32 {
        let d = t.d(1);
        let boxed: Box<dyn FnOnce() -> u32> = Box::new(move || d.by_value());
        t.wait(2, 1).await;
        boxed()
    }
}

differential! {
    async fn fn_mut_kept_across_awaits(t: Trace) -> Vec<D> {
        let mut made = Vec::new();
        let mut make = |id| made.push(t.d(id));
        make(1);
        t.wait(2, 1).await;
        make(3);
        made
    }
}

differential! {
    async fn given_to_a_function(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(2, 1).await;
        let n = call(|| d.id());
        let m = call(move || d.by_value());
        t.wait(3, 1).await + n + m
    }
}

differential! {
    async fn given_to_an_iterator(t: Trace) -> Vec<u32> {
        let limit = t.wait(3, 1).await;
        let mut seen = 0;
        let v: Vec<u32> = (0..10).filter(|n| n % 2 == 0).take_while(|n| *n <= limit * 2).inspect(|_| seen += 1).collect();
        t.wait(seen, 1).await;
        v
    }
}

differential! {
    async fn return_inside_leaves_the_closure_only(t: Trace) -> u32 {
        let pick = |n: u32| {
            if n > 1 {
                return t.n(10);
            }
            t.n(20)
        };
        let a = pick(1);
        t.wait(2, 1).await;
        a + pick(2)
    }
}

differential! {
    async fn loop_inside_a_closure(t: Trace) -> u32 {
        let count = |limit| {
            let mut n = 0;
            loop {
                n += 1;
                if n == limit {
                    break n;
                }
            }
        };
        for _ in 0..2 {
            t.wait(count(3), 1).await;
        }
        count(4)
    }
}

differential! {
    async fn closure_that_makes_a_future(t: Trace) -> u32 {
        let wait = |id| t.wait(id, 1);
        wait(1).await + wait(2).await
    }
}

differential! {
    async fn closure_that_gives_an_async_block(t: Trace) -> u32 {
        let wait = |id| {
            let t = t.clone();
            async move { t.wait(id, 1).await + 1 }
        };
        let a = wait(1);
        wait(2).await + a.await
    }
}

differential! {
    async fn async_closure(t: Trace) -> u32 {
        let d = t.d(1);
        let wait = async |id: u32| t.wait(id, 1).await + borrow_wait(&d).await;
        wait(2).await + wait(3).await
    }
}

differential! {
    async fn async_closure_that_moves(t: Trace) -> u32 {
        let d = t.d(1);
        let t2 = t.clone();
        let once = async move || t2.wait(d.id(), 1).await + d.by_value();
        t.wait(2, 1).await;
        once().await
    }
}

differential! {
    async fn closure_in_an_argument_beside_an_await(t: Trace) -> u32 {
        fn apply(n: u32, f: impl FnOnce(u32) -> u32, m: u32) -> u32 {
            f(n) + m
        }
        let d = t.d(1);
        apply(t.wait(2, 1).await, move |n| n + d.by_value(), t.wait(3, 1).await)
    }
}

differential! {
    async fn closure_in_a_method_chain_after_an_await(t: Trace) -> Result<u32, String> {
        let d = t.d(1);
        let n = t.later_err(2).await.map_err(|E(id)| format!("{d:?} {id}")).or_else(|e| {
            t.op(3);
            if e.len() > 3 { Ok(d.id()) } else { Err(e) }
        })?;
        Ok(n + t.wait(4, 1).await)
    }
}

differential! {
    async fn nested_closures(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.n(2));
        let outer = |n: u32| {
            let inner = |m: u32| a.id() + b + m + n;
            inner(10)
        };
        let x = outer(100);
        t.wait(3, 1).await;
        x + outer(200)
    }
}

differential! {
    async fn closure_argument_shadows_a_local(t: Trace) -> u32 {
        let n = t.n(1);
        let f = |n: u32| n * 10;
        t.wait(2, 1).await;
        let g = |(n, m): (u32, u32)| f(n) + m;
        g((t.wait(3, 1).await, n)) + n
    }
}

differential! {
    async fn closure_local_shadows_a_local(t: Trace) -> u32 {
        let n = t.n(1);
        let f = |m: u32| {
            let n = n + m;
            n * 10
        };
        t.wait(2, 1).await;
        f(3) + n
    }
}

differential! {
    async fn closure_redefined_in_a_loop(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..3 {
            let d = t.d(n);
            let f = move || d.id();
            t.wait(10, 1).await;
            sum += f();
        }
        sum
    }
}

differential! {
    /// not called: dropped with what it captured
    async fn closure_never_called(t: Trace) -> u32 {
        let d = t.d(1);
        let _f = move || d.by_value();
        t.wait(2, 1).await
    }
}

differential! {
    async fn function_pointer_and_path(t: Trace) -> Vec<Option<u32>> {
        let f: fn(u32) -> Option<u32> = Some;
        let a = f(t.wait(1, 1).await);
        let b: Vec<Option<u32>> = [2, 3].into_iter().map(Some).collect();
        t.wait(4, 1).await;
        [vec![a], b].concat()
    }
}

differential! {
    async fn move_blocks_in_closures_copy(t: Trace) -> u32 {
        let a = t.wait(1, 1).await;
        let t = &t;
        let f = |n: u32| async move { t.wait(n + a, 1).await };
        let sum = f(1).await + f(2).await;
        let futures: Vec<_> = (0..2).map(|i| async move { t.wait(10 + i + a, 1).await }).collect();
        let mut total = sum + a;
        for future in futures { total += future.await; }
        total
    }
}

differential! {
    async fn captures_after_other_uses_in_a_statement(t: Trace) -> u32 {
        let d = t.later_d(1).await;
        let e = t.later_d(2).await;
        let first = { let n = d.id(); async move { d.id() + n } };
        t.wait(3, 1).await;
        let second: Box<dyn FnOnce() -> u32> = if e.id() == 5 { Box::new(|| 0) } else { Box::new(move || e.id()) };
        t.wait(4, 1).await;
        first.await + second()
    }
}

differential! {
    #[allow(unused_assignments)]
    async fn move_block_in_a_block_that_assigns_the_same_number(t: Trace) -> u32 {
        let mut c = t.n(1);
        let n = async {
            c = ({ let t = &t; async move {
                c += c;
                t.d(1)
            } }.await).by_mut_wait().await;
            c
        }.await;
        n
    }
}

differential! {
    /// A macro with a `return` of its own, which is the closure's.
    async fn ready_in_a_closure(t: Trace) -> Option<u32> {
        let mut wait = std::pin::pin!(t.wait(1, 2));
        let mut polls = 0;
        let last = std::future::poll_fn(|cx| {
            polls += 1;
            let n = std::task::ready!(std::future::Future::poll(wait.as_mut(), cx));
            std::task::Poll::Ready(Some(n + polls))
        })
        .await?;
        Some(t.wait(2, 1).await + last + polls)
    }
}

differential_items! {
    mod mutable_references_are_borrowed_again_in_a_closure($co) {
        fn poll(d: std::pin::Pin<&mut D>, n: &mut u32) -> std::task::Poll<u32> {
            *n += 1;
            match *n {
                3 => std::task::Poll::Ready(d.id()),
                _ => std::task::Poll::Pending,
            }
        }

        #[$co]
        async fn read(t: &Trace, d: &mut D, n: &mut u32) -> u32 {
            let read = std::future::poll_fn(|cx| {
                cx.waker().wake_by_ref();
                poll(std::pin::Pin::new(d), n)
            });
            read.await + t.wait(4, 1).await
        }

        async fn body(t: Trace) -> u32 {
            let (mut d, mut n) = (t.d(1), t.n(0));
            let sum = read(&t, &mut d, &mut n).await;
            sum + n
        }
    }
}

differential! {
    /// `let _ = x` does not capture
    async fn what_nothing_looks_at_is_not_captured(t: Trace) -> u32 {
        let (a, b, e) = (t.d(1), (t.d(2), t.d(3)), t.d(4));
        t.wait(1, 1).await;
        { let t = &t; async move { let _ = e; let _a = a; t.step(5); } }.await;
        let f = { let t = &t; move || { let _ = e; let _: D = b.0; t.step(6); } };
        f();
        t.wait(2, 1).await;
        drop(b.1);
        e.id()
    }
}

differential! {
    /// a closure that is consumed is moved before its arguments are evaluated
    async fn consumed_closure_with_arguments_that_wait(t: Trace) -> u32 {
        let d = t.d(1);
        let once = { let t = &t; move |n: u32| { drop(d); t.n(n) } };
        let _later = t.d(2);
        once(t.later(3, t.n(4)).await)
    }
}

differential! {
    async fn borrowed_closures_with_arguments_that_wait(t: Trace) -> u32 {
        let (d, mut sum) = (t.d(1), 0);
        let shared = { let (t, d) = (&t, &d); move |n: u32| t.n(n) + d.id() };
        let mut changing = { let (t, sum) = (&t, &mut sum); move |n: u32| { *sum += t.n(n); *sum } };
        let pointer: fn(u32) -> u32 = |n| n + 1;
        let dynamic: &dyn Fn(u32) -> u32 = &shared;
        let boxed: Box<dyn FnOnce(u32) -> u32 + '_> = Box::new(&shared);
        let first = shared(t.later(2, t.n(3)).await) + changing(t.later(4, t.n(5)).await) + changing(6);
        let second = pointer(t.later(7, t.n(8)).await) + dynamic(t.later(9, t.n(10)).await) + dynamic(11);
        first + second + boxed(t.later(12, t.n(13)).await)
    }
}

differential! {
    async fn unique_reference_as_a_value_and_a_place_in_an_async_block(t: Trace) -> D {
        let mut d = t.d(1);
        let a: &mut D = &mut d;
        async {
            let _c = || format!("{:?}", a);
            borrow_mut_wait(a).await;
        }
        .await;
        a.set(2);
        t.d(3)
    }
}

differential! {
    async fn values_that_are_also_places_in_closures(t: Trace) -> u32 {
        let (n, mut a, b) = (t.n(1), t.d(2), t.d(3));
        let c = &mut a;
        t.wait(4, 1).await;
        let copied = || { let m = n + n.min(3); format!("{n} {m}").len() as u32 };
        let moved = || { drop(format!("{:?}", &b)); b };
        let unique = || { drop(format!("{:?}", c)); let d = c; d.id() };
        t.wait(5, 1).await;
        copied() + copied() + moved().id() + unique()
    }
}

differential! {
    async fn match_that_reads_nothing_captures_nothing(t: Trace) -> u32 {
        let n = {
            let c = (t.d(1), Pair { a: t.d(2), b: t.d(3) });
            let f = move |n: u32| match c { (_, Pair { a: _, .. }) => n };
            let g = move |n: u32| { let (_, Pair { .. }) = c; match c.1 { _ => n } };
            t.later(4, f(5) + g(6)).await
        };
        t.n(7) + n
    }
}

differential! {
    async fn match_whose_first_arm_takes_all_captures_nothing(t: Trace) -> u32 {
        let n = {
            let c = (t.d(1), Pair { a: t.d(2), b: t.d(3) });
            let f = { let t = &t; move |n: u32| match c {
                (_, _) if t.no(4) => 5,
                (_, _) => n,
            } };
            t.later(7, f(8)).await
        };
        t.n(9) + n
    }
}

differential! {
    /// a reference is copied, also where it is moved into a block in the closure, so the closure borrows the variable
    async fn closure_that_copies_what_has_been_copied(t: Trace) -> u32 {
        let Ok(ref f) = Ok::<D, ()>(t.d(1)) else { return t.n(4) };
        let a = f;
        let d = |b: u32| { let _e = async move { f.id() }; a.id() + b };
        t.wait(2, 1).await + d(3)
    }
}

differential! {
    /// the type of what the closure gives is known only from what comes after the call
    async fn result_of_a_closure_that_is_typed_later(t: Trace) -> u32 {
        let (number, nothing, list) = (Some(t.d(1)), Some(t.d(2)), Some(t.d(3)));
        t.wait(4, 1).await;
        let number = number.map(|_| 5);
        let nothing = nothing.map(|_| Default::default());
        let list = list.map(|d| (d, Vec::new()));
        t.wait(6, 1).await;
        let (number, nothing): (Option<u128>, Option<[u64; 3]>) = (number, nothing);
        let mut list: Option<(D, Vec<D>)> = list;
        if let Some((_, list)) = &mut list {
            list.push(t.d(7));
        }
        t.wait(8, 1).await + number.map_or(0, |n| n as u32) + nothing.map_or(9, |n| n.len() as u32)
    }
}

differential! {
    /// the variable moves in as a whole, which is the same where the rest has no destructor
    async fn move_closure_captures_a_part_beside_what_is_not_dropped(t: Trace) -> u32 {
        let (p, q) = ((t.d(1), 5_u64), (t.d(2), (t.d(3), t.d(4)), 6));
        t.wait(5, 1).await;
        let f = move || p.0.id();
        let g = move || q.1.1.id() + q.0.id() + q.1.0.by_value();
        t.wait(f(), 1).await + g()
    }
}
