//! What goes in and out of a generator besides its items: values that are sent, the value that is returned, errors that
//! are thrown, closing. After Python's asynchronous generators (PEP 525) and CPython's `test_asyncgen`.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::{pin, Pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use coloop::GeneratorState::{Ended, Returned, Yielded};
use coloop::{generator, AsyncGenerator, GeneratorState};

use futures::executor::block_on;

use crate::stream::pause;

/// Notes its number when it is dropped.
struct D(u32, Rc<RefCell<Vec<u32>>>);

impl Drop for D {
    fn drop(&mut self) {
        self.1.borrow_mut().push(self.0);
    }
}

/// Polls a generator once.
fn poll<G: AsyncGenerator<R>, R>(
    generator: Pin<&mut G>,
    sent: &mut Option<R>,
) -> Poll<GeneratorState<G::Yield, G::Return>> {
    generator.poll_resume(&mut Context::from_waker(Waker::noop()), sent)
}

#[test]
fn the_parameter_receives_the_first_value() {
    let mut echo = pin!(generator! { |first: String|
        let second = yield first;
        yield second;
    });
    block_on(async {
        assert_eq!(echo.asend("a".to_owned()).await, Yielded("a".to_owned()));
        assert_eq!(echo.asend("b".to_owned()).await, Yielded("b".to_owned()));
        assert_eq!(echo.asend("c".to_owned()).await, Returned(()));
        assert_eq!(echo.asend("d".to_owned()).await, Ended);
    });
}

#[test]
fn the_parameter_is_a_pattern() {
    let mut sums = pin!(generator! { |(mut a, b): (u32, u32)|
        a += b;
        loop {
            let (c, d) = yield a;
            a = c + d;
        }
    });
    block_on(async {
        assert_eq!(sums.asend((1, 2)).await, Yielded(3));
        assert_eq!(sums.asend((3, 4)).await, Yielded(7));
    });
}

#[test]
fn its_type_is_that_of_what_is_sent() {
    let mut generator = pin!(generator! { |n|
        let mut sum = n;
        while sum < 10u8 {
            sum += yield sum;
        }
        sum
    });
    block_on(async {
        assert_eq!(generator.asend(4).await, Yielded(4));
        assert_eq!(generator.asend(4).await, Yielded(8));
        assert_eq!(generator.asend(4).await, Returned(12));
    });
}

#[test]
fn a_value_that_is_not_used_is_dropped_where_it_is_received() {
    let (t, dropped) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(Vec::new())));
    let d = |n| D(n, Rc::clone(&dropped));
    let mut generator = pin!(generator! { |_: D|
        yield t.get();
        t.set(1);
        yield t.get();
        let _kept = yield 2;
        yield 3;
    });
    let dropped = || dropped.borrow().clone();
    block_on(async {
        assert_eq!(generator.asend(d(1)).await, Yielded(0));
        assert_eq!(dropped(), [1]);
        assert_eq!(generator.asend(d(2)).await, Yielded(1));
        assert_eq!(dropped(), [1, 2]);
        assert_eq!(generator.asend(d(3)).await, Yielded(2));
        assert_eq!(generator.asend(d(4)).await, Yielded(3));
        assert_eq!(dropped(), [1, 2, 3]);
        assert_eq!(generator.asend(d(5)).await, Returned(()));
        assert_eq!(dropped(), [1, 2, 3, 5, 4]);
    });
}

#[test]
fn values_in_every_position() {
    let mut generator = pin!(generator! { |first: u32|
        let pair = (yield "tuple", yield "tuple again");
        let array = [yield "array", first];
        let text = format!("{} {:?}", yield "format", vec![yield "vec"]);
        let sum = (yield "operand") + (yield "other operand");
        let max = (yield "argument").max(yield "another");
        let chosen = match yield "match" {
            n if n > 100 => yield "arm",
            n => n,
        };
        let mut taken = 0;
        while (yield "while") > 0 {
            taken += 1;
        }
        let indexed = [1, 2, 3][(yield "index") as usize];
        if (yield "if") == 0 {
            return None;
        }
        pause().await;
        Some((pair, array, text, sum, max, chosen, taken, indexed))
    });
    let sent = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 101, 12, 1, 1, 0, 2, 1];
    let mut items = Vec::new();
    let result = block_on(async {
        for value in sent {
            match generator.asend(value).await {
                Yielded(item) => items.push(item),
                Returned(result) => return result,
                Ended => break,
            }
        }
        None
    });
    let expected = ((2, 3), [4, 1], "5 [6]".to_owned(), 15, 10, 12, 2, 3);
    assert_eq!(result, Some(expected), "{items:?}");
    assert_eq!(items[9..13], ["match", "arm", "while", "while"]);
}

