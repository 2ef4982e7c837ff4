async fn id(x: u32) -> u32 {
    x
}

#[coloop::coroutine]
async fn f(x: u32) -> u32 {
    let y: String = id(x).await;
    y.len() as u32
}

fn main() {
    drop(f(1));
}
