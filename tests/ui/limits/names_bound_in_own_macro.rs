//! Tokens of a macro that is not the standard library's, no list of expressions, which bind the name of a variable again.

macro_rules! run {
    ($($tokens:tt)*) => {{ $($tokens)* }};
}

#[coloop::coroutine]
async fn function() -> u32 {
    let x = std::future::ready(5).await;
    let a = run!(let x = 2; x + 1);
    std::future::ready(()).await;
    a + x
}

fn main() {
    drop(function());
}
