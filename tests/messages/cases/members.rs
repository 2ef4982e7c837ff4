//! Methods, fields and traits that are not there.

async fn n() -> u32 {
    1
}

struct Pair {
    a: u32,
    b: String,
}

mod inner {
    #[derive(Default)]
    pub struct Closed {
        hidden: u32,
    }

    impl Closed {
        fn private(&self) -> u32 {
            self.hidden
        }
    }
}

#[coloop::coroutine]
async fn unknown_field(pair: Pair) -> u32 {
    n().await + pair.c
}

#[coloop::coroutine]
async fn method_of_a_value() -> u32 {
    n().await.missing()
}

#[coloop::coroutine]
async fn method_of_a_future() -> u32 {
    n().count_ones()
}

#[coloop::coroutine]
async fn private_field(closed: inner::Closed) -> u32 {
    n().await + closed.hidden
}

#[coloop::coroutine]
async fn private_method(closed: inner::Closed) -> u32 {
    n().await + closed.private()
}

#[coloop::coroutine]
async fn no_clone(pair: Pair) -> Pair {
    n().await;
    pair.clone()
}

#[coloop::coroutine]
async fn bound_of_a_callee<T>(value: T) -> String {
    n().await;
    shown(value)
}

fn shown<T: std::fmt::Display>(value: T) -> String {
    value.to_string()
}

#[coloop::coroutine]
async fn awaited_number(number: u32) {
    number.await
}

#[coloop::coroutine]
async fn awaited_number_in_an_operand(number: u32) -> u32 {
    number.await + 1
}

#[coloop::coroutine]
async fn called_number(number: u32) -> u32 {
    n().await;
    number(1)
}

#[coloop::coroutine]
async fn arguments() -> u32 {
    n(1).await
}

#[coloop::coroutine]
async fn arguments_of_a_method(text: String) -> String {
    n().await;
    text.replace("a")
}

#[coloop::coroutine]
async fn associated() -> u32 {
    n().await;
    Pair::missing()
}

#[coloop::coroutine]
async fn unused_pair() -> Pair {
    Pair { a: n().await, b: String::new(), c: 1 }
}

#[coloop::coroutine]
async fn debugged(pair: Pair) {
    n().await;
    println!("{pair:?}");
}

#[coloop::coroutine]
async fn negated(text: String) -> String {
    n().await;
    -text
}

#[coloop::coroutine]
async fn dereferenced(number: u32) -> u32 {
    n().await;
    *number
}

#[coloop::coroutine]
async fn collected(list: Vec<u32>) -> u32 {
    n().await;
    let list = list.into_iter().collect();
    1
}

#[coloop::coroutine]
async fn parsed(text: String) -> String {
    n().await;
    let number = text.parse().unwrap();
    text
}

#[coloop::coroutine]
async fn default() -> u32 {
    let value = Default::default();
    n().await
}

#[coloop::coroutine]
async fn none() -> u32 {
    let value = None;
    n().await
}

fn main() {}
