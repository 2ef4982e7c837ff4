//! What an entry point cannot be.

#[coloop::test]
fn not_async() {}

#[coloop::test]
async fn argument(n: u32) {
    drop(n);
}

#[coloop::test]
async fn generic<T>() {}

#[coloop::test]
async unsafe fn not_safe() {}

#[coloop::test]
async extern "C" fn foreign() {}

#[coloop::test]
struct Struct;

#[coloop::test]
async fn body() {
    let later = || std::future::ready(()).await;
    later();
}

#[coloop::test(fast)]
async fn unknown() {}

#[coloop::test(debug, seed, debug)]
async fn twice() {}

#[coloop::test(seed = "one", virtual_time)]
async fn wrong_type() {}

#[coloop::test(virtual_time: true)]
async fn no_argument() {}

#[coloop::main]
async fn main(args: Vec<String>) {
    let _ = Struct;
    drop(args);
}
