//! The guide, "Coroutines": a function that can be paused and resumed, and that returns a value.

use std::collections::HashMap;
use std::time::Duration;

#[coloop::coroutine]
async fn fetch_data() -> HashMap<&'static str, u32> {
    println!("Start fetching");
    coloop::sleep(Duration::from_millis(200)).await;
    println!("Done fetching");
    HashMap::from([("data", 1)])
}

fn main() {
    let data = coloop::run(fetch_data());
    assert_eq!(data["data"], 1);
}
