//! Arms that are never chosen, because those before them take whatever they match.
//!
//! Tokens do not tell which variants a type has, so this finds what one arm takes from another, as it is written. To say
//! that an arm may be chosen is always right, but for what rustc drops elsewhere as if the arm were not there.

use quote::ToTokens;
use syn::Pat;

use super::pattern::{binds, is_rest};

/// Which of the arms are never chosen.
pub(super) fn unreached(arms: &[syn::Arm]) -> Vec<bool> {
    let is_taken = |(index, arm): (usize, &syn::Arm)| {
        let mut before = arms[..index].iter().filter(|before| before.guard.is_none());
        before.any(|before| covers(&before.pat, &arm.pat))
    };
    arms.iter().enumerate().map(is_taken).collect()
}

/// Whether the pattern matches everything: names, `_` and tuples of them.
pub(super) fn always(pat: &Pat) -> bool {
    match inner(pat) {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Ident(p) => binds(p),
        Pat::Tuple(p) => p.elems.iter().all(always),
        Pat::Reference(p) => always(&p.pat),
        Pat::Or(p) => p.cases.iter().any(always),
        _ => false,
    }
}

/// Whether a pattern matches all that another one does.
fn covers(a: &Pat, b: &Pat) -> bool {
    match (inner(a), inner(b)) {
        (a, _) if always(a) => true,
        (Pat::Or(a), b) => a.cases.iter().any(|a| covers(a, b)),
        (a, Pat::Or(b)) => b.cases.iter().all(|b| covers(a, b)),
        (Pat::Tuple(a), Pat::Tuple(b)) => each_covers(&a.elems, &b.elems),
        (Pat::Slice(a), Pat::Slice(b)) => each_covers(&a.elems, &b.elems),
        (Pat::TupleStruct(a), Pat::TupleStruct(b)) => {
            same(&a.path, &b.path) && each_covers(&a.elems, &b.elems)
        }
        (Pat::Struct(a), Pat::Struct(b)) => {
            same(&a.path, &b.path) && a.fields.iter().all(|field| covers_field(field, b))
        }
        (Pat::Reference(a), Pat::Reference(b)) => covers(&a.pat, &b.pat),
        (a @ (Pat::Lit(_) | Pat::Path(_) | Pat::Ident(_) | Pat::Range(_)), b) => same(a, b),
        _ => false,
    }
}

/// The pattern without what says nothing about what it matches.
fn inner(pat: &Pat) -> &Pat {
    match pat {
        Pat::Paren(p) => inner(&p.pat),
        Pat::Type(p) => inner(&p.pat),
        Pat::Ident(syn::PatIdent {
            subpat: Some((_, pat)),
            ..
        }) => inner(pat),
        _ => pat,
    }
}

type Elements = syn::punctuated::Punctuated<Pat, syn::Token![,]>;

/// The same for what stands in parentheses or brackets. Nothing is told of what follows `..`.
fn each_covers(a: &Elements, b: &Elements) -> bool {
    let known = |pats: &Elements| pats.iter().position(is_rest).unwrap_or(pats.len());
    let enough = match known(a) == a.len() {
        true => known(b) == b.len() && a.len() == b.len(),
        false => known(a) + 1 == a.len() && known(a) <= known(b),
    };
    enough && a.iter().take(known(a)).zip(b).all(|(a, b)| covers(a, b))
}

fn covers_field(field: &syn::FieldPat, b: &syn::PatStruct) -> bool {
    let mut same_field = b.fields.iter().filter(|b| b.member == field.member);
    always(&field.pat) || same_field.any(|b| covers(&field.pat, &b.pat))
}

fn same(a: &impl ToTokens, b: &impl ToTokens) -> bool {
    a.to_token_stream().to_string() == b.to_token_stream().to_string()
}
