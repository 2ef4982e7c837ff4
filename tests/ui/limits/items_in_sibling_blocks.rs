//! Items of one name in blocks that suspend.

#[coloop::coroutine]
async fn function() -> u32 {
    let one = {
        const N: u32 = 1;
        std::future::ready(N).await
    };
    let two = {
        const N: u32 = 2;
        std::future::ready(N).await
    };
    one + two
}

fn main() {
    drop(function());
}
