//! `gen!` with a static whose name is written like a variable's.

#![allow(non_upper_case_globals)]

static count: std::sync::Mutex<u32> = std::sync::Mutex::new(0);

fn main() {
    let counts = coloop::generator! {
        yield *count.lock().unwrap();
    };
    drop(counts);
}
