//! A generator as an `async` block, or a closure, whose `yield`s are calls.
//!
//! ```text
//! gen!(|first: T| -> R { let x = yield item; … })
//!     =>   generator::<_, _, R, _>(items, received, async move { let first: T = received.first();
//!                                                          let x = items.give(received, item); … })
//! ```
//!
//! What one types is no Rust either, most of the time. So the tokens are taken as they come, without a parser: rust-analyzer has
//! one that forgives. And what comes before the cursor has one length whether or not something is missing after it, without which
//! rust-analyzer proposes nothing.
//!
//! *Input*: the tokens of a generator. *Output*: an expression of its type, with the compiler's errors after it.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::quote;

use crate::generator::{Macro, parenthesized};
use crate::names::{fresh, support};

/// A generator by one of the macros.
pub fn generator(by: Macro, tokens: TokenStream) -> TokenStream {
    let errors = crate::rejections(by, tokens.clone());
    let Head {
        is_static,
        parameter,
        output,
        body,
    } = Head::of(tokens);
    let (support, items, received) = (support(), fresh("items"), fresh("received"));
    let first = parameter.map(|parameter| quote!(let #parameter = #received.first();));
    let body = given(parenthesized(body));
    let body = match by.is_synchronous() {
        true => quote!(move || { #first #body }),
        false => quote!(async move { #first #body }),
    };
    let of = match (by, is_static) {
        (Macro::Gen, _) => quote!(generator),
        (Macro::TryGen, _) => quote!(try_gen),
        (Macro::Iter { .. }, true) => quote!(iter_static),
        (Macro::Iter { .. }, false) => quote!(iter),
    };
    let output = output.unwrap_or_else(|| quote!(_));
    let received_is = match first {
        Some(_) => quote!(_),
        None => quote!(()),
    };
    quote! {{
        let #items = &#support::plain::Items::new();
        let #received = &#support::plain::Received::<#received_is>::new();
        #support::plain::#of::<_, _, #output, _>(#items, #received, #body)
        #errors
    }}
}

/// The tokens of a generator, in parts.
#[derive(Default)]
struct Head {
    is_static: bool,
    parameter: Option<TokenStream>,
    output: Option<TokenStream>,
    body: TokenStream,
}

impl Head {
    fn of(tokens: TokenStream) -> Self {
        let mut rest = tokens.into_iter().peekable();
        let mut head = Head::default();
        if rest.next_if(|tree| is_word(tree, "static")).is_some() {
            head.is_static = true;
        }
        if rest.next_if(|tree| is_mark(tree, '|')).is_some() {
            head.parameter = Some(until(&mut rest, |tree| is_mark(tree, '|')));
            rest.next();
            head.parameter = head.parameter.filter(|parameter| !parameter.is_empty());
        }
        if rest.next_if(is_arrow).is_some() {
            rest.next();
            head.output = Some(until(&mut rest, is_braces));
        }
        head.body = rest.collect();
        head
    }
}

type Trees = std::iter::Peekable<proc_macro2::token_stream::IntoIter>;

fn until(rest: &mut Trees, ends: impl Fn(&TokenTree) -> bool) -> TokenStream {
    let mut taken = TokenStream::new();
    while let Some(tree) = rest.next_if(|tree| !ends(tree)) {
        taken.extend([tree]);
    }
    taken
}

fn is_word(tree: &TokenTree, word: &str) -> bool {
    matches!(tree, TokenTree::Ident(ident) if ident == word)
}

fn is_mark(tree: &TokenTree, mark: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// The `-` of `->`.
fn is_arrow(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == '-' && punct.spacing() == Spacing::Joint)
}

fn is_braces(tree: &TokenTree) -> bool {
    matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn is_end_of_operand(tree: &TokenTree) -> bool {
    is_mark(tree, ';') || is_mark(tree, ',')
}

/// The tokens with calls for `yield` and `yield_all!`, and a `for` over items for one over a stream.
fn given(tokens: TokenStream) -> TokenStream {
    let mut rest = tokens.into_iter().peekable();
    let mut done = TokenStream::new();
    while let Some(tree) = rest.next() {
        match tree {
            TokenTree::Ident(word) if word == "yield" => {
                let operand = given(until(&mut rest, is_end_of_operand));
                done.extend(call("give", operand));
            }
            TokenTree::Ident(word) if rest.next_if(|next| is_mark(next, '!')).is_some() => {
                done.extend(of_macro(word, rest.next()));
            }
            tree if is_mark(&tree, '#') && rest.next_if(is_for_await).is_some() => {
                done.extend(over_stream(&mut rest));
            }
            TokenTree::Group(group) => done.extend([within(group)]),
            tree => done.extend([tree]),
        }
    }
    done
}

/// `items.method(received, (operand))`.
fn call(method: &str, operand: TokenStream) -> TokenStream {
    let (items, received) = (fresh("items"), fresh("received"));
    let method = Ident::new(method, proc_macro2::Span::call_site());
    quote!(#items.#method(#received, (#operand)))
}

fn of_macro(name: Ident, operands: Option<TokenTree>) -> TokenStream {
    const GENERATORS: [&str; 4] = ["gen", "generator", "try_gen", "iter"];
    match operands {
        Some(TokenTree::Group(group)) if name == "yield_all" => {
            call("give_all", given(group.stream()))
        }
        // Its `yield`s are its own.
        operands if GENERATORS.iter().any(|generator| name == generator) => quote!(#name!#operands),
        Some(TokenTree::Group(group)) => {
            let operands = within(group);
            quote!(#name!#operands)
        }
        operands => quote!(#name!#operands),
    }
}

fn within(group: Group) -> TokenTree {
    let mut inner = Group::new(group.delimiter(), given(group.stream()));
    inner.set_span(group.span());
    inner.into()
}

/// `[for_await]`.
fn is_for_await(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
            group.stream().to_string() == "for_await"
        }
        _ => false,
    }
}

/// The head of a `for` over a stream, up to its body.
fn over_stream(rest: &mut Trees) -> TokenStream {
    let support = support();
    let pattern = until(rest, |tree| is_word(tree, "in") || is_braces(tree));
    let word = rest.next_if(|tree| is_word(tree, "in"));
    let stream = given(until(rest, is_braces));
    quote!(#pattern #word #support::items_of(#stream).await)
}
