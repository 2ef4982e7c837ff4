//! The guide, "Event": one coroutine waits until another one says that it can continue.

use std::time::Duration;

use coloop::{gather, sleep, Event};

#[coloop::coroutine]
async fn waiter(event: &Event) {
    println!("Waiting for the event");
    event.wait().await;
    println!("Continuing after the event is set");
}

#[coloop::coroutine]
async fn setter(event: &Event) {
    sleep(Duration::from_millis(200)).await;
    println!("Setting the event");
    event.set();
}

#[coloop::main]
async fn main() {
    let event = Event::new();
    gather!(waiter(&event), setter(&event)).await;
}
