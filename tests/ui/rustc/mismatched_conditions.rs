async fn n() -> u32 {
    1
}

#[coloop::coroutine]
async fn f() -> u32 {
    if n().await {
        return 1;
    }
    while n().await {}
    let x = n().await && true;
    match n().await {
        "a" => 1,
        _ => u32::from(x),
    }
}

fn main() {
    drop(f());
}
