//! Control flow that does not suspend: it stays as it is, with the names that it binds hidden from the holes.

use quote::quote;
use syn::spanned::Spanned;
use syn::{Block, Expr, Pat, Stmt as SynStmt, parse_quote};

use super::names::Meaning;
use super::stmt::wildcard;
use super::{Lowering, Target, covers, pattern};
use crate::ir::*;

impl Lowering<'_> {
    /// Binds the names of a pattern in code that is not taken apart.
    pub(super) fn bind_plain(&mut self, pat: &Pat) {
        for name in pattern::names(pat) {
            self.names.bind(&name.ident.to_string(), Meaning::Plain);
        }
    }

    /// Control flow, taken as it is.
    pub(super) fn plain(&mut self, e: &Expr) -> Expr {
        let lifting = std::mem::replace(&mut self.lifting, false);
        let result = self.plain_inner(e);
        self.lifting = lifting;
        result
    }

    fn plain_inner(&mut self, e: &Expr) -> Expr {
        match e {
            Expr::If(i) => self.plain_if(i),
            Expr::Match(m) => self.plain_match(m),
            Expr::Block(b) => {
                let target = Target {
                    label: b.label.as_ref().map(|l| l.name.clone()),
                    is_loop: false,
                    exits: None,
                };
                // What follows a jump out of it is skipped.
                let may_be_left = b.label.is_some();
                let block = self.targeted(target, |this| match may_be_left {
                    true => this.conditional(|this| this.plain_block(&b.block)),
                    false => this.plain_block(&b.block),
                });
                Expr::Block(syn::ExprBlock { block, ..b.clone() })
            }
            Expr::Unsafe(u) => {
                let block = self.plain_block(&u.block);
                Expr::Unsafe(syn::ExprUnsafe { block, ..u.clone() })
            }
            Expr::Loop(l) => {
                let body = self.plain_loop(&l.label, |this| this.plain_block(&l.body));
                Expr::Loop(syn::ExprLoop { body, ..l.clone() })
            }
            Expr::While(w) => self.plain_while(w),
            Expr::ForLoop(f) => {
                let expr = Box::new(self.value(&f.expr));
                self.names.push();
                self.bind_plain(&f.pat);
                let body = self.plain_loop(&f.label, |this| this.plain_block(&f.body));
                self.names.pop();
                Expr::ForLoop(syn::ExprForLoop {
                    expr,
                    body,
                    ..f.clone()
                })
            }
            _ => e.clone(),
        }
    }

    fn targeted<T>(&mut self, target: Target, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.targets.push(target);
        let result = inside(self);
        self.targets.pop();
        result
    }

    fn plain_loop<T>(
        &mut self,
        label: &Option<syn::Label>,
        inside: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let label = label.as_ref().map(|label| label.name.clone());
        self.targeted(
            Target {
                label,
                is_loop: true,
                exits: None,
            },
            |this| this.conditional(inside),
        )
    }

    fn plain_while(&mut self, w: &syn::ExprWhile) -> Expr {
        self.names.push();
        let label = w.label.as_ref().map(|label| label.name.clone());
        let target = Target {
            label,
            is_loop: true,
            exits: None,
        };
        let (cond, body) = self.targeted(target, |this| {
            this.conditional(|this| (this.value(&w.cond), this.plain_block(&w.body)))
        });
        self.names.pop();
        Expr::While(syn::ExprWhile {
            cond: Box::new(cond),
            body,
            ..w.clone()
        })
    }

    /// `let pattern = place` as a condition: what it binds is in force until the names are popped.
    pub(super) fn plain_let_condition(&mut self, l: &syn::ExprLet) -> Expr {
        let (pat, after) = (&l.pat, quote!({}));
        let expr = Box::new(self.looked_at(&l.expr, &[pat], quote!(if let #pat =), after));
        self.bind_plain(&l.pat);
        Expr::Let(syn::ExprLet { expr, ..l.clone() })
    }

    fn plain_if(&mut self, i: &syn::ExprIf) -> Expr {
        if let Expr::Let(l) = &*i.cond {
            if let Some(hole) = self.plain_if_let(i, l) {
                return hole;
            }
        }
        self.names.push();
        let cond = Box::new(self.value(&i.cond));
        let then_branch = self.conditional(|this| this.plain_block(&i.then_branch));
        self.names.pop();
        let else_branch = i
            .else_branch
            .as_ref()
            .map(|(token, e)| (*token, Box::new(self.conditional(|this| this.value(e)))));
        Expr::If(syn::ExprIf {
            cond,
            then_branch,
            else_branch,
            ..i.clone()
        })
    }

    fn plain_if_let(&mut self, i: &syn::ExprIf, l: &syn::ExprLet) -> Option<Expr> {
        let root = self.rooted(&l.expr)?;
        // Behind one that always matches, nothing is done that could leave a part.
        let is_asked = pattern::may_move(&l.pat) || covers::always(&l.pat);
        if !is_asked || self.body.vars[root.var.0].reference || self.names.capture.is_some() {
            return None;
        }
        let otherwise: Expr = match &i.else_branch {
            Some((_, e)) => self.conditional(|this| this.value(e)),
            None => parse_quote!({}),
        };
        self.new_match();
        let then = self.plain_arm(
            &root,
            &l.pat,
            None,
            &Expr::Block(block_expr(&i.then_branch)),
        );
        let fallback = self.fallback(otherwise, covers::always(&l.pat));
        Some(self.plain_match_hole(&root, vec![then, fallback], i.span()))
    }

    fn plain_match_hole(
        &mut self,
        root: &super::place::Rooted,
        arms: Vec<PlainArm>,
        span: proc_macro2::Span,
    ) -> Expr {
        let usage = self.usage_of(root, Context::Place);
        self.hole(
            Hole::Match {
                usage,
                path: root.path.clone(),
                arms,
            },
            span,
        )
    }

    fn plain_arm(
        &mut self,
        root: &super::place::Rooted,
        pat: &Pat,
        guard: Option<&Expr>,
        body: &Expr,
    ) -> PlainArm {
        let pattern = self.pattern(pat, Some((root.var, &root.path)));
        self.names.push();
        self.bind_plain(pat);
        let (guard, body) =
            self.conditional(|this| (guard.map(|guard| this.value(guard)), this.value(body)));
        self.names.pop();
        PlainArm {
            pattern,
            guard: guard.map(|guard| self.code(guard)),
            body: self.code(body),
            unreached: false,
        }
    }

    fn plain_match(&mut self, m: &syn::ExprMatch) -> Expr {
        if let Some(root) = self.rooted(&m.expr) {
            let moves = |arm: &syn::Arm| pattern::may_move(&arm.pat);
            let unreached = covers::unreached(&m.arms);
            if (unreached.contains(&true) || m.arms.iter().any(moves))
                && !self.body.vars[root.var.0].reference
                && self.names.capture.is_none()
            {
                let group = self.new_match();
                let arms = m
                    .arms
                    .iter()
                    .zip(unreached)
                    .map(|(arm, unreached)| {
                        self.group = group;
                        let guard = arm.guard.as_ref().map(|(_, g)| &**g);
                        let lowered = self.plain_arm(&root, &arm.pat, guard, &arm.body);
                        PlainArm {
                            unreached,
                            ..lowered
                        }
                    })
                    .collect();
                return self.plain_match_hole(&root, arms, m.match_token.span());
            }
        }
        if self.names.capture.is_some() && matches_nothing(m) {
            // As a `let` that looks at nothing.
            let arms = m.arms.iter().map(|arm| syn::Arm {
                pat: Pat::Wild(wild()),
                ..self.plain_match_arm(arm)
            });
            return Expr::Match(syn::ExprMatch {
                arms: arms.collect(),
                expr: parse_quote!(()),
                ..m.clone()
            });
        }
        let arms = m.arms.iter().map(|arm| {
            let (pat, guard) = (&arm.pat, arm.guard.as_ref().map(|_| quote!(if true)));
            quote!(#pat #guard => {})
        });
        let after = quote!({ #(#arms)* });
        let pats: Vec<_> = m.arms.iter().map(|arm| &arm.pat).collect();
        let expr = Box::new(self.looked_at(&m.expr, &pats, quote!(match), after));
        let arms = m.arms.iter().map(|arm| self.plain_match_arm(arm)).collect();
        Expr::Match(syn::ExprMatch {
            expr,
            arms,
            ..m.clone()
        })
    }

    fn plain_match_arm(&mut self, arm: &syn::Arm) -> syn::Arm {
        self.names.push();
        self.bind_plain(&arm.pat);
        let lowered = self.conditional(|this| syn::Arm {
            guard: arm
                .guard
                .as_ref()
                .map(|(token, guard)| (*token, Box::new(this.value(guard)))),
            body: Box::new(this.value(&arm.body)),
            ..arm.clone()
        });
        self.names.pop();
        lowered
    }

    /// A block, taken as it is.
    pub(super) fn plain_block(&mut self, block: &Block) -> Block {
        self.names.push();
        for stmt in &block.stmts {
            if let SynStmt::Item(syn::Item::Fn(f)) = stmt {
                self.names.bind(&f.sig.ident.to_string(), Meaning::Plain);
            }
        }
        let lifting = std::mem::replace(&mut self.lifting, false);
        let last = block.stmts.len().saturating_sub(1);
        let stmts = block
            .stmts
            .iter()
            .enumerate()
            .map(|(index, stmt)| self.plain_stmt(stmt, index == last))
            .collect();
        self.lifting = lifting;
        self.names.pop();
        Block {
            stmts,
            ..block.clone()
        }
    }

    fn plain_stmt(&mut self, stmt: &SynStmt, is_last: bool) -> SynStmt {
        match stmt {
            SynStmt::Local(local) => SynStmt::Local(self.plain_local(local)),
            SynStmt::Item(_) => stmt.clone(),
            // What is left of a block-like expression may need the semicolon that the user could leave out.
            SynStmt::Expr(e, None) if !is_last => {
                SynStmt::Expr(self.value(e), Some(Default::default()))
            }
            SynStmt::Expr(e, semi) => SynStmt::Expr(self.value(e), *semi),
            SynStmt::Macro(m) => {
                let e = Expr::Macro(syn::ExprMacro {
                    attrs: m.attrs.clone(),
                    mac: m.mac.clone(),
                });
                self.plain_macro_stmt(&e, m)
            }
        }
    }

    fn plain_local(&mut self, local: &syn::Local) -> syn::Local {
        let mut lowered = local.clone();
        if let Some(init) = &mut lowered.init {
            if self.names.capture.is_some() && looks_at_nothing(local) {
                // It captures nothing, and the name is that of a slot.
                (lowered.pat, *init.expr) = (Pat::Wild(wild()), parse_quote!(()));
            } else if let Some((pat, expr)) = self.plain_moving_let(&local.pat, init) {
                lowered.pat = pat;
                (init.expr, init.diverge) = (Box::new(expr), None);
            } else {
                *init.expr = match pattern::single(&local.pat) {
                    Some(_) => self.value(&init.expr),
                    None => {
                        let (pat, otherwise) = (&local.pat, init.diverge.as_ref());
                        let otherwise = otherwise.map(|_| quote!(else { return }));
                        self.looked_at(&init.expr, &[pat], quote!(let #pat =), quote!(#otherwise;))
                    }
                };
                if let Some((_, e)) = &mut init.diverge {
                    **e = self.conditional(|this| this.value(e));
                }
            }
        }
        self.bind_plain(&local.pat);
        lowered
    }

    /// `let (a, _) = x;` over a tracked variable: the names are bound to the value of a match.
    fn plain_moving_let(&mut self, pat: &Pat, init: &syn::LocalInit) -> Option<(Pat, Expr)> {
        let root = self.rooted(&init.expr)?;
        let simple = pattern::single(pat).is_some() || !pattern::may_move(pat);
        if simple || self.body.vars[root.var.0].reference || self.names.capture.is_some() {
            return None;
        }
        let pat = pattern::split_type(pat).0;
        let names = pattern::names(pat);
        let values = names.iter().map(|name| &name.ident);
        self.new_match();
        let mut arms = vec![self.plain_arm(&root, pat, None, &parse_quote!((#(#values,)*)))];
        if let Some((_, diverge)) = &init.diverge {
            let diverge = self.conditional(|this| this.value(diverge));
            arms.push(self.fallback(diverge, covers::always(pat)));
        }
        let bindings = names.iter().map(|name| {
            let (mutable, ident) = (name.mutable.then(<syn::Token![mut]>::default), &name.ident);
            quote!(#mutable #ident)
        });
        let tokens = quote!((#(#bindings,)*));
        let tuple = syn::parse::Parser::parse2(Pat::parse_single, tokens).ok()?;
        Some((tuple, self.plain_match_hole(&root, arms, pat.span())))
    }

    fn fallback(&self, body: Expr, unreached: bool) -> PlainArm {
        PlainArm {
            pattern: wildcard(),
            guard: None,
            body: self.code(body),
            unreached,
        }
    }
}

/// `let _ = x.part;`, `let (_, Pair { .. }) = x;`, which neither read nor capture anything.
pub(crate) fn looks_at_nothing(local: &syn::Local) -> bool {
    let init = local.init.as_ref();
    let of_a_place = init.is_some_and(|init| init.diverge.is_none() && is_path(&init.expr));
    of_a_place && says_nothing(&local.pat)
}

/// The same of a `match` whose first arm takes everything, or all arms up to one without a guard.
pub(crate) fn matches_nothing(m: &syn::ExprMatch) -> bool {
    let unguarded = m.arms.iter().position(|arm| arm.guard.is_none());
    let chosen = &m.arms[..unguarded.map_or(0, |last| last + 1)];
    let takes_all = m.arms.len() == 1 || chosen.iter().all(|arm| covers::always(&arm.pat));
    let nothing = m.arms.iter().all(|arm| says_nothing(&arm.pat));
    unguarded.is_some() && takes_all && nothing && is_path(&m.expr)
}

fn is_path(e: &Expr) -> bool {
    match e {
        Expr::Path(_) => true,
        Expr::Field(f) => is_path(&f.base),
        Expr::Paren(p) => is_path(&p.expr),
        Expr::Group(g) => is_path(&g.expr),
        _ => false,
    }
}

/// Whether the pattern binds nothing and, where it takes everything, reads nothing.
fn says_nothing(pat: &Pat) -> bool {
    match pat {
        Pat::Wild(_) | Pat::Rest(_) => true,
        Pat::Tuple(p) => p.elems.iter().all(says_nothing),
        Pat::TupleStruct(p) => p.elems.iter().all(says_nothing),
        Pat::Struct(p) => p.fields.iter().all(|field| says_nothing(&field.pat)),
        Pat::Paren(p) => says_nothing(&p.pat),
        Pat::Type(p) => says_nothing(&p.pat),
        _ => false,
    }
}

fn wild() -> syn::PatWild {
    syn::PatWild {
        attrs: Vec::new(),
        underscore_token: Default::default(),
    }
}

fn block_expr(block: &Block) -> syn::ExprBlock {
    syn::ExprBlock {
        attrs: Vec::new(),
        label: None,
        block: block.clone(),
    }
}
