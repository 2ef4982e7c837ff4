//! `.await` and locals inside the arguments of macros.
#![allow(clippy::dbg_macro)]

use std::fmt::Write;
use std::pin::pin;

use crate::harness::{borrow_wait, Trace, D};

differential! {
    async fn format_arguments(t: Trace) -> String {
        format!("{} {:>3} {}", t.wait(1, 1).await, t.n(2), t.wait(3, 1).await)
    }
}

differential! {
    async fn format_named_arguments(t: Trace) -> String {
        format!("{b} {a} {b:?}", a = t.wait(1, 1).await, b = t.wait(2, 1).await)
    }
}

differential! {
    async fn format_captures_a_local(t: Trace) -> String {
        let x = t.n(1);
        let width = 4;
        t.wait(2, 1).await;
        format!("{x} {x:?} {x:>width$} {{x}} {}", t.wait(3, 1).await)
    }
}

differential! {
    async fn format_captures_and_keeps_an_owned_local(t: Trace) -> D {
        let d = t.d(1);
        t.wait(2, 1).await;
        let s = format!("{d:?} {0:?}", d);
        t.wait(s.len() as u32, 1).await;
        d
    }
}

differential! {
    async fn println_awaits(t: Trace) -> u32 {
        let x = t.n(1);
        println!("{x} {}", t.wait(2, 1).await);
        eprintln!("{x} {}", t.wait(3, 1).await);
        print!("");
        x
    }
}

differential! {
    async fn println_last_use_of_an_owned_local(t: Trace) -> u32 {
        let d = t.d(1);
        t.wait(2, 1).await;
        println!("{d:?} {:?}", d);
        t.wait(3, 1).await
    }
}

differential! {
    async fn assert_holds(t: Trace) -> u32 {
        let x = t.n(1);
        assert!(t.later(2, true).await);
        assert!(x == t.wait(1, 1).await, "x is {x}, not {}", t.wait(3, 1).await);
        debug_assert!(t.later(4, true).await);
        t.n(5)
    }
}

differential! {
    async fn assert_fails(t: Trace) -> u32 {
        let d = t.d(1);
        assert!(t.later(2, false).await, "{d:?} {}", t.n(3));
        d.id()
    }
}

differential! {
    async fn assert_eq_holds(t: Trace) -> u32 {
        assert_eq!(t.wait(1, 1).await, t.n(1));
        assert_eq!(t.wait(2, 1).await, 2, "text {}", t.n(3));
        assert_ne!(t.n(1), t.wait(2, 1).await);
        t.n(5)
    }
}

differential! {
    async fn assert_eq_fails(t: Trace) -> u32 {
        let d = t.d(1);
        assert_eq!(t.wait(2, 1).await, t.wait(3, 1).await, "{d:?} {}", t.wait(4, 1).await);
        d.id()
    }
}

differential! {
    async fn message_of_a_comparison_that_holds(t: Trace) -> u32 {
        let d = t.d(1);
        assert_eq!(t.wait(2, 1).await, t.n(1), "{d:?} {}", t.wait(3, 1).await);
        assert_ne!(t.n(4), t.d(5).id() + 9, "{} {text}", t.wait(6, 1).await, text = t.d(7).id());
        debug_assert_eq!(t.n(8), t.wait(9, 8).await, "{:?}", t.later(10, t.d(11)).await);
        d.id()
    }
}

differential! {
    async fn assert_eq_of_owned_values(t: Trace) -> D {
        let d = t.d(1);
        assert_eq!(d, t.later(2, t.d(1)).await);
        t.wait(3, 1).await;
        d
    }
}

differential! {
    async fn vec_elements(t: Trace) -> Vec<u32> {
        vec![t.wait(1, 1).await, t.n(2), t.wait(3, 1).await]
    }
}

differential! {
    async fn vec_of_owned_elements(t: Trace) -> Vec<D> {
        vec![t.d(1), t.later_d(2).await, t.d(3)]
    }
}

differential! {
    async fn vec_repeat(t: Trace) -> Vec<u32> {
        vec![t.wait(1, 1).await; t.later(2, 3_usize).await]
    }
}

