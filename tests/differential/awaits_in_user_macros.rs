//! `.await` in the arguments or in the definition of the user's own macros.
//!
//! An attribute sees the arguments as tokens and the definition not at all. Where the compiler has to
//! refuse such a body, it belongs into the ui suite instead, with the message that says what to write.

use crate::harness::Trace;

macro_rules! twice {
    ($e:expr) => {
        $e + $e
    };
}

macro_rules! let_and_wait {
    ($t:ident, $name:ident = $id:expr) => {
        let $name = $t.wait($id, 1).await;
    };
}

differential! {
    async fn user_macro_around_an_await(t: Trace) -> u32 {
        let x = t.n(1);
        twice!(t.wait(2, 1).await + x)
    }
}

differential! {
    async fn user_macro_that_awaits(t: Trace) -> u32 {
        let_and_wait!(t, x = 1);
        let_and_wait!(t, y = x + 1);
        x + y
    }
}
