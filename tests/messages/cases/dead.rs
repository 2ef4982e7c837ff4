//! Functions that are not used, and fields that are only written.

struct Written {
    field: u32,
}

#[coloop::coroutine]
async fn unused() -> Written {
    std::future::ready(()).await;
    Written { field: 1 }
}

#[coloop::coroutine]
async fn only_used_by_unused() -> u32 {
    std::future::ready(()).await;
    1
}

#[coloop::coroutine]
async fn also_unused() -> u32 {
    only_used_by_unused().await
}

#[coloop::coroutine]
#[deprecated = "old"]
async fn old() {
    std::future::ready(()).await;
}

#[coloop::coroutine]
async fn uses_what_is_old() {
    old().await;
}

#[coloop::coroutine]
#[must_use]
async fn important() -> u32 {
    std::future::ready(1).await
}

struct Holder;

impl Holder {
    #[coloop::coroutine]
    async fn method(&self) {
        std::future::ready(()).await;
    }

    #[coloop::coroutine]
    async fn associated() {
        std::future::ready(()).await;
    }
}

fn main() {
    let _ = Holder;
    uses_what_is_old();
    important();
    drop(important());
}
