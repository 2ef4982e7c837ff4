//! The guide, "Tasks": a coroutine that the loop runs beside the one that started it.

use std::collections::HashMap;
use std::time::Duration;

use coloop::JoinError;

#[coloop::coroutine]
async fn fetch_data() -> HashMap<&'static str, u32> {
    println!("Start fetching");
    coloop::sleep(Duration::from_millis(200)).await;
    println!("Done fetching");
    HashMap::from([("data", 1)])
}

#[coloop::main]
async fn main() -> Result<(), JoinError> {
    let task = coloop::spawn(fetch_data());
    task.await?;
    Ok(())
}
