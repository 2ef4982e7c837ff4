//! `#[coloop::coroutines]` on an inline module: the bare `#[coroutine]` works inside.
//!
//! The bare name is ambiguous with a built-in attribute of rustc. The outer attribute replaces it before it is resolved.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, ItemFn, ItemMod};

use crate::diagnostics::Diagnostics;

/// `#[coroutines]`.
pub fn coroutines(attr: TokenStream, item: TokenStream) -> TokenStream {
    let diagnostics = Diagnostics::new();
    if let Some(argument) = attr.into_iter().next() {
        diagnostics.error(argument, "unknown argument; `#[coroutines]` takes none");
    }
    let rewritten = match syn::parse2::<ItemMod>(item.clone()) {
        Ok(module) => rewrite(module, &diagnostics),
        Err(error) => {
            let instead = match syn::parse2::<ItemFn>(item.clone()) {
                Ok(_) => "write `#[coloop::coroutine]` on a function",
                Err(_) => "write `mod name { … }`",
            };
            diagnostics.error_at(
                error.span(),
                format!("`#[coroutines]` goes on an inline module; {instead}"),
            );
            item
        }
    };
    match diagnostics.finish() {
        Ok(()) => rewritten,
        Err(errors) => quote!(#errors #rewritten),
    }
}

fn rewrite(mut module: ItemMod, diagnostics: &Diagnostics) -> TokenStream {
    if module.content.is_none() {
        diagnostics.error(
            &module.ident,
            "`#[coroutines]` needs the module's content; write `mod name { … }`, or `#[coloop::coroutine]` in the file",
        );
        return module.into_token_stream();
    }
    Bare.visit_item_mod_mut(&mut module);
    module.into_token_stream()
}

struct Bare;

impl VisitMut for Bare {
    fn visit_attribute_mut(&mut self, attr: &mut Attribute) {
        if attr.path().is_ident("coroutine") {
            let arguments = match &attr.meta {
                syn::Meta::List(list) => {
                    let tokens = &list.tokens;
                    quote!((#tokens))
                }
                _ => TokenStream::new(),
            };
            *attr = syn::parse_quote!(#[::coloop::coroutine #arguments]);
        }
        visit_mut::visit_attribute_mut(self, attr);
    }
}
