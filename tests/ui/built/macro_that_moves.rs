//! A macro that is not the standard library's and moves a variable into an async block of its own, beside another operand.

macro_rules! len_of {
    ($text:expr, $more:expr) => {
        async move { $text.len() + $more }
    };
}

#[coloop::coroutine]
async fn function(text: String) -> usize {
    std::future::ready(()).await;
    let len = len_of!(text, 1 + 1);
    len.await
}

fn main() {
    coloop::run(function(String::new()));
}
