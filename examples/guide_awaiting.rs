//! The guide, "Awaiting": a coroutine waits for another one and uses what it returns.

use std::collections::HashMap;
use std::time::Duration;

#[coloop::coroutine]
async fn fetch_data() -> HashMap<&'static str, u32> {
    println!("Start fetching");
    coloop::sleep(Duration::from_millis(200)).await;
    println!("Done fetching");
    HashMap::from([("data", 1)])
}

#[coloop::coroutine]
async fn fetch_and_print() {
    let data = fetch_data().await;
    println!("{{'data': {}}}", data["data"]);
}

fn main() {
    coloop::run(fetch_and_print());
}
