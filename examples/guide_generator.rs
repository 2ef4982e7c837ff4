//! The guide, "Asynchronous Iterators and Generators": a block that waits and yields, and a loop over its items.

use std::time::Duration;

use coloop::{gen, sleep};
use futures_util::Stream;

fn async_generator() -> impl Stream<Item = u32> {
    gen!({
        for i in 0..3 {
            sleep(Duration::from_millis(100)).await;
            yield i;
        }
    })
}

#[coloop::main]
async fn main() {
    #[for_await]
    for item in async_generator() {
        println!("{item}");
    }
}
