//! Functions that a `macro_rules!` makes, with names of its own that are the user's, too.

use crate::harness::Trace;

/// A function with a variable `x` beside the user's.
macro_rules! with_an_x {
    ($name:ident, $t:ident, $x:ident, $value:expr, $text:literal) => {
        differential! {
            async fn $name($t: Trace) -> String {
                let $x = $t.d(1);
                let x = $t.d(2);
                $t.wait(3, 1).await;
                let value = $value;
                $t.wait(4, 1).await;
                let texts = format!("{x:?} {:?} {} ", x, $text) + &format!($text);
                let x = (x, $x);
                $t.wait(5, 1).await;
                format!("{value} {texts} {:?}", x)
            }
        }
    };
}

with_an_x!(operands_of_another_origin, t, x, x.id() + t.n(6), "{x:?}");
with_an_x!(operands_that_await, t, x, t.wait(x.id(), 1).await, "{x:?}");
with_an_x!(
    closures_of_another_origin,
    t,
    x,
    (|y: u32| x.id() + y)(t.n(6)),
    "{x:?}"
);
with_an_x!(
    blocks_of_another_origin,
    t,
    x,
    {
        let x = (t.d(7), &x);
        t.wait(8, 1).await;
        x.0.id() + x.1.id()
    },
    "{x:?}"
);
with_an_x!(names_that_are_alike_nowhere, t, y, y.id(), "{y:?}");

/// An argument, a loop variable and a pattern beside the user's.
macro_rules! with_arguments {
    ($name:ident, $t:ident, $n:ident, $last:expr) => {
        differential! {
            async fn $name($t: Trace) -> u32 {
                let mut $n = $t.n(10);
                let mut n = $t.d(1);
                for n in 0..2 {
                    $n += $t.wait(n, 1).await;
                }
                if let Some(n) = Some(&mut n) {
                    n.set($n);
                    $t.wait(2, 1).await;
                }
                drop(n);
                $n = $last;
                $t.wait($n, 1).await
            }
        }
    };
}

with_arguments!(loops_and_patterns_of_another_origin, t, n, {
    let m = n;
    t.wait(m, 1).await + n
});

/// A function of the user's with the name of a variable.
macro_rules! with_a_count {
    ($name:ident, $t:ident, $call:expr) => {
        differential! {
            async fn $name($t: Trace) -> u32 {
                let count = $t.n(1);
                $t.wait(2, 1).await;
                let called = $call;
                $t.wait(count, 1).await + called
            }
        }
    };
}

fn count() -> u32 {
    7
}

with_a_count!(function_with_the_name_of_a_variable, t, count());

/// A generator in it.
macro_rules! with_a_generator {
    ($name:ident, $t:ident, $x:ident, $item:expr) => {
        differential! {
            async fn $name($t: Trace) -> u32 {
                let $x = $t.n(1);
                let x = $t.n(20);
                let numbers = vec![x, $item];
                let doubled = numbers.into_iter().map(|n| n * 2 + x);
                $t.wait(3, 1).await;
                doubled.sum::<u32>() + x + $x
            }
        }
    };
}

with_a_generator!(iterators_over_another_origin, t, x, x + 1);

#[test]
fn generators_of_another_origin() {
    macro_rules! numbers {
        ($x:ident, $item:expr) => {{
            let $x = 1;
            coloop::iter! {
                let x = 20;
                yield x;
                yield $item;
                yield x + $item;
            }
        }};
    }
    assert_eq!(numbers!(x, x + 1).collect::<Vec<i32>>(), [20, 2, 22]);
}
