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

#[coloop::main]
async fn main(args: Vec<String>) {
    let _ = Struct;
    drop(args);
}
