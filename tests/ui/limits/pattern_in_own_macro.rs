//! A pattern in the tokens of a macro that is not the standard library's, no list of expressions, with the name of a
//! variable outside.

macro_rules! run {
    ($($tokens:tt)*) => {{ $($tokens)* }};
}

#[coloop::coroutine]
async fn function(n: Option<u32>) -> u32 {
    let m = std::future::ready(2).await;
    let found = run!(drop(()); match n {
        Some(m) => m,
        None => 0,
    });
    std::future::ready(found).await + m
}

fn main() {
    drop(function(None));
}
