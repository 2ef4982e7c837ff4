//! Calls. What a method does with its receiver, and a call with its callee, only rustc knows: a call on a tracked
//! variable, or on a temporary that must outlive it, becomes a [`Call`] for `emit` to decide.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{Expr, parse_quote};

use super::Lowering;
use super::expr::refill;
use super::place::{Rooted, is_place};
use crate::ir::*;

/// Whether an argument stays inside the call: its type comes from the call, or it is the same wherever it stands.
fn stays(arg: &Expr) -> bool {
    match arg {
        Expr::Closure(_) | Expr::Lit(_) => true,
        Expr::Reference(r) => is_place(&r.expr),
        Expr::Unary(u) => stays(&u.expr),
        // The call says what the elements are coerced to.
        Expr::Tuple(t) => t.elems.iter().all(stays),
        Expr::Array(a) => a.elems.iter().all(stays),
        _ => false,
    }
}

/// Whether what the call takes may decide the types of parts of the argument: of branches, elements, fields. A closure in
/// it is another one wherever it stands, and what a macro holds is not known.
fn is_coerced(arg: &Expr) -> bool {
    struct Unnamed(bool);
    impl Visit<'_> for Unnamed {
        fn visit_expr_closure(&mut self, _: &syn::ExprClosure) {
            self.0 = true;
        }
        fn visit_expr_async(&mut self, _: &syn::ExprAsync) {
            self.0 = true;
        }
        fn visit_macro(&mut self, _: &syn::Macro) {
            self.0 = true;
        }
    }
    let mut unnamed = Unnamed(false);
    unnamed.visit_expr(arg);
    !unnamed.0 && has_parts(arg)
}

fn has_parts(arg: &Expr) -> bool {
    match arg {
        Expr::If(_) | Expr::Match(_) | Expr::Tuple(_) | Expr::Array(_) | Expr::Struct(_) => true,
        Expr::Block(b) => b.label.is_none(),
        Expr::Call(c) => c.args.iter().any(has_parts) || matches!(&*c.func, Expr::Path(_)),
        Expr::Reference(r) => !is_place(&r.expr),
        Expr::Paren(p) => has_parts(&p.expr),
        Expr::Group(g) => has_parts(&g.expr),
        _ => false,
    }
}

