//! Names for the lifetimes that `impl Trait` in an argument leaves out: an `async fn` may leave them out, a function that
//! returns a future may not.
//!
//! ```text
//! async fn f(s: impl Into<Option<&str>>)  =>  fn f<'_s>(s: impl Into<Option<&'_s str>>)
//! ```

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, FnArg, GenericParam, Lifetime, Pat, Signature, TypeReference, parse_quote};

/// Names them: each after its argument, because rustc's messages show the names.
pub(super) fn name(sig: &mut Signature, body: &Block) {
    let mut user = sig.to_token_stream();
    body.to_tokens(&mut user);
    let mut elided = Elided {
        named: Vec::new(),
        hidden: false,
        argument: String::new(),
        user,
    };
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            elided.argument = match &*typed.pat {
                Pat::Ident(pat) => pat.ident.unraw().to_string().trim_matches('_').to_owned(),
                _ => "argument".to_owned(),
            };
            elided.visit_type_mut(&mut typed.ty);
        }
    }
    for lifetime in elided.named.iter().rev() {
        let param = GenericParam::Lifetime(parse_quote!(#lifetime));
        sig.generics.params.insert(0, param);
    }
}

struct Elided {
    named: Vec<Lifetime>,
    /// Whether what is being visited stands inside of `impl Trait`.
    hidden: bool,
    /// The argument that is being visited.
    argument: String,
    /// What the user's tokens are, whose names are taken.
    user: TokenStream,
}

impl Elided {
    fn new_name(&mut self, span: Span) -> Lifetime {
        let span = Span::mixed_site().located_at(span);
        let numbered = (1..).map(|number| format!("'_{}{number}", self.argument));
        let lifetime = std::iter::once(format!("'_{}", self.argument))
            .chain(numbered)
            .map(|name| Lifetime::new(&name, span))
            .find(|lifetime| !self.named.contains(lifetime) && !mentions(&self.user, lifetime))
            .expect("numbers do not end");
        self.named.push(lifetime.clone());
        lifetime
    }
}

impl VisitMut for Elided {
    fn visit_type_reference_mut(&mut self, ty: &mut TypeReference) {
        if ty.lifetime.is_none() && self.hidden {
            ty.lifetime = Some(self.new_name(ty.and_token.span));
        }
        visit_mut::visit_type_reference_mut(self, ty);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" && self.hidden {
            *lifetime = self.new_name(lifetime.span());
        }
    }

    fn visit_type_impl_trait_mut(&mut self, ty: &mut syn::TypeImplTrait) {
        let hidden = std::mem::replace(&mut self.hidden, true);
        visit_mut::visit_type_impl_trait_mut(self, ty);
        self.hidden = hidden;
    }

    // Lifetimes left out in these are bound by them.
    fn visit_type_bare_fn_mut(&mut self, _: &mut syn::TypeBareFn) {}
    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
}

/// Whether the tokens contain the lifetime.
fn mentions(tokens: &TokenStream, lifetime: &Lifetime) -> bool {
    let mut quote = false;
    tokens.clone().into_iter().any(|tree| {
        let after = std::mem::replace(
            &mut quote,
            matches!(&tree, TokenTree::Punct(p) if p.as_char() == '\''),
        );
        match tree {
            TokenTree::Ident(ident) => after && ident == lifetime.ident,
            TokenTree::Group(group) => mentions(&group.stream(), lifetime),
            _ => false,
        }
    })
}
