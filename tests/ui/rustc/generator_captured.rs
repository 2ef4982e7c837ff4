use coloop::gen;

fn types(s: String) {
    let _items = gen! {
        yield 1;
        yield s;
    };
}

fn main() {
    types(String::new());
}
