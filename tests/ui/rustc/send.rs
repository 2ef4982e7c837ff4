use std::rc::Rc;
async fn tick() {}

#[coloop::coroutine]
async fn f() -> usize {
    let r = Rc::new(1);
    tick().await;
    *r
}
fn needs_send<T: Send>(_: T) {}

fn main() {
    needs_send(f());
}
