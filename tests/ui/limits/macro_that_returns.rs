//! A macro that is not the standard library's, returns from the function, and is not called `bail!` or `ensure!`.

macro_rules! reject {
    ($e:expr) => {
        return Err($e.to_string())
    };
}

#[coloop::coroutine]
async fn function(n: u32) -> Result<u32, String> {
    let m = std::future::ready(n).await;
    if m > 3 {
        reject!("too many");
    }
    Ok(m)
}

fn main() {
    drop(function(1));
}
