//! `..base` of a variable, with fields that are not `Copy`.

struct Pair {
    a: String,
    b: String,
}

#[coloop::coroutine]
async fn function(base: Pair) -> (Pair, String) {
    let pair = Pair {
        a: std::future::ready(String::new()).await,
        ..base
    };
    (pair, base.a)
}

fn main() {
    drop(function(Pair {
        a: String::new(),
        b: String::new(),
    }));
}
