use coloop::gen;

fn main() {
    let _items = gen! {
        yield 1,
    };
}
