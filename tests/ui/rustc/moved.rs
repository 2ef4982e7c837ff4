async fn id<T>(x: T) -> T {
    x
}

#[coloop::coroutine]
async fn f(x: String) -> usize {
    let y = id(x).await;
    y.len() + x.len()
}

fn main() {
    drop(f(String::new()));
}
