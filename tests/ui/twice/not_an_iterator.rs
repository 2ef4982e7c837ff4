async fn n() -> u32 {
    1
}

#[coloop::coroutine]
async fn f() {
    for i in n().await {
        n().await;
    }
}

fn main() {
    drop(f());
}
