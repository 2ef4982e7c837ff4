//! A coroutine that boxes and awaits itself.

#[coloop::coroutine]
async fn function(n: u32) -> u32 {
    if n == 0 {
        return 0;
    }
    Box::pin(function(n - 1)).await + 1
}

fn main() {
    drop(function(1));
}
