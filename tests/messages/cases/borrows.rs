//! Borrows that the borrow checker refuses.

use std::cell::RefCell;

async fn n() -> u32 {
    1
}

async fn read(text: &str) -> usize {
    text.len()
}

async fn change(text: &mut String) {
    text.push('a');
}

#[coloop::coroutine]
async fn shared_and_exclusive(mut text: String) -> usize {
    let first = &text;
    change(&mut text).await;
    first.len()
}

#[coloop::coroutine]
async fn assigned_while_borrowed() -> usize {
    let mut text = String::new();
    let first = &text;
    text = String::from("a");
    n().await;
    first.len()
}

#[coloop::coroutine]
async fn not_mut(text: String) {
    change(&mut text).await;
}

#[coloop::coroutine]
async fn not_mut_local() {
    let text = String::new();
    change(&mut text).await;
}

#[coloop::coroutine]
async fn behind_a_reference(text: &String) {
    change(text).await;
}

#[coloop::coroutine]
async fn temporary_dropped() -> usize {
    let text = String::new().as_str();
    n().await;
    text.len()
}

#[coloop::coroutine]
async fn local_does_not_live_long_enough() -> usize {
    let longest;
    {
        let inner = String::new();
        longest = inner.as_str();
        n().await;
    }
    read(longest).await
}

#[coloop::coroutine]
async fn returns_a_local() -> &'static str {
    let text = String::new();
    n().await;
    text.as_str()
}

#[coloop::coroutine]
async fn two_closures() -> usize {
    let mut text = String::new();
    let mut first = || text.push('a');
    let mut second = || text.push('b');
    n().await;
    first();
    second();
    text.len()
}

#[coloop::coroutine]
async fn a_closure_that_borrows_what_ends(list: Vec<String>) -> Box<dyn Fn() -> usize> {
    n().await;
    Box::new(|| list.len())
}

#[coloop::coroutine]
async fn loop_borrows(list: &mut Vec<String>) {
    for text in list.iter() {
        n().await;
        list.push(text.clone());
    }
}

#[coloop::coroutine]
async fn kept_in_a_list() {
    let mut list = Vec::new();
    for at in 0..n().await {
        let text = at.to_string();
        list.push(text.as_str());
        n().await;
    }
    drop(list);
}

#[coloop::coroutine]
async fn guard(cell: RefCell<String>) -> usize {
    let text = cell.borrow().as_str();
    n().await;
    text.len()
}

#[coloop::coroutine]
async fn captured_by_a_task(text: String) {
    let task = async { read(&text).await };
    drop(text);
    task.await;
}

#[coloop::coroutine]
async fn uninitialized(early: bool) -> u32 {
    let value;
    if early {
        value = n().await;
    }
    value
}

#[coloop::coroutine]
async fn assigned_twice() -> u32 {
    let value = n().await;
    value = n().await;
    value
}

fn main() {}
