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

#[coloop::main]
async fn main() {
    let data = fetch_data().await;
    println!("{{'data': {}}}", data["data"]);
}
