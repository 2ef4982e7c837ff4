//! A temporary at the end of a block that stands in an awaited operand.

struct Lock(u32);

impl Lock {
    async fn read(&self) -> u32 {
        self.0
    }
}

#[coloop::coroutine]
async fn function() -> u32 {
    { &Lock(std::process::id()) }.read().await
}

fn main() {
    drop(function());
}
