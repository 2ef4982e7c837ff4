//! Places: variables, their parts, and the temporaries that are used in place.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Expr, Pat, UnOp, parse_quote};

use super::Lowering;
use super::pattern::binds;
use crate::ir::*;
use crate::names::support;

/// Whether the expression denotes a place, at least syntactically.
pub(super) fn is_place(e: &Expr) -> bool {
    match e {
        Expr::Path(p) => !is_unit(p),
        Expr::Field(_)
        | Expr::Index(_)
        | Expr::Unary(syn::ExprUnary {
            op: UnOp::Deref(_), ..
        }) => true,
        Expr::Paren(p) => is_place(&p.expr),
        Expr::Group(g) => is_place(&g.expr),
        _ => false,
    }
}

/// Whether the path is written like a variant or a struct without fields: a value, and no variable or static.
fn is_unit(p: &syn::ExprPath) -> bool {
    let Some(last) = p.path.segments.last() else {
        return false;
    };
    let name = last.ident.to_string();
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

/// Whether a reference to the expression may be a constant's: no variable and no call is in it. rustc promotes such a
/// value to a static or reports that it does not live long enough, so it can stay where it is.
fn is_constant(e: &Expr) -> bool {
    match e {
        Expr::Lit(_) => true,
        Expr::Path(p) => !is_variable_path(p),
        Expr::Array(a) => a.elems.iter().all(is_constant),
        Expr::Tuple(t) => t.elems.iter().all(is_constant),
        Expr::Repeat(r) => is_constant(&r.expr),
        Expr::Unary(u) => is_constant(&u.expr),
        Expr::Binary(b) => is_constant(&b.left) && is_constant(&b.right),
        Expr::Reference(r) => is_constant(&r.expr),
        Expr::Paren(p) => is_constant(&p.expr),
        Expr::Group(g) => is_constant(&g.expr),
        Expr::Cast(c) => is_constant(&c.expr),
        _ => false,
    }
}

/// Whether evaluating the expression leaves no temporary that has a destructor: it consists of names and literals.
pub(super) fn is_bare(e: &Expr) -> bool {
    match e {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(f) => is_bare(&f.base),
        Expr::Index(i) => is_bare(&i.expr) && is_bare(&i.index),
        Expr::Unary(u) => is_bare(&u.expr),
        Expr::Reference(r) => is_bare(&r.expr),
        Expr::Cast(c) => is_bare(&c.expr),
        Expr::Paren(p) => is_bare(&p.expr),
        Expr::Group(g) => is_bare(&g.expr),
        Expr::Tuple(t) => t.elems.iter().all(is_bare),
        _ => false,
    }
}

/// Whether the block ends with an expression that may leave temporaries.
pub(super) fn has_tail(block: &syn::Block) -> bool {
    matches!(block.stmts.last(), Some(syn::Stmt::Expr(e, None)) if !is_bare(e))
}

/// Whether the path may name a variable: one segment that starts in lower case.
pub(super) fn is_variable_path(p: &syn::ExprPath) -> bool {
    p.path.get_ident().is_some_and(|ident| {
        ident
            .to_string()
            .starts_with(|c: char| c.is_lowercase() || c == '_')
    })
}

/// A place that is a tracked variable, or a part of one.
pub(super) struct Rooted {
    pub var: VarId,
    pub ident: syn::Ident,
    pub path: Path,
}

impl Rooted {
    fn step(mut self, step: Step, tokens: proc_macro2::TokenStream) -> Self {
        self.path.steps.push(step);
        self.path.tokens.push(tokens);
        self
    }
}

impl Lowering<'_> {
    /// The expression as a place.
    pub(super) fn place(&mut self, e: &Expr) -> Expr {
        let outlives = self.lifting || self.extending.is_some();
        if is_place(e) || !outlives || is_constant(e) {
            return self.expr(e, Context::Place);
        }
        self.stored(e)
    }

    /// A temporary that lives to the end of the statement, or of the block if it is extended.
    pub(super) fn stored(&mut self, e: &Expr) -> Expr {
        let (scope, role) = match self.extending {
            Some(scope) => (scope, Role::Extended),
            None => (self.temps, Role::Temporary),
        };
        let value = self.value(e);
        let value = self.code(value);
        // A temporary begins with its value: those that the value is made of are older, and outlive it.
        let name = syn::Ident::new("temporary", e.span());
        let var = self.new_var_in(scope, name, role, None);
        self.hole(Hole::Store { var, value }, e.span())
    }

    /// The variable and the path that a place consists of.
    pub(super) fn rooted(&self, e: &Expr) -> Option<Rooted> {
        match e {
            Expr::Path(p) => {
                let ident = p.path.get_ident()?;
                let var = self.names.tracked(&ident.to_string())?;
                Some(Rooted {
                    var,
                    ident: ident.clone(),
                    path: Path::whole(),
                })
            }
            Expr::Field(f) => {
                let (dot, member) = (&f.dot_token, &f.member);
                let step = Step::Field(member.to_token_stream().to_string());
                Some(self.rooted(&f.base)?.step(step, quote!(#dot #member)))
            }
            Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => Some(
                self.rooted(&u.expr)?
                    .step(Step::Deref, u.op.to_token_stream()),
            ),
            Expr::Paren(p) => self.rooted(&p.expr),
            Expr::Group(g) => self.rooted(&g.expr),
            _ => None,
        }
    }

    /// A place that is used after the suspensions that follow: what decides which place it is is evaluated now.
    pub(super) fn defer(&mut self, e: &Expr) -> Expr {
        match e {
            Expr::Path(_) | Expr::Lit(_) => self.expr(e, Context::Place),
            Expr::Field(f) => {
                let base = Box::new(self.defer(&f.base));
                if let Some(root) = self.rooted(e) {
                    self.narrow(&root);
                }
                Expr::Field(syn::ExprField { base, ..f.clone() })
            }
            Expr::Index(i) => self.defer_element(i),
            Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => {
                let expr = Box::new(self.defer(&u.expr));
                Expr::Unary(syn::ExprUnary { expr, ..u.clone() })
            }
            Expr::Paren(p) => self.defer(&p.expr),
            Expr::Group(g) => self.defer(&g.expr),
            _ => {
                let var = self.spilled(e);
                self.use_var(var, Context::Place)
            }
        }
    }

    /// An element, which is looked up now, too: where there is none, that panics before what follows is evaluated.
    fn defer_element(&mut self, i: &syn::ExprIndex) -> Expr {
        let (base, support) = (self.defer(&i.expr), support());
        let (now, then) = match &*i.index {
            literal @ Expr::Lit(_) => (literal.clone(), literal.clone()),
            index => {
                let var = self.spilled_in(self.operands, index);
                let (now, then) = (Context::Place, Context::Value);
                let (now, then) = (self.use_var(var, now), self.use_var(var, then));
                (
                    parse_quote!(#support::core::clone::Clone::clone(&#now)),
                    then,
                )
            }
        };
        let found = indexed(i, base.clone(), now);
        self.store(parse_quote!(&#found), Dest::Ignore);
        indexed(i, base, then)
    }

    /// A place that patterns look at: in a closure, what they do not look at may stay outside. What looks at it is written
    /// before and after it.
    pub(super) fn looked_at(
        &mut self,
        e: &Expr,
        pats: &[&Pat],
        before: TokenStream,
        after: TokenStream,
    ) -> Expr {
        let whole = |pat: &&Pat| matches!(pat, Pat::Ident(pat) if binds(pat));
        let inside = self.names.capture.is_some() && !self.names.of_part && !pats.iter().any(whole);
        let Some(root) = self.rooted(e).filter(|_| inside) else {
            return self.place(e);
        };
        self.names.of_part = true;
        let place = self.place(e);
        self.names.of_part = false;
        self.note_part(&root, Some((before, after)));
        place
    }

    pub(super) fn field(&mut self, f: &syn::ExprField, whole: &Expr, context: Context) -> Expr {
        if let Some(part) = self.part(whole, context) {
            return part;
        }
        if context == Context::Value {
            if let Some(part) = self.taken_part(whole) {
                return part;
            }
        }
        let root = self.rooted(whole);
        let of_part = std::mem::replace(&mut self.names.of_part, root.is_some());
        let (base, dot, member) = (self.place(&f.base), &f.dot_token, &f.member);
        self.names.of_part = of_part;
        if let Some(root) = root.filter(|_| !of_part) {
            self.narrow(&root);
            self.note_part(&root, None);
        }
        Expr::Field(syn::ExprField {
            attrs: Vec::new(),
            base: Box::new(base),
            dot_token: *dot,
            member: member.clone(),
        })
    }

    /// A part of a variable as a value, which may move it out.
    pub(super) fn part(&mut self, e: &Expr, context: Context) -> Option<Expr> {
        let root = self
            .rooted(e)
            .filter(|_| context == Context::Value && self.names.capture.is_none())?;
        if self.body.vars[root.var.0].reference {
            return None;
        }
        let usage = self.usage_of(&root, Context::Place);
        let flag = self.flag_of(root.var, Part::Path(root.path.clone()));
        Some(self.hole(
            Hole::TakePart {
                usage,
                store: None,
                path: root.path,
                flag,
            },
            e.span(),
        ))
    }

    /// The value that a part is of, if it is a temporary of this coroutine, and the way to the part.
    pub(super) fn part_of_temporary<'e>(&self, e: &'e Expr) -> Option<(&'e Expr, Path)> {
        if self.names.capture.is_some() {
            return None;
        }
        let (base, step, tokens) = match e {
            Expr::Field(f) => {
                let (dot, member) = (&f.dot_token, &f.member);
                let step = Step::Field(member.to_token_stream().to_string());
                (&*f.base, step, quote!(#dot #member))
            }
            Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => {
                (&*u.expr, Step::Deref, u.op.to_token_stream())
            }
            Expr::Paren(p) => return self.part_of_temporary(&p.expr),
            Expr::Group(g) => return self.part_of_temporary(&g.expr),
            _ => return None,
        };
        let (whole, mut path) = match self.part_of_temporary(base) {
            Some(part) => part,
            None if is_place(base) || is_constant(base) => return None,
            None => (base, Path::whole()),
        };
        path.steps.push(step);
        path.tokens.push(tokens);
        Some((whole, path))
    }

    /// A part of a temporary as a value, where the temporary outlives the code: what is left of it is dropped with it.
    pub(super) fn taken_part(&mut self, e: &Expr) -> Option<Expr> {
        let (whole, path) = self.part_of_temporary(e).filter(|_| self.lifting)?;
        let (var, store) = self.temporary(whole);
        let flag = self.flag_of(var, Part::Path(path.clone()));
        let ident = self.body.vars[var.0].name.clone();
        let usage = self.usage(var, &ident, Context::Place);
        let part = Hole::TakePart {
            usage,
            store,
            path,
            flag,
        };
        Some(self.hole(part, e.span()))
    }
}

/// An index expression with other operands.
pub(super) fn indexed(i: &syn::ExprIndex, base: Expr, index: Expr) -> Expr {
    Expr::Index(syn::ExprIndex {
        expr: Box::new(base),
        index: Box::new(index),
        ..i.clone()
    })
}
