async fn n() -> u32 {
    1
}

#[coloop::coroutine]
async fn f(mut s: String) -> String {
    s = n().await;
    s
}

fn main() {
    drop(f(String::new()));
}
