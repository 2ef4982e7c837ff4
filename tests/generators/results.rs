//! `try_gen!`: items that are results, of which an error is the last. The cases of async-stream's `try_stream!`, and more.

use std::io;
use std::num::ParseIntError;
use std::pin::pin;

use coloop::GeneratorState::{Ended, Returned, Yielded};
use coloop::{try_gen, AsyncGenerator};
use futures::executor::block_on;
use futures::stream::{FusedStream, Stream, StreamExt, TryStreamExt};

use crate::stream::{all, pause};

fn parsed(text: &'static str) -> impl Stream<Item = Result<u32, ParseIntError>> {
    try_gen! {
        for word in text.split(' ') {
            pause().await;
            yield word.parse()?;
        }
    }
}

#[test]
fn all_are_ok() {
    assert_eq!(all(parsed("1 2 3")), [Ok(1), Ok(2), Ok(3)]);
}

#[test]
fn the_first_error_ends_it() {
    let items = all(parsed("1 x 3"));
    assert_eq!(items.len(), 2);
    assert!(items[0].is_ok() && items[1].is_err());
}

#[test]
fn it_stays_ended() {
    let mut items = pin!(parsed("x"));
    block_on(async {
        assert!(matches!(items.next().await, Some(Err(_))));
        assert!(items.next().await.is_none());
        assert!(items.next().await.is_none());
    });
}

#[test]
fn without_an_error() {
    let items = try_gen! { yield 1; };
    let items: Vec<Result<u32, io::Error>> = all(items);
    assert_eq!(items.len(), 1);
}

#[test]
fn errors_are_converted() {
    #[derive(Debug, PartialEq)]
    enum Error {
        Number,
        Empty,
    }
    impl From<ParseIntError> for Error {
        fn from(_: ParseIntError) -> Self {
            Error::Number
        }
    }
    fn numbers(text: &'static str) -> impl Stream<Item = Result<u32, Error>> {
        try_gen! {
            if text.is_empty() {
                return Err(Error::Empty);
            }
            yield 0;
            yield text.parse::<u32>()?;
            let found = text.strip_prefix('1').ok_or(Error::Empty)?;
            yield found.len() as u32;
        }
    }
    assert_eq!(all(numbers("12")), [Ok(0), Ok(12), Ok(1)]);
    assert_eq!(all(numbers("2")), [Ok(0), Ok(2), Err(Error::Empty)]);
    assert_eq!(all(numbers("x")), [Ok(0), Err(Error::Number)]);
    assert_eq!(all(numbers("")), [Err(Error::Empty)]);
}

#[test]
fn return_ends_it() {
    fn until(text: &'static str) -> impl Stream<Item = Result<&'static str, ParseIntError>> {
        try_gen! {
            for word in text.split(' ') {
                if word == "stop" {
                    return;
                }
                yield word;
            }
            "1".parse::<u32>()?;
        }
    }
    assert_eq!(all(until("a b stop c")), [Ok("a"), Ok("b")]);
}

#[test]
fn a_last_expression_that_is_a_result() {
    fn checked(n: u32) -> impl Stream<Item = Result<u32, String>> {
        try_gen! {
            yield n;
            if n > 1 { Err(format!("{n}")) } else { Ok(()) }
        }
    }
    assert_eq!(all(checked(1)), [Ok(1)]);
    assert_eq!(all(checked(2)), [Ok(2), Err("2".to_owned())]);
}

#[test]
fn a_last_expression_that_has_no_value() {
    fn loops(n: u32) -> impl Stream<Item = Result<u32, String>> {
        try_gen! {
            for m in 0..n {
                if m == 2 { Err("two")? }
                yield m
            }
        }
    }
    assert_eq!(all(loops(2)), [Ok(0), Ok(1)]);
    assert_eq!(all(loops(5)), [Ok(0), Ok(1), Err("two".to_owned())]);
}

#[test]
fn one_that_never_ends() {
    fn forever() -> impl Stream<Item = Result<u32, String>> {
        try_gen! {
            let mut n = 0u32;
            loop {
                yield n;
                n = n.checked_add(1).ok_or("overflow")?;
            }
        }
    }
    assert_eq!(all(forever().take(2)), [Ok(0), Ok(1)]);
}

#[test]
fn variables_are_dropped_before_the_error_is_seen() {
    use std::cell::Cell;
    use std::rc::Rc;
    struct Count(Rc<Cell<u32>>);
    impl Drop for Count {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let dropped = Rc::new(Cell::new(0));
    let count = Count(Rc::clone(&dropped));
    let mut items = pin!(try_gen! {
        let _kept = count;
        yield 1;
        Err::<(), _>("no")?;
    });
    block_on(async {
        assert_eq!(StreamExt::next(&mut items).await, Some(Ok(1)));
        assert_eq!(dropped.get(), 0);
        assert_eq!(StreamExt::next(&mut items).await, Some(Err("no")));
        assert_eq!(dropped.get(), 1);
        assert!(FusedStream::is_terminated(&items));
        assert_eq!(items.size_hint(), (0, Some(0)));
    });
}

#[test]
fn with_try_stream_ext() {
    let sum = block_on(parsed("1 2 3").try_fold(0, |sum, n| async move { Ok(sum + n) }));
    assert_eq!(sum, Ok(6));
    let all: Result<Vec<u32>, _> = block_on(parsed("1 x").try_collect());
    assert!(all.is_err());
}

#[test]
fn with_a_parameter() {
    let mut parse = pin!(
        try_gen! { |mut text: &'static str| -> Result<(), ParseIntError> {
            loop {
                text = yield text.parse::<u32>()?;
            }
        }}
    );
    block_on(async {
        assert_eq!(parse.asend("1").await, Yielded(Ok(1)));
        assert_eq!(parse.asend("2").await, Yielded(Ok(2)));
        assert!(matches!(parse.asend("x").await, Yielded(Err(_))));
        assert_eq!(parse.asend("3").await, Ended);
    });
}

#[test]
fn as_a_generator_it_returns_nothing() {
    let mut one = pin!(try_gen! { yield 1; if false { Err("no")?; } });
    block_on(async {
        assert_eq!(one.asend(()).await, Yielded(Ok::<_, &str>(1)));
        assert_eq!(one.asend(()).await, Returned(()));
        assert_eq!(one.asend(()).await, Ended);
    });
}

#[test]
fn inside_of_a_loop_over_it() {
    #[coloop::coroutine]
    async fn sum(text: &'static str) -> Result<u32, ParseIntError> {
        let mut sum = 0;
        #[for_await]
        for n in parsed(text) {
            sum += n?;
        }
        Ok(sum)
    }
    assert_eq!(block_on(sum("1 2")), Ok(3));
    assert!(block_on(sum("1 x")).is_err());
}