differential! {
    async fn matches_awaits(t: Trace) -> (bool, bool) {
        let limit = t.n(3);
        (
            matches!(t.wait(1, 1).await, 1 | 2),
            matches!(t.later(4, Some(4)).await, Some(n) if n < limit),
        )
    }
}

differential! {
    async fn matches_keeps_an_owned_local(t: Trace) -> (bool, Option<D>) {
        let d = Some(t.d(1));
        t.wait(2, 1).await;
        (matches!(d, Some(_)), d)
    }
}

differential! {
    async fn write_awaits(t: Trace) -> String {
        let mut s = String::new();
        write!(s, "{}", t.wait(1, 1).await).unwrap();
        writeln!(s, " {s2}", s2 = t.wait(2, 1).await).unwrap();
        s
    }
}

differential! {
    async fn dbg_gives_its_value(t: Trace) -> u32 {
        dbg!(t.wait(1, 1).await) + dbg!(t.n(2))
    }
}

differential! {
    async fn dbg_moves_an_owned_local(t: Trace) -> D {
        let d = t.d(1);
        t.wait(2, 1).await;
        dbg!(d)
    }
}

differential! {
    async fn panic_with_an_awaited_argument(t: Trace) -> u32 {
        let d = t.d(1);
        if t.yes(2) {
            panic!("{d:?} {}", t.wait(3, 1).await);
        }
        d.id()
    }
}

differential! {
    async fn unreachable_arm(t: Trace) -> u32 {
        match t.wait(1, 1).await {
            1 => t.n(2),
            n => unreachable!("{n}"),
        }
    }
}

differential! {
    #[allow(clippy::todo, clippy::unimplemented)]
    async fn todo_in_a_branch_not_taken(t: Trace) -> u32 {
        let x = if t.later(1, true).await { t.n(2) } else { todo!() };
        match x {
            2 => t.wait(3, 1).await,
            _ => unimplemented!("never {x}"),
        }
    }
}

differential! {
    async fn pin_a_local(t: Trace) -> u32 {
        let future = pin!(t.wait(1, 2));
        t.wait(2, 1).await;
        future.await
    }
}

differential! {
    async fn pin_polled_through_as_mut(t: Trace) -> u32 {
        let d = t.d(1);
        let mut future = pin!(borrow_wait(&d));
        t.wait(2, 1).await;
        future.as_mut().await + d.id()
    }
}

differential! {
    async fn line_is_the_users(t: Trace) -> (u32, u32) {
        let before = line!();
        t.wait(1, 1).await;
        (before, line!())
    }
}

differential! {
    async fn concat_and_stringify(t: Trace) -> (&'static str, &'static str) {
        t.wait(1, 1).await;
        (concat!("a", 1), stringify!(x.await))
    }
}

macro_rules! twice {
    ($e:expr) => {
        $e + $e
    };
}

macro_rules! same {
    ($e:expr) => {
        $e
    };
}

differential! {
    async fn user_macro_in_expression_position(t: Trace) -> u32 {
        let x = t.n(1);
        t.wait(2, 1).await;
        twice!(x) + twice!(t.n(x))
    }
}

differential! {
    async fn question_mark_in_an_operand_of_an_own_macro(t: Trace) -> Result<u32, u32> {
        let d = t.d(1);
        let (one, two) = (Ok::<u32, u32>(t.n(2)), Err::<u32, u32>(3));
        t.wait(4, 1).await;
        let sum = twice!(one?);
        let sum = sum + twice!(d.id() + two?);
        t.wait(sum, 1).await;
        Ok(sum)
    }
}

differential! {
    async fn names_bound_again_in_operands_of_an_own_macro(t: Trace) -> (u32, u32) {
        let x = t.n(5);
        t.wait(1, 1).await;
        let of_block = same!({
            let x = t.n(2);
            x + 1
        });
        let of_closure = same!((|x: u32| x + 1)(x));
        let of_match = same!(match Some(3) {
            Some(x) => x,
            None => x,
        });
        t.wait(4, 1).await;
        (of_block + of_closure + of_match, x)
    }
}

