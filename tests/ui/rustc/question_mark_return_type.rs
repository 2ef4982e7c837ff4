async fn tick() -> Result<u32, String> {
    Ok(1)
}

#[coloop::coroutine]
async fn f(n: u32) -> u32 {
    let a = tick().await?;
    a + n
}

fn main() {
    drop(f(1));
}