impl Lowering<'_> {
    pub(super) fn call(&mut self, c: &syn::ExprCall) -> Expr {
        if self.is_other_function_after(&c.func, &c.args) {
            return self.received(&c.func, TokenStream::new(), c.args.iter());
        }
        if let Some(root) = self.rooted(&c.func) {
            if root.path.is_whole() && self.names.capture.is_none() {
                let (paren, args) = (c.paren_token.span.join(), c.args.iter());
                let call = self.call_of(root.var, &root.ident, args, paren);
                return self.hole(Hole::Call(call), paren);
            }
        }
        let operands: Vec<_> = std::iter::once((&*c.func, Context::Place))
            .chain(c.args.iter().map(|arg| (arg, Context::Value)))
            .collect();
        let mut left = self.operands(&operands).into_iter();
        let func = left.next().map(Box::new).unwrap_or_else(|| c.func.clone());
        Expr::Call(syn::ExprCall {
            func,
            args: refill(&c.args, left.collect()),
            ..c.clone()
        })
    }

    pub(super) fn method_call(&mut self, c: &syn::ExprMethodCall) -> Expr {
        let (dot, method, turbofish) = (&c.dot_token, &c.method, &c.turbofish);
        let method = quote!(#dot #method #turbofish);
        if self.is_replaced_by(&c.receiver, &c.args) {
            let var = self.spilled(&c.receiver);
            let ident = self.body.vars[var.0].name.clone();
            return self.call_on(var, &ident, method, c);
        }
        if self.may_be_changed_by(&c.receiver, &c.args) {
            return self.received(&c.receiver, method, c.args.iter());
        }
        if let Some(root) = self.rooted(&c.receiver) {
            let known = self.body.vars[root.var.0].reference || self.names.capture.is_some();
            if !known && root.path.is_whole() {
                return self.call_on(root.var, &root.ident, method, c);
            }
            let suspends = c.args.iter().any(|arg| self.emits(arg));
            if !known && !suspends && root.path.is_fields() {
                return self.call_with(root, None, method, c);
            }
        }
        if self.lifting {
            let part = self.part_of_temporary(&c.receiver);
            if let Some((store, path)) = part.filter(|(_, path)| path.is_fields()) {
                return self.call_on_part_of_temporary(store, path, method, c);
            }
        }
        if !is_place(&c.receiver) {
            if c.args.iter().any(|arg| self.emits(arg)) {
                let var = self.spilled(&c.receiver);
                let ident = self.body.vars[var.0].name.clone();
                return self.call_on(var, &ident, method, c);
            }
            if self.lifting {
                return self.call_on_temporary(method, c);
            }
        }
        self.plain_method_call(c)
    }

    fn call_on(
        &mut self,
        var: VarId,
        ident: &syn::Ident,
        method: TokenStream,
        c: &syn::ExprMethodCall,
    ) -> Expr {
        let paren = c.paren_token.span.join();
        let call = self.call_of(var, ident, c.args.iter(), paren);
        self.hole(Hole::Call(Call { method, ..call }), paren)
    }

    /// A call of a variable, or on it. If its arguments are evaluated before what is left of it, what it consumes is moved
    /// ahead of them.
    fn call_of<'e>(
        &mut self,
        var: VarId,
        ident: &syn::Ident,
        args: impl Iterator<Item = &'e Expr> + Clone,
        paren: Span,
    ) -> Call {
        let early = args.clone().any(|arg| self.emits(arg));
        let early = early.then(|| self.early(var, ident));
        let args = self.args(args);
        let usage = self.usage(var, ident, Context::Place);
        Call {
            early,
            ..Call::new(usage, args, paren)
        }
    }

    /// A receiver that is consumed moves before its arguments are evaluated.
    fn early(&mut self, var: VarId, ident: &syn::Ident) -> Early {
        let witness = self.unnamed("witness", ident.span());
        let moved = self.unnamed("receiver", ident.span());
        let early = Early { witness, moved };
        self.push(Stmt::Early { var, early });
        early
    }

    /// `make().method(…)` where the result may borrow from `make()` across a suspension.
    fn call_on_temporary(&mut self, method: TokenStream, c: &syn::ExprMethodCall) -> Expr {
        let receiver = self.value(&c.receiver);
        let store = Some(self.code(receiver));
        let name = syn::Ident::new("receiver", c.receiver.span());
        let var = self.new_var(name, Role::Temporary, None);
        self.call_with(self.root_of(var, Path::whole()), store, method, c)
    }

    /// `make().part.method(…)`, likewise.
    fn call_on_part_of_temporary(
        &mut self,
        whole: &Expr,
        path: Path,
        method: TokenStream,
        c: &syn::ExprMethodCall,
    ) -> Expr {
        let (var, store) = self.temporary(whole);
        self.call_with(self.root_of(var, path), store, method, c)
    }

    fn root_of(&self, var: VarId, path: Path) -> Rooted {
        let ident = self.body.vars[var.0].name.clone();
        Rooted { var, ident, path }
    }

    /// The temporary that an expression gives, and what fills it, if that is still to be evaluated.
    pub(super) fn temporary(&mut self, e: &Expr) -> (VarId, Option<Code>) {
        let left = self.value(e);
        if let Some(var) = self.is_temporary(&left) {
            self.rehome(var, self.temps);
            return (var, None);
        }
        let name = syn::Ident::new("temporary", e.span());
        let var = self.new_var(name, Role::Temporary, None);
        (var, Some(self.code(left)))
    }

    fn call_with(
        &mut self,
        root: Rooted,
        store: Option<Code>,
        method: TokenStream,
        c: &syn::ExprMethodCall,
    ) -> Expr {
        let args = self.args(c.args.iter());
        let usage = self.usage_of(&root, Context::Place);
        let part = (!root.path.is_whole()).then(|| {
            let flag = self.flag_of(root.var, Part::Receiver(root.path.clone()));
            (root.path, flag)
        });
        let paren = c.paren_token.span.join();
        let call = Call {
            store,
            part,
            method,
            ..Call::new(usage, args, paren)
        };
        self.hole(Hole::Call(call), paren)
    }

    fn args<'e>(&mut self, args: impl Iterator<Item = &'e Expr>) -> Vec<Arg> {
        let args: Vec<_> = args.collect();
        let left = self.values(args.iter().copied());
        args.iter()
            .zip(left)
            .map(|(arg, left)| Arg {
                code: self.code(left),
                hoisted: !stays(arg),
                coerced: !stays(arg) && !self.emits(arg) && is_coerced(arg),
            })
            .collect()
    }

    fn plain_method_call(&mut self, c: &syn::ExprMethodCall) -> Expr {
        let operands: Vec<_> = std::iter::once((&*c.receiver, Context::Place))
            .chain(c.args.iter().map(|arg| (arg, Context::Value)))
            .collect();
        let mut left = self.operands(&operands).into_iter();
        let receiver = left
            .next()
            .map(Box::new)
            .unwrap_or_else(|| c.receiver.clone());
        Expr::MethodCall(syn::ExprMethodCall {
            receiver,
            args: refill(&c.args, left.collect()),
            ..c.clone()
        })
    }

    /// A closure or async block: its uses of variables become captures.
    pub(super) fn closure(&mut self, e: &Expr) -> Expr {
        let by_move = match e {
            Expr::Closure(c) => c.capture.is_some(),
            Expr::Async(a) => a.capture.is_some(),
            _ => true,
        };
        match self.names.capture {
            Some(outer) if by_move => self.captured_again(e, outer),
            Some(_) => self.inside_closure(e),
            None => {
                let (capture, inner) = self.capturing(e, by_move);
                self.names.capture = None;
                let code = self.code(inner);
                self.hole(Hole::Capture { capture, code }, e.span())
            }
        }
    }

    /// Lowers a closure or async block as a capture of its own.
    fn capturing(&mut self, e: &Expr, by_move: bool) -> (CaptureId, Expr) {
        let capture = CaptureId(self.body.captures.len());
        self.body.captures.push(Capture {
            by_move,
            outer: self.names.capture,
            certain: self.names.conditions == 0 && self.names.capture.is_none(),
            vars: Vec::new(),
        });
        self.names.capture = Some(capture);
        let lifting = std::mem::replace(&mut self.lifting, false);
        let inner = self.inside_closure(e);
        self.lifting = lifting;
        (capture, inner)
    }

    /// What moves variables into itself inside of a capture uses them as values there: it moves or copies each before.
    fn captured_again(&mut self, e: &Expr, outer: CaptureId) -> Expr {
        let (inner, lowered) = self.capturing(e, true);
        self.names.capture = Some(outer);
        let mut vars = self.body.captures[inner.0].vars.clone();
        let is_generator = matches!(e, Expr::Macro(_));
        vars.iter_mut()
            .for_each(|captured| captured.whole |= is_generator);
        // Of a variable that is used in parts only those parts move, out of what has moved into the outer capture.
        if self.body.captures[outer.0].by_move && vars.iter().any(|captured| !captured.whole) {
            return self.inside_closure(e);
        }
        let bound: Vec<_> = vars.iter().map(|captured| captured.name()).collect();
        let moved = vars.iter().map(|captured| self.moves_on(outer, captured));
        let values: Vec<_> = moved.collect();
        match bound.is_empty() {
            true => lowered,
            false => parse_quote!({ #(let mut #bound = #values;)* #lowered }),
        }
    }

    fn inside_closure(&mut self, e: &Expr) -> Expr {
        match e {
            Expr::Closure(c) => {
                self.names.push();
                c.inputs.iter().for_each(|pat| self.bind_plain(pat));
                let body = Box::new(self.foreign(|this| this.value(&c.body)));
                self.names.pop();
                Expr::Closure(syn::ExprClosure { body, ..c.clone() })
            }
            Expr::Async(a) => {
                let block = self.foreign(|this| this.plain_block(&a.block));
                Expr::Async(syn::ExprAsync { block, ..a.clone() })
            }
            Expr::Macro(m) => {
                let body = self.foreign(|this| this.generator_inside(&m.mac));
                let (path, bang) = (&m.mac.path, &m.mac.bang_token);
                parse_quote!(#path #bang { #body })
            }
            _ => e.clone(),
        }
    }

    /// Lowers a body that jumps of this body do not reach.
    fn foreign<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let targets = std::mem::take(&mut self.targets);
        let result = self.conditional(inside);
        self.targets = targets;
        result
    }

    pub(super) fn flag_of(&mut self, var: VarId, part: Part) -> FlagId {
        let known = self.body.flag_of(var, &part);
        known.unwrap_or_else(|| self.new_flag(var, part))
    }
}
