async fn tick() {}

#[coloop::coroutine]
async fn f<T>(t: T) -> T {
    tick().await;
    t.clone()
}

fn main() {
    drop(f(1));
}
