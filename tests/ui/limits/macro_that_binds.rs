//! A macro that is not the standard library's and takes the name of a variable that it declares.

macro_rules! declare {
    ($name:ident) => {
        let $name = 1;
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    declare!(n);
    std::future::ready(()).await;
    n
}

fn main() {
    drop(function());
}
