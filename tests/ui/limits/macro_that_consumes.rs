//! A macro that is not the standard library's and consumes a part of a variable, or a variable beside other operands.

macro_rules! consume {
    ($($value:expr),*) => {
        drop(($($value,)*))
    };
}

#[coloop::coroutine]
async fn function(text: String, pair: (String, String), n: u32) {
    std::future::ready(()).await;
    consume!(text, n);
    consume!(pair.0);
}

fn main() {
    drop(function(String::new(), (String::new(), String::new()), 1));
}
