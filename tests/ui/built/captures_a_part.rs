//! A `move` closure that captures a part of a variable whose rest is not used again, but has to be dropped.

struct Pair {
    a: String,
    _b: String,
}

#[coloop::coroutine]
async fn function(pair: Pair) -> usize {
    let len = move || pair.a.len();
    std::future::ready(()).await;
    len()
}

#[coloop::coroutine]
async fn takes_apart(pair: (String, String)) -> usize {
    let len = move || {
        let (a, _) = pair;
        a.len()
    };
    std::future::ready(()).await;
    len()
}

#[coloop::coroutine]
async fn looks(pair: (String, Option<String>)) -> bool {
    let is_some = move || match pair {
        (_, Some(_)) => true,
        _ => false,
    };
    std::future::ready(()).await;
    is_some()
}

#[coloop::coroutine]
async fn moves_on(pair: (String, String)) -> usize {
    let len = || async move { pair.0.len() };
    std::future::ready(()).await;
    len().await
}

struct Guard {
    n: u64,
}

impl Drop for Guard {
    fn drop(&mut self) {}
}

#[coloop::coroutine]
async fn copies(guard: Guard) -> u64 {
    let n = move || guard.n;
    std::future::ready(()).await;
    n()
}

struct Sign;

impl Drop for Sign {
    fn drop(&mut self) {}
}

#[coloop::coroutine]
async fn leaves_what_has_no_size(pair: (String, Sign)) -> usize {
    let len = move || pair.0.len();
    std::future::ready(()).await;
    len()
}

fn main() {
    let (a, _b) = (String::new(), String::new());
    coloop::run(function(Pair { a, _b }));
    coloop::run(takes_apart((String::new(), String::new())));
    coloop::run(copies(Guard { n: 1 }));
    coloop::run(leaves_what_has_no_size((String::new(), Sign)));
    coloop::run(looks((String::new(), None)));
    coloop::run(moves_on((String::new(), String::new())));
}