#[test]
fn a_value_is_kept_while_the_answer_is_awaited() {
    let mut generator = pin!(generator! { |n: u32|
        pause().await;
        let m = yield n;
        pause().await;
        n + m
    });
    let mut sent = Some(1);
    assert_eq!(poll(generator.as_mut(), &mut sent), Poll::Pending);
    assert_eq!(sent, None);
    assert_eq!(poll(generator.as_mut(), &mut None), Poll::Ready(Yielded(1)));
    assert_eq!(poll(generator.as_mut(), &mut Some(2)), Poll::Pending);
    assert_eq!(
        poll(generator.as_mut(), &mut None),
        Poll::Ready(Returned(3))
    );
}

#[test]
fn a_call_that_is_dropped_is_answered_by_the_next() {
    let mut generator = pin!(generator! { |n: u32|
        pause().await;
        let m = yield n;
        yield m;
    });
    block_on(async {
        let mut first = Box::pin(generator.asend(1));
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(first.as_mut().poll(&mut cx), Poll::Pending);
        drop(first);
        let mut second = generator.asend(2);
        assert_eq!((&mut second).await, Yielded(1));
        assert_eq!(second.unsent(), Some(2));
        let mut third = generator.asend(3);
        assert_eq!((&mut third).await, Yielded(3));
        assert_eq!(third.unsent(), None);
    });
}

#[test]
#[should_panic(expected = "a generator goes on with a value, and there is none")]
fn it_is_not_polled_without_a_value() {
    let generator = pin!(generator! { |n: u32| yield n; });
    let _ = poll(generator, &mut None);
}

#[test]
fn next_drops_what_is_returned() {
    let mut generator = pin!(generator! {
        yield 1;
        "the end"
    });
    block_on(async {
        assert_eq!(generator.next().await, Some(1));
        assert_eq!(generator.next().await, None);
        assert_eq!(generator.next().await, None);
        assert_eq!(generator.asend(()).await, Ended);
    });
}

#[test]
fn a_generator_that_only_returns() {
    let generator = pin!(generator! {
        if false {
            yield "never";
        }
        1
    });
    assert_eq!(poll(generator, &mut Some(())), Poll::Ready(Returned(1)));
}

#[test]
fn a_question_mark_returns() {
    fn parse(
        lines: &'static [&'static str],
    ) -> impl AsyncGenerator<Yield = u32, Return = Result<usize, std::num::ParseIntError>> {
        generator! {
            for line in lines {
                pause().await;
                yield line.parse()?;
            }
            Ok(lines.len())
        }
    }
    block_on(async {
        let mut good = pin!(parse(&["1", "2"]));
        assert_eq!(good.asend(()).await, Yielded(1));
        assert_eq!(good.asend(()).await, Yielded(2));
        assert_eq!(good.asend(()).await, Returned(Ok(2)));
        let mut bad = pin!(parse(&["x", "2"]));
        assert!(matches!(bad.asend(()).await, Returned(Err(_))));
        assert_eq!(bad.asend(()).await, Ended);
    });
}

#[test]
fn athrow_evaluates_the_yield_to_an_error() {
    let mut generator = pin!(
        generator! { |first: Result<u32, String>| -> Result<(), String> {
            let mut sum = first?;
            loop {
                match yield sum {
                    Ok(n) => sum += n,
                    Err(error) if error == "reset" => sum = 0,
                    error => { error?; }
                }
            }
        }}
    );
    block_on(async {
        assert_eq!(generator.asend(Ok(1)).await, Yielded(1));
        assert_eq!(generator.asend(Ok(2)).await, Yielded(3));
        assert_eq!(generator.athrow("reset".to_owned()).await, Yielded(0));
        assert_eq!(generator.asend(Ok(4)).await, Yielded(4));
        let end = generator.athrow("stop".to_owned()).await;
        assert_eq!(end, Returned(Err("stop".to_owned())));
        assert_eq!(generator.athrow("late".to_owned()).await, Ended);
    });
}

#[test]
fn athrow_before_the_start() {
    let mut generator = pin!(generator! { |first: Result<u32, &'static str>|
        let _ = yield first?;
        Ok(())
    });
    block_on(async {
        assert_eq!(generator.athrow("early").await, Returned(Err("early")));
    });
}

#[test]
fn aclose_drops_what_is_alive_in_place() {
    let dropped = Rc::new(RefCell::new(Vec::new()));
    let d = |n| D(n, Rc::clone(&dropped));
    let mut generator = pin!(generator! {
        let a = d(1);
        let b = d(2);
        yield a.0 + b.0;
        yield 3;
    });
    block_on(async {
        assert_eq!(generator.next().await, Some(3));
        generator.aclose().await;
        assert_eq!(*dropped.borrow(), [2, 1]);
        assert_eq!(generator.next().await, None);
        assert!(generator.has_ended());
        generator.aclose().await;
    });
    assert_eq!(*dropped.borrow(), [2, 1]);
}

