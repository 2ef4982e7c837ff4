//! The items of `iter!`: the temporaries of an item are dropped before it is handed out, so that none of them moves with the
//! iterator.
//!
//! ```text
//! yield list.iter().max()   =>   yield { let item = Given { items, value: list.iter().max() }.value; item }
//! ```

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Item, Stmt, parse_quote};

use crate::names::{fresh, support};

/// Writes the blocks.
pub(super) fn end_temporaries(body: &mut Block) {
    Items.visit_block_mut(body);
}

struct Items;

impl VisitMut for Items {
    fn visit_expr_yield_mut(&mut self, y: &mut syn::ExprYield) {
        visit_mut::visit_expr_yield_mut(self, y);
        if let Some(value) = y.expr.as_mut().filter(|value| !is_simple(value)) {
            let (support, item, items) = (support(), fresh("item"), fresh("items"));
            // As tokens: the name is none of the user's.
            let items = Expr::Verbatim(quote!(&#items));
            let mut given: syn::ExprStruct =
                parse_quote!(#support::Given { items: (), value: #value });
            given.fields[0].expr = items;
            let mut block: syn::ExprBlock = parse_quote!({
                let #item = ().value;
                #item
            });
            if let Some(Stmt::Local(syn::Local {
                init: Some(syn::LocalInit { expr, .. }),
                ..
            })) = block.block.stmts.first_mut()
            {
                if let Expr::Field(field) = &mut **expr {
                    *field.base = Expr::Struct(given);
                }
            }
            **value = Expr::Block(block);
        }
    }

    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}
    fn visit_expr_async_mut(&mut self, _: &mut syn::ExprAsync) {}
    fn visit_item_mut(&mut self, _: &mut Item) {}
}

/// Whether the expression makes no temporaries.
fn is_simple(e: &Expr) -> bool {
    match e {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(f) => is_simple(&f.base),
        Expr::Paren(p) => is_simple(&p.expr),
        Expr::Unary(u) => is_simple(&u.expr),
        Expr::Cast(c) => is_simple(&c.expr),
        Expr::Binary(b) => is_simple(&b.left) && is_simple(&b.right),
        Expr::Tuple(t) => t.elems.iter().all(is_simple),
        _ => false,
    }
}
