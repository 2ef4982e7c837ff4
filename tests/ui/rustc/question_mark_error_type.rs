async fn tick() -> Result<u32, String> {
    Ok(1)
}

#[coloop::coroutine]
async fn f(n: u32) -> Result<u32, std::io::Error> {
    let a = tick().await?;
    Ok(a + n)
}

fn main() {
    drop(f(1));
}
