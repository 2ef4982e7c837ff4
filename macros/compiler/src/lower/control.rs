//! Control flow that suspends, taken apart into blocks; and the jumps out of it.

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::{Expr, Lifetime, Pat, parse_quote};

use super::expr::attributes;
use super::place::is_place;
use super::stmt::wildcard;
use super::{Exits, Lowering, Target, covers, pattern, suspends};
use crate::ir::*;
use crate::names::support;

impl Lowering<'_> {
    /// Lowers an expression whose value goes to `dest`.
    pub(super) fn into(&mut self, e: &Expr, dest: Dest) {
        if !self.suspends(e) {
            let left = self.value(e);
            self.store(left, dest);
            return;
        }
        self.split(e, dest);
    }

    /// Takes an expression apart, whether it suspends or not.
    pub(super) fn split(&mut self, e: &Expr, dest: Dest) {
        self.no_cfg(&attributes(e));
        let extending = self.extending;
        if is_control_flow(e) {
            self.extending = None;
        }
        self.split_into(e, dest);
        self.extending = extending;
    }

    /// Whether an expression that suspends becomes blocks that store its value, with nothing left to be evaluated.
    pub(super) fn is_split(&self, e: &Expr) -> bool {
        match e {
            Expr::Paren(p) => self.is_split(&p.expr),
            Expr::Group(g) => self.is_split(&g.expr),
            Expr::Binary(b) => self.is_lazy(b),
            Expr::Block(_) | Expr::Unsafe(_) => true,
            Expr::Macro(m) => super::macros::kind(&m.mac) == super::macros::Kind::Concurrent,
            _ => is_control_flow(e),
        }
    }

    fn is_lazy(&self, b: &syn::ExprBinary) -> bool {
        matches!(b.op, syn::BinOp::And(_) | syn::BinOp::Or(_)) && self.suspends(&b.right)
    }

    fn split_into(&mut self, e: &Expr, dest: Dest) {
        match e {
            Expr::Paren(p) => self.into(&p.expr, dest),
            Expr::Group(g) => self.into(&g.expr, dest),
            Expr::Block(b) => self.labelled(b, dest),
            Expr::Unsafe(u) => self.block_into(&u.block, dest),
            Expr::If(i) => self.if_(i, dest),
            Expr::Match(m) => self.match_(m, dest),
            Expr::Loop(l) => self.loop_(l, dest),
            Expr::While(w) => self.while_(w, dest),
            Expr::ForLoop(f) => self.for_(f, dest),
            Expr::Binary(b) if self.is_lazy(b) => self.lazy_to(b, dest),
            Expr::Macro(m) if self.is_split(e) => match self.spelled_out(m) {
                Some(e) => self.into(&e, dest),
                None => unreachable!("what is split is not inside of a closure"),
            },
            _ => {
                let left = self.value(e);
                self.store(left, dest);
            }
        }
    }

    /// The value of a loop or an `if` without `else`.
    fn unit(&mut self, dest: Dest) {
        if dest != Dest::Ignore {
            self.store(parse_quote!(()), dest);
        }
    }

    fn labelled(&mut self, b: &syn::ExprBlock, dest: Dest) {
        let Some(label) = &b.label else {
            self.block_into(&b.block, dest);
            return;
        };
        let after = self.new_block(b.span());
        let exits = Exits {
            after,
            again: after,
            dest,
            scope: self.operands,
        };
        self.targets.push(Target {
            label: Some(label.name.clone()),
            is_loop: false,
            exits: Some(exits),
        });
        self.block_into(&b.block, dest);
        self.targets.pop();
        self.enter(after);
    }

    // ---- conditions

    fn lazy_to(&mut self, b: &syn::ExprBinary, dest: Dest) {
        match dest {
            Dest::Var(_) => self.lazy_into(b, dest),
            _ => {
                let var = self.unnamed("condition", b.span());
                self.holds(var, b);
                self.lazy_into(b, Dest::Var(var));
                let value = self.use_var(var, Context::Value);
                self.store(value, dest);
            }
        }
    }

    /// `a && b` where `b` suspends.
    pub(super) fn lazy_into(&mut self, b: &syn::ExprBinary, dest: Dest) {
        let cond = self.condition(&b.left);
        let (right, short, after) = (
            self.new_block(b.span()),
            self.new_block(b.span()),
            self.new_block(b.span()),
        );
        let is_and = matches!(b.op, syn::BinOp::And(_));
        let (then, otherwise) = if is_and {
            (right, short)
        } else {
            (short, right)
        };
        self.terminate(Term::If {
            cond,
            then,
            otherwise,
        });
        self.at(right);
        self.conditional(|this| this.statement(|this| this.into(&b.right, dest)));
        self.goto(after);
        self.at(short);
        self.store(
            if is_and {
                parse_quote!(false)
            } else {
                parse_quote!(true)
            },
            dest,
        );
        self.enter(after);
    }

    fn if_(&mut self, i: &syn::ExprIf, dest: Dest) {
        let (otherwise, after) = (self.new_block(i.span()), self.new_block(i.span()));
        let outer = self.begin();
        let inner = self.scope;
        if has_let(&i.cond) && !self.ends_early() {
            self.temps = outer.temps;
        }
        self.names.push();
        self.conjuncts(&i.cond, inner, otherwise);
        self.temps = inner;
        self.ending(|this| this.block_into(&i.then_branch, dest));
        self.names.pop();
        self.push(Stmt::Exit(inner));
        self.resume(outer);
        self.goto(after);
        self.at(otherwise);
        match &i.else_branch {
            // The temporaries of a branch end with it.
            Some((_, e)) => self.statement(|this| this.ending(|this| this.into(e, dest))),
            None => self.unit(dest),
        }
        self.enter(after);
    }

    /// Each condition of a chain in turn: what follows is the block in which all of them hold.
    fn conjuncts(&mut self, cond: &Expr, scope: ScopeId, otherwise: BlockId) {
        match cond {
            Expr::Binary(b) if matches!(b.op, syn::BinOp::And(_)) && has_let(cond) => {
                self.conjuncts(&b.left, scope, otherwise);
                self.conjuncts(&b.right, scope, otherwise);
            }
            Expr::Let(l) => self.let_condition(l, scope, otherwise),
            Expr::Paren(p) if has_let(cond) => self.conjuncts(&p.expr, scope, otherwise),
            _ => self.plain_condition(cond, scope, otherwise),
        }
    }

    fn plain_condition(&mut self, cond: &Expr, scope: ScopeId, otherwise: BlockId) {
        let cond = self.condition(cond);
        let (then, miss) = (
            self.new_block(Span::call_site()),
            self.new_block(Span::call_site()),
        );
        self.terminate(Term::If {
            cond,
            then,
            otherwise: miss,
        });
        self.leave(miss, scope, otherwise);
        self.at(then);
    }

    /// A condition: its temporaries end before what depends on it.
    fn condition(&mut self, cond: &Expr) -> Code {
        if !self.suspends(cond) {
            let left = self.ending(|this| this.value(cond));
            return self.code(left);
        }
        let var = self.unnamed("condition", cond.span());
        self.holds(var, cond);
        self.statement(|this| this.into(cond, Dest::Var(var)));
        let left = self.use_var(var, Context::Value);
        self.code(left)
    }

    /// Writes a block that leaves `scope` and what is open in it, and goes on elsewhere.
    fn leave(&mut self, block: BlockId, scope: ScopeId, target: BlockId) {
        self.at(block);
        let inner = self.chain(self.operands, scope).unwrap_or_default();
        for scope in inner.into_iter().chain([scope]) {
            self.push(Stmt::Exit(scope));
        }
        self.goto(target);
    }

    fn let_condition(&mut self, l: &syn::ExprLet, scope: ScopeId, otherwise: BlockId) {
        let subject = self.subject(&l.expr, [&*l.pat].into_iter());
        let (then, miss) = (self.new_block(l.span()), self.new_block(l.span()));
        let mut matched = self.arm_pattern(&l.pat, &subject);
        matched.vars = self.bindings(&l.pat);
        let bound = matched.clone();
        let arms = vec![
            Arm {
                pattern: matched,
                guard: None,
                target: then,
                unreached: false,
            },
            Arm {
                pattern: wildcard(),
                guard: None,
                target: miss,
                unreached: covers::always(&l.pat),
            },
        ];
        self.terminate(Term::Match { subject, arms });
        self.leave(miss, scope, otherwise);
        self.at(then);
        self.rebind(&bound);
    }

    // ---- patterns

    /// What patterns are matched against. A value that they may move from in parts becomes a variable first.
    pub(super) fn subject<'p>(
        &mut self,
        e: &Expr,
        pats: impl Iterator<Item = &'p Pat> + Clone,
    ) -> Subject {
        self.subject_in(self.temps, e, pats)
    }

    /// The same, with the scope of such a variable.
    pub(super) fn subject_in<'p>(
        &mut self,
        scope: ScopeId,
        e: &Expr,
        pats: impl Iterator<Item = &'p Pat> + Clone,
    ) -> Subject {
        self.new_match();
        let moves = pats.clone().any(pattern::may_move);
        if let Some(root) = self.rooted(e) {
            if moves && !self.body.vars[root.var.0].reference {
                return Subject::Var {
                    var: root.var,
                    path: root.path,
                };
            }
        }
        if let Some((whole, path)) = self.part_of_temporary(e).filter(|_| moves) {
            let var = self.spilled_in(scope, whole);
            return Subject::Var { var, path };
        }
        if is_place(e) {
            // What the place is in outlives the choice of an arm.
            let lifting = std::mem::replace(&mut self.lifting, true);
            let left = self.place(e);
            self.lifting = lifting;
            return Subject::Code(self.code(left));
        }
        let var = self.spilled_in(scope, e);
        Subject::Var {
            var,
            path: Path::whole(),
        }
    }

    pub(super) fn arm_pattern(&mut self, pat: &Pat, subject: &Subject) -> Pattern {
        match subject {
            Subject::Var { var, path } => self.pattern(pat, Some((*var, path))),
            Subject::Code(_) => self.pattern(pat, None),
        }
    }

    fn match_(&mut self, m: &syn::ExprMatch, dest: Dest) {
        let subject = self.subject(&m.expr, m.arms.iter().map(|arm| &arm.pat));
        let (group, after) = (self.group, self.new_block(m.span()));
        let from = self.block;
        let arms = m.arms.iter().zip(covers::unreached(&m.arms));
        let arms = arms
            .map(|(arm, unreached)| {
                // There may have been matches in the arm before.
                self.group = group;
                self.arm(arm, &subject, dest, after, unreached)
            })
            .collect();
        self.at(from);
        self.terminate(Term::Match { subject, arms });
        self.at(after);
    }

    fn arm(
        &mut self,
        arm: &syn::Arm,
        subject: &Subject,
        dest: Dest,
        after: BlockId,
        unreached: bool,
    ) -> Arm {
        self.no_cfg(&arm.attrs);
        let target = self.new_block(arm.span());
        self.at(target);
        let mut pattern = self.arm_pattern(&arm.pat, subject);
        let guard = arm
            .guard
            .as_ref()
            .map(|(_, guard)| self.guard(guard, &arm.pat));
        self.scoped(|this| {
            pattern.vars = this.bindings(&arm.pat);
            this.rebind(&pattern);
            // The temporaries of an arm end with it, too.
            this.statement(|this| this.ending(|this| this.into(&arm.body, dest)));
        });
        self.goto(after);
        Arm {
            pattern,
            guard,
            target,
            unreached,
        }
    }

    /// A guard sees the names of its pattern as they are bound natively.
    fn guard(&mut self, guard: &Expr, pat: &Pat) -> Code {
        if self.suspends(guard) {
            self.diagnostics.error(
                guard,
                "`.await` cannot stand in a match guard here; evaluate it in the arm with an `if`, or before the `match`",
            );
        }
        self.names.push();
        self.bind_plain(pat);
        let left = self.ending(|this| this.conditional(|this| this.value(guard)));
        self.names.pop();
        self.code(left)
    }

    // ---- loops

    fn loop_(&mut self, l: &syn::ExprLoop, dest: Dest) {
        let (head, after) = (self.new_block(l.span()), self.new_block(l.span()));
        self.enter(head);
        self.in_loop(&l.label, head, after, dest, |this| {
            this.block_into(&l.body, Dest::Ignore)
        });
        self.goto(head);
        self.at(after);
    }

    fn in_loop(
        &mut self,
        label: &Option<syn::Label>,
        again: BlockId,
        after: BlockId,
        dest: Dest,
        inside: impl FnOnce(&mut Self),
    ) {
        let exits = Exits {
            after,
            again,
            dest,
            scope: self.operands,
        };
        let label = label.as_ref().map(|label| label.name.clone());
        self.targets.push(Target {
            label,
            is_loop: true,
            exits: Some(exits),
        });
        inside(self);
        self.targets.pop();
    }

    fn while_(&mut self, w: &syn::ExprWhile, dest: Dest) {
        let (head, done, after) = (
            self.new_block(w.span()),
            self.new_block(w.span()),
            self.new_block(w.span()),
        );
        self.enter(head);
        self.in_loop(&w.label, head, after, Dest::Ignore, |this| {
            let outer = this.begin();
            let inner = this.scope;
            this.names.push();
            this.operation(|this| this.conjuncts(&w.cond, inner, done));
            this.block_into(&w.body, Dest::Ignore);
            this.names.pop();
            this.push(Stmt::Exit(inner));
            this.resume(outer);
        });
        self.goto(head);
        self.at(done);
        self.enter(after);
        self.unit(dest);
    }

    fn for_(&mut self, f: &syn::ExprForLoop, dest: Dest) {
        let over_stream = suspends::is_for_await(&f.attrs);
        let (head, after) = (self.new_block(f.span()), self.new_block(f.span()));
        let outer = self.begin();
        let inner = self.scope;
        let iterator = self.operation(|this| this.iterator(f, over_stream));
        self.enter(head);
        self.in_loop(&f.label, head, after, Dest::Ignore, |this| {
            let item = this.begin();
            let inner = this.scope;
            this.names.push();
            this.next(f, iterator, over_stream, after);
            this.block_into(&f.body, Dest::Ignore);
            this.names.pop();
            this.push(Stmt::Exit(inner));
            this.resume(item);
        });
        self.goto(head);
        self.at(after);
        self.push(Stmt::Exit(inner));
        self.resume(outer);
        self.unit(dest);
    }

    /// The iterator of a `for`: the temporaries of its expression live as long as the loop.
    fn iterator(&mut self, f: &syn::ExprForLoop, over_stream: bool) -> VarId {
        let lifting = std::mem::replace(&mut self.lifting, true);
        let left = self.value(&f.expr);
        self.lifting = lifting;
        let span = f.expr.span();
        let iterator = self.new_var(syn::Ident::new("iterator", span), Role::Iterator, None);
        let support = support();
        let left = match over_stream {
            true => left,
            false => parse_quote!(#support::core::iter::IntoIterator::into_iter(#left)),
        };
        self.store(left, Dest::Var(iterator));
        iterator
    }

    /// The next item, bound by the loop's pattern; at the end, `after`.
    fn next(&mut self, f: &syn::ExprForLoop, iterator: VarId, over_stream: bool, after: BlockId) {
        let support = support();
        let span = f.expr.span();
        let pat = &f.pat;
        let some: Pat = parse_quote!(#support::core::option::Option::Some(#pat));
        let subject = if over_stream {
            let output = self.unnamed("item", span);
            self.suspend(Resume::Next { stream: iterator }, output, span);
            Subject::Var {
                var: output,
                path: Path::whole(),
            }
        } else {
            let place = self.use_var(iterator, Context::Place);
            let next: Expr = parse_quote!(#support::core::iter::Iterator::next(&mut #place));
            if pattern::total(pat) {
                Subject::Code(self.code(next))
            } else {
                let output = self.unnamed("item", span);
                self.store(next, Dest::Var(output));
                Subject::Var {
                    var: output,
                    path: Path::whole(),
                }
            }
        };
        let (body, end) = (self.new_block(span), self.new_block(span));
        let mut matched = self.arm_pattern(&some, &subject);
        matched.vars = self.bindings(pat);
        let bound = matched.clone();
        let arms = vec![
            Arm {
                pattern: matched,
                guard: None,
                target: body,
                unreached: false,
            },
            Arm {
                pattern: wildcard(),
                guard: None,
                target: end,
                unreached: false,
            },
        ];
        self.terminate(Term::Match { subject, arms });
        let scope = self.scope;
        self.leave(end, scope, after);
        self.at(body);
        self.rebind(&bound);
    }

    // ---- jumps

    pub(super) fn break_(&mut self, b: &syn::ExprBreak) -> Expr {
        let value = b.expr.as_ref().map(|e| self.value(e));
        match self.exits(b.label.as_ref()) {
            None => Expr::Break(syn::ExprBreak {
                expr: value.map(Box::new),
                ..b.clone()
            }),
            Some(exits) => self.jump(exits, exits.after, value, b.break_token.span()),
        }
    }

    pub(super) fn continue_(&mut self, c: &syn::ExprContinue) -> Expr {
        match self.exits(c.label.as_ref()) {
            None => Expr::Continue(c.clone()),
            Some(exits) => self.jump_to(exits, exits.again, None, c.continue_token.span()),
        }
    }

    /// How the named loop or block is left; none if it is not taken apart.
    fn exits(&self, label: Option<&Lifetime>) -> Option<Exits> {
        let target = self.targets.iter().rev().find(|target| match label {
            Some(label) => target.label.as_ref() == Some(label),
            None => target.is_loop,
        })?;
        target.exits
    }

    fn jump(&mut self, exits: Exits, to: BlockId, value: Option<Expr>, span: Span) -> Expr {
        let value = value.unwrap_or_else(|| parse_quote!(()));
        match exits.dest {
            Dest::Return => {
                let code = self.code(value);
                self.hole(Hole::Return(code), span)
            }
            Dest::Var(var) => {
                let store = Some((var, self.code(value)));
                self.jump_to(exits, to, store, span)
            }
            Dest::Ignore => {
                let jump = self.jump_to(exits, to, None, span);
                parse_quote!({ let _: () = #value; #jump })
            }
        }
    }

    fn jump_to(
        &mut self,
        exits: Exits,
        to: BlockId,
        store: Option<(VarId, Code)>,
        span: Span,
    ) -> Expr {
        let cleanup = self.new_block(span);
        let scopes = self.chain(self.operands, exits.scope).unwrap_or_default();
        self.body.blocks[cleanup.0].stmts = scopes.into_iter().map(Stmt::Exit).collect();
        self.body.blocks[cleanup.0].term = Term::Goto(to);
        self.body.order.push(cleanup);
        self.hole(
            Hole::Jump {
                store,
                target: cleanup,
            },
            span,
        )
    }
}

/// Whether the expression evaluates blocks, whose temporaries are their own.
fn is_control_flow(e: &Expr) -> bool {
    matches!(
        e,
        Expr::If(_) | Expr::Match(_) | Expr::Loop(_) | Expr::While(_) | Expr::ForLoop(_)
    )
}

/// Whether a condition is a chain with `let` in it.
fn has_let(e: &Expr) -> bool {
    match e {
        Expr::Let(_) => true,
        Expr::Binary(b) if matches!(b.op, syn::BinOp::And(_)) => {
            has_let(&b.left) || has_let(&b.right)
        }
        Expr::Paren(p) => has_let(&p.expr),
        _ => false,
    }
}
