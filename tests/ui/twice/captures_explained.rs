//! What a coroutine borrows does not live long enough: rustc blames the edition, and would have `use<>` written.

#[coloop::coroutine]
async fn len(text: &str) -> usize {
    std::future::ready(text).await.len()
}

fn main() {
    let text = String::from("");
    coloop::spawn(len(&text));
}
