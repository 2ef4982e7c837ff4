//! What is said of a generator's parameter, and of `yield_all!`.

use coloop::{AsyncGenerator, gen, yield_all};

fn two_parameters() {
    let _items = gen! { |a, b| yield a; yield b; };
}

fn no_end() {
    let _items = gen! { |a yield a; };
}

fn value_of_a_yield() {
    let _items = gen! { let n: u32 = yield 1; yield n; };
}

fn sent_of_another_type() {
    coloop::run(async {
        let mut items = std::pin::pin!(gen! { |n: u32| yield n; });
        items.asend("a").await;
    });
}

fn outside() {
    yield_all!([1, 2]);
}

fn of_a_vector() {
    let _items = gen! { yield 1; yield_all!(vec![1, 2]); };
}

fn without_the_first_value() {
    let _items = gen! { |a: u32|
        yield_all!(gen! { |b: u32| yield b; });
        yield a;
    };
}

fn with_a_first_value() {
    let _items = gen! { yield 1; yield_all!(gen! { yield 2; }, 1); };
}

fn main() {}
