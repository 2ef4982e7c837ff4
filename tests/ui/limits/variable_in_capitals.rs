//! A variable whose name begins with a capital reads as a constant.

async fn next() -> u32 {
    1
}

#[coloop::coroutine]
#[allow(non_snake_case)]
async fn function() -> u32 {
    let Count = next().await;
    Count + 1
}

fn main() {
    drop(function());
}
