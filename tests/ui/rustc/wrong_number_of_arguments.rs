async fn n() {}

struct S;

impl S {
    fn method(&self) {}
}

#[coloop::coroutine]
async fn f(s: S) {
    n().await;
    s.method(2);
}

fn main() {
    drop(f(S));
}
