//! Every identifier that an expansion invents. All of them share one prefix and are hygienic (`mixed_site`), so user
//! code can neither see nor capture them.

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

/// The prefix of holes in the tokens of the intermediate representation.
const HOLE: &str = "__coloop_hole_";

/// An invented name.
pub fn fresh(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}

/// An invented label.
pub fn label(name: &str) -> syn::Lifetime {
    syn::Lifetime::new(&format!("'__{name}"), Span::mixed_site())
}

/// An invented name with a number.
pub fn numbered(name: &str, number: usize) -> Ident {
    format_ident!("__{name}{number}", span = Span::mixed_site())
}

/// What a captured variable is called around its capture.
pub fn name_of_captured(ident: &Ident) -> Ident {
    if ident == "self" {
        fresh("self")
    } else {
        ident.clone()
    }
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

/// Lets the invented tokens say where in the user's text they come from, so that what rustc reports about them is found
/// there, and is the same, and so reported once, as what it reports about the proof copy.
pub fn located(tokens: TokenStream, span: Span) -> TokenStream {
    let invented = Span::call_site().start();
    let locate = |mut tree: TokenTree| {
        if let TokenTree::Group(group) = &tree {
            let mut inner = Group::new(group.delimiter(), located(group.stream(), span));
            inner.set_span(group.span());
            tree = TokenTree::Group(inner);
        }
        if tree.span().start() == invented {
            tree.set_span(tree.span().located_at(span));
        }
        tree
    };
    tokens.into_iter().map(locate).collect()
}

/// Tokens that rustc takes for the user's own at a token.
pub fn respanned(tokens: TokenStream, span: Span) -> TokenStream {
    let respan = |mut tree: TokenTree| {
        tree.set_span(span);
        tree
    };
    tokens.into_iter().map(respan).collect()
}

/// An operand that stands for the user's expression at a token.
pub fn standing_for(tokens: TokenStream, span: Span) -> TokenStream {
    let mut group = Group::new(Delimiter::Parenthesis, located(tokens, span));
    group.set_span(span);
    TokenTree::Group(group).into()
}

/// What a pointer points to, in the place of the user's variable at a token.
pub fn pointee(pointer: TokenStream, span: Span) -> TokenStream {
    let place = quote::quote_spanned!(span=> *#pointer);
    let mut group = Group::new(Delimiter::Parenthesis, place);
    group.set_span(span);
    TokenTree::Group(group).into()
}

/// An operand that stands for the user's expression between two tokens: to rustc it begins and ends with them.
pub fn spanning(tokens: TokenStream, first: Span, last: Span) -> TokenStream {
    let tokens = located(tokens, last);
    let tuple = standing_for(quote!(#tokens,), first);
    let mut zero = Literal::usize_unsuffixed(0);
    zero.set_span(last);
    quote::quote_spanned!(last=> #tuple.#zero)
}
