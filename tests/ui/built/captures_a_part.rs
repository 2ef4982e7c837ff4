//! A `move` closure that captures one field of a variable whose rest is not used again, but has to be dropped.

struct Pair {
    a: String,
    _b: String,
}

#[coloop::coroutine]
async fn function(pair: Pair) -> usize {
    let len = move || pair.a.len();
    std::future::ready(()).await;
    len()
}

fn main() {
    let (a, _b) = (String::new(), String::new());
    coloop::run(function(Pair { a, _b }));
}
