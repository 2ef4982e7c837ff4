//! A closure is a function of its own: what it awaits does not suspend the function around it.

async fn tick() -> u32 {
    1
}

#[coloop::coroutine]
async fn function() -> u32 {
    let add = |n: u32| n + tick().await;
    add(tick().await)
}

fn main() {
    drop(function());
}
