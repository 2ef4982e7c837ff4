//! An `if` that suspends, as an operand, whose branches are of different types before they are coerced.

use std::fmt::Display;

fn take(_: Box<dyn Display>) {}

#[coloop::coroutine]
async fn function(n: u32) {
    take(if n == 0 {
        std::future::ready(()).await;
        Box::new(1)
    } else {
        Box::new("a")
    });
}

fn main() {
    drop(function(1));
}
