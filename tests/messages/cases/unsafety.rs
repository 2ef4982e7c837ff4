//! Unsafe operations that are not marked.

async fn n() -> u32 {
    1
}

unsafe fn danger() -> u32 {
    1
}

unsafe async fn dangerous_future() -> u32 {
    1
}

static mut COUNTER: u32 = 0;

union Bits {
    a: u32,
    b: f32,
}

#[coloop::coroutine]
async fn call() -> u32 {
    n().await + danger()
}

#[coloop::coroutine]
async fn awaited() -> u32 {
    dangerous_future().await
}

#[coloop::coroutine]
async fn pointer(at: *const u32) -> u32 {
    let value = n().await;
    value + *at
}

#[coloop::coroutine]
async fn a_static() -> u32 {
    COUNTER += n().await;
    COUNTER
}

#[coloop::coroutine]
async fn field(bits: Bits) -> f32 {
    n().await;
    bits.b
}

#[coloop::coroutine]
async unsafe fn in_an_unsafe_function(at: *const u32) -> u32 {
    n().await;
    *at
}

fn main() {}
