async fn id(x: u32) -> u32 {
    x
}

#[coloop::coroutine]
async fn f(x: u32) -> String {
    id(x).await
}

fn main() {
    drop(f(1));
}
