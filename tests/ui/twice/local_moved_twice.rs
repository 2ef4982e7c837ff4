async fn n() {}

#[coloop::coroutine]
async fn f() {
    let s = String::new();
    drop(s);
    drop(s);
    n().await;
}

fn main() {
    drop(f());
}
