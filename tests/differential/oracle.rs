//! The harness itself: that it notices what a compiler could get wrong. Each test gives it two bodies that
//! differ in one respect.

use std::future::Future;
use std::mem::ManuallyDrop;
use std::task::Poll;

use crate::harness::{check, difference, Trace, D};

async fn reference(t: Trace) -> u32 {
    let _a = t.d(1);
    let b = t.d(2);
    t.wait(3, 1).await;
    b.id()
}

#[test]
fn equal_bodies_do_not_differ() {
    check(reference, reference);
}

#[test]
fn order_of_drops_is_noticed() {
    async fn other(t: Trace) -> u32 {
        let b;
        let _a = t.d(1);
        b = t.d(2);
        t.wait(3, 1).await;
        b.id()
    }
    let message = difference(reference, other);
    assert!(message.contains("=> drop D2"), "{message}");
}

#[test]
fn early_drop_is_noticed() {
    async fn other(t: Trace) -> u32 {
        drop(t.d(1));
        let b = t.d(2);
        t.wait(3, 1).await;
        b.id()
    }
    difference(reference, other);
}

#[test]
fn leak_on_cancellation_is_noticed() {
    async fn other(t: Trace) -> u32 {
        let a = ManuallyDrop::new(t.d(1));
        let b = t.d(2);
        t.wait(3, 1).await;
        let _a = ManuallyDrop::into_inner(a);
        let b: D = b;
        b.id()
    }
    let message = difference(reference, other);
    assert!(message.contains("\n  dropped after 1 polls\n"), "{message}");
    assert!(message.contains("values leaked: 1"), "{message}");
}

#[test]
fn value_is_noticed() {
    async fn other(t: Trace) -> u32 {
        reference(t).await + 1
    }
    let message = difference(reference, other);
    assert!(message.contains("=> -- ready: 2"), "{message}");
}

#[test]
fn additional_suspension_is_noticed() {
    async fn other(t: Trace) -> u32 {
        let mut yielded = false;
        std::future::poll_fn(|_| match std::mem::replace(&mut yielded, true) {
            false => Poll::Pending,
            true => Poll::Ready(()),
        })
        .await;
        reference(t).await
    }
    difference(reference, other);
}

#[test]
fn being_ready_again_is_noticed() {
    fn other(t: Trace) -> impl Future<Output = u32> {
        let mut inner = Some(Box::pin(reference(t)));
        std::future::poll_fn(move |cx| match &mut inner {
            Some(future) => future.as_mut().poll(cx).map(|n| {
                inner = None;
                n
            }),
            None => Poll::Pending,
        })
    }
    let message = difference(reference, other);
    assert!(
        message.contains("polled again: DOES NOT PANIC"),
        "{message}"
    );
}

#[test]
fn dropping_late_after_a_panic_is_noticed() {
    fn other(t: Trace) -> impl Future<Output = u32> {
        let a = t.d(1);
        let mut inner = None;
        std::future::poll_fn(move |cx| {
            let _moved_with_the_future = &a;
            let inner = inner.get_or_insert_with(|| Box::pin(without_a(t.clone())));
            inner.as_mut().poll(cx)
        })
    }
    async fn without_a(t: Trace) -> u32 {
        let b = t.d(2);
        t.wait(3, 1).await;
        b.id()
    }
    difference(reference, other);
}

/// Leaks the first value if the drop of the second panics, as rustc does in some places of its own.
async fn leaks_after_a_panic_in_a_drop(t: Trace) -> u32 {
    let second = t.d(2);
    let first = ManuallyDrop::new(t.d(1));
    drop(second);
    drop(ManuallyDrop::into_inner(first));
    t.wait(3, 1).await
}

async fn drops_after_a_panic_in_a_drop(t: Trace) -> u32 {
    let second = t.d(2);
    let first = t.d(1);
    drop(second);
    drop(first);
    t.wait(3, 1).await
}

#[test]
fn leaking_less_than_rustc_is_accepted() {
    check(leaks_after_a_panic_in_a_drop, drops_after_a_panic_in_a_drop);
}

#[test]
fn leaking_more_than_rustc_is_noticed() {
    let message = difference(drops_after_a_panic_in_a_drop, leaks_after_a_panic_in_a_drop);
    assert!(message.contains("values leaked: 1"), "{message}");
}
