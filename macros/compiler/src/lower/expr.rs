//! Expressions: operands in order, spilled where a suspension follows.

use proc_macro2::Span;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{BinOp, Expr, UnOp, parse_quote};

use super::{Lowering, pattern};
use crate::ir::*;
use crate::names::{located, spanning, support};

/// Whether the expression denotes a place, at least syntactically.
pub(super) fn is_place(e: &Expr) -> bool {
    match e {
        Expr::Path(_)
        | Expr::Field(_)
        | Expr::Index(_)
        | Expr::Unary(syn::ExprUnary {
            op: UnOp::Deref(_), ..
        }) => true,
        Expr::Paren(p) => is_place(&p.expr),
        Expr::Group(g) => is_place(&g.expr),
        _ => false,
    }
}

/// Whether a reference to the expression may be a constant's: no variable and no call is in it. rustc promotes such a
/// value to a static or reports that it does not live long enough, so it can stay where it is.
fn is_constant(e: &Expr) -> bool {
    match e {
        Expr::Lit(_) => true,
        Expr::Path(p) => !is_variable_path(p),
        Expr::Array(a) => a.elems.iter().all(is_constant),
        Expr::Tuple(t) => t.elems.iter().all(is_constant),
        Expr::Repeat(r) => is_constant(&r.expr),
        Expr::Unary(u) => is_constant(&u.expr),
        Expr::Binary(b) => is_constant(&b.left) && is_constant(&b.right),
        Expr::Reference(r) => is_constant(&r.expr),
        Expr::Paren(p) => is_constant(&p.expr),
        Expr::Group(g) => is_constant(&g.expr),
        Expr::Cast(c) => is_constant(&c.expr),
        _ => false,
    }
}

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

/// Whether the path may name a variable: one segment that starts in lower case.
fn is_variable_path(p: &syn::ExprPath) -> bool {
    p.path.get_ident().is_some_and(|ident| {
        ident
            .to_string()
            .starts_with(|c: char| c.is_lowercase() || c == '_')
    })
}

/// A place that is a tracked variable, or a part of one.
pub(super) struct Rooted {
    pub var: VarId,
    pub ident: syn::Ident,
    pub path: Path,
}

impl Rooted {
    fn step(mut self, step: Step, tokens: proc_macro2::TokenStream) -> Self {
        self.path.steps.push(step);
        self.path.tokens.push(tokens);
        self
    }
}

