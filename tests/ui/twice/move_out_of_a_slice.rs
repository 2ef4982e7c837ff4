//! An element that is moved out of a slice.

#[coloop::coroutine]
async fn function(list: &[String]) -> String {
    std::future::ready(()).await;
    list[0]
}

fn main() {
    drop(function(&[]));
}
