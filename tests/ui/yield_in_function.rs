//! rustc refuses `yield` under an attribute before the attribute is asked: its own message comes first.

#[coloop::coroutine]
async fn numbers() -> u32 {
    std::future::ready(()).await;
    yield 1;
    2
}

fn main() {
    drop(numbers());
}
