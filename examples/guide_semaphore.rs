//! The guide, "Semaphore": ten coroutines, of which no more than three use the resource at the same time.

use std::time::Duration;

use coloop::{gather, sleep, Semaphore};

#[coloop::coroutine]
async fn access_resource(sem: &Semaphore, num: u32) {
    {
        let _permit = sem.acquire().await;
        println!("Resource being accessed by coroutine {num}");
        sleep(Duration::from_millis(200)).await;
    }
    println!("Coroutine {num} released the resource");
}

#[coloop::main]
async fn main() {
    let sem = Semaphore::new(3);
    let coroutines = (0..10).map(|i| access_resource(&sem, i));
    gather(coroutines).await;
}
