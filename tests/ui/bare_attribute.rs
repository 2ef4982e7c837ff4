//! The bare name is ambiguous with a built-in attribute of rustc, whose message this is. What works instead is the
//! path, another name, or a module under `#[coloop::coroutines]`.

use coloop::coroutine;

#[coroutine]
async fn function() {}

fn main() {
    drop(function());
}
