//! Futures that are not `Send`, or not `Unpin`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

async fn n() -> u32 {
    1
}

fn needs_send<T: Send>(_: T) {}
fn needs_unpin<T: Unpin>(_: T) {}

#[coloop::coroutine]
async fn argument(text: Rc<str>) -> usize {
    n().await;
    text.len()
}

#[coloop::coroutine]
async fn guard(text: Arc<Mutex<String>>) -> usize {
    let guard = text.lock().unwrap();
    n().await;
    guard.len()
}

#[coloop::coroutine]
async fn reference(cell: &Cell<u32>) -> u32 {
    n().await + cell.get()
}

#[coloop::coroutine]
async fn temporary(cell: Arc<RefCell<u32>>) -> u32 {
    *cell.borrow() + n().await
}

#[coloop::coroutine]
async fn through_another() -> usize {
    argument("".into()).await
}

fn main() {
    needs_send(argument("".into()));
    needs_send(guard(Arc::default()));
    needs_send(reference(&Cell::new(1)));
    needs_send(temporary(Arc::default()));
    needs_send(through_another());
    needs_unpin(n());
    needs_unpin(through_another());
}
