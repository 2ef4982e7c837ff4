//! The functions of the differential suite with mutations, in every macro: see `coloop_tests::mutation` and
//! `coloop_tests::robust`.
//!
//! ```text
//! cargo +nightly fuzz run mutations
//! ```
//!
//! What is chosen, and so what is mutated, are the fuzzer's bytes. The same engine runs on stable, without coverage:
//! `COLOOP_ROUNDS=1000 cargo test -p coloop-tests --test expansion no_input`.
#![no_main]

use std::sync::LazyLock;

use coloop_tests::corpus::Item;
use coloop_tests::mutation::{mutate, Choices};
use coloop_tests::robust;
use libfuzzer_sys::fuzz_target;
use proc_macro2::TokenStream;

thread_local! {
    static FUNCTIONS: LazyLock<Vec<Item>> = const { LazyLock::new(coloop_tests::corpus::functions) };
}

fuzz_target!(|bytes: &[u8]| {
    FUNCTIONS.with(|functions| {
        let mut choices = Choices::from_bytes(bytes);
        let mut arguments = TokenStream::new();
        let mut tokens = functions[choices.below(functions.len())].tokens.clone();
        for _ in 0..1 + choices.below(6) {
            match choices.below(16) {
                0 => arguments = mutate(arguments, functions, &mut choices),
                _ => tokens = mutate(tokens, functions, &mut choices),
            }
        }
        if let Err(wrong) = robust::judge(&arguments, &tokens, &mut choices) {
            panic!("{wrong}\n#[…({arguments})] {tokens}");
        }
    });
});
