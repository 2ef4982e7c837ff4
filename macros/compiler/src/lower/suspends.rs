//! Which expressions suspend: those with `.await`, `yield` or a `for` over a stream that is theirs, not a closure's,
//! a nested async block's or an item's.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Block, Expr, Item, Stmt};

use super::macros;

/// Whether the expression suspends.
pub fn expr(e: &Expr) -> bool {
    let mut finder = Finder { found: false };
    finder.visit_expr(e);
    finder.found
}

/// Whether the statement suspends.
pub fn stmt(s: &Stmt) -> bool {
    let mut finder = Finder { found: false };
    finder.visit_stmt(s);
    finder.found
}

/// Whether the block suspends.
pub fn block(b: &Block) -> bool {
    b.stmts.iter().any(stmt)
}

/// Whether the tokens contain `.await` or `yield`, outside of nested async blocks and generators.
pub fn tokens(tokens: TokenStream) -> bool {
    let mut after_dot = false;
    let mut after_async = false;
    let mut after_generator = false;
    for tree in tokens {
        let (mut dot, mut asynchronous, mut generator) = (false, false, false);
        match &tree {
            TokenTree::Punct(p) => {
                dot = p.as_char() == '.';
                generator = after_generator && p.as_char() == '!';
            }
            TokenTree::Ident(i) if after_dot && i == "await" => return true,
            TokenTree::Ident(i) if i == "yield" => return true,
            TokenTree::Ident(i) => {
                asynchronous = i == "async" || (after_async && i == "move");
                generator = macros::is_generator(i);
            }
            TokenTree::Group(g) => {
                let is_block = after_async && g.delimiter() == Delimiter::Brace;
                let is_nested = after_generator || is_block;
                if !is_nested && self::tokens(g.stream()) {
                    return true;
                }
            }
            TokenTree::Literal(_) => {}
        }
        (after_dot, after_async, after_generator) = (dot, asynchronous, generator);
    }
    false
}

/// Whether a `for` loop carries `#[for_await]`.
pub fn is_for_await(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| attr.path().is_ident("for_await"))
}

struct Finder {
    found: bool,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_expr(&mut self, e: &'ast Expr) {
        match e {
            Expr::Await(_) | Expr::Yield(_) => self.found = true,
            Expr::ForLoop(f) if is_for_await(&f.attrs) => self.found = true,
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            _ if !self.found => visit::visit_expr(self, e),
            _ => {}
        }
    }

    fn visit_item(&mut self, _: &'ast Item) {}

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.found |= macros::suspends(mac);
    }
}
