//! What rustc finds to be unused.
#![warn(unused)]

async fn n() -> u32 {
    1
}

#[must_use]
async fn important() -> u32 {
    1
}

#[coloop::coroutine]
pub async fn variables(argument: u32, (left, right): (u32, u32)) -> u32 {
    let local = 1;
    let later = n().await;
    for number in 0..n().await {
        n().await;
    }
    if let Some(some) = Some(n().await) {
        n().await;
    }
    match n().await {
        matched => n().await,
    };
    let closure = |parameter: u32| 1;
    1
}

#[coloop::coroutine]
pub async fn mutables(mut argument: u32) -> u32 {
    let mut local = n().await;
    let mut list = Vec::<u32>::new();
    n().await;
    local + list.len() as u32 + argument
}

#[coloop::coroutine]
pub async fn assignments() -> u32 {
    let mut local = n().await;
    local = 2;
    let mut other = 1;
    n().await;
    other = 2;
    local
}

#[coloop::coroutine]
pub async fn results() {
    important().await;
    n();
    Ok::<u32, u32>(n().await);
    "a".len();
    1 + 1;
    vec![1].iter().map(|a| a + 1);
}

#[coloop::coroutine]
pub async fn unreachable() -> u32 {
    n().await;
    return 1;
    n().await
}

#[coloop::coroutine]
pub async fn unreachable_arm() -> u32 {
    match n().await {
        _ => 1,
        2 => n().await,
    }
}

#[coloop::coroutine]
pub async fn parentheses() -> u32 {
    if (n().await == 1) {
        return (2);
    }
    let a = (n().await);
    while (a == n().await) {}
    a
}

#[coloop::coroutine]
pub async fn labels() {
    'unused: loop {
        n().await;
        break;
    }
}

#[coloop::coroutine]
pub async fn unsafe_block() {
    unsafe {
        n().await;
    }
}

#[coloop::coroutine]
pub async fn imports() {
    use std::collections::HashMap;
    n().await;
}

#[coloop::coroutine]
pub async fn items() {
    fn never_called() {}
    const NEVER_READ: u32 = 1;
    struct NeverMade;
    n().await;
}

#[coloop::coroutine]
pub async fn attributes() {
    #[inline]
    let a = n().await;
    let _ = a;
}

#[coloop::coroutine]
pub async fn semicolons() {
    n().await;;
}

fn main() {}
