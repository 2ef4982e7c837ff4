//! Any text that lexes, in every macro: see `coloop_tests::robust`.
//!
//! ```text
//! cargo +nightly fuzz run text -- -dict=rust.dict -only_ascii=1
//! ```
#![no_main]

use coloop_tests::mutation::Choices;
use coloop_tests::robust;
use libfuzzer_sys::{fuzz_target, Corpus};
use proc_macro2::TokenStream;

fuzz_target!(|text: &str| -> Corpus {
    let Ok(tokens) = text.parse::<TokenStream>() else {
        return Corpus::Reject;
    };
    let mut choices = Choices::from_bytes(text.as_bytes());
    if let Err(wrong) = robust::judge(&TokenStream::new(), &tokens, &mut choices) {
        panic!("{wrong}\n{tokens}");
    }
    Corpus::Keep
});
