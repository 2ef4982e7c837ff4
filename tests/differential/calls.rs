//! Functions under the attribute that call each other: nesting, recursion, `unsafe`, panics in between.
// Comments are lost in `differential_items!`, and clippy does not see them.
#![allow(clippy::undocumented_unsafe_blocks)]

use std::panic::Location;

use crate::harness::{consume_wait, Trace, D, E};

differential_items! {
    mod nested_calls($co) {
        #[$co]
        async fn inner(t: &Trace, d: D) -> D {
            t.wait(1, 1).await;
            d
        }

        #[$co]
        async fn middle(t: &Trace, d: D) -> D {
            let _local = t.d(10);
            inner(t, d).await.with(1)
        }

        #[$co]
        async fn body(t: Trace) -> D {
            let d = middle(&t, t.d(2)).await;
            middle(&t, d).await
        }
    }
}

differential_items! {
    mod error_passes_through_the_callers($co) {
        #[$co]
        async fn inner(t: &Trace, fail: bool) -> Result<u32, E> {
            let d = t.d(1);
            if fail {
                t.later_err(2).await?;
            }
            Ok(d.id())
        }

        #[$co]
        async fn middle(t: &Trace, fail: bool) -> Result<u32, String> {
            let d = t.d(3);
            Ok(inner(t, fail).await? + consume_wait(d).await)
        }

        #[$co]
        async fn body(t: Trace) -> Result<u32, String> {
            let _d = t.d(4);
            let n = middle(&t, false).await?;
            Ok(n + middle(&t, true).await?)
        }
    }
}

differential_items! {
    mod recursion_through_a_box($co) {
        use std::future::Future;
        use std::pin::Pin;

        #[$co]
        async fn count(t: &Trace, n: u32) -> u32 {
            let d = t.d(n);
            if n == 0 {
                return t.wait(100, 1).await;
            }
            boxed(t, n - 1).await + d.id()
        }

        fn boxed(t: &Trace, n: u32) -> Pin<Box<dyn Future<Output = u32> + '_>> {
            Box::pin(count(t, n))
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            count(&t, 3).await
        }
    }
}

differential_items! {
    mod mutual_recursion($co) {
        #[$co]
        async fn even(t: &Trace, n: u32) -> bool {
            let _d = t.d(n);
            t.wait(100 + n, 1).await;
            n == 0 || Box::pin(odd(t, n - 1)).await
        }

        async fn odd(t: &Trace, n: u32) -> bool {
            n != 0 && Box::pin(even(t, n - 1)).await
        }

        #[$co]
        async fn body(t: Trace) -> (bool, bool) {
            (even(&t, 2).await, odd(&t, 2).await)
        }
    }
}

differential_items! {
    mod returns_never($co) {
        #[$co]
        async fn stop(t: &Trace) -> ! {
            let _d = t.d(1);
            t.wait(2, 1).await;
            panic!("stopped")
        }

        // rustc warns of what follows the await, in an `async fn`.
        #[allow(unreachable_code)]
        #[$co]
        async fn body(t: Trace) -> u32 {
            let d = t.d(3);
            let n: u32 = if t.yes(4) { stop(&t).await } else { d.id() };
            n + t.wait(5, 1).await
        }
    }
}

differential_items! {
    mod unsafe_function($co) {
        /// # Safety
        ///
        /// The pointer points to a value.
        #[$co]
        async unsafe fn read(t: &Trace, from: *const u32) -> u32 {
            t.wait(1, 1).await;
            // SAFETY: as required of the caller.
            unsafe { *from }
        }

        #[$co]
        async fn body(t: Trace) -> u32 {
            let n = t.n(2);
            // SAFETY: the variable outlives the future.
            unsafe { read(&t, &n).await }
        }
    }
}

differential! {
    async fn unsafe_block(t: Trace) -> u32 {
        let mut n = t.n(1);
        let pointer = &raw mut n;
        t.wait(2, 1).await;
        // SAFETY: the variable is alive.
        unsafe {
            *pointer += t.wait(3, 1).await;
            *pointer
        }
    }
}

differential! {
    async fn pointer_to_a_local_across_awaits(t: Trace) -> u32 {
        let mut d = t.d(1);
        let pointer: *mut D = &mut d;
        t.wait(2, 1).await;
        // SAFETY: the variable is alive and not borrowed.
        let n = unsafe { (*pointer).by_mut_wait().await };
        n + d.id()
    }
}

differential! {
    async fn caller_location_is_the_users(t: Trace) -> (u32, u32) {
        #[track_caller]
        fn line() -> u32 {
            Location::caller().line()
        }
        let before = line();
        t.wait(1, 1).await;
        (before, line())
    }
}

differential! {
    async fn unwrap_of_none_panics(t: Trace) -> u32 {
        let d = t.d(1);
        let n = t
            .later(2, None::<u32>)
            .await
            .unwrap();
        n + d.id()
    }
}

differential! {
    async fn expect_of_an_error_panics(t: Trace) -> u32 {
        let d = t.d(1);
        let r = t.later_err(2).await;
        let _e = t.d(3);
        r.expect("should not be an error") + d.id()
    }
}

differential! {
    async fn panic_of_a_sub_future_unwinds_through_the_body(t: Trace) -> u32 {
        async fn fails(t: &Trace) -> u32 {
            let _d = t.d(1);
            t.wait(2, 1).await;
            panic!("inside");
        }
        let _a = t.d(3);
        let b = t.d(4);
        fails(&t).await + b.by_value()
    }
}

differential! {
    async fn panic_between_a_move_and_the_call(t: Trace) -> u32 {
        fn take(a: D, n: u32, b: D) -> u32 {
            a.id() + n + b.id()
        }
        let (a, b) = (t.d(1), t.d(2));
        t.wait(3, 1).await;
        if t.yes(4) {
            return take(a, if t.yes(5) { panic!("half way") } else { t.wait(6, 1).await }, b);
        }
        t.n(7)
    }
}

differential! {
    /// polls a future of its own inside `catch_unwind`
    async fn caught_panic(t: Trace) -> bool {
        use std::panic::{catch_unwind, AssertUnwindSafe};
        let d = t.d(1);
        t.wait(2, 1).await;
        let caught = catch_unwind(AssertUnwindSafe(|| {
            let _moved = d;
            std::panic::resume_unwind(Box::new("expected"));
        }));
        t.wait(3, 1).await;
        caught.is_err()
    }
}

differential! {
    async fn never_returns_normally(t: Trace) -> std::convert::Infallible {
        let _d = t.d(1);
        loop {
            let n = t.wait(2, 1).await;
            assert!(t.val(3, n) != 2, "stopped");
        }
    }
}

differential! {
    async fn large_values(t: Trace) -> usize {
        let big = [t.wait(1, 1).await; 500];
        t.wait(2, 1).await;
        let copy = big;
        t.wait(3, 1).await;
        let sum: u32 = big.iter().chain(&copy).sum();
        sum as usize
    }
}

differential! {
    async fn aligned_values(t: Trace) -> bool {
        #[repr(align(64))]
        struct Aligned(u8);
        let small = t.later(1, 1_u8).await;
        let aligned = Aligned(small);
        t.wait(2, 1).await;
        let address = &raw const aligned as usize;
        t.wait(aligned.0 as u32, 1).await;
        address % 64 == 0 && address == &raw const aligned as usize
    }
}
