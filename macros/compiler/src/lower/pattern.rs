//! Patterns: what they bind, whether they can move, and whether what they move leaves anything to drop.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Pat, PatIdent};

use crate::ir::Name;

/// The names that a pattern binds, each once, in order.
pub fn names(pat: &Pat) -> Vec<Name> {
    let mut collector = Collector { names: Vec::new() };
    collector.visit_pat(pat);
    collector.names
}

/// Whether an identifier pattern binds a name, rather than naming a constant or a unit variant.
fn binds(pat: &PatIdent) -> bool {
    let lower = pat
        .ident
        .to_string()
        .trim_start_matches("r#")
        .starts_with(|c: char| c.is_lowercase() || c == '_');
    lower || pat.by_ref.is_some() || pat.mutability.is_some() || pat.subpat.is_some()
}

struct Collector {
    names: Vec<Name>,
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_pat_ident(&mut self, pat: &'ast PatIdent) {
        if binds(pat) && !self.names.iter().any(|name| name.ident == pat.ident) {
            self.names.push(Name {
                ident: pat.ident.clone(),
                mutable: pat.mutability.is_some() && pat.by_ref.is_none(),
                by_ref: pat.by_ref.is_some(),
            });
        }
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr(&mut self, _: &'ast Expr) {}
}

/// The pattern without `mut` on its bindings.
pub fn plain(pat: &Pat) -> Pat {
    struct Strip;
    impl VisitMut for Strip {
        fn visit_pat_ident_mut(&mut self, pat: &mut PatIdent) {
            if pat.by_ref.is_none() && binds(pat) {
                pat.mutability = None;
            }
            visit_mut::visit_pat_ident_mut(self, pat);
        }
    }
    let mut pat = pat.clone();
    Strip.visit_pat_mut(&mut pat);
    pat
}

/// Whether the pattern may move something out of the place that it is matched against.
pub fn may_move(pat: &Pat) -> bool {
    names(pat).iter().any(|name| !name.by_ref)
}

/// Whether the pattern binds everything that it matches by value: what it moves out then leaves nothing to drop.
pub fn total(pat: &Pat) -> bool {
    match pat {
        Pat::Ident(p) if binds(p) => p.by_ref.is_none() && p.subpat.is_none(),
        Pat::Ident(_) | Pat::Path(_) | Pat::Lit(_) | Pat::Const(_) | Pat::Range(_) => true,
        Pat::Tuple(p) => p.elems.iter().all(total),
        Pat::TupleStruct(p) => p.elems.iter().all(total),
        Pat::Struct(p) => p.rest.is_none() && p.fields.iter().all(|field| total(&field.pat)),
        Pat::Paren(p) => total(&p.pat),
        Pat::Type(p) => total(&p.pat),
        Pat::Or(p) => p.cases.iter().all(total),
        _ => false,
    }
}

/// The single name that the pattern consists of, if it is `x` or `mut x`, with a type or without.
pub fn single(pat: &Pat) -> Option<&PatIdent> {
    match pat {
        Pat::Ident(p) if binds(p) && p.by_ref.is_none() && p.subpat.is_none() => Some(p),
        Pat::Type(p) => single(&p.pat),
        Pat::Paren(p) => single(&p.pat),
        _ => None,
    }
}

/// A pattern and the type written after it.
pub fn split_type(pat: &Pat) -> (&Pat, Option<&syn::Type>) {
    match pat {
        Pat::Type(p) => (&p.pat, Some(&p.ty)),
        _ => (pat, None),
    }
}

/// Whether the type is written as a reference.
pub fn is_reference(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Reference(_))
}
