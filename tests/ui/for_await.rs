//! `#[for_await]`: on `for` loops of the function itself, without arguments.

use futures_core::Stream;

#[coloop::coroutine]
async fn argument(stream: impl Stream<Item = u32> + Unpin) {
    #[for_await(parallel)]
    for item in stream {
        drop(item);
    }
}

#[coloop::coroutine]
async fn in_a_closure(stream: impl Stream<Item = u32> + Unpin) {
    let all = || {
        #[for_await]
        for item in stream {
            drop(item);
        }
    };
    all();
}

#[coloop::coroutine]
async fn on_a_while() {
    let mut more = true;
    #[for_await]
    while more {
        more = std::future::ready(false).await;
    }
}

fn main() {}
