//! `yield` in the operands of a macro of somebody else.

macro_rules! twice {
    ($e:expr) => {
        $e + $e
    };
}

fn main() {
    let _stream = coloop::generator! {
        println!("{:?}", { yield 1; 2 });
        twice!({
            yield 1;
            2
        });
    };
}
