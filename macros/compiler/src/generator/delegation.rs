//! `yield_all!(inner)`: a loop that yields what a generator or a stream gives, and evaluates to what it returns.
//!
//! ```text
//! yield_all!(inner, first)   =>   {
//!     let operand = inner;
//!     let mut sent = first;                                      // only if something is received
//!     let mut delegate = pin!(delegated(operand).via());
//!     loop {
//!         match resumed_with(&mut delegate, sent).await {
//!             Yielded(item) => sent = yield item,
//!             Returned(value) => break value,
//!             Ended => panic,
//!         }
//!     }
//! }
//! ```
//!
//! In `iter!` nothing is awaited, and nothing pinned. In `try_gen!` the items are results, whose errors end the generator: `yield item?`.

use proc_macro2::Span;
use quote::quote;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Stmt, Token};

use super::Macro;
use crate::diagnostics::Diagnostics;
use crate::names::{fresh, located, support};

/// Writes the loops.
pub(super) fn expand(body: &mut Block, by: Macro, receives: bool, diagnostics: &Diagnostics) {
    let mut loops = Loops {
        by,
        receives,
        diagnostics,
    };
    loops.visit_block_mut(body);
}

struct Loops<'a> {
    by: Macro,
    receives: bool,
    diagnostics: &'a Diagnostics,
}

impl Loops<'_> {
    /// The loop, if the macro is `yield_all!`.
    fn of(&mut self, mac: &syn::Macro) -> Option<Expr> {
        let name = &mac.path.segments.last()?.ident;
        if name != "yield_all" {
            return None;
        }
        let operands = Punctuated::<Expr, Token![,]>::parse_terminated;
        let operands = match operands.parse2(mac.tokens.clone()) {
            Ok(operands) => operands,
            Err(error) => {
                self.diagnostics.push(error);
                return Some(Expr::Verbatim(quote!(())));
            }
        };
        let mut operands: Vec<_> = operands.into_iter().collect();
        operands.iter_mut().for_each(|e| self.visit_expr_mut(e));
        match (&operands[..], self.receives) {
            ([inner], false) => Some(self.written(inner, None, name.span())),
            ([inner, first], true) => Some(self.written(inner, Some(first), name.span())),
            _ => {
                let message = match self.receives {
                    true => {
                        "`yield_all!` of a generator that receives values takes two operands; write the first value that the inner generator receives after it: `yield_all!(inner, first)`"
                    }
                    false if self.by.is_synchronous() => {
                        "`yield_all!` takes one operand, an iterator or a generator"
                    }
                    false => "`yield_all!` takes one operand, a generator or a stream",
                };
                self.diagnostics.error(name, message);
                Some(Expr::Verbatim(quote!(())))
            }
        }
    }

    fn written(&self, inner: &Expr, first: Option<&Expr>, at: Span) -> Expr {
        let (support, delegate, operand) = (support(), fresh("delegate"), fresh("operand"));
        let (item, value, next) = (fresh("item"), fresh("value"), fresh("next"));
        let state = quote!(#support::GeneratorState);
        let given = match self.by {
            Macro::Gen | Macro::Iter { .. } => quote!(#item),
            Macro::TryGen => quote!(#item?),
        };
        let (let_next, sent, yielded) = match first {
            None => (None, quote!(()), quote!({ yield #given; })),
            Some(first) => (
                Some(quote!(let mut #next = #first;)),
                quote!(#next),
                quote!(#next = yield #given),
            ),
        };
        let span = inner.span();
        let is_synchronous = self.by.is_synchronous();
        let (delegated, resumed, awaited, ways) = match is_synchronous {
            true => (
                quote!(delegated_now),
                quote!(resumed_now),
                None,
                quote!(ViaIterator as _, ViaGeneratorNow as _, ViaNothingNow as _),
            ),
            false => (
                quote!(delegated),
                quote!(resumed_with),
                Some(quote!(.await)),
                quote!(ViaStream as _, ViaGenerator as _, ViaNothing as _),
            ),
        };
        let via = located(quote!(#support::#delegated(#operand).via()), span);
        let via = quote!({ use #support::{#ways}; #via });
        let via = match is_synchronous {
            true => via,
            false => quote!(#support::core::pin::pin!(#via)),
        };
        let call = located(quote!(#support::#resumed(&mut #delegate, #sent)), at);
        syn::parse_quote! {{
            let #operand = #inner;
            #let_next
            let mut #delegate = #via;
            loop {
                match #call #awaited {
                    #state::Yielded(#item) => #yielded,
                    #state::Returned(#value) => break #value,
                    #state::Ended => #support::delegated_to_ended(),
                }
            }
        }}
    }
}

impl VisitMut for Loops<'_> {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        match e {
            Expr::Macro(m) => {
                if let Some(expanded) = self.of(&m.mac) {
                    *e = expanded;
                }
            }
            _ => visit_mut::visit_expr_mut(self, e),
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Macro(m) => {
                if let Some(expanded) = self.of(&m.mac) {
                    *stmt = Stmt::Expr(expanded, m.semi_token);
                }
            }
            _ => visit_mut::visit_stmt_mut(self, stmt),
        }
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut Item) {}
}
