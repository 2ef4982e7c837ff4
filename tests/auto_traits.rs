//! `Send` and `Sync` of coroutines: those of rustc's future for the same body.

// What is held across an await is the subject.
#![allow(clippy::await_holding_lock, clippy::manual_is_multiple_of)]

use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;
use std::sync::Mutex;

use coloop_tests::implements;

/// Writes functions twice, and lists whether their futures are `Send` and `Sync`: rustc's, then ours.
macro_rules! futures {
    ($(async fn $name:ident($($argument:ident: $ty:ty = $value:expr),*) $(-> $output:ty)? $body:block)*) => {
        mod native {
            use super::*;
            $(pub async fn $name($($argument: $ty),*) $(-> $output)? $body)*
        }
        mod compiled {
            use super::*;
            $(#[coloop::coroutine] pub async fn $name($($argument: $ty),*) $(-> $output)? $body)*
        }
        fn traits() -> Vec<(&'static str, [bool; 2], [bool; 2])> {
            vec![$((
                stringify!($name),
                [implements!(native::$name($($value),*), Send), implements!(native::$name($($value),*), Sync)],
                [implements!(compiled::$name($($value),*), Send), implements!(compiled::$name($($value),*), Sync)],
            )),*]
        }
    };
}

static MUTEX: Mutex<u32> = Mutex::new(1);

fn is_even(n: &Rc<u32>) -> bool {
    **n % 2 == 0
}

futures! {
    async fn nothing() {}
    async fn number(n: u32 = 1) -> u32 { ready(()).await; n }
    async fn shared_argument(n: Rc<u32> = Rc::new(1)) -> u32 { ready(()).await; *n }
    async fn shared_argument_moved_before(n: Rc<u32> = Rc::new(1)) -> u32 { drop(n); ready(1).await }
    async fn shared_across() -> u32 { let n = Rc::new(1); ready(()).await; *n }
    async fn shared_in_a_block() -> u32 { let m = { let n = Rc::new(1); *n }; ready(()).await; m }
    async fn shared_moved_before() -> u32 { let n = Rc::new(1); drop(n); ready(1).await }
    async fn shared_between() -> u32 {
        ready(()).await;
        { let n = Rc::new(2); if is_even(&n) { return 1; } }
        ready(2).await
    }
    async fn shared_between_branches(x: bool = true) -> bool {
        let even = {
            let n = if x { ready(()).await; Rc::new(2) } else { Rc::new(3) };
            is_even(&n)
        };
        ready(even).await
    }
    async fn shared_output() -> u32 { let m = *ready(Rc::new(1)).await; ready(m).await }
    async fn guard_across() -> u32 { let guard = MUTEX.lock().unwrap(); ready(()).await; *guard }
    async fn guard_in_a_block() -> u32 { let n = { *MUTEX.lock().unwrap() }; ready(n).await }
    async fn guard_borrowed_then_dropped() -> u32 {
        let guard = MUTEX.lock().unwrap();
        let n = *guard;
        drop(guard);
        ready(n).await
    }
    async fn cell_across() -> u32 { let n = Cell::new(1); ready(()).await; n.get() }
    async fn cell_borrowed() -> u32 { let n = Cell::new(1); let m = &n; ready(()).await; m.get() }
    async fn shared_in_a_match(x: u32 = 1) -> u32 {
        match Rc::new(x) {
            n if is_even(&n) => 1,
            n => *n,
        };
        ready(x).await
    }
    async fn shared_as_an_operand() -> u32 { *Rc::new(1) + ready(1).await }
    async fn shared_in_a_loop() -> u32 {
        let mut sum = 0;
        for n in 0..3 {
            let m = Rc::new(n);
            sum += *m;
            drop(m);
            sum += ready(1).await;
        }
        sum
    }
    async fn shared_in_a_scrutinee() -> u32 {
        match *Rc::new(1) { 1 => ready(1).await, n => n }
    }
}

/// The names whose traits are not rustc's.
fn differences() -> Vec<String> {
    let text = |(name, rustc, coloop): (&str, [bool; 2], [bool; 2])| {
        (rustc != coloop).then(|| format!("{name}: {rustc:?} as async fn, {coloop:?} as coroutine"))
    };
    traits().into_iter().filter_map(text).collect()
}

#[test]
fn as_of_rustcs_future() {
    assert_eq!(differences(), Vec::<String>::new());
}
