//! Functions and methods that nobody calls.
#![deny(dead_code)]

#[coloop::coroutine]
async fn function() {
    std::future::ready(()).await;
}

#[coloop::coroutine]
async fn generic<T: Clone>(value: &T, _text: &str) -> T
where
    T: Send,
{
    std::future::ready(value.clone()).await
}

struct Holder;

impl Holder {
    #[coloop::coroutine]
    async fn method(&self) -> u32 {
        std::future::ready(1).await
    }
}

mod inner {
    #[coloop::coroutines]
    pub(super) mod all {
        async fn in_a_module() -> u32 {
            std::future::ready(1).await
        }
    }
}

fn main() {
    let _ = Holder;
}
