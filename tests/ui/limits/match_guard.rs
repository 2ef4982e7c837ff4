//! `.await` in a match guard.

async fn allowed(n: u32) -> bool {
    n > 1
}

#[coloop::coroutine]
async fn function(n: u32) -> u32 {
    match n {
        n if allowed(n).await => n,
        _ => 0,
    }
}

fn main() {
    drop(function(1));
}
