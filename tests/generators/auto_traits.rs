//! `Send` and `Sync`: those of what a generator owns.

use std::cell::Cell;
use std::marker::PhantomPinned;
use std::rc::Rc;

use coloop_tests::implements;
use futures::Stream;

use crate::stream::{all, pause};

fn is_send<T: Send>(value: T) -> T {
    value
}

#[test]
fn send_when_what_it_owns_is() {
    fn lines(text: String) -> impl Stream<Item = String> + Send {
        coloop::gen! {
            for line in text.lines() {
                let owned = line.to_owned();
                pause().await;
                yield owned;
            }
        }
    }
    let thread = std::thread::spawn(|| all(is_send(lines(String::from("a\nb")))));
    assert_eq!(thread.join().unwrap(), ["a", "b"]);
}

// As of an async block, a function does not know it of a generator that stands in itself.
#[test]
fn not_send_with_a_captured_rc() {
    fn items(rc: Rc<i32>) -> impl Stream<Item = i32> {
        coloop::gen! {
            yield 0;
            yield *rc;
        }
    }
    assert!(!implements!(items(Rc::new(1)), Send));
    assert!(!implements!(items(Rc::new(1)), Sync));
}

#[test]
fn not_send_with_an_rc_across_a_yield() {
    fn items() -> impl Stream<Item = i32> {
        coloop::gen! {
            let rc = Rc::new(1);
            yield 0;
            yield *rc;
        }
    }
    assert!(!implements!(items(), Send));
}

#[test]
fn not_send_with_an_rc_across_an_await() {
    fn items() -> impl Stream<Item = i32> {
        coloop::gen! {
            let rc = Rc::new(1);
            pause().await;
            yield *rc;
        }
    }
    assert!(!implements!(items(), Send));
}

#[test]
fn send_with_an_rc_between_yields() {
    let items = is_send(coloop::gen! {
        yield 0;
        {
            let rc = Rc::new(1);
            assert_eq!(*rc, 1);
        }
        yield 1;
    });
    assert_eq!(all(items), [0, 1]);
}

#[test]
fn send_although_its_items_are_not() {
    let items = coloop::gen! {
        yield Rc::new(1);
    };
    assert!(implements!(items, Send));
}

#[test]
fn not_sync_with_a_cell() {
    fn items(cell: Cell<i32>) -> impl Stream<Item = i32> {
        coloop::gen! {
            yield cell.get();
            cell.set(2);
            yield cell.get();
        }
    }
    assert!(implements!(items(Cell::new(1)), Send));
    assert!(!implements!(items(Cell::new(1)), Sync));
}

#[test]
fn sync_when_what_it_owns_is() {
    let text = String::from("a");
    let items = coloop::gen! {
        yield text.len();
    };
    assert!(implements!(items, Sync));
}

#[test]
fn never_unpin() {
    let items = coloop::gen! {
        yield 1;
    };
    assert!(!implements!(items, Unpin));
    assert!(implements!(PhantomPinned, Send));
}

#[test]
fn send_if_the_parameter_is() {
    fn twice<T: Clone>(value: T) -> impl Stream<Item = T> {
        coloop::gen! {
            yield value.clone();
            yield value;
        }
    }
    assert_eq!(all(is_send(twice(1))), [1, 1]);
    assert!(!implements!(twice(Rc::new(1)), Send));
}

#[test]
fn a_coroutine_with_for_await_is_send() {
    #[coloop::coroutine]
    async fn sum(numbers: impl Stream<Item = u32> + Send) -> u32 {
        let mut sum = 0;
        #[for_await]
        for n in numbers {
            pause().await;
            sum += n;
        }
        sum
    }
    let future = is_send(sum(futures::stream::iter([1, 2, 3])));
    assert_eq!(
        futures::executor::block_on(futures::future::join(future, async {})).0,
        6
    );
}
