#![deny(warnings)]
async fn tick() {}
#[must_use]
fn important() -> u32 {
    1
}

#[coloop::coroutine]
async fn f(unused: u32) -> u32 {
    let mut x = 1;
    let y = 2;
    tick().await;
    important();
    Ok::<u32, ()>(1);
    let z = 3;
    x
}

fn main() {
    drop(f(1));
}
