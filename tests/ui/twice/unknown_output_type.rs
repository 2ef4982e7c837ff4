async fn n() {}

#[coloop::coroutine]
async fn f() -> Missing {
    n().await;
    1
}

fn main() {
    drop(f());
}
