//! A macro that is not the standard library's and returns from the function, as `bail!` does.

macro_rules! bail {
    ($e:expr) => {
        return Err($e.to_string())
    };
}

#[coloop::coroutine]
async fn function(n: u32) -> Result<u32, String> {
    let m = std::future::ready(n).await;
    if m > 3 {
        bail!("too many");
    }
    Ok(m)
}

fn main() {
    drop(function(1));
}
