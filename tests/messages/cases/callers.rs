//! What rustc says where a compiled function is called.

#[coloop::coroutine]
async fn function(a: u32, text: &str) -> u32 {
    std::future::ready(a).await + text.len() as u32
}

#[coloop::coroutine]
async fn generic<T: Clone>(value: &T) -> T {
    std::future::ready(value.clone()).await
}

struct NotClone;

fn too_few() {
    drop(function(1));
}

fn another_type() {
    drop(function("a", 1));
}

fn not_awaited() -> u32 {
    function(1, "")
}

async fn output_of_another_type() -> String {
    function(1, "").await
}

fn bound() {
    drop(generic(&NotClone));
}

fn awaited_in_a_function() -> u32 {
    function(1, "").await
}

fn method_of_a_future() {
    function(1, "").count_ones();
}

fn as_a_pointer() {
    let _pointer: fn(u32) -> u32 = function;
}

fn main() {}
