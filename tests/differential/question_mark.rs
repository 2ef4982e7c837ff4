//! `?`: on everything it works on, in every position, and what it drops on the way out.

use std::ops::ControlFlow;
use std::task::Poll;

use crate::harness::{consume_wait, Trace, D, E};

differential! {
    async fn on_an_awaited_ok(t: Trace) -> Result<u32, E> {
        let x = t.later_ok(1).await?;
        Ok(x + t.n(2))
    }
}

differential! {
    async fn on_an_awaited_error(t: Trace) -> Result<u32, E> {
        let x = t.later_err(1).await?;
        Ok(x + t.n(2))
    }
}

differential! {
    async fn several_in_one_expression(t: Trace) -> Result<u32, E> {
        Ok(t.later_ok(1).await? + t.ok(2)? * t.later_ok(3).await?)
    }
}

differential! {
    async fn second_of_several_fails(t: Trace) -> Result<u32, E> {
        Ok(t.later_ok(1).await? + t.later_err(2).await? * t.later_ok(3).await?)
    }
}

differential! {
    async fn error_is_converted(t: Trace) -> Result<u32, String> {
        let x = t.later_ok(1).await?;
        t.later_err(2).await?;
        Ok(x)
    }
}

differential! {
    async fn error_is_boxed(t: Trace) -> Result<u32, Box<dyn std::error::Error>> {
        let n: u32 = t.later(1, "12").await.parse()?;
        t.wait(n, 1).await;
        let m: u32 = t.later(2, "x").await.parse()?;
        Ok(n + m)
    }
}

differential! {
    async fn on_option_some(t: Trace) -> Option<u32> {
        let x = t.later(1, Some(2)).await?;
        Some(x + t.wait(3, 1).await)
    }
}

differential! {
    async fn on_option_none(t: Trace) -> Option<u32> {
        let d = t.d(9);
        let x = t.later(1, None::<u32>).await?;
        Some(x + d.id())
    }
}

differential! {
    async fn on_control_flow(t: Trace) -> ControlFlow<u32, u32> {
        let x = t.later(1, ControlFlow::Continue(2)).await?;
        t.wait(x, 1).await;
        t.later(3, ControlFlow::<u32>::Break(4)).await?;
        ControlFlow::Continue(5)
    }
}

differential! {
    async fn on_poll_of_result(t: Trace) -> Result<Poll<u32>, E> {
        let a: Poll<u32> = t.later(1, Poll::Ready(Ok::<u32, E>(2))).await?;
        let b: Poll<u32> = t.later(3, Poll::Pending::<Result<u32, E>>).await?;
        t.wait(4, 1).await;
        assert!(b.is_pending());
        Ok(a)
    }
}

differential! {
    async fn on_a_result_that_is_a_local(t: Trace) -> Result<D, E> {
        let r = Ok::<D, E>(t.d(1));
        t.wait(2, 1).await;
        let d = r?;
        t.wait(3, 1).await;
        Ok(d)
    }
}

differential! {
    async fn on_a_copied_result(t: Trace) -> Result<u32, E> {
        let r = t.ok(1);
        let x = r?;
        t.wait(2, 1).await;
        Ok(x + r?)
    }
}

differential! {
    async fn drops_locals_on_the_way_out(t: Trace) -> Result<u32, E> {
        let a = t.d(1);
        {
            let _b = t.d(2);
            t.wait(3, 1).await;
            let _c = t.d(4);
            t.later_err(5).await?;
        }
        Ok(a.id())
    }
}

differential! {
    async fn drops_evaluated_operands_on_the_way_out(t: Trace) -> Result<(D, u32, D), E> {
        Ok((t.d(1), t.later_err(2).await?, t.d(3)))
    }
}

differential! {
    async fn moved_values_are_not_dropped_again(t: Trace) -> Result<u32, E> {
        let (a, b) = (t.d(1), t.d(2));
        let n = consume_wait(a).await;
        t.later_err(n).await?;
        Ok(b.by_value())
    }
}

differential! {
    async fn in_a_method_chain(t: Trace) -> Result<usize, E> {
        let n = t.later(1, Ok::<_, E>("abc".to_owned())).await?.to_uppercase().trim().len();
        t.later_ok(2).await?;
        Ok(n)
    }
}

differential! {
    /// like `client.get().await?.text().await?`
    async fn chain_that_consumes(t: Trace) -> Result<u32, E> {
        Ok(t.later(1, Ok::<_, E>(t.d(2))).await?.by_value_wait().await + t.later_ok(3).await?)
    }
}

differential! {
    /// like `pool.get().await?.query().await?`: the temporary lives to the end of the statement
    async fn chain_that_borrows(t: Trace) -> Result<u32, E> {
        let n = t.later(1, Ok::<_, E>(t.d(2))).await?.by_ref_wait().await + t.later_ok(3).await?;
        t.op(4);
        Ok(n)
    }
}

differential! {
    async fn inside_a_loop(t: Trace) -> Result<u32, E> {
        let mut sum = 0;
        for n in 1..5 {
            let _d = t.d(n);
            sum += t.later(n, if n < 3 { Ok(n) } else { Err(E(n)) }).await?;
        }
        Ok(sum)
    }
}

differential! {
    async fn in_a_condition(t: Trace) -> Result<u32, E> {
        if t.later_ok(1).await? == 1 && t.later_ok(2).await? == 2 {
            t.op(3);
        }
        while t.later_err(4).await? > 0 {
            t.op(5);
        }
        Ok(6)
    }
}

differential! {
    async fn in_an_argument_of_a_macro(t: Trace) -> Result<String, E> {
        let d = t.d(1);
        let s = format!("{} {}", t.later_ok(2).await?, t.ok(3)?);
        assert_eq!(t.later_err(4).await?, d.id(), "{s}");
        Ok(s)
    }
}

differential! {
    async fn inside_a_nested_async_block(t: Trace) -> Result<u32, E> {
        let inner: Result<u32, E> = async {
            let x = t.later_ok(1).await?;
            t.later_err(x + 1).await?;
            Ok(x)
        }
        .await;
        t.op(9);
        inner
    }
}

differential! {
    async fn inside_a_closure_leaves_the_closure_only(t: Trace) -> Result<u32, E> {
        let f = |id| -> Result<u32, E> { Ok(t.ok(id)? + t.fail(id + 1)?) };
        let r = f(1);
        t.wait(3, 1).await;
        t.op(4);
        Ok(r.unwrap_or(5) + f(6).unwrap_or(7))
    }
}

differential! {
    async fn error_as_the_tail(t: Trace) -> Result<u32, String> {
        t.wait(1, 1).await;
        Ok::<u32, String>(t.fail(2).map_err(String::from)? + t.later_ok(3).await?)
    }
}
