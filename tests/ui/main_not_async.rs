#[coloop::main]
fn main() {
    let _ = 1;
}
