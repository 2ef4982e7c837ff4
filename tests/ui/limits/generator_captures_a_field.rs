//! `gen!` with one field of a variable, while another field is used later: variables move in as a whole.

struct Pair {
    a: String,
    b: String,
}

fn main() {
    let pair = Pair {
        a: String::new(),
        b: String::new(),
    };
    let lengths = coloop::generator! {
        yield pair.a.len();
    };
    drop(lengths);
    drop(pair.b);
}
