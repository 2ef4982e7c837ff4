async fn tick() {}
unsafe fn danger() -> u32 {
    1
}

#[coloop::coroutine]
async fn f(p: *const u32) -> u32 {
    let a = danger();
    tick().await;
    *p + a
}

fn main() {
    drop(f(&1));
}
