//! The panic of a coroutine that is polled after its end: as an `async fn`'s, in words and in place.

use std::cell::RefCell;
use std::future::Future;
use std::panic::{catch_unwind, set_hook, AssertUnwindSafe, PanicHookInfo};
use std::task::{Context, Waker};

thread_local! {
    static LAST: RefCell<Option<Panic>> = const { RefCell::new(None) };
}

#[derive(Debug, PartialEq)]
struct Panic {
    file: String,
    line: u32,
    column: u32,
    text: String,
}

#[rustfmt::skip]
mod native {
    pub(super) async fn ends(_n: u32) { }
    pub(super) const LINE: u32 = line!() - 1;
    pub(super) async fn panics() -> u32
    {
        panic!()
    }
}

#[rustfmt::skip]
mod compiled {
    #[coloop::coroutine]
    pub(super) async fn ends(_n: u32) { }
    pub(super) const LINE: u32 = line!() - 1;
    #[coloop::coroutine]
    pub(super) async fn panics() -> u32
    {
        panic!()
    }
}

fn record(info: &PanicHookInfo<'_>) {
    let at = info.location().expect("a panic has a place");
    LAST.set(Some(Panic {
        file: at.file().to_owned(),
        line: at.line(),
        column: at.column(),
        text: info
            .payload()
            .downcast_ref::<&str>()
            .map_or(String::new(), ToString::to_string),
    }));
}

/// The panic of a future that is polled until it has ended, and once more.
fn resumed(future: impl Future) -> Panic {
    set_hook(Box::new(record));
    let mut future = Box::pin(future);
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..2 {
        let _ = catch_unwind(AssertUnwindSafe(|| {
            future.as_mut().poll(&mut cx).is_ready()
        }));
    }
    LAST.take().expect("the future panics")
}

/// The panic with its line counted from another.
fn from(line: u32, panic: Panic) -> Panic {
    let line = panic.line - line;
    Panic { line, ..panic }
}

#[test]
fn after_completion() {
    let (native, compiled) = (resumed(native::ends(1)), resumed(compiled::ends(1)));
    assert_eq!(native.text, "`async fn` resumed after completion");
    assert_eq!(from(compiled::LINE, compiled), from(native::LINE, native));
}

#[test]
fn after_panicking() {
    let (native, compiled) = (resumed(native::panics()), resumed(compiled::panics()));
    assert_eq!(native.text, "`async fn` resumed after panicking");
    // The attribute of the second function is one line more.
    assert_eq!(
        from(compiled::LINE + 1, compiled),
        from(native::LINE, native)
    );
}
