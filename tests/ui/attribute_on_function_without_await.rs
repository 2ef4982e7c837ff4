//! A function that cannot suspend is no coroutine. Its callers are not told anything.

async fn tick() {}

#[coloop::coroutine]
fn answer() -> u32 {
    42
}

#[coloop::coroutine]
fn awaits_in_a_closure() -> u32 {
    let later = async { tick().await };
    drop(later);
    42
}

async fn caller() -> u32 {
    answer().await + awaits_in_a_closure().await
}

fn main() {
    drop(caller());
}
