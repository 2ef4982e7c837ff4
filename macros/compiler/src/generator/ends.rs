//! How a generator ends: with a value or without.
//!
//! What has no value is said to return `()`, so that a generator that never ends is a stream too.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Macro, Stmt, parse_quote};

/// Whether the body returns a value, or may: as far as tokens tell.
pub(super) fn has_value(body: &Block, receives: bool) -> bool {
    struct Values(bool);
    impl<'ast> Visit<'ast> for Values {
        fn visit_expr_return(&mut self, r: &'ast syn::ExprReturn) {
            self.0 |= r.expr.is_some();
            visit::visit_expr_return(self, r);
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
        fn visit_item(&mut self, _: &'ast Item) {}
    }
    let mut values = Values(false);
    values.visit_block(body);
    values.0 || ends_with_value(body, receives)
}

fn ends_with_value(block: &Block, receives: bool) -> bool {
    matches!(block.stmts.last(), Some(Stmt::Expr(e, None)) if may_be_value(e, receives))
}

/// Whether the expression may have another value than `()`, and may be reached at all.
fn may_be_value(e: &Expr, receives: bool) -> bool {
    match e {
        Expr::Yield(_) => receives,
        Expr::While(_) | Expr::ForLoop(_) | Expr::Assign(_) => false,
        Expr::Return(_) | Expr::Break(_) | Expr::Continue(_) => false,
        Expr::Binary(b) => !is_assignment(&b.op),
        Expr::Tuple(t) => !t.elems.is_empty(),
        Expr::Macro(m) => !is_of_statements(&m.mac),
        Expr::Paren(p) => may_be_value(&p.expr, receives),
        Expr::Block(b) => ends_with_value(&b.block, receives),
        Expr::Unsafe(u) => ends_with_value(&u.block, receives),
        Expr::Loop(l) => breaks_with_value(&l.body),
        Expr::If(i) => {
            ends_with_value(&i.then_branch, receives)
                || i.else_branch.iter().any(|(_, e)| may_be_value(e, receives))
        }
        Expr::Match(m) => m.arms.iter().any(|arm| may_be_value(&arm.body, receives)),
        _ => true,
    }
}

fn is_assignment(op: &syn::BinOp) -> bool {
    use syn::BinOp::*;
    matches!(
        op,
        AddAssign(_)
            | SubAssign(_)
            | MulAssign(_)
            | DivAssign(_)
            | RemAssign(_)
            | BitXorAssign(_)
            | BitAndAssign(_)
            | BitOrAssign(_)
            | ShlAssign(_)
            | ShrAssign(_)
    )
}

/// The standard macros that have no value, or never end.
fn is_of_statements(mac: &Macro) -> bool {
    const NAMES: &[&str] = &[
        "print",
        "println",
        "eprint",
        "eprintln",
        "assert",
        "assert_eq",
        "assert_ne",
        "debug_assert",
        "debug_assert_eq",
        "debug_assert_ne",
        "panic",
        "todo",
        "unimplemented",
        "unreachable",
    ];
    let last = mac.path.segments.last();
    last.is_some_and(|last| NAMES.iter().any(|name| last.ident == name))
}

fn breaks_with_value(body: &Block) -> bool {
    struct Values(bool);
    impl<'ast> Visit<'ast> for Values {
        fn visit_expr_break(&mut self, b: &'ast syn::ExprBreak) {
            self.0 |= b.expr.is_some();
        }
        fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
        fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
        fn visit_item(&mut self, _: &'ast Item) {}
    }
    let mut values = Values(false);
    values.visit_block(body);
    values.0
}

/// Lets a body without a value end with `Ok(())`.
pub(super) fn succeed(body: &mut Block, receives: bool) {
    struct Succeed;
    impl VisitMut for Succeed {
        fn visit_expr_return_mut(&mut self, r: &mut syn::ExprReturn) {
            visit_mut::visit_expr_return_mut(self, r);
            r.expr.get_or_insert_with(|| Box::new(ok()));
        }
        fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
        fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
        fn visit_item_mut(&mut self, _: &mut Item) {}
    }
    let ends_with_value = ends_with_value(body, receives);
    Succeed.visit_block_mut(body);
    if ends_with_value {
        return;
    }
    if let Some(Stmt::Expr(_, semi @ None)) = body.stmts.last_mut() {
        *semi = Some(Default::default());
    }
    let ok = ok();
    body.stmts.push(parse_quote! {
        #[allow(unreachable_code)]
        return #ok;
    });
}

fn ok() -> Expr {
    let support = crate::names::support();
    parse_quote!(#support::core::result::Result::Ok(()))
}
