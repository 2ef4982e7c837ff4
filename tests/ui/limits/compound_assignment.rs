//! A compound assignment whose place has effects of its own, beside an `.await`.

#[coloop::coroutine]
async fn function(counts: &mut Vec<u32>) {
    *counts.last_mut().unwrap() += std::future::ready(1).await;
}

fn main() {
    drop(function(&mut vec![1]));
}
