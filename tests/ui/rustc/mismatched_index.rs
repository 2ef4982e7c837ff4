//! An index of another type than `usize`.

#[coloop::coroutine]
async fn function(list: Vec<u32>, at: u32) -> u32 {
    std::future::ready(()).await;
    list[at]
}

fn main() {
    drop(function(Vec::new(), 1));
}
