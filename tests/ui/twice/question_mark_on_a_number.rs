async fn n() -> u32 {
    1
}

#[coloop::coroutine]
async fn f() -> Option<u32> {
    Some(n().await?)
}

fn main() {
    drop(f());
}
