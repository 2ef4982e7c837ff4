//! Lifetimes that are too short or not given.

async fn n() -> u32 {
    1
}

struct Holder<'a> {
    text: &'a str,
}

impl<'a> Holder<'a> {
    #[coloop::coroutine]
    async fn shorter(&self, text: &str) -> &'a str {
        n().await;
        text
    }

    #[coloop::coroutine]
    async fn kept(&mut self, text: &str) {
        n().await;
        self.text = text;
    }
}

#[coloop::coroutine]
async fn longer<'a, 'b>(a: &'a str, b: &'b str) -> &'a str {
    n().await;
    if a.is_empty() {
        return b;
    }
    a
}

#[coloop::coroutine]
async fn pushed<'a>(list: &mut Vec<&'a str>, text: &str) {
    n().await;
    list.push(text);
}

#[coloop::coroutine]
async fn boxed(text: &str) -> Box<dyn std::fmt::Display> {
    n().await;
    Box::new(text)
}

#[coloop::coroutine]
async fn generic<T: std::fmt::Display>(value: T) -> Box<dyn std::fmt::Display> {
    n().await;
    Box::new(value)
}

#[coloop::coroutine]
async fn thread(text: &str) {
    n().await;
    drop(std::thread::spawn(move || text.len()));
}

fn borrowed_too_long() -> usize {
    let future;
    {
        let text = String::new();
        future = shown(&text);
    }
    drop(future);
    1
}

#[coloop::coroutine]
async fn shown(text: &str) -> usize {
    n().await;
    text.len()
}

fn moved_while_borrowed(text: String) {
    let future = shown(&text);
    drop(text);
    drop(future);
}

fn main() {}
