//! The guide, "Condition": a producer tells a consumer that the queue has changed.
//!
//! The producer starts first and keeps the lock while it sleeps, as the guide's does. So the consumer gets the lock
//! when everything has been produced, finds an item, and never waits for a notification.

use std::collections::VecDeque;
use std::time::Duration;

use coloop::{gather, sleep, Condition};

#[coloop::coroutine]
async fn consumer(condition: &Condition<VecDeque<u32>>) {
    let mut queue = condition.lock().await;
    while queue.is_empty() {
        println!("Consumer waiting");
        queue = queue.wait().await;
    }
    if let Some(item) = queue.pop_front() {
        println!("Consumer got item: {item}");
    }
}

#[coloop::coroutine]
async fn producer(condition: &Condition<VecDeque<u32>>) {
    let mut queue = condition.lock().await;
    for i in 0..5 {
        queue.push_back(i);
        queue.notify(1);
        sleep(Duration::from_millis(100)).await;
    }
}

#[coloop::main]
async fn main() {
    let condition = Condition::new(VecDeque::new());
    gather!(producer(&condition), consumer(&condition)).await;
}
