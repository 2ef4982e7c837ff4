//! `join!`, `try_join!` and `select!` of tokio and futures.

use std::pin::pin;

use futures::future::{Fuse, FusedFuture};
use futures::FutureExt;

use crate::harness::{Trace, D, E};

// ---- join!

differential! {
    async fn tokio_join(t: Trace) -> (u32, D, u32) {
        tokio::join!(t.wait(1, 2), t.later_d(2), t.wait(3, 1))
    }
}

differential! {
    async fn tokio_join_biased(t: Trace) -> (u32, u32) {
        tokio::join!(biased; t.wait(1, 2), t.wait(2, 3))
    }
}

differential! {
    async fn tokio_join_of_nothing_and_of_one(t: Trace) -> ((), (u32,)) {
        let nothing = tokio::join!();
        t.op(1);
        (nothing, tokio::join!(t.wait(2, 1),))
    }
}

differential! {
    async fn tokio_join_with_temporaries_and_locals(t: Trace) -> u32 {
        let a = t.d(1);
        let (x, y) = tokio::join!(t.wait(t.d(2).id(), 1), async { t.d(3); a.id() });
        t.wait(x + y, 1).await;
        a.id()
    }
}

differential! {
    async fn tokio_join_whose_operands_await(t: Trace) -> (u32, D, u32) {
        let d = t.d(1);
        let joined = tokio::join!(
            t.wait(t.wait(2, 1).await, 1),
            t.later(3, d),
            t.wait(match t.later_ok(4).await { Ok(n) => n, Err(_) => return (0, t.d(0), 0) }, 2),
        );
        t.op(5);
        joined
    }
}

differential! {
    async fn tokio_join_with_question_mark(t: Trace) -> Result<(u32, u32), E> {
        let d = t.d(1);
        let (a, b) = tokio::join!(t.later_ok(2), t.wait(t.fail(3)?, 1));
        drop(d);
        Ok((a?, b))
    }
}

differential! {
    async fn tokio_join_leaves_a_loop(t: Trace) -> u32 {
        let mut n = 0;
        loop {
            let d = t.d(n);
            let (a, b) = tokio::join!(t.wait(1, 1), t.wait(if n > 2 { break } else { n }, 1));
            n += a + b;
            if d.id() == 9 { continue }
        }
        n
    }
}

differential! {
    async fn futures_join(t: Trace) -> (u32, D, u32) {
        futures::join!(t.wait(1, 2), t.later_d(2), t.wait(3, 1))
    }
}

differential! {
    async fn futures_join_with_temporaries(t: Trace) -> u32 {
        let (x, y) = futures::join!(t.wait(t.d(1).id(), 1), t.wait(t.d(2).id(), t.d(3).id()));
        t.wait(x + y, 1).await
    }
}

differential! {
    async fn futures_join_whose_operands_await(t: Trace) -> (u32, D) {
        let d = t.d(1);
        futures::join!(t.wait(t.wait(2, 1).await, 1), t.later(3, d))
    }
}

differential! {
    async fn joins_inside_of_joins(t: Trace) -> ((u32, u32), Result<(u32, u32), E>) {
        tokio::join!(
            async { tokio::join!(t.wait(1, 1), t.wait(2, 2)) },
            async { futures::try_join!(t.later_ok(3), t.later_ok(4)) },
        )
    }
}

differential! {
    async fn a_join_as_an_operand(t: Trace) -> u32 {
        let d = t.d(1);
        t.n(2) + tokio::join!(t.wait(3, 1), t.wait(4, 1)).1 + d.id()
    }
}

// ---- try_join!

differential! {
    async fn tokio_try_join(t: Trace) -> Result<(u32, u32), E> {
        let d = t.d(1);
        let both = tokio::try_join!(t.later_ok(2), t.later_ok(3));
        d.id();
        both
    }
}

differential! {
    async fn tokio_try_join_that_fails(t: Trace) -> Result<u32, E> {
        let d = t.d(1);
        let (a, b, c) = tokio::try_join!(
            async { t.wait(2, 3).await; Ok::<_, E>(t.d(20)) },
            t.later_err(3),
            async { t.d(4); t.wait(5, 2).await; Ok::<_, E>(5) },
        )?;
        Ok(a.id() + b + c + d.id())
    }
}

differential! {
    async fn tokio_try_join_biased_and_of_nothing(t: Trace) -> Result<u32, E> {
        tokio::try_join!()?;
        let (a, b) = tokio::try_join!(biased; t.later_ok(1), t.later_ok(2))?;
        Ok(a + b)
    }
}

