//! Values of another type than what their places take.

use std::collections::HashMap;

async fn n() -> u32 {
    1
}

struct Pair {
    a: u32,
    b: String,
}

#[coloop::coroutine]
async fn argument() -> usize {
    take("a".to_owned(), n().await)
}

fn take(a: u32, b: u32) -> usize {
    (a + b) as usize
}

#[coloop::coroutine]
async fn field() -> Pair {
    let a = n().await;
    Pair { a, b: a }
}

#[coloop::coroutine]
async fn missing_field() -> Pair {
    Pair { a: n().await }
}

#[coloop::coroutine]
async fn operator(text: String) -> u32 {
    let a = n().await;
    a + text
}

#[coloop::coroutine]
async fn comparison(text: String) -> bool {
    n().await == text
}

#[coloop::coroutine]
async fn pattern(pair: Pair) -> u32 {
    let (a, b) = pair;
    n().await + a + b
}

#[coloop::coroutine]
async fn unit_of_an_if(early: bool) -> u32 {
    if early {
        n().await
    }
    1
}

#[coloop::coroutine]
async fn no_else(early: bool) -> u32 {
    if early {
        n().await
    }
}

#[coloop::coroutine]
async fn arms(which: u32) -> u32 {
    match which {
        0 => n().await,
        1 => "one",
        _ => 2,
    }
}

#[coloop::coroutine]
async fn missing_await() -> u32 {
    let a = n();
    n().await + a
}

#[coloop::coroutine]
async fn forgotten_await() -> u32 {
    n()
}

#[coloop::coroutine]
async fn question_mark(map: HashMap<u32, String>) -> Option<u32> {
    let length = map.get(&n().await)?.len();
    Some(length)
}

#[coloop::coroutine]
async fn returned_early(early: bool) -> Result<u32, String> {
    if early {
        return Err(1);
    }
    Ok(n().await)
}

#[coloop::coroutine]
async fn wrapped() -> Result<u32, String> {
    n().await
}

#[coloop::coroutine]
async fn broken() -> u32 {
    let value: u32 = loop {
        if n().await == 1 {
            break "text";
        }
    };
    value
}

#[coloop::coroutine]
async fn cast(text: String) -> u32 {
    n().await;
    text as u32
}

#[coloop::coroutine]
async fn index(list: Vec<u32>) -> u32 {
    list[n().await]
}

#[coloop::coroutine]
async fn iterated() -> u32 {
    let mut sum = 0;
    for a in 5u32 {
        sum += a;
    }
    sum + n().await
}

#[coloop::coroutine]
async fn closure() -> u32 {
    let double = |a: u32| a * 2;
    double("a") + n().await
}

#[coloop::coroutine]
async fn element() -> Vec<u32> {
    let mut list = vec![n().await];
    list.push("a");
    list
}

#[coloop::coroutine]
async fn reference(text: String) -> usize {
    n().await;
    length(text)
}

fn length(text: &str) -> usize {
    text.len()
}

#[coloop::coroutine]
async fn formatted(pair: Pair) -> String {
    n().await;
    format!("{}", pair)
}

#[coloop::coroutine]
async fn unsized_local(text: &str) {
    let copy = *text;
    n().await;
}

fn main() {}
