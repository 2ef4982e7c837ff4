//! The guide, "Lock": one coroutine at a time, in the order in which they asked. The lock holds what it protects.

use std::time::Duration;

use coloop::{gather, sleep, Lock};

#[coloop::coroutine]
async fn update_shared_resource(lock: &Lock<u32>, num: u32) {
    let mut resource = lock.lock().await;
    println!("Resource accessed by coroutine {num}");
    *resource += 1;
    sleep(Duration::from_millis(100)).await;
}

#[coloop::main]
async fn main() {
    let lock = Lock::new(0);
    let coroutines = (0..5).map(|i| update_shared_resource(&lock, i));
    gather(coroutines).await;
    assert_eq!(lock.into_inner(), 5);
}