differential! {
    async fn futures_try_join_that_fails(t: Trace) -> Result<u32, E> {
        let d = t.d(1);
        let (a, b, c) = futures::try_join!(
            async { t.wait(2, 3).await; Ok::<_, E>(t.d(20)) },
            t.later_err(3),
            async { t.d(4); t.wait(5, 2).await; Ok::<_, E>(5) },
        )?;
        Ok(a.id() + b + c + d.id())
    }
}

// ---- select! of tokio

differential! {
    async fn tokio_select(t: Trace) -> u32 {
        let d = t.d(1);
        let n = tokio::select! {
            biased;
            n = t.wait(2, 3) => n,
            m = t.wait(3, 1) => { t.d(m); t.wait(4, 1).await }
        };
        n + d.id()
    }
}

differential! {
    async fn tokio_select_of_one_at_random(t: Trace) -> u32 {
        tokio::select! { n = t.wait(1, 2) => n + t.wait(2, 1).await }
    }
}

differential! {
    async fn tokio_select_drops_futures_before_the_handler(t: Trace) -> D {
        let d = t.d(1);
        tokio::select! {
            biased;
            () = async { let _inner = t.d(2); t.wait(3, 5).await; } => d,
            e = t.later_d(4) => { t.op(5); drop(d); t.wait(6, 1).await; e }
        }
    }
}

differential! {
    async fn tokio_select_with_patterns_that_do_not_match(t: Trace) -> u32 {
        tokio::select! {
            biased;
            Some(n) = t.later(1, None::<u32>) => n,
            Ok(n) | Err(E(n)) = t.later_err(2), if t.no(3) => n,
            Ok(mut n) = t.later(4, t.ok(4)) => { n += t.wait(5, 1).await; n }
            else => t.n(6),
        }
    }
}

differential! {
    async fn tokio_select_falls_through_to_else(t: Trace) -> u32 {
        let d = t.d(1);
        let n = tokio::select! {
            biased;
            Some(n) = t.later(2, None::<u32>) => n,
            Some(D { .. }) = t.later(3, None::<D>), if t.later(4, true).await => return d.id(),
            else => { t.wait(5, 1).await }
        };
        n + d.id()
    }
}

differential! {
    async fn tokio_select_with_everything_disabled_panics(t: Trace) -> u32 {
        let d = t.d(1);
        tokio::select! {
            Some(n) = t.later(2, None::<u32>) => n + d.id(),
            n = t.wait(3, 1), if t.no(4) => n,
        }
    }
}

differential! {
    async fn tokio_select_of_else_only(t: Trace) -> u32 {
        tokio::select! { else => t.wait(1, 1).await }
    }
}

differential! {
    async fn tokio_select_in_a_loop_over_a_borrowed_future(t: Trace) -> u32 {
        let mut whole = pin!(t.wait(1, 4));
        let mut d = t.d(2);
        let mut n = d.id() - 2;
        loop {
            tokio::select! {
                biased;
                m = &mut whole => break n + m,
                e = t.later_d(10 + n), if n < 2 => { drop(std::mem::replace(&mut d, e)); n += 1; }
                _ = t.wait(20, 1) => { n += 1; if n > 3 { continue } t.wait(30, 1).await; }
            }
        }
    }
}

differential! {
    async fn tokio_select_whose_handlers_leave(t: Trace) -> Result<u32, E> {
        let d = t.d(1);
        'outer: for n in 0..4 {
            let e = t.d(10 + n);
            tokio::select! {
                biased;
                r = t.later_ok(2), if n == 0 => { let x = r?; t.op(x); continue 'outer }
                _ = t.wait(3, 1), if n == 1 => continue,
                _ = t.wait(4, 1), if n == 2 => { drop(e); }
                r = t.later_err(5) => { r?; }
            }
            t.op(20 + n);
        }
        Ok(d.id())
    }
}

differential! {
    async fn tokio_select_binds_parts_of_an_output(t: Trace) -> D {
        tokio::select! {
            biased;
            (a, _) = t.later(1, (t.d(2), t.d(3))) => { t.wait(4, 1).await; a }
            (_, ref b) = t.later(5, (t.d(6), t.d(7))) => t.d(b.id()),
        }
    }
}

differential! {
    async fn tokio_select_extends_temporaries_of_its_operands(t: Trace) -> u32 {
        tokio::select! {
            biased;
            n = &mut pin!(t.wait(t.d(1).id(), 2)) => n,
            n = t.wait(t.d(2).id(), 1) => n,
        }
    }
}

differential! {
    async fn tokio_select_with_operands_that_await(t: Trace) -> Result<u32, E> {
        let d = t.d(1);
        Ok(tokio::select! {
            biased;
            n = t.wait(t.wait(2, 1).await, 2) => n + d.id(),
            n = t.wait(t.later_ok(3).await?, 1), if t.later(4, true).await => n,
        })
    }
}

