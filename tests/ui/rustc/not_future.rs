#[coloop::coroutine]
async fn f(n: u32) -> u32 {
    let a = n.await;
    a
}

fn main() {
    drop(f(1));
}
