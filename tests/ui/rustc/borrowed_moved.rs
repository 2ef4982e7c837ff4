async fn tick() {}

#[coloop::coroutine]
async fn f() -> usize {
    let x = vec![1];
    let a = &x;
    drop(x);
    tick().await;
    a.len()
}

fn main() {
    drop(f());
}