differential! {
    /// a macro's own variable does not meet the user's of the same name
    async fn macro_defined_in_the_body(t: Trace) -> u32 {
        macro_rules! add {
            ($e:expr) => {{
                let x = 10;
                x + $e
            }};
        }
        let x = t.n(1);
        t.wait(2, 1).await;
        add!(x) + x
    }
}

differential! {
    async fn user_macro_in_pattern_and_type_position(t: Trace) -> u32 {
        macro_rules! small {
            () => {
                0..=4
            };
        }
        macro_rules! number {
            () => {
                u32
            };
        }
        let n: number!() = t.wait(3, 1).await;
        match n {
            small!() => t.wait(n + 1, 1).await,
            _ => t.n(9),
        }
    }
}

differential_items! {
    mod closures_in_own_macro_capture_as_elsewhere($co) {
        #[$co]
        async fn body(t: Trace) -> u32 {
            let d = t.later_d(1).await;
            let e = t.later_d(2).await;
            let n = t.n(3);
            let borrowed = same!(|m: u32| d.id() + n + m);
            t.wait(4, 1).await;
            let sum = borrowed(1);
            let moved = same!(async move { t.wait(5, 1).await; e.id() });
            let block = same!(async { d.id() + n });
            sum + moved.await + block.await + d.id()
        }
    }
}

differential_items! {
    /// what pins a name binds it again
    mod names_are_pinned($co) {
        macro_rules! pin {
            ($x:ident) => {
                let mut $x = $x;
                #[allow(unused_mut, clippy::undocumented_unsafe_blocks)]
                let mut $x = unsafe { std::pin::Pin::new_unchecked(&mut $x) };
            };
        }
        #[$co]
        async fn body(t: Trace) -> u32 {
            let first = t.later_d(1);
            pin!(first);
            let d = t.d(2);
            let second = t.later(3, d);
            pin!(second);
            first.as_mut().await.id() + second.await.id() + t.wait(4, 1).await
        }
    }
}

differential! {
    async fn format_that_awaits_in_an_async_block(t: Trace) -> u32 {
        let d = t.later_d(1).await;
        let text = { let t = &t; async { format!("{} {:?}", t.later_d(2).await.id(), d) } }.await;
        t.wait(3, 1).await;
        text.len() as u32 + d.id()
    }
}

/// A writer whose `write_fmt` is asynchronous.
struct Writer(Trace, String);

impl Writer {
    async fn write_fmt(
        &mut self,
        arguments: std::fmt::Arguments<'_>,
    ) -> Result<usize, crate::harness::E> {
        self.0.wait(90, 1).await;
        self.1.push_str(&arguments.to_string());
        self.0.wait(91, 1).await;
        Ok(self.1.len())
    }

    async fn consume(self, text: impl std::fmt::Display) -> String {
        self.0.wait(92, 1).await;
        format!("{}{text}", self.1)
    }
}

differential! {
    async fn format_args_are_kept_by_what_is_awaited(t: Trace) -> String {
        let n = t.n(1);
        let d = t.d(2);
        Writer(t.clone(), String::new()).consume(format_args!("{n}{:>4}{d:?}{:?}\r\n", n + 1, t.d(3))).await
    }
}

differential! {
    async fn write_is_awaited(t: Trace) -> Result<String, crate::harness::E> {
        let n = t.n(1);
        let mut w = Writer(t.clone(), String::new());
        write!(w, "{n} {:x} {a}{a}", n + 10, a = t.d(2).id()).await?;
        writeln!(&mut w, "{:?} {0:?}", t.d(t.wait(3, 1).await)).await?;
        writeln!(w).await?;
        let p = &n;
        write!(w, "{} {{}}", format!("{:p}", p) == format!("{:p}", &n)).await?;
        Ok(w.1)
    }
}

differential! {
    async fn write_to_a_string_beside_an_await(t: Trace) -> u32 {
        let mut s = String::new();
        let both = (write!(s, "{:?}", t.d(1)).is_ok(), t.wait(2, 1).await);
        s.len() as u32 + both.1
    }
}

macro_rules! bail {
    ($e:expr) => {
        return Err(crate::harness::E($e))
    };
}

