//! `?` in the tokens of a macro that is not the standard library's, no list of expressions.

macro_rules! run {
    ($($tokens:tt)*) => {{ $($tokens)* }};
}

#[coloop::coroutine]
async fn function(n: Result<u32, String>) -> Result<u32, String> {
    std::future::ready(()).await;
    Ok(run!(drop(()); n?))
}

fn main() {
    drop(function(Ok(1)));
}