#[test]
fn aclose_before_the_start() {
    let owned = Rc::new(1);
    let weak = Rc::downgrade(&owned);
    let mut generator = pin!(generator! { yield *owned; });
    block_on(generator.aclose());
    assert_eq!(weak.strong_count(), 0);
    assert_eq!(block_on(generator.next()), None);
}

#[test]
fn aclose_in_the_middle_of_an_answer() {
    let mut generator = pin!(generator! { |n: u32| pause().await; yield n; });
    assert_eq!(poll(generator.as_mut(), &mut Some(1)), Poll::Pending);
    block_on(generator.aclose());
    assert_eq!(poll(generator.as_mut(), &mut Some(2)), Poll::Ready(Ended));
}

#[test]
fn a_panic_ends_it() {
    let mut generator = pin!(generator! { |n: u32|
        let m = yield n;
        assert!(m != 2, "two");
        yield m;
    });
    block_on(async { assert_eq!(generator.asend(1).await, Yielded(1)) });
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = poll(generator.as_mut(), &mut Some(2));
    }));
    assert!(panicked.is_err());
    assert_eq!(poll(generator.as_mut(), &mut Some(3)), Poll::Ready(Ended));
}

#[test]
fn through_references_pins_and_boxes() {
    fn three() -> impl AsyncGenerator<u32, Yield = u32, Return = &'static str> {
        generator! { |mut n: u32|
            for _ in 0..3 {
                n = yield n + 1;
            }
            "three"
        }
    }
    fn first<G>(mut generator: G) -> GeneratorState<u32, &'static str>
    where
        G: AsyncGenerator<u32, Yield = u32, Return = &'static str> + Unpin,
    {
        block_on(generator.asend(1))
    }
    type Dynamic = dyn AsyncGenerator<u32, Yield = u32, Return = &'static str>;
    assert_eq!(first(pin!(three())), Yielded(2));
    assert_eq!(first(Box::pin(three())), Yielded(2));
    assert_eq!(first(&mut Box::pin(three())), Yielded(2));
    assert_eq!(first(Box::new(Box::pin(three()))), Yielded(2));
    let dynamic: Pin<Box<Dynamic>> = Box::pin(three());
    assert_eq!(first(dynamic), Yielded(2));
}

#[test]
fn borrows_across_a_yield_that_receives() {
    let mut generator = pin!(generator! { |first: String|
        let mut text = first;
        let end = &mut text;
        end.push_str(&(yield end.len()));
        end.push_str(&(yield end.len()));
        text
    });
    block_on(async {
        assert_eq!(generator.asend("a".to_owned()).await, Yielded(1));
        assert_eq!(generator.asend("bc".to_owned()).await, Yielded(3));
        let end = generator.asend("d".to_owned()).await;
        assert_eq!(end, Returned("abcd".to_owned()));
    });
}

#[test]
fn sent_references_live_as_long_as_they_say() {
    let texts = ["a".to_owned(), "bc".to_owned()];
    let mut generator = pin!(generator! { |first: &str|
        let mut longest = first;
        loop {
            let next = yield longest;
            if next.len() > longest.len() {
                longest = next;
            }
        }
    });
    block_on(async {
        assert_eq!(generator.asend(&texts[0]).await, Yielded("a"));
        assert_eq!(generator.asend(&texts[1]).await, Yielded("bc"));
        assert_eq!(generator.asend(&texts[0]).await, Yielded("bc"));
    });
}

#[test]
fn in_a_trait() {
    trait Parser {
        fn tokens(&self) -> impl AsyncGenerator<char, Yield = Option<String>, Return = String>;
    }
    struct Words(usize);
    impl Parser for Words {
        fn tokens(&self) -> impl AsyncGenerator<char, Yield = Option<String>, Return = String> {
            generator! { |first: char|
                let (mut word, mut next) = (String::new(), first);
                while next != '.' {
                    next = if next == ' ' || word.len() == self.0 {
                        yield Some(std::mem::take(&mut word))
                    } else {
                        word.push(next);
                        yield None
                    };
                }
                word
            }
        }
    }
    let words = Words(3);
    let mut tokens = pin!(words.tokens());
    let mut found = Vec::new();
    block_on(async {
        for c in "ab c.".chars() {
            match tokens.asend(c).await {
                Yielded(word) => found.extend(word),
                Returned(word) => found.push(word),
                Ended => {}
            }
        }
    });
    assert_eq!(found, ["ab", "c"]);
}

#[test]
fn send_when_what_it_owns_and_receives_is() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let generator = is_send(generator! { |first: String|
        pause().await;
        let second = yield first.len();
        second.len()
    });
    let end = std::thread::spawn(move || {
        let mut generator = pin!(generator);
        block_on(async {
            let _ = generator.asend("a".to_owned()).await;
            generator.asend("bc".to_owned()).await
        })
    });
    assert_eq!(end.join().unwrap(), Returned(2));
}
