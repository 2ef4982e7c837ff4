//! Expressions: operands in order, spilled where a suspension follows.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, UnOp, parse_quote};

use super::Lowering;
use super::assign::is_assignment;
use super::place::{has_tail, indexed, is_bare, is_place, is_variable_path};
use crate::ir::*;
use crate::names::{located, spanning, support};

fn is_empty_array(e: &Expr) -> bool {
    matches!(e, Expr::Array(a) if a.elems.is_empty())
}

/// The attributes that an expression begins with.
pub(super) fn attributes(e: &Expr) -> Vec<syn::Attribute> {
    let parse = |input: syn::parse::ParseStream<'_>| {
        let attrs = syn::Attribute::parse_outer(input)?;
        input.parse::<proc_macro2::TokenStream>()?;
        Ok(attrs)
    };
    syn::parse::Parser::parse2(parse, e.to_token_stream()).unwrap_or_default()
}

/// Whether the expression may leave temporaries that live as long as its statement: those of what is matched, and of the end
/// of a block.
fn leaves_temporaries(e: &Expr) -> bool {
    match e {
        Expr::Match(m) => !is_bare(&m.expr),
        Expr::If(i) => matches!(&*i.cond, Expr::Let(l) if !is_bare(&l.expr)),
        Expr::Block(b) => has_tail(&b.block),
        Expr::Unsafe(u) => has_tail(&u.block),
        _ => false,
    }
}

/// Whether an extended expression extends the temporaries of its operands.
fn extends(e: &Expr, context: Context) -> bool {
    match e {
        Expr::Tuple(_)
        | Expr::Array(_)
        | Expr::Struct(_)
        | Expr::Cast(_)
        | Expr::Reference(_)
        | Expr::Macro(_) => true,
        Expr::Paren(_) | Expr::Group(_) => true,
        Expr::Field(_) | Expr::Index(_) | Expr::Unary(_) => context == Context::Place,
        _ => false,
    }
}

