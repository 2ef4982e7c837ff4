//! Places that what is evaluated after them may change.
//!
//! Where an operator, a call or a method takes a value that is copied, rustc copies it before it evaluates the other
//! operands. Otherwise it borrows, and nothing can change the place meanwhile. Which of both it is depends on the type.
//!
//! ```text
//! x == { x += 1; f().await }      =>   t = Compared(&x).now();  …  *t == …     a copy, or a reference
//! x.max({ x += 1; f().await })    =>   t = copy_of(&x);         …  t.max(…)    what is changed can only be a copy
//! ```

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, ExprBinary, parse_quote};

use super::Lowering;
use super::expr::two;
use super::place::is_place;
use crate::captured::{self, Place};
use crate::ir::*;
use crate::names::support;

impl Lowering<'_> {
    /// Whether an operand that suspends, or one before it, writes to the place.
    pub(super) fn is_changed_by<'e>(
        &self,
        place: &Expr,
        operands: impl IntoIterator<Item = &'e Expr> + Clone,
    ) -> bool {
        let Some(place) = Place::of(place) else {
            return false;
        };
        let suspend = operands.clone().into_iter().any(|e| self.emits(e));
        suspend
            && operands
                .into_iter()
                .flat_map(captured::written)
                .any(|written| written.overlaps(&place))
    }

    /// The value of a place as it is now: of a type that is copied.
    pub(super) fn read_now(&mut self, place: &Expr) -> Expr {
        let (support, left) = (support(), self.place(place));
        let var = self.kept(place, parse_quote!(#support::copy_of(&#left)));
        self.use_var(var, Context::Value)
    }

    /// The sides of a comparison.
    pub(super) fn compared(&mut self, b: &ExprBinary) -> [Expr; 2] {
        let (left, right) = (&*b.left, &*b.right);
        if self.names.capture.is_some() || !self.emits(right) || !depends(left, right) {
            return two(self.operands(&[(left, Context::Place), (right, Context::Place)]));
        }
        let (support, place) = (support(), self.place(left));
        let value = parse_quote!({
            use #support::{CompareBorrowed as _, CompareCopied as _};
            (&#support::Compared(&#place)).now()
        });
        let var = self.kept(left, value);
        let kept = self.use_var(var, Context::Place);
        [parse_quote!((*#kept)), self.place(right)]
    }

    fn kept(&mut self, e: &Expr, value: Expr) -> VarId {
        let name = Ident::new("operand", e.span());
        let var = self.new_var_in(self.operands, name, Role::Temporary, None);
        self.holds(var, e);
        self.store(value, Dest::Var(var));
        var
    }
}

/// Whether it matters when the place is looked at.
fn depends(place: &Expr, later: &Expr) -> bool {
    let is_mentioned = |place: Place| mentions(later.to_token_stream(), &place.name);
    is_place(place) && (looks_up(place) || Place::of(place).is_some_and(is_mentioned))
}

/// Whether an element is looked up, which may panic.
fn looks_up(place: &Expr) -> bool {
    match place {
        Expr::Index(_) => true,
        Expr::Field(f) => looks_up(&f.base),
        Expr::Unary(u) => looks_up(&u.expr),
        Expr::Paren(p) => looks_up(&p.expr),
        Expr::Group(g) => looks_up(&g.expr),
        _ => false,
    }
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Ident(ident) => ident == *name,
        _ => false,
    })
}
