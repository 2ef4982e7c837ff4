async fn tick() {}

#[coloop::coroutine]
async fn f(v: Vec<u8>) -> usize {
    tick().await;
    v.lenn()
}

fn main() {
    drop(f(vec![]));
}
