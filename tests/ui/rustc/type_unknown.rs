async fn tick() {}

#[coloop::coroutine]
async fn f() -> usize {
    let v = Vec::new();
    tick().await;
    v.len()
}

fn main() {
    drop(f());
}