impl Lowering<'_> {
    /// The expression as a value.
    pub(super) fn value(&mut self, e: &Expr) -> Expr {
        self.expr(e, Context::Value)
    }

    /// Lowers operands in the order of their evaluation.
    pub(super) fn operands(&mut self, operands: &[(&Expr, Context)]) -> Vec<Expr> {
        let last = operands.iter().rposition(|(e, _)| self.emits(e));
        self.operands_until(operands, last)
    }

    /// The same, with the last one that suspends, which may be one that comes after them.
    pub(super) fn operands_until(
        &mut self,
        operands: &[(&Expr, Context)],
        last: Option<usize>,
    ) -> Vec<Expr> {
        if last.is_some() {
            operands
                .iter()
                .for_each(|(e, _)| self.no_cfg(&attributes(e)));
        }
        let mut left = Vec::with_capacity(operands.len());
        for (index, (e, context)) in operands.iter().enumerate() {
            left.push(match (last, context) {
                (Some(last), Context::Value) if index < last => self.spill(e),
                (Some(last), Context::Place) if index < last => self.defer(e),
                (_, Context::Value) => self.value(e),
                (_, Context::Place) => self.place(e),
            });
        }
        left
    }

    pub(super) fn values<'e>(&mut self, operands: impl IntoIterator<Item = &'e Expr>) -> Vec<Expr> {
        let operands: Vec<_> = operands.into_iter().map(|e| (e, Context::Value)).collect();
        self.operands(&operands)
    }

    /// Evaluates an operand now; a suspension follows.
    pub(super) fn spill(&mut self, e: &Expr) -> Expr {
        if matches!(e, Expr::Lit(_))
            || matches!(e, Expr::Path(p) if !is_variable_path(p) && !p.path.is_ident("self"))
        {
            return self.value(e);
        }
        let var = self.spilled_in(self.operands, e);
        self.use_var(var, Context::Value)
    }

    /// Evaluates an expression now, into a temporary that outlives the suspensions that follow.
    pub(super) fn spilled(&mut self, e: &Expr) -> VarId {
        self.spilled_in(self.extending.unwrap_or(self.temps), e)
    }

    pub(super) fn spilled_in(&mut self, scope: ScopeId, e: &Expr) -> VarId {
        let lifting = std::mem::replace(&mut self.lifting, true);
        let left = self.value(e);
        self.lifting = lifting;
        if let Some(var) = self.is_temporary(&left) {
            self.rehome(var, scope);
            return var;
        }
        let name = syn::Ident::new("operand", e.span());
        let var = self.new_var_in(scope, name, Role::Temporary, None);
        self.holds(var, e);
        self.store(left, Dest::Var(var));
        var
    }

    /// The temporary that an expression consists of.
    pub(super) fn is_temporary(&self, e: &Expr) -> Option<VarId> {
        let Expr::Path(p) = e else { return None };
        let hole = crate::names::hole_number(p.path.get_ident()?)?;
        match &self.body.holes[hole] {
            Hole::Use(usage) if self.body.vars[usage.var.0].role == Role::Temporary => {
                Some(usage.var)
            }
            _ => None,
        }
    }

    /// Lowers an expression: what is left of it, to be evaluated after what has been emitted.
    pub(super) fn expr(&mut self, e: &Expr, context: Context) -> Expr {
        let extending = self.extending;
        if !extends(e, context) {
            self.extending = None;
        }
        let left = self.expr_inner(e, context);
        self.extending = extending;
        left
    }

    fn expr_inner(&mut self, e: &Expr, context: Context) -> Expr {
        if self.suspends(e) {
            self.no_cfg(&attributes(e));
        }
        match e {
            Expr::Path(p) => self.path(p, context),
            Expr::Field(f) => self.field(f, e, context),
            Expr::Paren(p) => Expr::Paren(syn::ExprParen {
                attrs: Vec::new(),
                paren_token: p.paren_token,
                expr: Box::new(self.expr(&p.expr, context)),
            }),
            Expr::Group(g) => self.expr(&g.expr, context),
            Expr::Lit(_) | Expr::Infer(_) | Expr::Verbatim(_) | Expr::Const(_) => e.clone(),
            Expr::Await(a) if self.names.capture.is_none() => self.await_(a),
            Expr::Await(a) => {
                let base = Box::new(self.value(&a.base));
                Expr::Await(syn::ExprAwait { base, ..a.clone() })
            }
            Expr::Call(c) => self.call(c),
            Expr::MethodCall(c) => self.method_call(c),
            Expr::Reference(r) => {
                let outlives = self.lifting || self.extending.is_some();
                let inner = match r.mutability {
                    // Not a constant's, but for an empty array.
                    Some(_) if outlives && !is_place(&r.expr) && !is_empty_array(&r.expr) => {
                        self.stored(&r.expr)
                    }
                    _ => self.place(&r.expr),
                };
                Expr::Reference(syn::ExprReference {
                    expr: Box::new(inner),
                    ..r.clone()
                })
            }
            Expr::RawAddr(r) => {
                let inner = self.place(&r.expr);
                Expr::RawAddr(syn::ExprRawAddr {
                    expr: Box::new(inner),
                    ..r.clone()
                })
            }
            Expr::Unary(u) => self.unary(u, e, context),
            Expr::Binary(b) => self.binary(b),
            Expr::Cast(c) => {
                let inner = self.value(&c.expr);
                Expr::Cast(syn::ExprCast {
                    expr: Box::new(inner),
                    ..c.clone()
                })
            }
            Expr::Try(t) => {
                let inner = self.value(&t.expr);
                if self.names.returns_natively() {
                    return Expr::Try(syn::ExprTry {
                        expr: Box::new(inner),
                        ..t.clone()
                    });
                }
                let code = self.code(inner);
                self.hole(Hole::Try(code), t.question_token.span())
            }
            Expr::Tuple(t) => {
                let elems = self.values(&t.elems);
                Expr::Tuple(syn::ExprTuple {
                    elems: refill(&t.elems, elems),
                    ..t.clone()
                })
            }
            Expr::Array(a) => {
                let elems = self.values(&a.elems);
                Expr::Array(syn::ExprArray {
                    elems: refill(&a.elems, elems),
                    ..a.clone()
                })
            }
            Expr::Repeat(r) => {
                let inner = self.value(&r.expr);
                Expr::Repeat(syn::ExprRepeat {
                    expr: Box::new(inner),
                    ..r.clone()
                })
            }
            Expr::Struct(s) => self.struct_(s),
            Expr::Range(r) => self.range(r),
            Expr::Index(i) => {
                let [base, index] =
                    two(self.operands(&[(&*i.expr, Context::Place), (&*i.index, Context::Value)]));
                indexed(i, base, index)
            }
            Expr::Assign(a) => self.assign(a),
            Expr::Macro(m) => self.macro_expr(m),
            Expr::Closure(_) | Expr::Async(_) => self.closure(e),
            Expr::Return(r) => self.return_(r),
            Expr::Break(b) => self.break_(b),
            Expr::Continue(c) => self.continue_(c),
            Expr::Yield(y) if self.names.capture.is_none() => self.yield_(y),
            Expr::Yield(y) => {
                let expr = y.expr.as_ref().map(|e| Box::new(self.value(e)));
                Expr::Yield(syn::ExprYield { expr, ..y.clone() })
            }
            Expr::Let(l) => self.plain_let_condition(l),
            _ if self.suspends(e) || self.is_outlived(e) => self.taken_apart(e),
            _ => self.plain(e),
        }
    }

    /// Control flow that suspends, as an operand: its value goes into a temporary, and what it leaves outlives what is
    /// evaluated after it.
    fn taken_apart(&mut self, e: &Expr) -> Expr {
        let var = self.unnamed("value", e.span());
        self.holds(var, e);
        let lifting = std::mem::replace(&mut self.lifting, true);
        self.split(e, Dest::Var(var));
        self.lifting = lifting;
        self.use_var(var, Context::Value)
    }

    /// Whether the expression is an operand of one that suspends later, and may leave temporaries that live as long as
    /// that.
    fn is_outlived(&self, e: &Expr) -> bool {
        self.lifting && self.names.capture.is_none() && leaves_temporaries(e)
    }

    /// Whether a part of the expression is evaluated as soon as it is lowered: what stands before it has to be, too.
    pub(super) fn emits(&self, e: &Expr) -> bool {
        struct Finder(bool);
        impl Visit<'_> for Finder {
            fn visit_expr(&mut self, e: &Expr) {
                match e {
                    Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Unsafe(_) => {
                        self.0 |= leaves_temporaries(e);
                    }
                    Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_) => {}
                    Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
                    _ if !self.0 => visit::visit_expr(self, e),
                    _ => {}
                }
            }
            fn visit_macro(&mut self, mac: &syn::Macro) {
                let operands = super::macros::known_operands(mac);
                operands.iter().for_each(|e| self.visit_expr(e));
            }
        }
        let may_be_outlived = self.lifting && self.names.capture.is_none();
        self.suspends(e)
            || may_be_outlived && {
                let mut finder = Finder(false);
                finder.visit_expr(e);
                finder.0
            }
    }

    fn path(&mut self, p: &syn::ExprPath, context: Context) -> Expr {
        let tracked = p
            .path
            .get_ident()
            .and_then(|ident| Some((ident, self.names.tracked(&ident.to_string())?)));
        match tracked {
            Some((ident, var)) if p.qself.is_none() => {
                let usage = self.usage(var, ident, context);
                self.hole(Hole::Use(usage), ident.span())
            }
            _ => Expr::Path(p.clone()),
        }
    }

    fn await_(&mut self, a: &syn::ExprAwait) -> Expr {
        let span = a.await_token.span();
        let lifting = std::mem::replace(&mut self.lifting, true);
        let base = self.value(&a.base);
        self.lifting = lifting;
        let future = self.new_var(syn::Ident::new("future", span), Role::Future, None);
        let support = support();
        let base = spanning(base.to_token_stream(), span, span);
        let future_of = located(
            quote!(#support::core::future::IntoFuture::into_future(#base)),
            span,
        );
        self.push(Stmt::Eval {
            code: Code::new(future_of),
            dest: Some(future),
        });
        let output = self.unnamed("output", span);
        self.suspend(Resume::Await { future }, output, span);
        self.holds(output, a);
        self.use_var(output, Context::Value)
    }

    pub(super) fn suspend(&mut self, resume: Resume, output: VarId, span: Span) {
        let block = self.new_block(span);
        self.body.blocks[block.0].resume = Some(resume);
        self.enter(block);
        self.resumed_with(output);
    }

    /// The value that the block has been resumed with.
    fn resumed_with(&mut self, output: VarId) {
        let value = crate::names::numbered("value", self.block.0);
        self.push(Stmt::Eval {
            code: Code::new(quote!(#value)),
            dest: Some(output),
        });
    }

    fn yield_(&mut self, y: &syn::ExprYield) -> Expr {
        let span = y.yield_token.span();
        let value = match &y.expr {
            Some(e) => {
                let lifting = std::mem::replace(&mut self.lifting, true);
                let left = self.value(e);
                self.lifting = lifting;
                left
            }
            None => parse_quote!(()),
        };
        let (block, receives) = (self.new_block(span), self.receives);
        self.body.blocks[block.0].resume = Some(Resume::Yield { receives });
        let value = self.code(value);
        self.terminate(Term::Yield {
            value,
            resume: block,
        });
        self.at(block);
        if !receives {
            return syn::parse_quote_spanned!(span=> ());
        }
        let sent = self.unnamed("sent", span);
        self.resumed_with(sent);
        self.use_var(sent, Context::Value)
    }

    fn unary(&mut self, u: &syn::ExprUnary, whole: &Expr, context: Context) -> Expr {
        let deref = matches!(u.op, UnOp::Deref(_));
        if let Some(part) = self.part(whole, context).filter(|_| deref) {
            return part;
        }
        if deref && context == Context::Value {
            if let Some(part) = self.taken_part(whole) {
                return part;
            }
        }
        let inner = if deref {
            self.place(&u.expr)
        } else {
            self.value(&u.expr)
        };
        Expr::Unary(syn::ExprUnary {
            expr: Box::new(inner),
            ..u.clone()
        })
    }

    fn binary(&mut self, b: &syn::ExprBinary) -> Expr {
        if matches!(b.op, BinOp::And(_) | BinOp::Or(_)) {
            return self.lazy(b);
        }
        let compares = matches!(
            b.op,
            BinOp::Eq(_) | BinOp::Ne(_) | BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)
        );
        let [left, right] = match is_assignment(&b.op) {
            true => self.compound(b),
            false if compares => self.compared(b),
            false => two(self.values([&*b.left, &*b.right])),
        };
        Expr::Binary(syn::ExprBinary {
            left: Box::new(left),
            right: Box::new(right),
            ..b.clone()
        })
    }

    fn lazy(&mut self, b: &syn::ExprBinary) -> Expr {
        if self.suspends(&b.right) {
            let var = self.unnamed("condition", b.span());
            self.holds(var, b);
            self.lazy_into(b, Dest::Var(var));
            return self.use_var(var, Context::Value);
        }
        // Each operand ends its temporaries.
        let lifting = std::mem::replace(&mut self.lifting, false);
        let left = match self.suspends(&b.left) {
            true => {
                let var = self.unnamed("condition", b.left.span());
                self.holds(var, &b.left);
                self.statement(|this| this.into(&b.left, Dest::Var(var)));
                self.use_var(var, Context::Value)
            }
            false => self.value(&b.left),
        };
        let right = self.conditional(|this| this.value(&b.right));
        self.lifting = lifting;
        Expr::Binary(syn::ExprBinary {
            left: Box::new(left),
            right: Box::new(right),
            ..b.clone()
        })
    }

    /// Lowers code that is not evaluated on every path.
    pub(super) fn conditional<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.names.conditions += 1;
        let result = inside(self);
        self.names.conditions -= 1;
        result
    }

    fn range(&mut self, r: &syn::ExprRange) -> Expr {
        let mut left = self
            .values(r.start.iter().chain(&r.end).map(|e| &**e))
            .into_iter();
        let start = r.start.as_ref().and_then(|_| left.next().map(Box::new));
        let end = r.end.as_ref().and_then(|_| left.next().map(Box::new));
        Expr::Range(syn::ExprRange {
            start,
            end,
            ..r.clone()
        })
    }

    fn return_(&mut self, r: &syn::ExprReturn) -> Expr {
        if self.names.returns_natively() {
            return Expr::Return(syn::ExprReturn {
                expr: r.expr.as_ref().map(|e| Box::new(self.value(e))),
                ..r.clone()
            });
        }
        let value = match &r.expr {
            Some(e) => self.value(e),
            None => parse_quote!(()),
        };
        let code = self.code(value);
        self.hole(Hole::Return(code), r.return_token.span())
    }
}

/// A list with its punctuation and other elements.
pub(super) fn refill(
    old: &syn::punctuated::Punctuated<Expr, syn::Token![,]>,
    elems: Vec<Expr>,
) -> syn::punctuated::Punctuated<Expr, syn::Token![,]> {
    let mut elems: syn::punctuated::Punctuated<Expr, syn::Token![,]> = elems.into_iter().collect();
    if old.trailing_punct() {
        elems.push_punct(Default::default());
    }
    elems
}

pub(super) fn two(elems: Vec<Expr>) -> [Expr; 2] {
    elems
        .try_into()
        .unwrap_or_else(|_| unreachable!("two operands give two results"))
}
