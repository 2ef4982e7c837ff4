//! `join!` and `try_join!`.
//!
//! tokio and coloop build one tuple of all operands, futures a variable for each: that decides how long temporaries of the
//! operands live, and in which order what has not ended is dropped. tokio begins each poll with another future, unless
//! `biased;` is written.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

use super::{Origin, Which, list};
use crate::names::{fresh, numbered, support};

/// The operands.
pub(super) struct Join {
    pub(super) biased: bool,
    futures: Punctuated<Expr, Token![,]>,
}

/// Takes `biased;`.
pub(super) fn biased(input: ParseStream<'_>) -> syn::Result<bool> {
    let is_ident =
        |input: ParseStream<'_>| input.parse::<Ident>().is_ok_and(|ident| ident == "biased");
    let biased = is_ident(&input.fork()) && input.peek2(Token![;]);
    if biased {
        input.parse::<Ident>()?;
        input.parse::<Token![;]>()?;
    }
    Ok(biased)
}

impl Parse for Join {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Join {
            biased: biased(input)?,
            futures: Punctuated::parse_terminated(input)?,
        })
    }
}

impl Join {
    pub(super) fn expanded(&self, which: Which, origin: Origin) -> TokenStream {
        let support = support();
        let turns = match origin {
            Origin::Tokio if !self.biased => quote!(#support::Rotating(0)),
            _ => quote!(#support::InOrder),
        };
        let (kept, members) = match origin {
            Origin::Futures => self.variables(),
            Origin::Tokio | Origin::Coloop => self.tuple(),
        };
        let (nested, tuple) = self.shapes();
        let (join, flat) = match which {
            Which::TryJoin => (quote!(try_join), quote!(flat_ok)),
            _ => (quote!(join), quote!(flat)),
        };
        quote! {
            #kept
            #support::#flat(#support::#join(#members, #turns).await, |#nested| #tuple)
        }
    }

    /// All futures in one variable, and the reference to it.
    fn tuple(&self) -> (TokenStream, TokenStream) {
        let (support, members) = (support(), fresh("members"));
        let list = list(self.futures.iter().map(|e| quote!(#support::member(#e))));
        (
            quote!(let mut #members = #list;),
            quote!(unsafe { #support::pin_mut(&mut #members) }),
        )
    }

    /// Each future in a variable of its own, and a list of references to them.
    fn variables(&self) -> (TokenStream, TokenStream) {
        let support = support();
        let member = |index| numbered("member", index);
        let lets = self.futures.iter().enumerate().map(|(index, e)| {
            let member = member(index);
            quote!(let mut #member = #support::member(#e);)
        });
        let references = (0..self.futures.len()).map(|index| {
            let member = member(index);
            quote!(unsafe { #support::pin_mut(&mut #member) })
        });
        (quote!(#(#lets)*), list(references))
    }

    /// The outputs as nested pairs, and as a tuple.
    fn shapes(&self) -> (TokenStream, TokenStream) {
        let outputs: Vec<_> = (0..self.futures.len())
            .map(|index| numbered("output", index))
            .collect();
        let nested = outputs
            .iter()
            .rev()
            .fold(quote!(()), |rest, output| quote!((#output, #rest)));
        (nested, quote!((#(#outputs,)*)))
    }
}
