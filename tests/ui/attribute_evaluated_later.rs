//! An attribute that rustc evaluates after the coroutine has been compiled, on a part that is taken apart.

async fn tick(_: u32) {}

#[coloop::coroutine]
async fn function(n: u32) {
    #[cfg(unix)]
    tick(n).await;
    match n {
        #[cfg(unix)]
        1 => tick(1).await,
        _ => tick(2).await,
    }
}

fn main() {
    drop(function(1));
}
