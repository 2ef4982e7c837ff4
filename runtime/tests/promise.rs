//! `sync::Promise`: the cases of CPython's `test_futures` under their own names, and others.

mod common;

use std::rc::Rc;

use coloop::sync::{NoResult, Promise};
use coloop::{run, spawn, yield_now};
use common::{ByHand, Trace};

#[test]
fn test_initial_state() {
    let future = Promise::<u32>::new();
    assert!(!future.is_done() && !future.is_cancelled());
    assert!(future.cancel());
    assert!(future.is_cancelled());
}

#[test]
fn test_cancel() {
    let future = Promise::<u32>::new();
    assert!(future.cancel());
    assert!(future.is_cancelled() && future.is_done());
    assert_eq!(future.result(), Err(NoResult::Cancelled));
    assert_eq!(future.set_result(1).unwrap_err().into_inner(), 1);
    assert!(!future.cancel());
}

#[test]
fn test_result() {
    let future = Promise::new();
    assert_eq!(future.result(), Err(NoResult::Pending));
    future.set_result(42).unwrap();
    assert!(!future.is_cancelled() && future.is_done());
    assert_eq!(future.result(), Ok(42));
    assert_eq!(future.into_result(), Ok(42));
}

#[test]
fn test_set_result_twice() {
    let future = Promise::new();
    future.set_result(1).unwrap();
    let error = future.set_result(2).unwrap_err();
    assert_eq!(error.to_string(), "the future has been decided already");
    assert_eq!((error.into_inner(), future.result()), (2, Ok(1)));
    assert!(!future.cancel());
}

#[test]
fn test_future_repr() {
    let future = Promise::new();
    assert_eq!(format!("{future:?}"), "<Promise pending>");
    future.set_result(1).unwrap();
    assert_eq!(format!("{future:?}"), "<Promise finished>");
    let cancelled = Promise::<u32>::default();
    cancelled.cancel();
    assert_eq!(format!("{cancelled:?}"), "<Promise cancelled>");
}

#[test]
fn test_await_of_several() {
    run(async {
        let (trace, future) = (Trace::new(), Rc::new(Promise::new()));
        for name in ["a", "b", "c"] {
            let (trace, future) = (trace.clone(), Rc::clone(&future));
            drop(spawn(async move {
                let result = future.wait().await.unwrap();
                trace.add(format!("{name}{result}"));
            }));
        }
        yield_now().await;
        future.set_result(7).unwrap();
        yield_now().await;
        assert_eq!(trace.take(), "a7, b7, c7");
    });
}

#[test]
fn what_has_a_result_does_not_wait() {
    let future = Promise::new();
    future.set_result("there").unwrap();
    assert_eq!(ByHand::new(future.wait()).poll(), Some(Ok("there")));
}

#[test]
fn whoever_waits_learns_of_the_cancellation() {
    let future = Promise::<u32>::new();
    let mut waits = ByHand::waiting(future.wait());
    future.cancel();
    assert!(waits.is_woken());
    assert_eq!(waits.poll(), Some(Err(NoResult::Cancelled)));
}

#[test]
fn one_who_gives_up_changes_nothing() {
    let future = Promise::new();
    drop(ByHand::waiting(future.wait()));
    let mut waits = ByHand::waiting(future.wait());
    future.set_result(1).unwrap();
    assert_eq!(waits.poll(), Some(Ok(1)));
}

#[test]
fn a_result_that_cannot_be_cloned() {
    struct Only(u32);
    let future = Promise::new();
    future.set_result(Only(3)).unwrap();
    assert_eq!(future.with(|only| only.0), Ok(3));
    assert!(matches!(future.into_result(), Ok(Only(3))));
}
