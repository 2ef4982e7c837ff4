async fn tick() {}

#[coloop::coroutine]
async fn f(x: String) -> &'static str {
    tick().await;
    &x
}

fn main() {
    drop(f(String::new()));
}
