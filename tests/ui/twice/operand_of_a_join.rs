//! rustc does not know the two copies of an operand for one: each is asked of by a function of its own.

#[coloop::coroutine]
async fn function() -> (u32, u32) {
    tokio::join!(1, async { 2 })
}

fn main() {}
