async fn tick() {}

#[coloop::coroutine]
async fn f() -> usize {
    tick().await;
    let n = nam;
    tick().await;
    n.len() + helper(n).await
}

fn main() {
    drop(f());
}
