//! `sync::Promise`: the cases of CPython's `test_futures` under their own names, and others.

mod common;

use std::cell::Cell;
use std::rc::Rc;

use coloop::sync::{NoResult, Promise};
use coloop::{run, spawn, yield_now, TaskHandle};
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
fn test_callbacks_invoked_on_set_result() {
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

/// An exception is a result like any other.
#[test]
fn test_exception() {
    let future = Promise::<Result<u32, &str>>::new();
    assert_eq!(future.result(), Err(NoResult::Pending));
    future.set_result(Err("runtime")).unwrap();
    assert!(!future.is_cancelled() && future.is_done());
    assert_eq!(future.result(), Ok(Err("runtime")));
    assert!(future.set_result(Ok(1)).is_err());
    assert!(future.set_result(Err("another")).is_err());
    assert!(!future.cancel());
}

#[test]
fn test_callbacks_invoked_on_set_exception() {
    let future = Promise::<Result<u32, &str>>::new();
    let mut waits = ByHand::waiting(future.wait());
    future.set_result(Err("runtime")).unwrap();
    assert!(waits.is_woken());
    assert_eq!(waits.poll(), Some(Ok(Err("runtime"))));
    assert_eq!(future.result(), Ok(Err("runtime")));
}

#[test]
fn test_yield_from_twice() {
    let future = Promise::new();
    let mut twice = ByHand::waiting(async { (future.wait().await, future.wait().await) });
    future.set_result(42).unwrap();
    assert_eq!(twice.poll(), Some((Ok(42), Ok(42))));
}

/// Whoever calls back is who waits; whoever gives up is not called.
#[test]
fn test_remove_done_callback() {
    let future = Promise::new();
    let mut waits: Vec<_> = (0..3).map(|_| ByHand::waiting(future.wait())).collect();
    drop(waits.remove(1));
    future.set_result("foo").unwrap();
    for wait in &mut waits {
        assert!(wait.is_woken());
        assert_eq!(wait.poll(), Some(Ok("foo")));
    }
}

#[test]
fn test_callbacks_remove_first_callback() {
    let future = Promise::new();
    let mut waits: Vec<_> = (0..3).map(|_| ByHand::waiting(future.wait())).collect();
    drop(waits.remove(0));
    future.set_result("foo").unwrap();
    assert!(waits.iter_mut().all(|wait| wait.poll() == Some(Ok("foo"))));
}

#[test]
fn test_callbacks_remove_first_and_second_callback() {
    let future = Promise::new();
    let mut waits: Vec<_> = (0..3).map(|_| ByHand::waiting(future.wait())).collect();
    waits.drain(..2);
    future.set_result("foo").unwrap();
    assert_eq!(waits[0].poll(), Some(Ok("foo")));
}

#[test]
fn test_callbacks_remove_third_callback() {
    let future = Promise::new();
    let mut waits: Vec<_> = (0..3).map(|_| ByHand::waiting(future.wait())).collect();
    drop(waits.remove(2));
    future.set_result("foo").unwrap();
    assert!(waits.iter_mut().all(|wait| wait.poll() == Some(Ok("foo"))));
}

/// One of those who are called takes another one out.
#[test]
fn test_schedule_callbacks_list_mutation_1() {
    run(async {
        let (trace, future) = (Trace::new(), Rc::new(Promise::new()));
        let other = Rc::new(Cell::new(None::<TaskHandle>));
        for name in ["a", "b", "c"] {
            let (trace, future) = (trace.clone(), Rc::clone(&future));
            let removes = Rc::clone(&other);
            let task = spawn(async move {
                future.wait().await.unwrap();
                trace.add(name);
                removes.take().map(|other| other.cancel());
            });
            if name == "b" {
                other.set(Some(task.handle()));
            }
        }
        yield_now().await;
        future.set_result(1).unwrap();
        yield_now().await;
        assert_eq!(trace.take(), "a, c");
    });
}

#[test]
fn test_set_result_unless_cancelled() {
    let future = Promise::new();
    future.cancel();
    let _ = future.set_result(2);
    assert!(future.is_cancelled());
}

/// It belongs to no loop.
#[test]
fn test_constructor_without_loop() {
    let future = Rc::new(Promise::new());
    let sets = Rc::clone(&future);
    run(async move { sets.set_result(1).unwrap() });
    assert_eq!(run(future.wait()), Ok(1));
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
