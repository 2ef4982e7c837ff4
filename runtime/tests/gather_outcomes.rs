//! What `gather` makes of what comes out: the cases of CPython's `test_tasks` under their own names.
//!
//! It gives all outputs, errors among them, as CPython's does with `return_exceptions=True`; without it, a panic stands for the
//! exception.

mod common;

use std::cell::Cell;
use std::future::Future;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::pin::Pin;
use std::rc::Rc;

use coloop::sync::{NoResult, Promise};
use coloop::{gather, run, spawn, yield_now};
use common::{iterations, ByHand};

type Shared<T> = Rc<Promise<T>>;
type Child<T> = Pin<Box<dyn Future<Output = Result<T, NoResult>>>>;

fn promises<T, const N: usize>() -> [Shared<T>; N] {
    std::array::from_fn(|_| Rc::default())
}

/// The promises, as futures of their own.
fn futures<T: Clone + 'static>(promises: &[Shared<T>]) -> Vec<Child<T>> {
    let future = |promise: &Shared<T>| -> Child<T> {
        let promise = Rc::clone(promise);
        Box::pin(async move { promise.wait().await })
    };
    promises.iter().map(future).collect()
}

fn ok<T>(values: impl IntoIterator<Item = T>) -> Vec<Result<T, NoResult>> {
    values.into_iter().map(Ok).collect()
}

#[test]
fn test_success() {
    let [a, b, c] = &promises();
    let mut gathered = ByHand::waiting(gather([a.wait(), b.wait(), c.wait()]));
    b.set_result(1).unwrap();
    a.set_result(2).unwrap();
    assert_eq!(gathered.poll(), None);
    c.set_result(3).unwrap();
    assert_eq!(gathered.poll(), Some(ok([2, 1, 3])));
}

#[test]
fn test_result_exception_success() {
    let children = promises::<u32, 3>();
    let mut gathered = ByHand::waiting(gather(futures(&children)));
    let [a, b, c] = &children;
    b.set_result(1).unwrap();
    a.set_result(2).unwrap();
    assert_eq!(gathered.poll(), None);
    c.set_result(3).unwrap();
    assert_eq!(gathered.poll(), Some(ok([2, 1, 3])));
}

/// The first panic comes out at once. It drops the others, which go on in CPython's.
#[test]
fn test_one_exception() {
    let children = promises::<u32, 5>();
    let divide = |n: usize| {
        let promise = Rc::clone(&children[n]);
        async move {
            let divisor = promise.wait().await.unwrap();
            1_u32.checked_div(divisor).expect("division by zero")
        }
    };
    let mut gathered = ByHand::waiting(gather((0..5).map(divide)));
    children[0].set_result(1).unwrap();
    children[1].set_result(0).unwrap();
    let polled = catch_unwind(AssertUnwindSafe(|| gathered.poll()));
    let panic = polled.unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"division by zero".to_owned()));
    drop(gathered);
    children[2].set_result(3).unwrap();
    children[3].cancel();
    assert!(children.iter().all(|child| Rc::strong_count(child) == 1));
}

#[test]
fn test_return_exceptions() {
    let children = promises::<Result<u32, &str>, 4>();
    let mut gathered = ByHand::waiting(gather(futures(&children)));
    let [a, b, c, d] = &children;
    b.set_result(Ok(1)).unwrap();
    c.set_result(Err("zero")).unwrap();
    a.set_result(Ok(3)).unwrap();
    assert_eq!(gathered.poll(), None);
    d.set_result(Err("runtime")).unwrap();
    let all = ok([Ok(3), Ok(1), Err("zero"), Err("runtime")]);
    assert_eq!(gathered.poll(), Some(all));
}

#[test]
fn test_result_exception_one_cancellation() {
    let children = promises::<Result<u32, &str>, 6>();
    let mut gathered = ByHand::waiting(gather(futures(&children)));
    let [a, b, c, d, e, f] = &children;
    a.set_result(Ok(1)).unwrap();
    b.set_result(Err("zero")).unwrap();
    c.cancel();
    assert_eq!(gathered.poll(), None);
    d.set_result(Ok(3)).unwrap();
    e.cancel();
    f.set_result(Err("runtime")).unwrap();
    let mut all = ok([Ok(1), Err("zero"), Ok(0), Ok(3), Ok(0), Err("runtime")]);
    (all[2], all[4]) = (Err(NoResult::Cancelled), Err(NoResult::Cancelled));
    assert_eq!(gathered.poll(), Some(all));
}

/// With and without a loop.
#[test]
fn test_constructor_empty_sequence_use_running_loop() {
    let nothing = || gather(futures::<u32>(&[]));
    assert_eq!(run(nothing()), []);
    assert_eq!(ByHand::new(nothing()).poll(), Some(vec![]));
}

#[test]
fn test_constructor_use_running_loop() {
    run(async {
        let abc = || async { "abc" };
        assert_eq!(gather([abc(), abc()]).await, ["abc", "abc"]);
    });
}

/// Cancelling the outer one cancels all children.
#[test]
fn test_cancellation_broadcast() {
    run(async {
        let (waiter, proof) = (Shared::<()>::default(), Rc::new(Cell::new(0)));
        let inner = || {
            let (waiter, proof) = (Rc::clone(&waiter), Rc::clone(&proof));
            async move {
                let _ = waiter.wait().await;
                proof.set(proof.get() + 1);
            }
        };
        let (children, proves) = ([inner(), inner()], Rc::clone(&proof));
        let outer = spawn(async move {
            gather(children).await;
            proves.set(proves.get() + 100);
        });
        yield_now().await;
        assert!(outer.cancel());
        assert!(outer.await.unwrap_err().is_cancelled());
        assert_eq!(Rc::strong_count(&waiter), 1, "the children are dropped");
        waiter.set_result(()).unwrap();
        iterations(2).await;
        assert_eq!(proof.get(), 0);
    });
}

/// No error is lost.
#[test]
fn test_exception_marking() {
    run(async {
        let [a, b] = promises::<(), 2>();
        let inner = |promise: &Shared<()>| {
            let promise = Rc::clone(promise);
            async move {
                promise.wait().await.unwrap();
                Err::<(), _>("should not be ignored")
            }
        };
        let outer = spawn(gather([inner(&a), inner(&b)]));
        yield_now().await;
        a.set_result(()).unwrap();
        yield_now().await;
        b.set_result(()).unwrap();
        yield_now().await;
        let outcomes = outer.result().unwrap().unwrap();
        assert_eq!(outcomes, [Err("should not be ignored"); 2]);
    });
}
