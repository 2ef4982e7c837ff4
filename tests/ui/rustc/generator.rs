use coloop::gen;

async fn n() -> u32 {
    1
}

fn types() {
    let _items = gen! {
        yield n().await;
        yield "a";
    };
}

fn moves(s: String) {
    let _items = gen! {
        let t = s;
        yield t.len();
        drop(s);
    };
}

fn names() {
    let _items = gen! {
        yield missing().await;
    };
}

fn main() {
    types();
    moves(String::new());
    names();
}