impl Lowering<'_> {
    /// The expression as a value.
    pub(super) fn value(&mut self, e: &Expr) -> Expr {
        self.expr(e, Context::Value)
    }

    /// The expression as a place.
    pub(super) fn place(&mut self, e: &Expr) -> Expr {
        let outlives = self.lifting || self.extending.is_some();
        if is_place(e) || !outlives || is_constant(e) {
            return self.expr(e, Context::Place);
        }
        self.stored(e)
    }

    /// A temporary that lives to the end of the statement, or of the block if it is extended.
    pub(super) fn stored(&mut self, e: &Expr) -> Expr {
        let (scope, role) = match self.extending {
            Some(scope) => (scope, Role::Extended),
            None => (self.temps, Role::Temporary),
        };
        let value = self.value(e);
        let value = self.code(value);
        // A temporary begins with its value: those that the value is made of are older, and outlive it.
        let name = syn::Ident::new("temporary", e.span());
        let var = self.new_var_in(scope, name, role, None);
        self.hole(Hole::Store { var, value }, e.span())
    }

    /// The variable and the path that a place consists of.
    pub(super) fn rooted(&self, e: &Expr) -> Option<Rooted> {
        match e {
            Expr::Path(p) => {
                let ident = p.path.get_ident()?;
                let var = self.names.tracked(&ident.to_string())?;
                Some(Rooted {
                    var,
                    ident: ident.clone(),
                    path: Path::whole(),
                })
            }
            Expr::Field(f) => {
                let (dot, member) = (&f.dot_token, &f.member);
                let step = Step::Field(member.to_token_stream().to_string());
                Some(self.rooted(&f.base)?.step(step, quote!(#dot #member)))
            }
            Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => Some(
                self.rooted(&u.expr)?
                    .step(Step::Deref, u.op.to_token_stream()),
            ),
            Expr::Paren(p) => self.rooted(&p.expr),
            Expr::Group(g) => self.rooted(&g.expr),
            _ => None,
        }
    }

    /// Lowers operands in the order of their evaluation.
    pub(super) fn operands(&mut self, operands: &[(&Expr, Context)]) -> Vec<Expr> {
        let last = operands.iter().rposition(|(e, _)| self.suspends(e));
        if last.is_some() {
            operands
                .iter()
                .for_each(|(e, _)| self.no_cfg(&attributes(e)));
        }
        let mut left = Vec::with_capacity(operands.len());
        for (index, (e, context)) in operands.iter().enumerate() {
            // A place that a later operand assigns to has been read before: its type is one that is copied.
            let changed = || {
                operands[index + 1..]
                    .iter()
                    .any(|(later, _)| assigns_to(later, e))
            };
            left.push(match (last, context) {
                (Some(last), Context::Value) if index < last => self.spill(e),
                (Some(last), Context::Place) if index < last && changed() => self.spill(e),
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

    /// A place that is used after the suspensions that follow: what decides which place it is is evaluated now.
    pub(super) fn defer(&mut self, e: &Expr) -> Expr {
        match e {
            Expr::Path(_) | Expr::Lit(_) => self.expr(e, Context::Place),
            Expr::Field(f) => {
                let (base, dot, member) = (self.defer(&f.base), &f.dot_token, &f.member);
                parse_quote!(#base #dot #member)
            }
            Expr::Index(i) => {
                let (base, index) = (self.defer(&i.expr), self.spill(&i.index));
                indexed(i, base, index)
            }
            Expr::Unary(u) if matches!(u.op, UnOp::Deref(_)) => {
                let (op, base) = (&u.op, self.defer(&u.expr));
                parse_quote!(#op #base)
            }
            Expr::Paren(p) => self.defer(&p.expr),
            Expr::Group(g) => self.defer(&g.expr),
            _ => {
                let var = self.spilled(e);
                self.use_var(var, Context::Place)
            }
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
            Expr::Paren(p) => {
                let inner = self.expr(&p.expr, context);
                parse_quote!((#inner))
            }
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
                if self.names.capture.is_some() {
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
            _ if self.suspends(e) => self.taken_apart(e),
            _ => self.plain(e),
        }
    }

    /// Control flow that suspends, as an operand: its value goes into a temporary.
    fn taken_apart(&mut self, e: &Expr) -> Expr {
        let var = self.unnamed("value", e.span());
        self.holds(var, e);
        self.into(e, Dest::Var(var));
        self.use_var(var, Context::Value)
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

    fn field(&mut self, f: &syn::ExprField, whole: &Expr, context: Context) -> Expr {
        if let Some(part) = self.part(whole, context) {
            return part;
        }
        if context == Context::Value {
            if let Some(part) = self.taken_part(whole) {
                return part;
            }
        }
        let root = self.rooted(whole);
        let of_part = std::mem::replace(&mut self.names.of_part, root.is_some());
        let (base, dot, member) = (self.place(&f.base), &f.dot_token, &f.member);
        self.names.of_part = of_part;
        if let Some(root) = root.filter(|_| !of_part) {
            self.note_part(root.var, &root.path);
        }
        Expr::Field(syn::ExprField {
            attrs: Vec::new(),
            base: Box::new(base),
            dot_token: *dot,
            member: member.clone(),
        })
    }

    /// A part of a variable as a value, which may move it out.
    fn part(&mut self, e: &Expr, context: Context) -> Option<Expr> {
        let root = self
            .rooted(e)
            .filter(|_| context == Context::Value && self.names.capture.is_none())?;
        if self.body.vars[root.var.0].reference {
            return None;
        }
        let flag = self.flag_of(root.var, &root.path);
        let usage = self.usage(root.var, &root.ident, Context::Place);
        Some(self.hole(
            Hole::TakePart {
                usage,
                store: None,
                path: root.path,
                flag,
            },
            e.span(),
        ))
    }

    /// The value that a part is of, if it is a temporary of this coroutine, and the way to the part.
    pub(super) fn part_of_temporary<'e>(&self, e: &'e Expr) -> Option<(&'e Expr, Path)> {
        if self.names.capture.is_some() {
            return None;
        }
        match e {
            Expr::Field(f) => {
                let (dot, member) = (&f.dot_token, &f.member);
                let (whole, mut path) = match self.part_of_temporary(&f.base) {
                    Some(part) => part,
                    None if is_place(&f.base) || is_constant(&f.base) => return None,
                    None => (&*f.base, Path::whole()),
                };
                let step = Step::Field(member.to_token_stream().to_string());
                path.steps.push(step);
                path.tokens.push(quote!(#dot #member));
                Some((whole, path))
            }
            Expr::Paren(p) => self.part_of_temporary(&p.expr),
            Expr::Group(g) => self.part_of_temporary(&g.expr),
            _ => None,
        }
    }

    /// A part of a temporary as a value, where the temporary outlives the code: what is left of it is dropped with it.
    fn taken_part(&mut self, e: &Expr) -> Option<Expr> {
        let (whole, path) = self.part_of_temporary(e).filter(|_| self.lifting)?;
        let (var, store) = self.temporary(whole);
        let flag = self.flag_of(var, &path);
        let ident = self.body.vars[var.0].name.clone();
        let usage = self.usage(var, &ident, Context::Place);
        let part = Hole::TakePart {
            usage,
            store,
            path,
            flag,
        };
        Some(self.hole(part, e.span()))
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
            code: Code(future_of),
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
        let value = crate::names::numbered("value", block.0);
        self.push(Stmt::Eval {
            code: Code(quote!(#value)),
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
        let block = self.new_block(span);
        self.body.blocks[block.0].resume = Some(Resume::Yield);
        let value = self.code(value);
        self.terminate(Term::Yield {
            value,
            resume: block,
        });
        self.at(block);
        parse_quote!(())
    }

    fn unary(&mut self, u: &syn::ExprUnary, whole: &Expr, context: Context) -> Expr {
        let deref = matches!(u.op, UnOp::Deref(_));
        if let Some(part) = self.part(whole, context).filter(|_| deref) {
            return part;
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
        let [left, right] = if is_assignment(&b.op) {
            self.compound(b)
        } else {
            let context = if compares {
                Context::Place
            } else {
                Context::Value
            };
            two(self.operands(&[(&*b.left, context), (&*b.right, context)]))
        };
        Expr::Binary(syn::ExprBinary {
            left: Box::new(left),
            right: Box::new(right),
            ..b.clone()
        })
    }

    fn compound(&mut self, b: &syn::ExprBinary) -> [Expr; 2] {
        if self.suspends(&b.left) || (self.suspends(&b.right) && has_effects(&b.left)) {
            self.diagnostics.error(
                &b.left,
                "this place has effects of its own, and which side goes first depends on the types; \
                 evaluate one of both in a `let` before the assignment",
            );
        }
        let right = self.value(&b.right);
        let left = self.place(&b.left);
        [left, right]
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

    fn struct_(&mut self, s: &syn::ExprStruct) -> Expr {
        if s.fields.iter().any(|field| self.suspends(&field.expr)) {
            s.fields.iter().for_each(|field| self.no_cfg(&field.attrs));
        }
        let mut operands: Vec<_> = s
            .fields
            .iter()
            .map(|field| (&field.expr, Context::Value))
            .collect();
        // The base of a struct update is a place: only the fields that are not listed are moved out of it.
        operands.extend(s.rest.iter().map(|rest| (&**rest, Context::Place)));
        let mut left = self.operands(&operands).into_iter();
        let mut lowered = s.clone();
        for field in &mut lowered.fields {
            if let Some(value) = left.next() {
                field.colon_token.get_or_insert_with(Default::default);
                field.expr = value;
            }
        }
        lowered.rest = left.next().map(Box::new);
        Expr::Struct(lowered)
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

    fn assign(&mut self, a: &syn::ExprAssign) -> Expr {
        let right = match &*a.left {
            Expr::Infer(_) => self.place(&a.right),
            // The value is evaluated before the place.
            left if self.suspends(left) => self.spill(&a.right),
            _ => self.value(&a.right),
        };
        self.assign_to(&a.left, right, a)
    }

    fn assign_to(&mut self, left: &Expr, right: Expr, whole: &syn::ExprAssign) -> Expr {
        let span = whole.eq_token.span();
        match left {
            Expr::Infer(_) => parse_quote!(_ = #right),
            Expr::Tuple(_) | Expr::Array(_) | Expr::Struct(_) | Expr::Call(_) => {
                self.destructure(left, right)
            }
            _ => match self.rooted(left) {
                Some(root) => {
                    let usage = self.usage(root.var, &root.ident, Context::Place);
                    let value = self.code(right);
                    let hole = match root.path.is_whole() {
                        true => Hole::Assign { usage, value },
                        false => Hole::AssignPart {
                            usage,
                            path: root.path,
                            value,
                        },
                    };
                    self.hole(hole, span)
                }
                None => {
                    let left = self.place(left);
                    Expr::Assign(syn::ExprAssign {
                        left: Box::new(left),
                        right: Box::new(right),
                        ..whole.clone()
                    })
                }
            },
        }
    }

    /// `(a, b.c) = value`: into fresh variables, then one assignment after the other.
    fn destructure(&mut self, left: &Expr, right: Expr) -> Expr {
        struct Targets(Vec<(syn::Ident, Expr)>);
        impl syn::visit_mut::VisitMut for Targets {
            fn visit_expr_mut(&mut self, e: &mut Expr) {
                match e {
                    Expr::Tuple(_) | Expr::Array(_) | Expr::Paren(_) => {
                        syn::visit_mut::visit_expr_mut(self, e)
                    }
                    Expr::Call(c) => c.args.iter_mut().for_each(|arg| self.visit_expr_mut(arg)),
                    Expr::Struct(s) => s.fields.iter_mut().for_each(|field| {
                        field.colon_token.get_or_insert_with(Default::default);
                        self.visit_expr_mut(&mut field.expr);
                    }),
                    Expr::Infer(_) => {}
                    Expr::Range(r) if r.start.is_none() && r.end.is_none() => {}
                    _ => {
                        let ident = crate::names::numbered("part", self.0.len());
                        self.0
                            .push((ident.clone(), std::mem::replace(e, parse_quote!(#ident))));
                    }
                }
            }
        }
        let mut pattern = left.clone();
        let mut targets = Targets(Vec::new());
        syn::visit_mut::VisitMut::visit_expr_mut(&mut targets, &mut pattern);
        let names: Vec<_> = targets.0.iter().map(|(ident, _)| ident.clone()).collect();
        let assignments: Vec<Expr> = targets
            .0
            .iter()
            .map(|(ident, target)| {
                // Not parsed: the mistakes of a target are rustc's to report.
                let (left, right): (_, Expr) = (Box::new(target.clone()), parse_quote!(#ident));
                let assign = syn::ExprAssign {
                    attrs: Vec::new(),
                    left,
                    eq_token: Default::default(),
                    right: Box::new(right.clone()),
                };
                self.assign_to(target, right, &assign)
            })
            .collect();
        parse_quote!({ let (#(#names,)*); #pattern = #right; #(#assignments;)* })
    }

    fn return_(&mut self, r: &syn::ExprReturn) -> Expr {
        if self.names.capture.is_some() {
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

/// Whether the operator assigns.
fn is_assignment(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// Whether the expression assigns to the variable that a place is.
pub(super) fn assigns_to(e: &Expr, place: &Expr) -> bool {
    struct Assigns<'a> {
        name: &'a syn::Ident,
        found: bool,
    }
    impl<'ast> syn::visit::Visit<'ast> for Assigns<'_> {
        fn visit_expr(&mut self, e: &'ast Expr) {
            let target = match e {
                Expr::Assign(a) => Some(&a.left),
                Expr::Binary(b) if is_assignment(&b.op) => Some(&b.left),
                _ => None,
            };
            self.found |= matches!(target.map(|left| &**left), Some(Expr::Path(p)) if p.path.is_ident(self.name));
            syn::visit::visit_expr(self, e);
        }
    }
    let Expr::Path(p) = place else { return false };
    let Some(name) = p.path.get_ident() else {
        return false;
    };
    let mut assigns = Assigns { name, found: false };
    syn::visit::Visit::visit_expr(&mut assigns, e);
    assigns.found
}

/// Whether evaluating the place does more than name it.
fn has_effects(e: &Expr) -> bool {
    match e {
        Expr::Path(_) | Expr::Lit(_) => false,
        Expr::Field(f) => has_effects(&f.base),
        Expr::Index(i) => has_effects(&i.expr) || has_effects(&i.index),
        Expr::Unary(u) => has_effects(&u.expr),
        Expr::Paren(p) => has_effects(&p.expr),
        _ => true,
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

/// An index expression with other operands.
fn indexed(i: &syn::ExprIndex, base: Expr, index: Expr) -> Expr {
    Expr::Index(syn::ExprIndex {
        expr: Box::new(base),
        index: Box::new(index),
        ..i.clone()
    })
}

fn two(elems: Vec<Expr>) -> [Expr; 2] {
    elems
        .try_into()
        .unwrap_or_else(|_| unreachable!("two operands give two results"))
}

impl Lowering<'_> {
    /// A pattern that is matched against a variable.
    pub(super) fn pattern(&mut self, pat: &syn::Pat, subject: Option<(VarId, &Path)>) -> Pattern {
        let names = pattern::names(pat);
        let plain = pattern::plain(pat);
        let flag = match subject {
            Some((var, path))
                if pattern::may_move(pat) && (!pattern::total(pat) || !path.is_whole()) =>
            {
                let part = Part::Pattern {
                    path: path.clone(),
                    pattern: self.code(pattern::moving(pat)),
                    bindings: pattern::bindings(pat, &path.steps),
                    group: self.matches,
                };
                Some(self.new_flag(var, part))
            }
            _ => None,
        };
        Pattern {
            written: self.code(pat),
            plain: self.code(&plain),
            names,
            vars: Vec::new(),
            flag,
        }
    }
}
