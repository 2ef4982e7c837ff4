//! A generator holds what it has captured, also if nothing of it is in its slots any more.

fn main() {
    let text = String::from("a");
    let borrowed = &text;
    let items = coloop::gen! {
        let len = borrowed.len();
        yield len;
        yield len;
    };
    drop(text);
    drop(items);
}
