//! `yield` in the operands of a macro.

fn main() {
    let _stream = coloop::generator! {
        println!("{}", {
            yield 1;
            2
        });
    };
}
