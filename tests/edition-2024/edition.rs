//! The macros in a crate of edition 2024, where `gen` is a reserved word, `impl Trait` captures every lifetime, and an
//! `unsafe fn` has a safe body, and the temporaries of an `if let` and of a block's last expression end early.

// A body is written for its property, also where there is a better way to write it.
#![allow(clippy::all)]

use std::cell::RefCell;
use std::future::ready;

use coloop::r#gen as raw;
use coloop::generator as stream;
use futures::executor::block_on;
use futures::{FutureExt, Stream, StreamExt};

/// Suspends once, and wakes.
async fn pause() {
    let mut suspended = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut suspended, true) {
            return std::task::Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await
}

async fn later<T>(value: T) -> T {
    pause().await;
    value
}

fn all<S: Stream>(stream: S) -> Vec<S::Item> {
    block_on(stream.collect())
}

// ---- generators

#[test]
fn the_raw_name() {
    let items = coloop::r#gen! {
        for n in 0..3 {
            pause().await;
            yield n;
        }
    };
    assert_eq!(all(items), [0, 1, 2]);
}

#[test]
fn the_raw_name_imported() {
    assert_eq!(all(raw! { yield 1; }), [1]);
}

#[test]
fn the_name_that_is_not_reserved() {
    let items = coloop::generator! {
        yield "a";
        pause().await;
        yield "b";
    };
    assert_eq!(all(items), ["a", "b"]);
}

#[test]
fn another_name() {
    let items = stream! {
        #[for_await]
        for n in stream! { yield 1; yield 2; } {
            yield n * 10;
        }
    };
    assert_eq!(all(items), [10, 20]);
}

#[test]
fn the_stream_captures_every_lifetime() {
    fn words(text: &str, separator: &char) -> impl Stream<Item = String> {
        stream! {
            for word in text.split(*separator) {
                pause().await;
                yield word.to_owned();
            }
        }
    }
    let text = String::from("a-b");
    assert_eq!(all(words(&text, &'-')), ["a", "b"]);
}

#[test]
fn the_stream_may_capture_precisely() {
    fn repeated<'a>(text: &'a str, times: &usize) -> impl Stream<Item = &'a str> + use<'a> {
        let times = *times;
        stream! {
            for _ in 0..times {
                yield text;
            }
        }
    }
    let items = {
        let times = 2;
        repeated("a", &times)
    };
    assert_eq!(all(items), ["a", "a"]);
}

#[test]
fn generators_with_let_chains() {
    let items = stream! {
        for choice in [Some(1), None, Some(5)] {
            if let Some(n) = choice
                && n > 1
                && let Some(doubled) = later(Some(n * 2)).await
            {
                yield doubled;
            }
        }
    };
    assert_eq!(all(items), [10]);
}

// ---- coroutines

#[coloop::coroutine]
async fn let_chain(choice: Option<u32>, limit: u32) -> u32 {
    if let Some(n) = choice
        && n < later(limit).await
        && let Ok(next) = u8::try_from(later(n + 1).await)
    {
        later(u32::from(next)).await
    } else {
        later(0).await
    }
}

#[test]
fn let_chains_that_await() {
    assert_eq!(block_on(let_chain(Some(3), 10)), 4);
    assert_eq!(block_on(let_chain(Some(30), 10)), 0);
    assert_eq!(block_on(let_chain(Some(300), 1000)), 0);
    assert_eq!(block_on(let_chain(None, 10)), 0);
}

#[coloop::coroutine]
async fn plain_let_chain(choice: Option<&str>) -> usize {
    let choice = later(choice).await;
    if let Some(text) = choice
        && let Some(rest) = text.strip_prefix("a")
        && !rest.is_empty()
    {
        return rest.len();
    }
    0
}

#[test]
fn let_chains_that_do_not_await() {
    assert_eq!(block_on(plain_let_chain(Some("abc"))), 2);
    assert_eq!(block_on(plain_let_chain(Some("a"))), 0);
    assert_eq!(block_on(plain_let_chain(None)), 0);
}

#[coloop::coroutine]
async fn while_let_chain(mut stack: Vec<u32>) -> u32 {
    let mut sum = 0;
    while let Some(n) = stack.pop()
        && n != later(0).await
    {
        sum += n;
    }
    sum
}

