async fn tick() {}

#[coloop::coroutine]
async fn f(v: Vec<u8>) -> usize {
    let x = 1;
    tick().await;
    v.push(1);
    x += 1;
    tick().await;
    x + v.len()
}

fn main() {
    drop(f(vec![]));
}
