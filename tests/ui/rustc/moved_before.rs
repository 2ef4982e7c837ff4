async fn tick() {}

#[coloop::coroutine]
async fn f(x: String) -> usize {
    drop(x);
    tick().await;
    drop(x);
    1
}

fn main() {
    drop(f(String::new()));
}
