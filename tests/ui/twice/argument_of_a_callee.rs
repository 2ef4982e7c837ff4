//! An argument of another type, of a variable that is called.

#[coloop::coroutine]
async fn function(callee: impl Fn(u32) -> u32) -> u32 {
    std::future::ready(()).await;
    callee("a")
}

fn main() {
    drop(function(|n| n));
}
