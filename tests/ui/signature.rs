//! What the signature of a coroutine cannot say.

async fn tick() {}

#[coloop::coroutine]
const fn constant() -> u32 {
    tick().await;
    1
}

fn main() {
    drop(constant());
}
