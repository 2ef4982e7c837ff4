//! A macro that is not the standard library's, of the form `name = value`.

macro_rules! set {
    ($name:ident = $e:expr) => {
        $name = $e
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    let mut n = std::future::ready(1).await;
    std::future::ready(()).await;
    set!(n = 2);
    std::future::ready(n).await
}

fn main() {
    drop(function());
}
