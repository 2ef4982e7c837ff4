//! Patterns: what they bind, whether they can move, and whether what they move leaves anything to drop.

use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Pat, PatIdent};

use super::Lowering;
use crate::ir::{Binding, Name, Part, Path, Pattern, Step, VarId};

/// The names that a pattern binds, each once, in order.
pub fn names(pat: &Pat) -> Vec<Name> {
    let mut collector = Collector { names: Vec::new() };
    collector.visit_pat(pat);
    collector.names
}

/// Whether an identifier pattern binds a name, rather than naming a constant or a unit variant.
pub(super) fn binds(pat: &PatIdent) -> bool {
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

/// The pattern with nothing but its bindings by value, each with its own name before a colon, where it has one.
pub fn moving(pat: &Pat) -> Pat {
    struct Strip;
    impl VisitMut for Strip {
        fn visit_field_pat_mut(&mut self, field: &mut syn::FieldPat) {
            field.colon_token.get_or_insert_with(Default::default);
            visit_mut::visit_field_pat_mut(self, field);
        }

        fn visit_pat_mut(&mut self, pat: &mut Pat) {
            visit_mut::visit_pat_mut(self, pat);
            match pat {
                Pat::Ident(p) if binds(p) && p.by_ref.is_some() => {
                    *pat = match p.subpat.take() {
                        Some((_, inner)) => *inner,
                        None => syn::parse_quote!(_),
                    };
                }
                Pat::Ident(p) if binds(p) => p.mutability = None,
                _ => {}
            }
        }
    }
    let mut pat = pat.clone();
    Strip.visit_pat_mut(&mut pat);
    pat
}

/// What the pattern binds by value, and the way to it from the variable; `steps` is the way to what it is matched against.
pub fn bindings(pat: &Pat, steps: &[Step]) -> Vec<Binding> {
    let mut found = Vec::new();
    collect(pat, &mut steps.to_vec(), &mut found);
    found
}

fn collect(pat: &Pat, steps: &mut Vec<Step>, found: &mut Vec<Binding>) {
    match pat {
        Pat::Ident(p) if binds(p) && p.by_ref.is_none() => {
            let (ident, steps) = (p.ident.clone(), steps.clone());
            found.push(Binding { ident, steps });
        }
        Pat::Ident(p) => {
            if let Some((_, pat)) = &p.subpat {
                collect(pat, steps, found);
            }
        }
        Pat::Struct(p) => {
            for field in &p.fields {
                let step = field.member.to_token_stream().to_string();
                collect_inside(&field.pat, step, steps, found);
            }
        }
        Pat::Tuple(syn::PatTuple { elems, .. })
        | Pat::TupleStruct(syn::PatTupleStruct { elems, .. })
        | Pat::Slice(syn::PatSlice { elems, .. }) => {
            let rest = elems.iter().position(is_rest).unwrap_or(elems.len());
            for (index, pat) in elems.iter().enumerate() {
                // What follows `..` may be any of the elements.
                match index < rest {
                    true => collect_inside(pat, index.to_string(), steps, found),
                    false => collect(pat, steps, found),
                }
            }
        }
        Pat::Reference(p) => collect(&p.pat, steps, found),
        Pat::Paren(p) => collect(&p.pat, steps, found),
        Pat::Type(p) => collect(&p.pat, steps, found),
        Pat::Or(p) => {
            for pat in &p.cases {
                collect(pat, steps, found);
            }
            let mut names = Vec::new();
            found.retain(|binding| {
                let known = names.contains(&(binding.ident.clone(), binding.steps.clone()));
                names.push((binding.ident.clone(), binding.steps.clone()));
                !known
            });
        }
        _ => {}
    }
}

fn collect_inside(pat: &Pat, step: String, steps: &mut Vec<Step>, found: &mut Vec<Binding>) {
    steps.push(Step::Field(step));
    collect(pat, steps, found);
    steps.pop();
}

pub(super) fn is_rest(pat: &Pat) -> bool {
    match pat {
        Pat::Rest(_) => true,
        Pat::Ident(p) => p.subpat.as_ref().is_some_and(|(_, pat)| is_rest(pat)),
        _ => false,
    }
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

impl Lowering<'_> {
    /// Begins a match: of its arms one is chosen.
    pub(super) fn new_match(&mut self) -> usize {
        self.matches += 1;
        self.group = self.matches;
        self.group
    }

    /// A pattern that is matched against a variable.
    pub(super) fn pattern(&mut self, pat: &syn::Pat, subject: Option<(VarId, &Path)>) -> Pattern {
        let names = names(pat);
        let plain = plain(pat);
        let flag = match subject {
            Some((var, path)) if may_move(pat) && (!total(pat) || !path.is_whole()) => {
                let part = Part::Pattern {
                    path: path.clone(),
                    pattern: self.code(moving(pat)),
                    bindings: bindings(pat, &path.steps),
                    group: self.group,
                };
                Some(self.new_flag(var, part))
            }
            _ => None,
        };
        Pattern {
            written: self.code(pat),
            plain: self.code(&plain),
            names,
            vars: Vec::new(),
            flag,
        }
    }
}
