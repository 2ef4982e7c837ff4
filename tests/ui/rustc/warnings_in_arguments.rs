#![deny(warnings)]

async fn n() -> Result<u32, u32> {
    Ok(1)
}

#[coloop::coroutine]
async fn f(mut a: u32, mut b: Vec<u32>) -> u32 {
    n().await;
    let mut c = n().await;
    b.len();
    return 1;
    let d = 1;
    n().await.unwrap()
}

fn main() {
    drop(f(1, vec![]));
}