macro_rules! ensure {
    ($condition:expr, $($e:tt)*) => {
        if !$condition {
            return Err(crate::harness::E($($e)*).into());
        }
    };
}

differential! {
    async fn own_macros_that_return(t: Trace) -> Result<u32, crate::harness::E> {
        let a = t.d(1);
        let n = t.wait(2, 1).await;
        ensure!(n == 2, 7);
        let b = t.d(3);
        let m = match t.wait(n, 1).await {
            0 => bail!(a.id()),
            m => m + b.id(),
        };
        ensure!(t.ok(m)? > 0, t.n(8));
        if t.yes(4) {
            let c = t.d(5);
            ensure!(c.id() != 5, c.id() + b.id());
        }
        t.wait(6, 1).await;
        bail!(a.id() + m)
    }
}

differential! {
    async fn a_return_of_a_macro_from_within_an_operand(t: Trace) -> Result<u32, crate::harness::E> {
        let a = t.d(1);
        for n in 0..3 {
            let d = t.d(10 + n);
            let e = (t.d(20 + n), if n == 1 { bail!(d.id()) } else { t.wait(n, 1).await });
            t.op(e.1);
        }
        Ok(a.id())
    }
}

differential! {
    async fn a_macro_that_returns_in_a_block_that_does_not_suspend(t: Trace) -> Result<D, crate::harness::E> {
        let a = t.later_d(1).await;
        for n in 0..5 {
            if n == 2 { continue; }
            let d = t.d(n + 2);
            ensure!(n < 4, { drop(t.d(30)); d.id() });
        }
        Ok(a)
    }
}

differential! {
    async fn a_macro_compares_a_variable(t: Trace) -> bool {
        macro_rules! own { ($($tokens:tt)*) => {{ $($tokens)* }}; }
        let n = t.wait(1, 1).await;
        own!(t.op(2); n != 2)
    }
}

macro_rules! session {
    ($s:expr) => {
        ($s, 1)
    };
    ($text:literal, $s:expr) => {
        Some($s).map(|s| ($text, s))
    };
}

macro_rules! id_of {
    ($s:expr) => {
        $s.id()
    };
}

differential! {
    async fn own_macros_that_consume_a_variable(t: Trace) -> u32 {
        let (a, b) = (t.d(1), t.d(2));
        let e = t.d(4);
        t.wait(5, 1).await;
        let x = session!(b);
        t.wait(id_of!(e), 1).await;
        let y = session!("text", a);
        t.wait(6, 1).await;
        if t.yes(7) {
            session!(e);
        }
        t.wait(x.0.id() + x.1, 1).await;
        y.map_or(0, |(_, d)| d.id())
    }
}

differential! {
    async fn own_macros_that_borrow_a_variable(t: Trace) -> u32 {
        let mut d = t.d(1);
        let n = t.wait(5, 1).await;
        let m = (session!(n).0, id_of!(d), 1);
        macro_rules! reference { ($e:expr) => { &mut $e }; }
        let r = reference!(d);
        t.wait(r.id() + m.0 + m.1 + m.2, 1).await;
        r.id()
    }
}

/// Macros with the names of the standard library's that do the same with their operands.
mod replacements {
    use super::*;

    macro_rules! compared {
        ($a:expr, $b:expr $(,)?) => {
            match (&$a, &$b) {
                (a, b) => {
                    if !(*a == *b) {
                        ::core::panic!("{:?} is not {:?}", a, b)
                    }
                }
            }
        };
    }
    use compared as assert_eq;

    macro_rules! assert {
        ($($tokens:tt)*) => {
            if cfg!(test) {
                ::core::assert!($($tokens)*)
            }
        };
    }

    differential! {
        async fn a_replacement_compares_what_is_awaited(t: Trace) -> u32 {
            let d = t.d(1);
            assert_eq!(t.wait(2, 1).await, t.n(2));
            assert_eq!(d.id(), t.wait(1, 1).await);
            t.n(3)
        }
    }

    differential! {
        async fn a_replacement_asserts(t: Trace) -> u32 {
            let d = t.d(1);
            t.wait(2, 1).await;
            assert!(d.id() == 2);
            t.n(3)
        }
    }
}
