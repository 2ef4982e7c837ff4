//! Workers that take jobs from a queue, as in the documentation of `asyncio.Queue`.

use std::rc::Rc;
use std::time::Duration;

use coloop::{sleep, spawn, Queue};

#[coloop::coroutine]
async fn worker(name: u32, queue: Rc<Queue<u64>>) -> u64 {
    let mut slept = 0;
    while let Ok(millis) = queue.get().await {
        sleep(Duration::from_millis(millis)).await;
        slept += millis;
        queue.task_done();
        println!("worker {name} has slept for {millis} ms");
    }
    slept
}

#[coloop::main]
async fn main() {
    let queue = Rc::new(Queue::new(0));
    for millis in [30, 10, 20, 25] {
        queue.put(millis).await.expect("the queue is open");
    }
    let workers = [1, 2].map(|name| spawn(worker(name, Rc::clone(&queue))));

    queue.join().await;
    queue.shutdown(false);
    let mut total = 0;
    for worker in workers {
        total += worker.await.expect("a worker does not panic");
    }
    println!("total: {total} ms");
}
