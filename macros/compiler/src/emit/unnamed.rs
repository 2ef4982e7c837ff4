//! Whether a generator may yield values of a type that has no name: a closure's, an async block's, a generator's.
//!
//! The proof copy and the machine each have such a type of their own, so the items of both cannot be said to be of one
//! type. Everything else that is yielded is of one type, and saying so lets the caller fix what the body leaves open:
//!
//! ```text
//! fn numbers() -> impl Stream<Item = Result<u32, Error>> { gen! { yield Ok(1); } }
//! ```
//!
//! Tokens do not tell types, so this errs towards "may": a value is followed through names, operands and arguments.

use std::collections::BTreeSet;

use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Item, Pat, Stmt};

/// Whether an item of the generator may be of a type without a name.
pub(super) fn yielded(body: &Block) -> bool {
    let mut unnamed = Unnamed {
        names: BTreeSet::new(),
        yielded: false,
    };
    unnamed.visit_block(body);
    unnamed.yielded
}

struct Unnamed {
    /// The variables that may hold such a value. One that hides another is taken for both.
    names: BTreeSet<String>,
    yielded: bool,
}

impl Unnamed {
    /// Whether the expression's value may be of such a type, or hold one.
    fn is(&self, e: &Expr) -> bool {
        match e {
            Expr::Closure(_) | Expr::Async(_) => true,
            Expr::Macro(m) => self.is_macro(&m.mac),
            Expr::Path(p) => p
                .path
                .get_ident()
                .is_some_and(|name| self.names.contains(&name.to_string())),
            Expr::Paren(p) => self.is(&p.expr),
            Expr::Group(g) => self.is(&g.expr),
            Expr::Reference(r) => self.is(&r.expr),
            Expr::Unary(u) => self.is(&u.expr),
            Expr::Field(f) => self.is(&f.base),
            Expr::Index(i) => self.is(&i.expr),
            Expr::Try(t) => self.is(&t.expr),
            Expr::Tuple(t) => t.elems.iter().any(|e| self.is(e)),
            Expr::Array(a) => a.elems.iter().any(|e| self.is(e)),
            Expr::Repeat(r) => self.is(&r.expr),
            Expr::Struct(s) => s.fields.iter().any(|field| self.is(&field.expr)),
            Expr::Call(c) => self.is(&c.func) || c.args.iter().any(|e| self.is(e)),
            Expr::MethodCall(c) => self.is(&c.receiver) || c.args.iter().any(|e| self.is(e)),
            Expr::Block(b) => self.ends(&b.block),
            Expr::Unsafe(u) => self.ends(&u.block),
            Expr::If(i) => {
                self.ends(&i.then_branch) || i.else_branch.as_ref().is_some_and(|(_, e)| self.is(e))
            }
            Expr::Match(m) => self.is(&m.expr) || m.arms.iter().any(|arm| self.is(&arm.body)),
            _ => false,
        }
    }

    fn is_macro(&self, mac: &syn::Macro) -> bool {
        let Some(last) = mac.path.segments.last() else {
            return false;
        };
        match last.ident.to_string().trim_start_matches("r#") {
            "gen" | "generator" | "iter" | "try_gen" => true,
            "vec" => Punctuated::<Expr, syn::Token![,]>::parse_terminated
                .parse2(mac.tokens.clone())
                .is_ok_and(|values| values.iter().any(|e| self.is(e))),
            _ => false,
        }
    }

    fn ends(&self, block: &Block) -> bool {
        matches!(block.stmts.last(), Some(Stmt::Expr(e, None)) if self.is(e))
    }

    fn bind(&mut self, pat: &Pat) {
        let mut names = Names(&mut self.names);
        names.visit_pat(pat);
    }
}

/// Collects what a pattern binds.
struct Names<'a>(&'a mut BTreeSet<String>);

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        self.0.insert(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }
}

impl<'ast> Visit<'ast> for Unnamed {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        visit::visit_local(self, local);
        let written = matches!(local.pat, Pat::Type(_));
        if !written && local.init.as_ref().is_some_and(|init| self.is(&init.expr)) {
            self.bind(&local.pat);
        }
    }

    fn visit_expr_let(&mut self, l: &'ast syn::ExprLet) {
        if self.is(&l.expr) {
            self.bind(&l.pat);
        }
        visit::visit_expr_let(self, l);
    }

    fn visit_expr_for_loop(&mut self, f: &'ast syn::ExprForLoop) {
        if self.is(&f.expr) {
            self.bind(&f.pat);
        }
        visit::visit_expr_for_loop(self, f);
    }

    fn visit_expr_match(&mut self, m: &'ast syn::ExprMatch) {
        if self.is(&m.expr) {
            m.arms.iter().for_each(|arm| self.bind(&arm.pat));
        }
        visit::visit_expr_match(self, m);
    }

    fn visit_expr_yield(&mut self, y: &'ast syn::ExprYield) {
        self.yielded |= y.expr.as_ref().is_some_and(|e| self.is(e));
        visit::visit_expr_yield(self, y);
    }

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_item(&mut self, _: &'ast Item) {}
}
