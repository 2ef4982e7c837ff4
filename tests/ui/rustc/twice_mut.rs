async fn tick() {}

#[coloop::coroutine]
async fn f() -> usize {
    let mut x = vec![1];
    let a = &mut x;
    let b = &mut x;
    tick().await;
    a.push(1);
    b.push(2);
    x.len()
}

fn main() {
    drop(f());
}
