//! `ref mut` in the pattern of an argument.

#[coloop::coroutine]
async fn function((ref mut a, b): (Vec<u32>, u32)) -> usize {
    a.push(std::future::ready(b).await);
    a.len()
}

fn main() {
    drop(function((Vec::new(), 1)));
}
