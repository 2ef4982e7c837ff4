//! A macro that is not the standard library's and moves a variable into an async block of its own.

macro_rules! len_of {
    ($text:expr) => {
        async move { $text.len() }
    };
}

#[coloop::coroutine]
async fn function(text: String) -> usize {
    std::future::ready(()).await;
    let len = len_of!(text);
    len.await
}

fn main() {
    drop(function(String::new()));
}
