//! Plain async blocks inside a body.

use std::future::Future;
use std::pin::{pin, Pin};
use std::task::Poll;

use crate::harness::{borrow_wait, consume_wait, Trace, E};

differential! {
    async fn awaited_at_once(t: Trace) -> u32 {
        async { t.wait(1, 1).await + t.n(2) }.await
    }
}

differential! {
    async fn awaited_later(t: Trace) -> u32 {
        let future = async { t.wait(1, 1).await };
        t.wait(2, 1).await;
        future.await
    }
}

differential! {
    async fn borrows_a_local(t: Trace) -> u32 {
        let d = t.d(1);
        let n = async { borrow_wait(&d).await }.await;
        t.wait(2, 1).await;
        n + d.id()
    }
}

differential! {
    async fn changes_a_local(t: Trace) -> u32 {
        let mut n = t.n(1);
        async {
            n += t.wait(2, 1).await;
        }
        .await;
        n + t.wait(3, 1).await
    }
}

differential! {
    async fn consumes_a_local_because_of_its_body(t: Trace) -> u32 {
        let d = t.d(1);
        let future = async { consume_wait(d).await };
        t.wait(2, 1).await;
        future.await
    }
}

differential! {
    async fn moves_its_captures(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        let t2 = t.clone();
        let future = async move { t2.wait(3, 1).await + a.id() };
        t.wait(4, 1).await;
        future.await + b.id()
    }
}

differential! {
    async fn never_awaited(t: Trace) -> u32 {
        let d = t.d(1);
        let _unused = async move { d.id() };
        t.wait(2, 1).await
    }
}

differential! {
    async fn return_inside_leaves_the_block_only(t: Trace) -> u32 {
        let n = async {
            if t.later(1, true).await {
                return t.n(2);
            }
            t.n(3)
        }
        .await;
        n + t.n(4)
    }
}

differential! {
    async fn question_mark_inside_leaves_the_block_only(t: Trace) -> Result<u32, E> {
        let r = async {
            let n = t.later_err(1).await?;
            Ok::<u32, E>(n)
        }
        .await;
        t.wait(2, 1).await;
        Ok(r.unwrap_or(3) + t.later_ok(4).await?)
    }
}

differential! {
    async fn nested_in_each_other(t: Trace) -> u32 {
        let d = t.d(1);
        async {
            let e = t.d(2);
            let n = async { t.wait(3, 1).await + d.id() + e.id() }.await;
            n + t.wait(4, 1).await
        }
        .await
    }
}

differential! {
    async fn inside_a_loop(t: Trace) -> u32 {
        let mut sum = 0;
        for n in 0..3 {
            let d = t.d(n);
            sum += async move { consume_wait(d).await }.await;
        }
        sum
    }
}

differential! {
    async fn boxed_and_dynamic(t: Trace) -> u32 {
        let d = t.d(9);
        let futures: Vec<Pin<Box<dyn Future<Output = u32> + '_>>> =
            vec![Box::pin(t.wait(1, 1)), Box::pin(async { t.wait(2, 1).await + d.id() }), Box::pin(borrow_wait(&d))];
        let mut sum = 0;
        for future in futures {
            sum += future.await;
        }
        sum
    }
}

differential! {
    /// polled by hand, suspended half way, finished later
    async fn polled_by_hand(t: Trace) -> u32 {
        let d = t.d(1);
        let mut inner = pin!(async { t.wait(2, 3).await + d.id() });
        let first = std::future::poll_fn(|cx| Poll::Ready(inner.as_mut().poll(cx).is_pending())).await;
        t.wait(first as u32, 1).await;
        inner.await
    }
}

differential! {
    async fn two_run_together(t: Trace) -> (u32, u32) {
        let d = t.d(1);
        let mut a = pin!(async { t.wait(2, 1).await + borrow_wait(&d).await });
        let mut b = pin!(async { t.wait(3, 3).await + d.id() });
        let (mut left, mut right) = (None, None);
        std::future::poll_fn(|cx| {
            if left.is_none() {
                if let Poll::Ready(n) = a.as_mut().poll(cx) {
                    left = Some(n);
                }
            }
            if right.is_none() {
                if let Poll::Ready(n) = b.as_mut().poll(cx) {
                    right = Some(n);
                }
            }
            match (left, right) {
                (Some(left), Some(right)) => Poll::Ready((left, right)),
                _ => Poll::Pending,
            }
        })
        .await
    }
}

differential! {
    async fn dropped_half_way(t: Trace) -> u32 {
        let d = t.d(1);
        {
            let t2 = t.clone();
            let mut inner = Box::pin(async move { t2.wait(2, 3).await + d.id() });
            std::future::poll_fn(|cx| Poll::Ready(inner.as_mut().poll(cx).is_pending())).await;
            t.wait(3, 1).await;
        }
        t.wait(4, 1).await
    }
}

differential! {
    async fn async_block_shadows_a_local(t: Trace) -> u32 {
        let n = t.n(1);
        let future = async {
            let n = n + t.wait(2, 1).await;
            n * 10
        };
        t.wait(3, 1).await;
        future.await + n
    }
}

differential! {
    async fn poll_fn_and_ready(t: Trace) -> u32 {
        let mut polls = 0;
        let n = std::future::poll_fn(|cx| {
            polls += 1;
            if polls < 3 {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(t.n(polls))
        })
        .await;
        n + std::future::ready(t.n(4)).await
    }
}

differential! {
    /// parts that move on into a block inside: all there are, of what is copied, behind pointers
    async fn moving_block_in_a_block_uses_parts(t: Trace) -> u32 {
        let (one, numbers, boxed) = ((t.d(1),), (t.n(2), t.n(3)), Box::new((t.d(4), t.d(5))));
        let reference = &(t.d(6), t.d(7));
        t.wait(8, 1).await;
        let inner = async {
            let t = &t;
            let inner = async move { t.wait(one.0.id() + numbers.0, 1).await + boxed.1.id() };
            t.wait(9, 1).await;
            inner
        };
        let inner = inner.await;
        t.wait(10, 1).await;
        let sum = || { let read = move || reference.0.id() + numbers.1; read() };
        inner.await + sum() + sum() + numbers.0
    }
}

differential! {
    async fn moving_block_in_a_loop_copies_what_it_names_again(t: Trace) -> u32 {
        let number = t.n(1);
        let summed = async {
            let mut sum = 0;
            for _ in 0..2 {
                sum += async move { let ref number = number; *number }.await;
            }
            sum
        };
        t.wait(2, 1).await;
        summed.await + number
    }
}
