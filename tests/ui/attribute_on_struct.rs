//! The attribute goes on functions; the struct itself stays.

#[coloop::coroutine]
struct Fetch {
    url: String,
}

fn main() {
    let fetch = Fetch { url: String::new() };
    drop(fetch.url);
}
