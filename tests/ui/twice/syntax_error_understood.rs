//! A body that rustc's parser understands in spite of its mistake.

#[coloop::coroutine]
async fn function(n: &u32) -> u32 {
    let _x = 5
    coloop::yield_now().await;
    *n
}

fn main() {
    coloop::run(function(&1));
}
