//! A method that consumes a field of a type that has a `Deref`: which of both the field is of is not known.

use std::ops::Deref;

struct Guard {
    text: String,
    bytes: Vec<u8>,
}

impl Deref for Guard {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.bytes
    }
}

#[coloop::coroutine]
async fn function(guard: Guard) -> usize {
    std::future::ready(()).await;
    let bytes = guard.text.into_bytes();
    std::future::ready(()).await;
    bytes.len()
}

fn main() {
    let (text, bytes) = (String::new(), Vec::new());
    coloop::run(function(Guard { text, bytes }));
}
