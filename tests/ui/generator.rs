//! What `gen!` does not take.

use coloop::gen;

fn question() {
    let _items = gen! {
        let n = "1".parse::<u32>()?;
        yield n;
    };
}

fn yield_in_a_closure() {
    let _items = gen! {
        let give = |n| {
            yield n;
        };
        give(1);
        yield 2;
    };
}

fn yield_in_an_async_block() {
    let start = 1;
    let _items = gen! {
        let later = async { yield start; };
        later.await;
        yield 2;
    };
}

fn await_in_a_closure() {
    let _items = gen! {
        let add = |n: u32| n + std::future::ready(1).await;
        yield add(1);
    };
}

fn two_mistakes() {
    let _items = gen! {
        yield std::env::var("a")?;
        let give = |n| yield n;
    };
}

fn await_in_a_guard() {
    let limit = 1;
    let _items = gen! {
        match 1 {
            n if std::future::ready(n < limit).await => yield n,
            _ => {}
        }
    };
}

fn main() {}
