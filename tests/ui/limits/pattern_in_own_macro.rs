//! A pattern in the operands of a macro that is not the standard library's, with the name of a variable outside.

macro_rules! same {
    ($e:expr) => {
        $e
    };
}

#[coloop::coroutine]
async fn function(n: Option<u32>) -> u32 {
    let m = std::future::ready(2).await;
    std::future::ready(same!(match n {
        Some(m) => m,
        None => 0,
    }))
    .await
        + m
}

fn main() {
    drop(function(None));
}
