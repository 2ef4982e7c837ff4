async fn tick() {}

#[coloop::coroutine]
async fn f<T: Clone>(t: T) -> T {
    tick().await;
    t.clone()
}
fn needs_send<T: Send>(_: T) {}
fn g<T: Clone>(t: T) {
    needs_send(f(t));
}

fn main() {
    g(1);
}
