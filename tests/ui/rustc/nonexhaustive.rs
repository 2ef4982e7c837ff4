async fn tick() -> Option<u32> {
    None
}

#[coloop::coroutine]
async fn f() -> u32 {
    match tick().await {
        Some(x) => x,
    }
}

fn main() {
    drop(f());
}
