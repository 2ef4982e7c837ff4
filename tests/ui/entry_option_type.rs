//! An option of the loop whose value has another type.

#[coloop::test(seed = "one")]
async fn text() {}

#[coloop::main(virtual_time = 1)]
async fn main() {}