differential! {
    async fn tokio_select_as_a_tail_and_inside_of_another(t: Trace) -> u32 {
        tokio::select! {
            biased;
            n = async { tokio::select! { biased; n = t.wait(1, 1) => n, n = t.wait(2, 1) => n + 1 } } => n,
            m = t.wait(3, 4) => m + tokio::select! { biased; n = t.wait(4, 1) => n, n = t.wait(5, 1) => n },
        }
    }
}

differential! {
    async fn tokio_select_with_a_field_in_an_operand(t: Trace) -> u32 {
        struct Shared { n: u32 }
        let shared = Shared { n: t.n(2) };
        tokio::select! {
            biased;
            _ = t.wait(shared.n, 1) => {}
            _ = t.wait(3, 3) => {}
        }
        shared.n
    }
}

// ---- select! of futures

differential! {
    async fn futures_select_biased(t: Trace) -> u32 {
        let d = t.d(1);
        let n = futures::select_biased! {
            n = t.wait(2, 3).fuse() => n,
            m = t.wait(3, 1).fuse() => { t.d(m); t.wait(4, 1).await },
        };
        n + d.id()
    }
}

differential! {
    async fn futures_select_keeps_what_is_named(t: Trace) -> u32 {
        let mut a = t.later(1, t.d(10)).boxed_local().fuse();
        let mut b = t.wait(2, 3).boxed_local().fuse();
        let mut n = 0;
        loop {
            futures::select_biased! {
                d = a => n += d.id(),
                m = b => { n += m; t.wait(3, 1).await; }
                complete => break,
            }
            t.op(n);
        }
        n + u32::from(a.is_terminated())
    }
}

differential! {
    async fn futures_select_with_a_default(t: Trace) -> u32 {
        let mut a = pin!(t.wait(1, 1).fuse());
        let mut n = 0;
        loop {
            n += futures::select_biased! {
                m = a => m,
                default => t.wait(2, 1).await,
                complete => break,
            };
        }
        n
    }
}

differential! {
    async fn futures_select_of_completed_futures_panics(t: Trace) -> u32 {
        let d = t.d(1);
        let mut a = Fuse::<futures::future::Ready<u32>>::terminated();
        futures::select! { m = a => m + d.id() }
    }
}

differential! {
    async fn futures_select_of_one(t: Trace) -> Result<u32, E> {
        let d = t.d(1);
        let n = futures::select! { r = t.later_err(2).fuse() => r? };
        Ok(n + d.id())
    }
}

mod by_name {
    use super::*;
    use tokio::{join, select, try_join};

    differential! {
        async fn tokio_s_by_name(t: Trace) -> Result<u32, E> {
            let (a, b) = join!(t.wait(1, 1), t.wait(2, 1));
            let (c, d) = try_join!(t.later_ok(3), t.later_ok(4))?;
            Ok(select! { biased; n = t.wait(a + b + c + d, 1) => n, _ = t.wait(5, 1) => 0 })
        }
    }
}

mod futures_by_name {
    use super::*;
    use futures::{select, select_biased};

    differential! {
        async fn futures_s_by_name(t: Trace) -> u32 {
            let n = select! { n = t.wait(1, 1).fuse() => n };
            let mut a = pin!(t.wait(2, 1).fuse());
            let m = select! { n = a => n, complete => 0 };
            n + m + select_biased! { n = t.wait(3, 1).fuse() => n, n = t.wait(4, 1).fuse() => n }
        }
    }
}

differential! {
    async fn select_in_an_async_block(t: Trace) -> u32 {
        let shared = t.d(1);
        let task = async {
            let mut n = 0;
            loop {
                tokio::select! {
                    biased;
                    m = t.wait(shared.id(), 1), if n > 2 => break m,
                    k = t.wait(3, 1) => { n += k; }
                }
            }
        };
        task.await + shared.id()
    }
}

mod coloop_s {
    use super::*;

    differential! {
        async fn coloop_join_and_try_join(t: Trace) -> Result<u32, E> {
            let d = t.d(1);
            let (a, b) = coloop::join!(t.wait(2, 2), t.wait(t.wait(3, 1).await, 1));
            let (c, e) = coloop::try_join!(t.later_ok(4), t.later_err(5))?;
            Ok(a + b + c + e + d.id())
        }
    }

    differential! {
        async fn coloop_select(t: Trace) -> u32 {
            let mut whole = pin!(t.wait(1, 3));
            loop {
                let d = t.d(9);
                coloop::select! {
                    n = &mut whole => break n,
                    Some(n) = t.later(2, None::<u32>), if t.yes(3) => { t.op(n); }
                    n = t.wait(4, 1), if d.id() == 9 => { t.wait(n, 1).await; continue }
                    else => t.op(5),
                }
            }
        }
    }
}
