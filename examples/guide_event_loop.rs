//! The guide, "Event Loop": the loop runs a coroutine, which pauses without blocking the thread.

use std::time::Duration;

#[coloop::coroutine]
async fn hello() {
    println!("Hello");
    coloop::sleep(Duration::from_millis(100)).await;
    println!("World");
}

fn main() {
    coloop::run(hello());
}
