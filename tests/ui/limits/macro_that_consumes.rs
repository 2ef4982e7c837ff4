//! A macro that is not the standard library's and consumes a variable, or a part of one.

macro_rules! consume {
    ($value:expr) => {
        drop($value)
    };
}

#[coloop::coroutine]
async fn function(text: String, pair: (String, String)) {
    std::future::ready(()).await;
    consume!(text);
    consume!(pair.0);
}

fn main() {
    drop(function(String::new(), (String::new(), String::new())));
}
