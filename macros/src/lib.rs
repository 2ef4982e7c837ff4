//! The macros of coloop. Use them through the `coloop` crate, which re-exports them.

use proc_macro::TokenStream;

/// Compiles an `async fn` into a state machine.
#[proc_macro_attribute]
pub fn coroutine(attr: TokenStream, item: TokenStream) -> TokenStream {
    coloop_compiler::coroutine(attr.into(), item.into()).into()
}

/// Lets the bare `#[coroutine]` be used inside of an inline module.
#[proc_macro_attribute]
pub fn coroutines(attr: TokenStream, item: TokenStream) -> TokenStream {
    coloop_compiler::module::coroutines(attr.into(), item.into()).into()
}

/// An asynchronous generator.
#[proc_macro]
pub fn r#gen(tokens: TokenStream) -> TokenStream {
    coloop_compiler::generator(tokens.into()).into()
}

/// An asynchronous generator, under a name that is not reserved in edition 2024.
#[proc_macro]
pub fn generator(tokens: TokenStream) -> TokenStream {
    coloop_compiler::generator(tokens.into()).into()
}

/// Makes an `async fn main` the entry point of the program.
#[proc_macro_attribute]
pub fn main(attr: TokenStream, item: TokenStream) -> TokenStream {
    coloop_compiler::entry::main(attr.into(), item.into()).into()
}

/// Makes an `async fn` a test.
#[proc_macro_attribute]
pub fn test(attr: TokenStream, item: TokenStream) -> TokenStream {
    coloop_compiler::entry::test(attr.into(), item.into()).into()
}
