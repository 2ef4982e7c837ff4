//! A body that rustc's parser does not understand, of which it says so.

#[coloop::coroutine]
async fn function(n: u32) -> u32 {
    let next = move |m: u32| m + ;
    coloop::yield_now().await;
    next(n)
}

fn main() {
    coloop::run(function(1));
}
