//! A method that consumes a part of a variable.

struct Pair {
    a: Option<String>,
    b: String,
}

#[coloop::coroutine]
async fn function(pair: Pair) -> String {
    std::future::ready(()).await;
    let a = pair.a.unwrap_or_default();
    std::future::ready(()).await;
    a + &pair.b
}

fn main() {
    drop(function(Pair {
        a: None,
        b: String::new(),
    }));
}
