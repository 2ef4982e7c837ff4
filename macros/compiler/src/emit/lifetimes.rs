//! A lifetime that every borrow inside of a generic function can have.
//!
//! The type of a slot that borrows from a value of a generic type names a lifetime, and rustc must be able to say which.
//! In a function over type parameters only, the one lifetime in reach would be `'static`, which asks too much of them.
//! So such a function gets one more lifetime, which everything that it is given outlives:
//!
//! ```text
//! async fn f<R: Read>(r: R, s: &str)  =>  fn f<'c, 's, R: Read>(r: R, s: &'s str) where 's: 'c, R: 'c
//! ```
//!
//! Methods are left alone: one that implements a trait's must not have other lifetimes than the trait's.

use proc_macro2::{Ident, Span};
use syn::visit_mut::{self, VisitMut};
use syn::{parse_quote, FnArg, GenericParam, Lifetime, Signature, Type, TypeImplTrait, TypeParamBound, TypeReference};

/// Adds the lifetime, if the function needs it.
pub(super) fn add(sig: &mut Signature, output: &mut Type) {
    let generic = sig.generics.type_params().next().is_some() || has_impl(sig);
    let is_method = matches!(sig.inputs.first(), Some(FnArg::Receiver(_)));
    if !generic || is_method {
        return;
    }
    let inner = Lifetime::new("'__coroutine", Span::mixed_site());
    let mut elided = Elided { named: Vec::new(), inner: inner.clone() };
    for input in &mut sig.inputs {
        if let FnArg::Typed(typed) = input {
            elided.visit_type_mut(&mut typed.ty);
        }
    }
    if let [only] = &elided.named[..] {
        if sig.generics.lifetimes().next().is_none() {
            Output { lifetime: only }.visit_type_mut(output);
        }
    }
    let known: Vec<Lifetime> = sig.generics.lifetimes().map(|param| param.lifetime.clone()).collect();
    let types: Vec<Ident> = sig.generics.type_params().map(|param| param.ident.clone()).collect();
    for lifetime in std::iter::once(&inner).chain(&elided.named) {
        sig.generics.params.insert(0, GenericParam::Lifetime(parse_quote!(#lifetime)));
    }
    let clause = sig.generics.make_where_clause();
    for lifetime in known.iter().chain(&elided.named) {
        clause.predicates.push(parse_quote!(#lifetime: #inner));
    }
    // Not beside the user's own bounds, where rustc would put its suggestions after this one.
    for ty in types {
        clause.predicates.push(parse_quote!(#ty: #inner));
    }
}

fn has_impl(sig: &Signature) -> bool {
    struct Find(bool);
    impl VisitMut for Find {
        fn visit_type_impl_trait_mut(&mut self, _: &mut TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut find = Find(false);
    for input in &sig.inputs {
        if let FnArg::Typed(typed) = input {
            find.visit_type_mut(&mut typed.ty.clone());
        }
    }
    find.0
}

/// Names the lifetimes that arguments leave out.
struct Elided {
    named: Vec<Lifetime>,
    inner: Lifetime,
}

impl Elided {
    fn name(&mut self, span: Span) -> Lifetime {
        let lifetime = Lifetime::new(&format!("'__argument{}", self.named.len()), Span::mixed_site().located_at(span));
        self.named.push(lifetime.clone());
        lifetime
    }
}

impl VisitMut for Elided {
    fn visit_type_reference_mut(&mut self, ty: &mut TypeReference) {
        if ty.lifetime.is_none() {
            ty.lifetime = Some(self.name(ty.and_token.span));
        }
        visit_mut::visit_type_reference_mut(self, ty);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.name(lifetime.span());
        }
    }

    fn visit_type_impl_trait_mut(&mut self, ty: &mut TypeImplTrait) {
        visit_mut::visit_type_impl_trait_mut(self, ty);
        ty.bounds.push(TypeParamBound::Lifetime(self.inner.clone()));
    }

    // Lifetimes left out in these are bound by them.
    fn visit_type_bare_fn_mut(&mut self, _: &mut syn::TypeBareFn) {}
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut syn::ParenthesizedGenericArguments) {}
}

/// Names the lifetimes that the output leaves out: they are the only one among the arguments.
struct Output<'a> {
    lifetime: &'a Lifetime,
}

impl VisitMut for Output<'_> {
    fn visit_type_reference_mut(&mut self, ty: &mut TypeReference) {
        ty.lifetime.get_or_insert_with(|| self.lifetime.clone());
        visit_mut::visit_type_reference_mut(self, ty);
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.lifetime.clone();
        }
    }

    fn visit_type_bare_fn_mut(&mut self, _: &mut syn::TypeBareFn) {}
    fn visit_parenthesized_generic_arguments_mut(&mut self, _: &mut syn::ParenthesizedGenericArguments) {}
}
