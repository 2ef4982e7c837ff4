//! A macro that is not the standard library's, and moves a variable on one of its ways only.

macro_rules! drop_if {
    ($condition:literal, $text:expr) => {
        if $condition {
            drop($text)
        }
    };
}

#[coloop::coroutine]
async fn function(text: String) {
    std::future::ready(()).await;
    drop_if!(true, text);
    std::future::ready(()).await;
}

fn main() {
    coloop::run(function(String::new()));
}
