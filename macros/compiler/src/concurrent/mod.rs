//! `join!`, `try_join!` and `select!` of coloop, tokio and futures, as the code that they stand for.
//!
//! *Input*: a macro call. *Output*: an expression with one `.await`, over the support of `runtime/src/concurrent`. Operands,
//! conditions and arms stand in it where each macro's own definition has them, so that what they do, and what is dropped
//! when, follows from the expression. *Invariant*: the macro is known: by its path, or rustc is asked (`origin`).
//!
//! ```text
//! tokio::join!(a, b)   =>   {
//!                               let mut members = list(member(a), list(member(b), End));
//!                               flat(join(pin_mut(&mut members), Rotating(0)).await, |(a, (b, ()))| (a, b))
//!                           }
//! ```

mod join;
mod origin;
mod select;

use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, Macro};

use crate::names::{located, support};
use origin::{Origin, origin};

/// Which of the macros it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Which {
    Join,
    TryJoin,
    Select,
    SelectBiased,
}

/// What the macro has been read as.
enum Read {
    Join(join::Join),
    Select(Box<select::Select>),
}

fn which(mac: &Macro) -> Option<Which> {
    let name = mac.path.segments.last()?.ident.to_string();
    match name.as_str() {
        "join" => Some(Which::Join),
        "try_join" => Some(Which::TryJoin),
        "select" => Some(Which::Select),
        "select_biased" => Some(Which::SelectBiased),
        _ => None,
    }
}

fn read(which: Which, mac: &Macro) -> Option<(Origin, Read)> {
    let tokens = mac.tokens.clone();
    let read = match which {
        Which::Join | Which::TryJoin => Read::Join(syn::parse2(tokens).ok()?),
        Which::Select | Which::SelectBiased => Read::Select(Box::new(syn::parse2(tokens).ok()?)),
    };
    Some((origin(which, &mac.path, &read)?, read))
}

/// Whether this is one of the macros.
pub(crate) fn is_one(mac: &Macro) -> bool {
    which(mac).is_some_and(|which| read(which, mac).is_some())
}

/// What the macro stands for; nothing if it is none of these.
pub(crate) fn expanded(mac: &Macro) -> Option<Expr> {
    let which = which(mac)?;
    let (origin, read) = read(which, mac)?;
    let asked = origin::asked(which, &mac.path, origin);
    let expanded = match read {
        Read::Join(join) => join.expanded(which, origin),
        Read::Select(select) => select.expanded(which, origin, &mac.path),
    };
    syn::parse2(located(quote!({ #asked #expanded }), mac.path.span())).ok()
}

/// coloop's own macro outside of what this compiler compiles.
pub fn own(name: &str, tokens: TokenStream) -> TokenStream {
    let expanded = match name {
        "select" => syn::parse2::<select::Select>(tokens).and_then(|select| select.own()),
        _ => syn::parse2::<join::Join>(tokens).map(|join| {
            let which = match name {
                "try_join" => Which::TryJoin,
                _ => Which::Join,
            };
            let (marked, expanded) = (origin::marked(), join.expanded(which, Origin::Coloop));
            quote!({ #marked #expanded })
        }),
    };
    expanded.unwrap_or_else(|error| error.into_compile_error())
}

/// Puts expressions into a list.
fn list(elements: impl DoubleEndedIterator<Item = TokenStream>) -> TokenStream {
    let support = support();
    elements.rev().fold(
        quote!(#support::End),
        |rest, element| quote!(#support::list(#element, #rest)),
    )
}
