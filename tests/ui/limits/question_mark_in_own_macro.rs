//! `?` in an operand of a macro that is not the standard library's.

macro_rules! same {
    ($e:expr) => {
        $e
    };
}

#[coloop::coroutine]
async fn function(n: Result<u32, String>) -> Result<u32, String> {
    std::future::ready(()).await;
    Ok(same!(n?))
}

fn main() {
    drop(function(Ok(1)));
}
