//! Names that are not there.

async fn n() -> u32 {
    1
}

#[coloop::coroutine]
async fn variable() -> u32 {
    let length = n().await;
    lenght
}

#[coloop::coroutine]
async fn function() -> u32 {
    m().await
}

#[coloop::coroutine]
async fn type_of_a_variable() -> u32 {
    let a: Strin = n().await;
    a
}

#[coloop::coroutine]
async fn variant(a: Option<u32>) -> u32 {
    match a {
        Option::Nothing => n().await,
        Som(b) => b,
    }
}

#[coloop::coroutine]
async fn label() {
    loop {
        n().await;
        break 'outer;
    }
}

#[coloop::coroutine]
async fn used_after_its_block() -> u32 {
    {
        let inner = n().await;
    }
    inner
}

#[coloop::coroutine]
async fn method_without_self() -> u32 {
    n().await;
    self.a
}

#[coloop::coroutine]
async fn in_a_format() {
    n().await;
    println!("{missing}");
}

#[coloop::coroutine]
async fn lifetime(a: &'a str) -> u32 {
    n().await
}

#[coloop::coroutine]
async fn imported() -> u32 {
    use std::missing::Thing;
    n().await
}

fn main() {}
