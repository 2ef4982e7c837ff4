//! A lifetime that every borrow inside of a generic function can have.
//!
//! The type of a slot that borrows from a value of a generic type names a lifetime, and rustc must be able to say which.
//! In a function over type parameters only, the one lifetime in reach would be `'static`, which asks too much of them.
//! So such a function gets one more lifetime, which everything that it is given outlives:
//!
//! ```text
//! async fn f<R: Read>(r: R, s: &str)  =>  fn f<'c, '_s: 'c, R: Read>(r: R, s: &'_s str) where R: 'c
//! ```
//!
//! A method that implements a trait's must not have other lifetimes than the trait's. So of what may be such a method,
//! only what has a visibility, and is therefore an inherent method, gets one. Inside of any other, and of a function that
//! is not generic, all references that it is given have one lifetime, which is the receiver's or the first ([`Common`]): the proof copy has judged the body with
//! the lifetimes that they have, and outside of the machine they keep them.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Block, FnArg, GenericParam, Lifetime, Pat, Signature, Type, TypeImplTrait, TypeParamBound,
    TypeReference, Visibility, parse_quote,
};

/// The lifetime that stands for all of the function's own inside of its machine.
pub(super) struct Common {
    lifetime: Lifetime,
    own: Vec<Lifetime>,
}

impl Common {
    /// The common lifetime of a function that can have no other ones, if it is given several. As few lifetimes as possible
    /// get a name: rustc's messages are better about those that have none.
    fn of(sig: &mut Signature, body: &Block, output: &mut Type) -> Option<Common> {
        let generic = sig.generics.type_params().next().is_some() || has_impl(sig);
        let own: Vec<Lifetime> = sig
            .generics
            .lifetimes()
            .map(|param| param.lifetime.clone())
            .collect();
        let body = body.to_token_stream();
        if generic || own.iter().any(|own| mentions(&body, own)) {
            return None;
        }
        let given = Common::given(sig, &own);
        if given.iter().all(|lifetime| *lifetime == given[0]) {
            return None;
        }
        let explicit = own.iter().find(|own| given.contains(own)).cloned();
        let inner = Lifetime::new("'__coroutine", Span::mixed_site());
        let mut elided = Elided::new(inner, sig, &body);
        // What the output leaves out is named, and then all are: rustc would propose the one name for the others.
        elided.limit = match (leaves_out(output), &explicit) {
            (true, _) => usize::MAX,
            (false, Some(_)) => 0,
            (false, None) => 1,
        };
        elided.signature(sig);
        elided.output(sig, output);
        let lifetime = explicit.or_else(|| elided.named.first().cloned())?;
        for named in &elided.named {
            let param = GenericParam::Lifetime(parse_quote!(#named));
            sig.generics.params.insert(0, param);
        }
        let own = own.into_iter().chain(elided.named).collect();
        Some(Common { lifetime, own })
    }

    /// The function's own lifetimes in its arguments, in their order.
    fn given(sig: &Signature, own: &[Lifetime]) -> Vec<Lifetime> {
        let inner = Lifetime::new("'__coroutine", Span::mixed_site());
        let mut elided = Elided::new(inner, sig, &TokenStream::new());
        let mut named = sig.clone();
        elided.signature(&mut named);
        let mut used = Used(Vec::new());
        for input in &mut named.inputs {
            used.visit_fn_arg_mut(input);
        }
        let is_own =
            |lifetime: &Lifetime| own.contains(lifetime) || elided.named.contains(lifetime);
        used.0.retain(is_own);
        used.0
    }

    /// The type as it is inside of the machine; none if it is the same.
    pub(super) fn inside(&self, ty: &Type) -> Option<Type> {
        struct Replace<'a>(&'a Common);
        impl VisitMut for Replace<'_> {
            fn visit_type_reference_mut(&mut self, ty: &mut TypeReference) {
                ty.lifetime.get_or_insert_with(|| self.0.lifetime.clone());
                visit_mut::visit_type_reference_mut(self, ty);
            }

            fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
                if lifetime.ident == "_" || self.0.own.contains(lifetime) {
                    *lifetime = self.0.lifetime.clone();
                }
            }

            // Lifetimes left out in these are bound by them.
            fn visit_type_bare_fn_mut(&mut self, _: &mut syn::TypeBareFn) {}
            fn visit_parenthesized_generic_arguments_mut(
                &mut self,
                _: &mut syn::ParenthesizedGenericArguments,
            ) {
            }
        }
        let mut inside = ty.clone();
        Replace(self).visit_type_mut(&mut inside);
        (inside != *ty).then_some(inside)
    }
}

/// Whether the type leaves a lifetime out.
fn leaves_out(ty: &Type) -> bool {
    struct Find(bool);
    impl VisitMut for Find {
        fn visit_type_reference_mut(&mut self, ty: &mut TypeReference) {
            self.0 |= ty.lifetime.is_none();
            visit_mut::visit_type_reference_mut(self, ty);
        }

        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            self.0 |= lifetime.ident == "_";
        }
    }
    let mut find = Find(false);
    find.visit_type_mut(&mut ty.clone());
    find.0
}

/// The lifetimes in the order in which they are named.
struct Used(Vec<Lifetime>);

impl VisitMut for Used {
    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        self.0.push(lifetime.clone());
    }
}

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

