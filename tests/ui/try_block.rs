//! rustc refuses `try` blocks under an attribute before the attribute is asked: its own message comes first.

#[coloop::coroutine]
async fn function() -> Option<u32> {
    std::future::ready(()).await;
    let answer: Option<u32> = try { Some(1)? };
    answer
}

fn main() {
    drop(function());
}
