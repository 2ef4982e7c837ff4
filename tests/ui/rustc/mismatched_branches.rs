async fn n() -> u32 {
    1
}

#[coloop::coroutine]
async fn f(early: bool) -> u32 {
    if early {
        return "x";
    }
    n().await
}

#[coloop::coroutine]
async fn g(first: bool) -> u32 {
    if first {
        n().await
    } else {
        "y"
    }
}

#[coloop::coroutine]
async fn no_value() -> u32 {
    n().await;
}

#[coloop::coroutine]
async fn unexpected_value() {
    n().await
}

fn main() {
    drop((f(true), g(true), no_value(), unexpected_value()));
}