/// Adds the lifetime, if the function needs it and can have it.
pub(super) fn add(
    vis: &Visibility,
    body: &Block,
    sig: &mut Signature,
    output: &mut Type,
) -> Option<Common> {
    let generic = sig.generics.type_params().next().is_some() || has_impl(sig);
    let receiver = sig.receiver().cloned();
    let owns_self = receiver
        .as_ref()
        .is_some_and(|receiver| !matches!(*receiver.ty, Type::Reference(_)));
    let associated = receiver.is_some()
        || mentions_self(sig.to_token_stream())
        || mentions_self(body.to_token_stream());
    let of_a_trait = associated && matches!(vis, Visibility::Inherited);
    if of_a_trait || !(generic || owns_self) {
        return Common::of(sig, body, output);
    }
    let inner = Lifetime::new("'__coroutine", Span::mixed_site());
    let mut elided = Elided::new(inner.clone(), sig, &body.to_token_stream());
    elided.signature(sig);
    elided.output(sig, output);
    let types: Vec<Ident> = sig
        .generics
        .type_params()
        .map(|param| param.ident.clone())
        .collect();
    for lifetime in std::iter::once(&inner).chain(&elided.named) {
        sig.generics
            .params
            .insert(0, GenericParam::Lifetime(parse_quote!(#lifetime)));
    }
    for param in sig.generics.lifetimes_mut() {
        if param.lifetime != inner {
            param.bounds.push(inner.clone());
        }
    }
    let clause = sig.generics.make_where_clause();
    if associated {
        clause.predicates.push(parse_quote!(Self: #inner));
    }
    // Not beside the user's own bounds, where rustc would put its suggestions after this one.
    for ty in types {
        let ty = elsewhere(ty);
        clause.predicates.push(parse_quote!(#ty: #inner));
    }
    None
}

/// The name of a type, as it is told to rustc but not to clippy: bounds in two places are not the user's.
fn elsewhere(mut ty: Ident) -> Ident {
    ty.set_span(ty.span().located_at(Span::call_site()));
    ty
}

fn mentions_self(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == "Self" || ident == "self",
        TokenTree::Group(group) => mentions_self(group.stream()),
        _ => false,
    })
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

/// Names the lifetimes that arguments leave out: each after its argument, because rustc's messages show the names.
struct Elided {
    named: Vec<Lifetime>,
    /// How many get a name, at most.
    limit: usize,
    inner: Lifetime,
    /// The argument that is being visited.
    argument: String,
    /// What the user's tokens are, whose names are taken.
    user: TokenStream,
}

impl Elided {
    fn new(inner: Lifetime, sig: &Signature, body: &TokenStream) -> Self {
        let mut user = sig.to_token_stream();
        user.extend(body.clone());
        Elided {
            named: Vec::new(),
            limit: usize::MAX,
            inner,
            argument: String::new(),
            user,
        }
    }

    fn signature(&mut self, sig: &mut Signature) {
        for input in &mut sig.inputs {
            self.argument = name_of(input);
            match input {
                FnArg::Typed(typed) => self.visit_type_mut(&mut typed.ty),
                FnArg::Receiver(receiver) => self.receiver(receiver),
            }
        }
    }

    /// Names the lifetimes that the output leaves out.
    fn output(&self, sig: &Signature, output: &mut Type) {
        let of_self = sig
            .receiver()
            .is_some_and(|receiver| receiver.reference.is_some());
        let only = self.named.len() == 1 && sig.generics.lifetimes().next().is_none();
        if let (true, Some(lifetime)) = (of_self || only, self.named.first()) {
            Output { lifetime }.visit_type_mut(output);
        }
    }

    fn receiver(&mut self, receiver: &mut syn::Receiver) {
        if self.named.len() >= self.limit {
            return;
        }
        let span = receiver.self_token.span;
        match &mut receiver.reference {
            Some((_, Some(lifetime))) if lifetime.ident == "_" => *lifetime = self.name(span),
            Some((_, lifetime @ None)) => *lifetime = Some(self.name(span)),
            Some(_) => {}
            None => {
                self.visit_type_mut(&mut receiver.ty);
                return;
            }
        }
        let (ty, lifetime) = (
            &mut receiver.ty,
            receiver.reference.as_ref().and_then(|(_, l)| l.clone()),
        );
        if let Type::Reference(reference) = &mut **ty {
            reference.lifetime = lifetime;
        }
    }

    fn name(&mut self, span: Span) -> Lifetime {
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

/// What the lifetimes of an argument are named after.
fn name_of(input: &FnArg) -> String {
    match input {
        FnArg::Receiver(_) => "self".to_owned(),
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) => pat.ident.unraw().to_string().trim_matches('_').to_owned(),
            _ => "argument".to_owned(),
        },
    }
}

impl VisitMut for Elided {
    fn visit_type_reference_mut(&mut self, ty: &mut TypeReference) {
        if ty.lifetime.is_none() && self.named.len() < self.limit {
            ty.lifetime = Some(self.name(ty.and_token.span));
        }
        visit_mut::visit_type_reference_mut(self, ty);
        // The bound that is added makes a sum of it.
        if let Type::ImplTrait(_) = &*ty.elem {
            let elem = &ty.elem;
            *ty.elem = parse_quote!((#elem));
        }
    }

    fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" && self.named.len() < self.limit {
            *lifetime = self.name(lifetime.span());
        }
    }

    fn visit_type_impl_trait_mut(&mut self, ty: &mut TypeImplTrait) {
        visit_mut::visit_type_impl_trait_mut(self, ty);
        // Where the user's type ends: rustc says where it stands.
        let mut inner = self.inner.clone();
        if let Some(last) = ty.to_token_stream().into_iter().last() {
            inner.set_span(last.span());
        }
        ty.bounds.push(TypeParamBound::Lifetime(inner));
    }

    // Lifetimes left out in these are bound by them.
    fn visit_type_bare_fn_mut(&mut self, _: &mut syn::TypeBareFn) {}
    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
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
    fn visit_parenthesized_generic_arguments_mut(
        &mut self,
        _: &mut syn::ParenthesizedGenericArguments,
    ) {
    }
}
