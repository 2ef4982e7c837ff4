//! `.await` and the like in an `iter!`.

use std::future::ready;

fn awaits() {
    let _items = coloop::iter! { yield ready(1).await; };
}

fn loops_over_a_stream(items: impl futures::Stream<Item = u32>) {
    let _items = coloop::iter! {
        #[for_await]
        for n in items {
            yield n;
        }
    };
}

fn question() {
    let _items = coloop::iter! { yield "1".parse::<u32>()?; };
}

fn value() {
    let _items = coloop::iter! { let n = yield 1; yield n; };
}

fn not_an_iterator() {
    let _items = coloop::iter! { yield 1; yield_all!(1); };
}

fn two_operands() {
    let _items = coloop::iter! { yield 1; yield_all!(vec![1], 2); };
}

fn in_a_closure() {
    let _items = coloop::iter! { let c = || { yield 1; }; yield 2; };
}

fn main() {}
