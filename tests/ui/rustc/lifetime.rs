async fn tick() {}

#[coloop::coroutine]
async fn f<'a>(x: &'a str, y: &str) -> &'a str {
    tick().await;
    y
}

fn main() {
    drop(f("", ""));
}
