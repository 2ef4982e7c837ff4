async fn n() {}

fn keep(_: &'static str) {}

#[coloop::coroutine]
async fn f(argument: String) {
    let before = String::new();
    keep(&before);
    n().await;
    keep(&argument);
    let across = String::new();
    n().await;
    keep(&across);
}

fn main() {
    drop(f(String::new()));
}
