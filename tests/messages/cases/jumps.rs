//! `break` and `continue` where there is no loop.

async fn n() -> u32 {
    1
}

#[coloop::coroutine]
async fn outside() {
    n().await;
    break;
}

#[coloop::coroutine]
async fn out_of_a_closure() {
    loop {
        n().await;
        let stop = || break;
        stop();
    }
}

#[coloop::coroutine]
async fn with_a_value() {
    while n().await == 1 {
        break 1;
    }
}

#[coloop::coroutine]
async fn out_of_an_async_block() {
    loop {
        async { break }.await;
    }
}

#[coloop::coroutine]
async fn continued_block() {
    'a: {
        n().await;
        continue 'a;
    }
}

fn main() {}
