//! Every identifier that an expansion invents. All of them share one prefix and are hygienic (`mixed_site`), so user
//! code can neither see nor capture them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// The prefix of holes in the tokens of the intermediate representation.
const HOLE: &str = "__coloop_hole_";

/// An invented name.
pub fn fresh(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

/// An invented name with a number.
pub fn numbered(name: &str, number: usize) -> Ident {
    format_ident!("__{name}{number}", span = Span::mixed_site())
}

/// The identifier that stands for hole `number` in the tokens of the intermediate representation.
pub fn hole(number: usize, span: Span) -> Ident {
    format_ident!("{HOLE}{number}", span = span)
}

/// The number of the hole that an identifier stands for.
pub fn hole_number(ident: &Ident) -> Option<usize> {
    ident.to_string().strip_prefix(HOLE)?.parse().ok()
}

/// The path of the runtime support, as the user's crate sees it.
pub fn support() -> TokenStream {
    quote!(::coloop::__private)
}
