//! An output whose lifetime could be that of either argument.

#[coloop::coroutine]
async fn either(a: &str, b: &str) -> &str {
    std::future::ready(()).await;
    if a.is_empty() { b } else { a }
}

#[coloop::coroutine]
async fn nothing_to_borrow() -> &str {
    std::future::ready(()).await;
    ""
}

fn main() {}
