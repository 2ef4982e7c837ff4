//! `#[coloop::main]` and `#[coloop::test]`: a function that runs a coroutine to its end.
//!
//! ```text
//! #[coloop::main]                    fn main() -> T {
//! async fn main() -> T { body }  =>      #[coroutine] async fn main() -> T { body }
//!                                        main(Runner::new(), main())
//!                                    }
//! ```
//!
//! Every attribute of the function (`#[should_panic]`, `#[ignore]`, `#[cfg]`, lints) stays on the outer one.

mod options;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{AttrStyle, Visibility};

use crate::diagnostics::Diagnostics;
use crate::parse::{self, Function};
use crate::{Compile, compile};

/// Which of the two attributes it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Entry {
    Main,
    Test,
}

impl Entry {
    fn attribute(self) -> &'static str {
        match self {
            Entry::Main => "coloop::main",
            Entry::Test => "coloop::test",
        }
    }

    fn function(self) -> &'static str {
        match self {
            Entry::Main => "`main`",
            Entry::Test => "a test",
        }
    }
}

/// `#[coloop::main]`.
pub fn main(attr: TokenStream, item: TokenStream) -> TokenStream {
    expand(Entry::Main, attr, item, compile)
}

/// `#[coloop::test]`.
pub fn test(attr: TokenStream, item: TokenStream) -> TokenStream {
    expand(Entry::Test, attr, item, compile)
}

pub(crate) fn expand(
    entry: Entry,
    attr: TokenStream,
    item: TokenStream,
    compile: Compile,
) -> TokenStream {
    let diagnostics = Diagnostics::new();
    let runner = options::runner(entry, attr, &diagnostics);
    let nothing = TokenStream::new();
    let function = parse::function(entry.attribute(), nothing, item.clone(), &diagnostics);
    let Some(mut function) = function else {
        return diagnostics.finish_with(item);
    };
    let outer = outer(entry, &mut function);
    check(entry, &function, &diagnostics);
    if !diagnostics.is_empty() {
        return diagnostics.finish_with(quote!(#outer { ::core::unreachable!() }));
    }
    let ident = &function.item.sig.ident;
    let run = match entry {
        Entry::Main => quote!(::coloop::__private::main(#runner, #ident())),
        Entry::Test => quote!(#runner.run(#ident())),
    };
    match compile(&function, diagnostics) {
        Ok(coroutine) => quote!(#outer { #coroutine #run }),
        Err(rejected) => {
            let (errors, stub) = (&rejected.errors, rejected.stub(&function));
            quote!(#errors #outer { #stub #run })
        }
    }
}

/// Takes the head of the function around the coroutine off the function.
fn outer(entry: Entry, function: &mut Function) -> TokenStream {
    let item = &mut function.item;
    let (outer, inner): (Vec<_>, Vec<_>) = item
        .attrs
        .drain(..)
        .partition(|attr| attr.style == AttrStyle::Outer);
    item.attrs = inner;
    let vis = std::mem::replace(&mut item.vis, Visibility::Inherited);
    let (ident, output) = (&item.sig.ident, &item.sig.output);
    let test = (entry == Entry::Test).then(|| quote!(#[::core::prelude::v1::test]));
    quote!(#test #(#outer)* #vis fn #ident() #output)
}

/// What an entry point must not be.
fn check(entry: Entry, function: &Function, diagnostics: &Diagnostics) {
    let (sig, what) = (&function.item.sig, entry.function());
    if sig.asyncness.is_none() {
        diagnostics.error(
            sig.fn_token,
            format!(
                "`#[{}]` goes on an `async fn`; write `async fn`",
                entry.attribute()
            ),
        );
    }
    if let Some(unsafety) = &sig.unsafety {
        diagnostics.error(
            unsafety,
            format!("{what} cannot be `unsafe`; remove `unsafe`"),
        );
    }
    if let Some(abi) = &sig.abi {
        diagnostics.error(abi, format!("{what} cannot be `extern`; remove it"));
    }
    if !sig.generics.params.is_empty() {
        let params = &sig.generics.params;
        diagnostics.error(params, format!("{what} cannot be generic, because nothing says for which types; remove the parameters"));
    }
    if !sig.inputs.is_empty() {
        diagnostics.error(
            &sig.inputs,
            format!("{what} takes no arguments, because nothing passes any; remove them"),
        );
    }
}
