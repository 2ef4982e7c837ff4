//! The proof copy: the user's body, exactly as written, in code that never runs. rustc's type and borrow checker judge
//! the user's own tokens here; nothing is ever built of it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{parse_quote, Block, Expr, Stmt};

use crate::names::{fresh, support};
use crate::parse::{Argument, Function, Input};

/// The proof of a function.
pub(super) fn function(function: &Function, output: &TokenStream) -> TokenStream {
    let support = support();
    let arguments = function.input.arguments.iter().filter_map(argument);
    let stmts = body(&function.input.body).stmts;
    quote! {
        if false {
            #support::proof::<#output, _>(async move { #(#arguments)* #(#stmts)* })
        }
    }
}

/// Arguments move into the body one after the other, as they do in an `async fn`.
fn argument(argument: &Argument) -> Option<TokenStream> {
    let ident = &argument.ident;
    match &argument.pattern {
        Some(pattern) => Some(quote!(let #pattern = #ident;)),
        None if ident == "self" => None,
        None => {
            let mutable = argument.mutable.then(|| quote!(mut));
            Some(quote!(let #mutable #ident = #ident;))
        }
    }
}

/// The proof of a generator.
pub(super) fn generator(input: &Input) -> TokenStream {
    let (support, items) = (support(), fresh("items"));
    let stmts = body(&input.body).stmts;
    quote! {
        if false {
            let #items = #support::Items::new();
            #support::proof::<(), _>(async move { #(#stmts)* })
        }
    }
}

/// The body without its items, which stand before both copies, and with what rustc does not know spelled out.
fn body(block: &Block) -> Block {
    let mut block = block.clone();
    block.stmts.retain(|stmt| match stmt {
        Stmt::Item(_) => false,
        Stmt::Macro(m) => !m.mac.path.is_ident("thread_local"),
        _ => true,
    });
    Known.visit_block_mut(&mut block);
    block
}

struct Known;

impl VisitMut for Known {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        visit_mut::visit_expr_mut(self, e);
        match e {
            Expr::Yield(y) => {
                let (items, span) = (fresh("items"), y.yield_token.span());
                let value: Expr = y.expr.as_deref().cloned().unwrap_or_else(|| parse_quote!(()));
                *e = Expr::Verbatim(quote_spanned!(span=> #items.give(#value).await));
            }
            Expr::ForLoop(f) if f.attrs.iter().any(|attr| attr.path().is_ident("for_await")) => {
                let (support, stream) = (support(), &f.expr);
                let stream: Expr = Expr::Verbatim(quote_spanned!(stream.span()=> #support::items_of(#stream).await));
                f.attrs.retain(|attr| !attr.path().is_ident("for_await"));
                *f.expr = stream;
            }
            _ => {}
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}
