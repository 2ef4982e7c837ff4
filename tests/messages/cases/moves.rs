//! Values that have moved.

async fn n() -> u32 {
    1
}

async fn take(text: String) -> usize {
    text.len()
}

struct Pair {
    a: String,
    b: String,
}

#[coloop::coroutine]
async fn moved_into_a_call(text: String) -> usize {
    take(text).await + take(text).await
}

#[coloop::coroutine]
async fn moved_in_a_loop(text: String) -> usize {
    let mut sum = 0;
    for _ in 0..2 {
        sum += take(text).await;
    }
    sum
}

#[coloop::coroutine]
async fn moved_in_a_branch(text: String, early: bool) -> usize {
    if early {
        take(text).await;
    }
    text.len()
}

#[coloop::coroutine]
async fn moved_by_a_method(text: String) -> usize {
    let bytes = text.into_bytes();
    n().await;
    bytes.len() + text.len()
}

#[coloop::coroutine]
async fn moved_by_a_pattern(value: Option<String>) -> usize {
    match value {
        Some(text) => take(text).await,
        None => 0,
    };
    value.map_or(0, |text| text.len())
}

#[coloop::coroutine]
async fn moved_by_a_closure(text: String) -> usize {
    let length = move || text.len();
    n().await;
    length() + text.len()
}

#[coloop::coroutine]
async fn partly_moved(pair: Pair) -> usize {
    take(pair.a).await;
    whole(&pair) + pair.b.len()
}

fn whole(pair: &Pair) -> usize {
    pair.a.len()
}

#[coloop::coroutine]
async fn out_of_a_reference(pair: &Pair) -> usize {
    take(pair.a).await
}

#[coloop::coroutine]
async fn out_of_a_list(list: Vec<String>) -> usize {
    take(list[0]).await
}

#[coloop::coroutine]
async fn iterated(list: Vec<String>) -> usize {
    for text in list {
        take(text).await;
    }
    list.len()
}

#[coloop::coroutine]
async fn moved_local() {
    let text = String::new();
    take(text).await;
    drop(text);
}

#[coloop::coroutine]
async fn moved_while_borrowed(text: String) -> usize {
    let first = &text;
    take(text).await;
    first.len()
}

struct Method(String);

impl Method {
    #[coloop::coroutine]
    async fn out_of_self(&self) -> usize {
        take(self.0).await
    }

    #[coloop::coroutine]
    async fn self_twice(self) -> usize {
        take(self.0).await;
        take(self.0).await
    }
}

fn main() {}
