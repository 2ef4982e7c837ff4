//! Assignments: the value first, then the place, and what is destructured part by part.

use syn::spanned::Spanned;
use syn::{BinOp, Expr, parse_quote};

use super::Lowering;
use crate::ir::*;

impl Lowering<'_> {
    pub(super) fn assign(&mut self, a: &syn::ExprAssign) -> Expr {
        let right = match &*a.left {
            Expr::Infer(_) => self.place(&a.right),
            // The value is evaluated before the place.
            left if self.emits(left) => self.spill(&a.right),
            _ => self.value(&a.right),
        };
        self.assign_to(&a.left, right, a)
    }

    fn assign_to(&mut self, left: &Expr, right: Expr, whole: &syn::ExprAssign) -> Expr {
        let span = whole.eq_token.span();
        match left {
            Expr::Infer(_) => parse_quote!(_ = #right),
            Expr::Tuple(_) | Expr::Array(_) | Expr::Struct(_) | Expr::Call(_) => {
                self.destructure(left, right)
            }
            _ => match self.rooted(left) {
                Some(root) => {
                    let usage = self.usage_of(&root, Context::Place);
                    let value = self.code(right);
                    let hole = match root.path.is_whole() {
                        true => Hole::Assign { usage, value },
                        false => Hole::AssignPart {
                            usage,
                            path: root.path,
                            value,
                        },
                    };
                    self.hole(hole, span)
                }
                None => {
                    let left = self.place(left);
                    Expr::Assign(syn::ExprAssign {
                        left: Box::new(left),
                        right: Box::new(right),
                        ..whole.clone()
                    })
                }
            },
        }
    }

    /// `(a, b.c) = value`: into fresh variables, then one assignment after the other.
    fn destructure(&mut self, left: &Expr, right: Expr) -> Expr {
        struct Targets(Vec<(syn::Ident, Expr)>);
        impl syn::visit_mut::VisitMut for Targets {
            fn visit_expr_mut(&mut self, e: &mut Expr) {
                match e {
                    Expr::Tuple(_) | Expr::Array(_) | Expr::Paren(_) => {
                        syn::visit_mut::visit_expr_mut(self, e)
                    }
                    Expr::Call(c) => c.args.iter_mut().for_each(|arg| self.visit_expr_mut(arg)),
                    Expr::Struct(s) => s.fields.iter_mut().for_each(|field| {
                        field.colon_token.get_or_insert_with(Default::default);
                        self.visit_expr_mut(&mut field.expr);
                    }),
                    Expr::Infer(_) => {}
                    Expr::Range(r) if r.start.is_none() && r.end.is_none() => {}
                    _ => {
                        let ident = crate::names::numbered("part", self.0.len());
                        self.0
                            .push((ident.clone(), std::mem::replace(e, parse_quote!(#ident))));
                    }
                }
            }
        }
        let mut pattern = left.clone();
        let mut targets = Targets(Vec::new());
        syn::visit_mut::VisitMut::visit_expr_mut(&mut targets, &mut pattern);
        let names: Vec<_> = targets.0.iter().map(|(ident, _)| ident.clone()).collect();
        let assignments: Vec<Expr> = targets
            .0
            .iter()
            .map(|(ident, target)| {
                // Not parsed: the mistakes of a target are rustc's to report.
                let (left, right): (_, Expr) = (Box::new(target.clone()), parse_quote!(#ident));
                let assign = syn::ExprAssign {
                    attrs: Vec::new(),
                    left,
                    eq_token: Default::default(),
                    right: Box::new(right.clone()),
                };
                self.assign_to(target, right, &assign)
            })
            .collect();
        parse_quote!({ let (#(#names,)*); #pattern = #right; #(#assignments;)* })
    }

    pub(super) fn compound(&mut self, b: &syn::ExprBinary) -> [Expr; 2] {
        if self.suspends(&b.left) || (self.suspends(&b.right) && has_effects(&b.left)) {
            self.diagnostics.error(
                &b.left,
                "this place has effects of its own, and which side goes first depends on the types; \
                 evaluate one of both in a `let` before the assignment",
            );
        }
        let right = self.value(&b.right);
        let left = self.place(&b.left);
        [left, right]
    }
}

/// Whether the operator assigns.
pub(super) fn is_assignment(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// Whether evaluating the place does more than name it.
fn has_effects(e: &Expr) -> bool {
    match e {
        Expr::Path(_) | Expr::Lit(_) => false,
        Expr::Field(f) => has_effects(&f.base),
        Expr::Index(i) => has_effects(&i.expr) || has_effects(&i.index),
        Expr::Unary(u) => has_effects(&u.expr),
        Expr::Paren(p) => has_effects(&p.expr),
        _ => true,
    }
}
