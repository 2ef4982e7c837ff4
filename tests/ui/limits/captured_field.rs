//! A `move` closure that captures one field, while another is used later.

struct Pair {
    a: String,
    b: String,
}

#[coloop::coroutine]
async fn function(pair: Pair) -> usize {
    let len = move || pair.a.len();
    std::future::ready(()).await;
    len() + pair.b.len()
}

#[coloop::coroutine]
async fn looks(pair: (String, Option<u32>)) -> usize {
    let is_some = move || matches!(pair, (_, Some(_)));
    std::future::ready(()).await;
    pair.0.len() + usize::from(is_some())
}

#[coloop::coroutine]
async fn moves_on(pair: (String, Option<u32>)) -> usize {
    let len = async { async move { pair.0.len() } }.await;
    std::future::ready(()).await;
    len.await + pair.1.iter().len()
}

fn main() {
    drop(moves_on((String::new(), None)));
    drop(looks((String::new(), None)));
    drop(function(Pair {
        a: String::new(),
        b: String::new(),
    }));
}
