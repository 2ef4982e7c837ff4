//! A macro that is not the standard library's and takes the name of a variable as an identifier.

macro_rules! plus_one {
    ($name:ident) => {
        $name + 1
    };
}

#[coloop::coroutine]
async fn function() -> u32 {
    let n = std::future::ready(1).await;
    std::future::ready(plus_one!(n)).await + n
}

fn main() {
    drop(function());
}
