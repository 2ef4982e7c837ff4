//! Leaves bodies of the differential suite out that this edition does not accept.

const REJECTED: [&str; 1] = ["of_the_end_of_a_block_in_an_awaited_operand"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for body in REJECTED {
        println!("cargo::rustc-cfg={body}");
    }
}
