//! What a hidden type borrows is found through calls and patterns that may move.

use std::fmt::Display;

struct Name<'b>(&'b str, Box<u32>);

impl<'b> Name<'b> {
    fn get(&self) -> &'b str {
        self.0
    }
}

#[coloop::coroutine]
async fn by_a_call<'a, 'b>(_a: &'a str, b: Name<'b>) -> impl Display + 'a {
    std::future::ready(()).await;
    b.get()
}

#[coloop::coroutine]
async fn by_a_pattern<'a, 'b>(_a: &'a str, b: Option<Name<'b>>) -> impl Display + 'a {
    match b {
        Some(Name(text, number)) => {
            std::future::ready(number).await;
            text
        }
        None => "",
    }
}

fn main() {}
