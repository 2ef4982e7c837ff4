//! A macro that is not the standard library's and binds the name of a variable again.

macro_rules! set {
    ($name:ident = $value:expr) => {
        let $name = $value;
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    let x = std::future::ready(1).await;
    set!(x = 7);
    std::future::ready(()).await;
    x
}

fn main() {
    drop(function());
}
