async fn next() -> usize {
    1
}

#[coloop::coroutine]
async fn function(counts: &mut Vec<usize>) {
    counts[next().await] += 1;
    *counts.last_mut().unwrap() += next().await;
}

fn main() {
    drop(function(&mut vec![1, 2]));
}
