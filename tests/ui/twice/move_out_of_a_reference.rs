async fn n() {}

struct S {
    text: String,
}

#[coloop::coroutine]
async fn f(s: &S) -> String {
    n().await;
    s.text
}

fn main() {
    drop(f(&S { text: String::new() }));
}
