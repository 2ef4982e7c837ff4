//! An item of a block that suspends, with a name that means something else outside of it.

const N: u32 = 1;

#[coloop::coroutine]
async fn function() -> u32 {
    let a = {
        const N: u32 = 2;
        std::future::ready(N).await
    };
    a + N
}

fn main() {
    drop(function());
}
