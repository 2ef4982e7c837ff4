//! `ensure!` without a message, as anyhow has it, tells its condition as text.

macro_rules! ensure {
    ($condition:expr) => {
        if !$condition {
            return Err(stringify!($condition).to_owned());
        }
    };
}

#[coloop::coroutine]
async fn function(n: u32) -> Result<u32, String> {
    let m = std::future::ready(n).await;
    ensure!(m != 3);
    Ok(std::future::ready(m).await)
}

fn main() {
    drop(function(1));
}
