#[coloop::coroutine]
unsafe extern "C" fn variadic(first: u32, ...) -> u32 {
    std::future::ready(first).await
}

fn main() {}
