macro_rules! twice {
    ($e:expr) => {
        $e + $e
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    let n = std::future::ready(1).await;
    twice!(std::future::ready(n).await)
}

fn main() {
    drop(function());
}
