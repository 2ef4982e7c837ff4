async fn tick() {}

#[coloop::coroutine]
async fn f(v: Vec<u8>) -> usize {
    let w = v.clone();
    tick().await;
    w.tick().await;
    v.lenn(w).await
}

fn main() {
    drop(f(vec![]));
}
