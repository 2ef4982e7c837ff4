//! Places that what is evaluated after them may change.
//!
//! Where an operator, a call or a method takes a value that is copied, rustc copies it before it evaluates the other
//! operands. Otherwise it borrows, and nothing can change the place meanwhile. Which of both it is depends on the type.
//!
//! ```text
//! x == { x += 1; f().await }      =>   t = Compared(&x).now();  …  *t == …     a copy, or a reference
//! x.max({ x += 1; f().await })    =>   t = Receiver(&x).now();  …  if t.is_taken() { t.max(…) } else { x.max(…) }
//! ```

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprBinary, parse_quote};

use super::Lowering;
use super::expr::two;
use super::place::is_place;
use super::stmt::count;
use crate::captured;
use crate::ir::*;
use crate::names::{fresh, support};

impl Lowering<'_> {
    /// Whether an operand that suspends, or one before it, may change the place.
    pub(super) fn may_be_changed_by<'e>(
        &self,
        place: &Expr,
        operands: impl IntoIterator<Item = &'e Expr> + Clone,
    ) -> bool {
        let Some(name) = captured::root(place).filter(|_| self.names.capture.is_none()) else {
            return false;
        };
        let suspend = operands.clone().into_iter().any(|e| self.emits(e));
        suspend && operands.into_iter().any(|e| captured::uses(e, name))
    }

    /// Whether an argument gives the variable that a receiver is another value: then the call takes it by value, which has been
    /// moved or copied before.
    pub(super) fn is_replaced_by<'e>(
        &self,
        receiver: &Expr,
        args: impl IntoIterator<Item = &'e Expr> + Clone,
    ) -> bool {
        let Expr::Path(p) = receiver else {
            return false;
        };
        let name = p.path.get_ident();
        self.may_be_changed_by(receiver, args.clone())
            && name.is_some_and(|name| args.into_iter().any(|e| captured::assigns(e, name)))
    }

    /// The same of a function. Of a closure of this body rustc cannot say whether it is `Copy` while it looks at the body:
    /// one that is not an argument's is a function in a variable only if an operand assigns to it.
    pub(super) fn is_other_function_after<'e>(
        &self,
        place: &Expr,
        operands: impl IntoIterator<Item = &'e Expr> + Clone,
    ) -> bool {
        let Some(name) = captured::root(place) else {
            return false;
        };
        let var = self.names.tracked(&name.to_string());
        let is_argument = var.is_some_and(|var| self.body.vars[var.0].role == Role::Argument);
        (is_argument || operands.clone().into_iter().any(|e| may_write(e, name)))
            && self.may_be_changed_by(place, operands)
    }

    /// A call of a place, or of a method on it: if that takes the place by value, of the value that it has now. Asked is a
    /// scope that suspends in the arguments, whether it keeps the place. The value is read where the user's call names the place,
    /// which holds one there, and only if it is `Copy`; what it borrows is judged by the proof copy.
    pub(super) fn received<'e>(
        &mut self,
        place: &Expr,
        method: TokenStream,
        args: impl Iterator<Item = &'e Expr>,
    ) -> Expr {
        let support = support();
        let receiver = self.defer(place);
        let looked_at = self.looked_at_now(&receiver);
        let now = parse_quote!({
            use #support::{ReceiveBorrowed as _, ReceiveCopied as _, ReceivePointed as _};
            (&#support::Receiver(&raw const #looked_at)).now()
        });
        let kept = self.kept(place, now);
        let lifting = std::mem::replace(&mut self.lifting, true);
        let args = self.received_arguments(&args.collect::<Vec<_>>());
        self.lifting = lifting;
        let (whole, asked) = (fresh("whole"), fresh("asked"));
        let suspended = args.iter().enumerate().map(|(index, arg)| match index {
            0 => quote!({ #support::Leave.await; #arg }),
            _ => arg.to_token_stream(),
        });
        let [asking, telling, copy] = [(); 3].map(|()| self.use_var(kept, Context::Place));
        parse_quote!(({
            let mut #asked = #support::Witness::new();
            if false {
                #support::core::unreachable!();
                #asked.is(&async {
                    let mut #whole = #asking.whole();
                    (#whole.value) #method (#(#suspended),*);
                });
            }
            if #telling.is_taken(&#asked) {
                (*#copy.at()) #method (#(#args),*)
            } else {
                (#receiver) #method (#(#args),*)
            }
        }))
    }

    /// A place that is used later, too: what finds an element stays there for that.
    fn looked_at_now(&mut self, place: &Expr) -> Expr {
        let mut now = place.clone();
        match &mut now {
            Expr::Index(i) => {
                *i.expr = self.looked_at_now(&i.expr);
                if let Some(var) = self.is_temporary(&i.index) {
                    let (support, index) = (support(), self.use_var(var, Context::Place));
                    *i.index = parse_quote!(#support::core::clone::Clone::clone(&#index));
                }
            }
            Expr::Field(f) => *f.base = self.looked_at_now(&f.base),
            Expr::Unary(u) => *u.expr = self.looked_at_now(&u.expr),
            Expr::Paren(p) => *p.expr = self.looked_at_now(&p.expr),
            _ => {}
        }
        now
    }

    /// Arguments that are written more than once: those before one that is evaluated now are evaluated now, too.
    fn received_arguments(&mut self, args: &[&Expr]) -> Vec<Expr> {
        let emits = args.iter().rposition(|arg| self.emits(arg));
        let spilled = args.iter().rposition(|arg| !self.may_be_repeated(arg));
        let first = emits.max(spilled.map(|last| last + 1)).unwrap_or(0);
        let arguments = args
            .iter()
            .enumerate()
            .map(|(index, arg)| match index < first {
                true => self.spill(arg),
                false => self.value(arg),
            });
        arguments.collect()
    }

    /// Whether what is left of an argument when it has suspended can be written more than once, where the call coerces it.
    fn may_be_repeated(&self, arg: &Expr) -> bool {
        let repeated = |e: &Expr| self.may_be_repeated(e);
        match arg {
            Expr::Await(_) | Expr::Lit(_) | Expr::Path(_) => true,
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Unsafe(_) => self.suspends(arg),
            Expr::Call(c) => {
                let of_a_path = matches!(&*c.func, Expr::Path(_)) && self.rooted(&c.func).is_none();
                of_a_path && c.args.iter().all(repeated)
            }
            Expr::Tuple(t) => t.elems.iter().all(repeated),
            Expr::Array(a) => a.elems.iter().all(repeated),
            Expr::Struct(s) => {
                s.rest.is_none() && s.fields.iter().all(|field| repeated(&field.expr))
            }
            Expr::Reference(r) => matches!(&*r.expr, Expr::Path(_)),
            Expr::Paren(p) => repeated(&p.expr),
            Expr::Group(g) => repeated(&g.expr),
            _ => false,
        }
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

/// Whether the expression assigns to what is reached through the name, or borrows it uniquely.
fn may_write(e: &Expr, name: &Ident) -> bool {
    struct Finder<'n>(&'n Ident, bool);
    impl Visit<'_> for Finder<'_> {
        fn visit_expr(&mut self, e: &Expr) {
            let place = match e {
                Expr::Assign(a) => Some(&*a.left),
                Expr::Reference(r) if r.mutability.is_some() => Some(&*r.expr),
                _ => None,
            };
            self.1 |= place
                .and_then(captured::root)
                .is_some_and(|root| root == self.0);
            visit::visit_expr(self, e);
        }
    }
    let mut finder = Finder(name, false);
    finder.visit_expr(e);
    finder.1
}

/// Whether it matters when the place is looked at.
fn depends(place: &Expr, later: &Expr) -> bool {
    let is_mentioned = |name: &Ident| count(&later.to_token_stream(), &name.to_string()) > 0;
    is_place(place) && (looks_up(place) || captured::root(place).is_some_and(is_mentioned))
}

/// Whether an element is looked up, or what a pointer points to, which may be the user's code.
fn looks_up(place: &Expr) -> bool {
    match place {
        Expr::Index(_) | Expr::Unary(_) => true,
        Expr::Field(f) => looks_up(&f.base),
        Expr::Paren(p) => looks_up(&p.expr),
        Expr::Group(g) => looks_up(&g.expr),
        _ => false,
    }
}
