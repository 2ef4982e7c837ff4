async fn tick() {}

#[coloop::coroutine]
async fn f() -> usize {
    let a;
    {
        let x = vec![1];
        a = &x;
    }
    tick().await;
    a.len()
}

fn main() {
    drop(f());
}
