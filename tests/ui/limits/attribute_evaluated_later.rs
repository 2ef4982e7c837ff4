//! `#[cfg]` on a part of the body that is taken apart.

#[coloop::coroutine]
async fn function(n: u32) {
    #[cfg(unix)]
    std::future::ready(n).await;
    match n {
        #[cfg(unix)]
        1 => std::future::ready(()).await,
        _ => {}
    }
    let _ = [
        #[cfg(unix)]
        std::future::ready(1).await,
    ];
}

fn main() {
    drop(function(1));
}
