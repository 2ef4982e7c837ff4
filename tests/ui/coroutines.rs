//! `#[coloop::coroutines]` sees inline modules only.

#[coloop::coroutines]
struct Struct;

#[coloop::coroutines]
async fn function() {}

fn main() {
    let _ = Struct;
    drop(function());
}
