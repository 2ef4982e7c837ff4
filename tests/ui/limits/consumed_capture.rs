//! A closure without `move` that consumes what it captures through a method.

#[coloop::coroutine]
async fn function(text: String) -> Vec<u8> {
    let take = || text.into_bytes();
    std::future::ready(()).await;
    take()
}

fn main() {
    drop(function(String::new()));
}
