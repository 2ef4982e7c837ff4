//! A macro that may return, and moves a variable of the user only if it does.

macro_rules! ensure {
    ($condition:expr, $error:expr) => {
        if !$condition {
            return Err($error);
        }
    };
}

#[coloop::coroutine]
async fn function(n: u32) -> Result<u32, String> {
    let m = std::future::ready(n).await;
    if m > 1 {
        let error = format!("{m}");
        ensure!(m > 3, error);
    }
    Ok(std::future::ready(m).await)
}

fn main() {
    let _ = coloop::run(function(1));
}
