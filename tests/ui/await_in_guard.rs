async fn allowed(n: u32) -> bool {
    n > 1
}

#[coloop::coroutine]
async fn function(n: u32) -> u32 {
    match n {
        1 => 1,
        n if allowed(n).await => 2,
        _ => 3,
    }
}

fn main() {
    drop(function(1));
}