#[test]
fn loops_with_let_chains() {
    assert_eq!(block_on(while_let_chain(vec![9, 0, 2, 1])), 3);
}

#[coloop::coroutine]
async fn tail_temporary() -> usize {
    let cell = std::cell::RefCell::new(vec![1, 2]);
    pause().await;
    // In edition 2021 this borrow outlives `cell`, and does not compile.
    cell.borrow().len()
}

#[test]
fn temporaries_of_the_last_expression() {
    assert_eq!(block_on(tail_temporary()), 2);
}

/// Notes that it is dropped.
struct Noted<'a>(&'a RefCell<Vec<&'static str>>, &'static str);

impl Noted<'_> {
    fn is_some(&self) -> Option<u32> {
        None
    }
}

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        self.0.borrow_mut().push(self.1);
    }
}

#[coloop::coroutine]
async fn ends(log: &RefCell<Vec<&'static str>>) -> usize {
    let _first = Noted(log, "variable");
    if let Some(n) = later(Noted(log, "scrutinee")).await.is_some() {
        later(n).await;
    } else {
        later(Noted(log, "else")).await;
    }
    later(Noted(log, "last")).await.1.len()
}

#[test]
fn temporaries_end_before_the_else_and_before_the_variables() {
    let log = RefCell::default();
    assert_eq!(block_on(ends(&log)), 4);
    assert_eq!(log.take(), ["scrutinee", "else", "last", "variable"]);
}

/// What would never end in edition 2021: the first guard is there while the lock is asked for once more.
#[test]
fn a_lock_that_is_taken_in_the_else() {
    #[coloop::coroutine]
    async fn get_or_insert(lock: &futures::lock::Mutex<Option<u32>>) -> u32 {
        if let Some(n) = *lock.lock().await {
            n
        } else {
            *lock.lock().await.insert(7)
        }
    }
    let lock = futures::lock::Mutex::new(None);
    assert_eq!(get_or_insert(&lock).now_or_never(), Some(7));
    assert_eq!(get_or_insert(&lock).now_or_never(), Some(7));
}

#[coloop::coroutine]
async fn awaited_tail() -> usize {
    let text = later(String::from("abc")).await;
    later(text.as_str()).await.len()
}

#[test]
fn awaits_in_the_last_expression() {
    assert_eq!(block_on(awaited_tail()), 3);
}

#[coloop::coroutine]
async fn borrowed(text: &str, n: &u32) -> usize {
    pause().await;
    text.len() + *n as usize
}

#[test]
fn the_coroutine_captures_every_lifetime() {
    let (text, n) = (String::from("ab"), 1);
    let future = borrowed(&text, &n);
    assert_eq!(block_on(future), 3);
}

/// # Safety
/// None.
#[coloop::coroutine]
async unsafe fn unsafe_coroutine(pointer: *const u32) -> u32 {
    pause().await;
    // SAFETY: the caller passes the address of a number.
    unsafe { *pointer }
}

#[test]
fn unsafe_coroutines_have_safe_bodies() {
    let n = 5;
    // SAFETY: `n` lives longer than the future.
    assert_eq!(block_on(unsafe { unsafe_coroutine(&n) }), 5);
}

#[coloop::coroutine]
async fn sum(numbers: impl Stream<Item = u32>) -> u32 {
    let mut sum = ready(0).await;
    #[for_await]
    for n in numbers {
        sum += later(n).await;
    }
    sum
}

#[test]
fn loops_over_streams() {
    assert_eq!(block_on(sum(stream! { yield 1; yield 2; })), 3);
}

#[coloop::coroutines]
mod module {
    #[coroutine]
    pub async fn double(n: u32) -> u32 {
        super::later(n).await * 2
    }
}

#[test]
fn modules_of_coroutines() {
    assert_eq!(block_on(module::double(4)), 8);
}

#[coloop::test]
async fn entry_points() {
    coloop::yield_now().await;
    let tail = if let Some(n) = later(Some(1)).await {
        n
    } else {
        0
    };
    assert_eq!(tail, 1);
}
