//! The names of a body that nothing in it binds: the variables that a generator moves in, or that an operand may change.
//!
//! ```text
//! gen! { for n in 0..limit { yield f(n) + offset; } }   =>   limit, offset
//! ```

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Item, Macro, UnOp};

use crate::concurrent;
use crate::generator::Written;
use crate::lower::{
    Kind, Matches, Operand, captured_names, kind, looks_at_nothing, matches_nothing, text,
};

/// The names that may be variables of the environment: used as an expression, not bound inside, not only called.
///
/// A name that turns out to be a function or a constant is captured as a value, which changes nothing. A name that is
/// only called stays where it is: the step captures it as a closure does.
pub(crate) fn variables(body: &Block) -> Vec<Ident> {
    let mut free = Free::new();
    free.visit_block(body);
    free.found
}

/// Whether the expression uses a variable of that name that is not its own.
pub(crate) fn uses(e: &Expr, name: &Ident) -> bool {
    let mut free = Free::new();
    free.visit_expr(e);
    free.found.contains(name)
}

/// Whether the expression assigns to a variable of that name that is not its own.
pub(crate) fn assigns(e: &Expr, name: &Ident) -> bool {
    let mut free = Free::new();
    free.visit_expr(e);
    free.assigned.contains(name)
}

/// The variable that a place is, or is a part of, or is reached through.
pub(crate) fn root(place: &Expr) -> Option<&Ident> {
    match place {
        Expr::Path(p) => p.path.get_ident(),
        Expr::Field(f) => root(&f.base),
        Expr::Index(i) => root(&i.expr),
        Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => root(&u.expr),
        Expr::Paren(p) => root(&p.expr),
        Expr::Group(g) => root(&g.expr),
        _ => None,
    }
}

struct Free {
    bound: Vec<BTreeSet<String>>,
    found: Vec<Ident>,
    assigned: Vec<Ident>,
}

impl Free {
    fn new() -> Self {
        Free {
            bound: vec![BTreeSet::new()],
            found: Vec::new(),
            assigned: Vec::new(),
        }
    }

    fn name(&mut self, ident: &Ident) {
        let text = ident.to_string();
        let variable = text == "self"
            || text
                .trim_start_matches("r#")
                .starts_with(|c: char| c.is_lowercase() || c == '_');
        let is_path = text == "crate" || text == "super";
        let known = self.found.iter().any(|known| *known == text);
        if variable && !is_path && !self.is_bound(&text) && !known {
            self.found.push(ident.clone());
        }
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.iter().any(|names| names.contains(name))
    }

    fn within(&mut self, inside: impl FnOnce(&mut Self)) {
        self.bound.push(BTreeSet::new());
        inside(self);
        self.bound.pop();
    }

    /// The operands of a macro: expressions, some with names, of which one may be a format string.
    fn operands(&mut self, tokens: TokenStream, format: Option<usize>) {
        let list = Punctuated::<Operand, syn::Token![,]>::parse_terminated;
        let Ok(operands) = list.parse2(tokens.clone()) else {
            // The value and count of a `vec!`.
            return self.statements(tokens);
        };
        for (index, operand) in operands.iter().enumerate() {
            self.visit_expr(&operand.value);
            if let (Some(text), true) = (text(&operand.value), format == Some(index)) {
                self.format_string(text, &operands);
            }
        }
    }

    /// `{x}`, unless an operand has that name.
    fn format_string(
        &mut self,
        text: &syn::LitStr,
        operands: &Punctuated<Operand, syn::Token![,]>,
    ) {
        for name in captured_names(text) {
            if !operands.iter().any(|operand| operand.is_named(&name)) {
                self.name(&name);
            }
        }
    }

    fn statements(&mut self, tokens: TokenStream) {
        if let Ok(stmts) = Block::parse_within.parse2(tokens) {
            let brace_token = syn::token::Brace::default();
            self.visit_block(&Block { brace_token, stmts });
        }
    }

    fn matches(&mut self, tokens: TokenStream) {
        if let Ok(Matches { value, pat, guard }) = syn::parse2(tokens) {
            self.visit_expr(&value);
            self.within(|this| {
                this.visit_pat(&pat);
                guard.iter().for_each(|guard| this.visit_expr(guard));
            });
        }
    }
}

impl<'ast> Visit<'ast> for Free {
    fn visit_expr_assign(&mut self, a: &'ast syn::ExprAssign) {
        if let Expr::Path(p) = &*a.left {
            let name = p.path.get_ident().cloned();
            let free = name.filter(|name| !self.is_bound(&name.to_string()));
            self.assigned.extend(free);
        }
        visit::visit_expr_assign(self, a);
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.within(|this| {
            for stmt in &block.stmts {
                if let syn::Stmt::Item(Item::Fn(f)) = stmt {
                    this.bind(f.sig.ident.to_string());
                }
            }
            visit::visit_block(this, block);
        });
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if looks_at_nothing(local) {
            return;
        }
        if let Some(init) = &local.init {
            self.visit_expr(&init.expr);
            if let Some((_, otherwise)) = &init.diverge {
                self.visit_expr(otherwise);
            }
        }
        self.visit_pat(&local.pat);
    }

    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        self.bind(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.within(|this| {
            closure.inputs.iter().for_each(|pat| this.visit_pat(pat));
            this.visit_expr(&closure.body);
        });
    }

    fn visit_expr_match(&mut self, m: &'ast syn::ExprMatch) {
        if !matches_nothing(m) {
            self.visit_expr(&m.expr);
        }
        m.arms.iter().for_each(|arm| self.visit_arm(arm));
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.within(|this| {
            this.visit_pat(&arm.pat);
            if let Some((_, guard)) = &arm.guard {
                this.visit_expr(guard);
            }
            this.visit_expr(&arm.body);
        });
    }

    fn visit_expr_for_loop(&mut self, f: &'ast syn::ExprForLoop) {
        self.visit_expr(&f.expr);
        self.within(|this| {
            this.visit_pat(&f.pat);
            this.visit_block(&f.body);
        });
    }

    fn visit_expr_if(&mut self, i: &'ast syn::ExprIf) {
        self.within(|this| {
            this.visit_expr(&i.cond);
            this.visit_block(&i.then_branch);
        });
        if let Some((_, otherwise)) = &i.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, w: &'ast syn::ExprWhile) {
        self.within(|this| {
            this.visit_expr(&w.cond);
            this.visit_block(&w.body);
        });
    }

    fn visit_expr_let(&mut self, l: &'ast syn::ExprLet) {
        self.visit_expr(&l.expr);
        self.visit_pat(&l.pat);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if !matches!(&*call.func, Expr::Path(_)) {
            self.visit_expr(&call.func);
        }
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let (None, Some(ident)) = (&path.qself, path.path.get_ident()) {
            self.name(ident);
        }
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        let tokens = mac.tokens.clone();
        match kind(mac) {
            Kind::Text => {}
            Kind::Concurrent => {
                let expanded = concurrent::expanded(mac);
                expanded.iter().for_each(|e| self.visit_expr(e));
            }
            Kind::Generator => {
                if let Ok(written) = syn::parse2::<Written>(tokens) {
                    self.visit_block(&written.block());
                }
            }
            Kind::Matches => self.matches(tokens),
            Kind::Format { leading, .. } => self.operands(tokens, Some(leading)),
            Kind::Values | Kind::Pin | Kind::Unknown => self.operands(tokens, None),
        }
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

impl Free {
    fn bind(&mut self, name: String) {
        if let Some(names) = self.bound.last_mut() {
            names.insert(name);
        }
    }
}
