//! The guide, "Event Loop": the loop runs a coroutine, which pauses without blocking the thread.

use std::time::Duration;

#[coloop::main]
async fn main() {
    println!("Hello");
    coloop::sleep(Duration::from_millis(100)).await;
    println!("World");
}
