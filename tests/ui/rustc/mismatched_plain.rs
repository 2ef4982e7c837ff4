async fn id(x: u32) -> u32 {
    x
}

#[coloop::coroutine]
async fn f(x: u32) -> u32 {
    let y = id("a").await;
    let z: u8 = "b";
    y + z
}

fn main() {
    drop(f(1));
}
