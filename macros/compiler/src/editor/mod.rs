//! What rust-analyzer gets instead of an expansion: the function as it is written, without the attribute.
//!
//! For each token of the user's, rust-analyzer looks at all tokens of the expansion that come from it. In a state machine
//! these are several, and of several types: hovering shows the first that it finds, a definition has many places, and
//! nothing is proposed where the machine has no such expression. The plain function has the types that the user sees,
//! and nothing is ever run of it: rust-analyzer builds with rustc, which gets the machine.
//!
//! A generator is no Rust without its macro. Its plain form is in `generator`.
//!
//! *Input*: an item. *Output*: the item with the errors of the compiler, which the editor shows while one types.

mod generator;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::entry::{self, Entry};
use crate::parse::Function;
use crate::{Rejected, emit};

pub use generator::generator;

/// `#[coroutine]`.
pub fn coroutine(attr: TokenStream, item: TokenStream) -> TokenStream {
    crate::function(attr, item, plain)
}

/// `#[coloop::main]`.
pub fn main(attr: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(Entry::Main, attr, item, plain)
}

/// `#[coloop::test]`.
pub fn test(attr: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(Entry::Test, attr, item, plain)
}

fn plain(function: &Function, diagnostics: Diagnostics) -> Result<TokenStream, Rejected> {
    crate::compile(function, diagnostics).map(|_| emit::plain(function))
}
