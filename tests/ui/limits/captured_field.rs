//! A `move` closure that captures one field, while another field is used later.

struct Pair {
    a: String,
    b: String,
}

#[coloop::coroutine]
async fn function(pair: Pair) -> usize {
    let len = move || pair.a.len();
    std::future::ready(()).await;
    len() + pair.b.len()
}

fn main() {
    drop(function(Pair {
        a: String::new(),
        b: String::new(),
    }));
}
