//! Blocks: what a step does from one suspension to the next.
//!
//! A block that one terminator alone leads to is written inside of it; every other is a state of its own (`states.rs`).
//! Within a block, the locals of a scope stand in braces that end with the scope, so that rustc drops them where the user's body
//! does; the scope's slots are dropped after them.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::select::Choice;
use crate::ir::visit::Mention;
use crate::ir::*;
use crate::names::{fresh, numbered, respanned, spanning, standing_for};

impl Emitter<'_> {
    pub(super) fn block(&self, id: BlockId) -> TokenStream {
        let block = &self.body().blocks[id.0];
        let resume = block.resume.as_ref().map(|resume| self.resume(id, resume));
        let mut open = BTreeSet::new();
        let stmts = self.stmts(id, 0, block.stmts.len(), &mut open);
        let term = self.term(block);
        quote!(#resume #stmts #term)
    }

    fn resume(&self, id: BlockId, resume: &Resume) -> TokenStream {
        let support = &self.support;
        // A name of its own: one that hides another makes rustc tell of the other when a method is not found.
        let (cx, value) = (fresh("cx"), numbered("value", id.0));
        let suspend = self.suspend(id);
        let (poll, awaited) = match resume {
            Resume::Await { future } => (quote!(poll), *future),
            Resume::Next { stream } => (quote!(poll_next), *stream),
            Resume::Yield { receives: false } => return TokenStream::new(),
            Resume::Yield { receives: true } => {
                let sent = fresh("sent");
                return quote!(let #value = #support::received(#sent););
            }
        };
        let (address, end) = (
            self.address(awaited),
            matches!(resume, Resume::Await { .. }).then(|| self.end_whole(awaited)),
        );
        let span = self.body().vars[awaited.0].name.span();
        let address = spanning(quote!(#address), span, span);
        let (poll, arguments) = (
            respanned(quote!(#support::#poll), span),
            standing_for(quote!(#address, #cx), span),
        );
        let polled = quote!(#poll #arguments);
        quote! {
            let #value = match #polled {
                #support::core::task::Poll::Ready(#value) => #value,
                #support::core::task::Poll::Pending => {
                    #suspend
                    return #support::Flow::Pending;
                }
            };
            #end
        }
    }

    /// The statements from `from` up to `to`.
    fn stmts(
        &self,
        id: BlockId,
        from: usize,
        to: usize,
        open: &mut BTreeSet<ScopeId>,
    ) -> TokenStream {
        let block = &self.body().blocks[id.0];
        let mut code = TokenStream::new();
        let mut index = from;
        while index < to {
            let stmt = &block.stmts[index];
            if let Some((scope, end)) = self.braces(block, index, to, open) {
                code.extend(self.declare_outer(block, index, end));
                open.insert(scope);
                let inside = self.stmts(id, index, end, open);
                open.remove(&scope);
                code.extend(self.scope_end(id, end, inside));
                index = end + 1;
                continue;
            }
            code.extend(self.declare_outer(block, index, index));
            code.extend(match stmt {
                Stmt::Tail { .. } | Stmt::Exit(_) => self.scope_end(id, index, TokenStream::new()),
                _ => self.stmt(stmt, (id, index)),
            });
            index += 1;
        }
        code
    }

    /// The scope of a local that begins here, and the statement that ends the scope. Of several scopes, the outermost:
    /// it ends last. A local that begins within it and outlives it is declared ahead of it, and so begins here too.
    fn braces(
        &self,
        block: &Block,
        index: usize,
        to: usize,
        open: &BTreeSet<ScopeId>,
    ) -> Option<(ScopeId, usize)> {
        let ends = |scope: ScopeId| {
            (index + 1..to).find(|at| {
                matches!(&block.stmts[*at], Stmt::Exit(s) | Stmt::Tail { scope: s, .. } if *s == scope)
            })
        };
        let outermost = |last: usize| {
            block.stmts[index..=last]
                .iter()
                .flat_map(|stmt| self.declared(stmt))
                .filter(|var| self.slot(*var).is_none() && !self.declared.borrow().contains(var))
                .map(|var| self.body().vars[var.0].scope)
                .filter(|scope| !open.contains(scope))
                .filter_map(|scope| Some((scope, ends(scope)?)))
                .max_by_key(|(_, end)| *end)
        };
        let mut found = outermost(index)?;
        while let Some(outer) = outermost(found.1).filter(|outer| outer.1 > found.1) {
            found = outer;
        }
        Some(found)
    }

    /// Declares the locals that a range of statements which ends a scope gives a value to, and that outlive it.
    fn declare_outer(&self, block: &Block, from: usize, to: usize) -> TokenStream {
        if !matches!(block.stmts[to], Stmt::Exit(_) | Stmt::Tail { .. }) {
            return TokenStream::new();
        }
        let ended: BTreeSet<_> = block.stmts[from..=to]
            .iter()
            .filter_map(|stmt| match stmt {
                Stmt::Exit(scope) | Stmt::Tail { scope, .. } => Some(*scope),
                _ => None,
            })
            .collect();
        let outer = block.stmts[from..=to]
            .iter()
            .flat_map(|stmt| self.declared(stmt))
            .filter(|var| {
                self.slot(*var).is_none() && !ended.contains(&self.body().vars[var.0].scope)
            });
        outer
            .filter(|var| self.declared.borrow_mut().insert(*var))
            .map(|var| self.declare(var))
            .collect()
    }

    fn declared(&self, stmt: &Stmt) -> Vec<VarId> {
        match stmt {
            Stmt::Let { vars, .. } => vars.clone(),
            Stmt::Select { pattern, .. } => pattern.vars.clone(),
            Stmt::Eval { dest, .. } => dest.iter().copied().collect(),
            Stmt::Early { early, .. } => vec![early.witness, early.moved],
            Stmt::Tail {
                dest: Dest::Var(var),
                ..
            } => vec![*var],
            Stmt::Tail { .. } | Stmt::Exit(_) => Vec::new(),
        }
    }

    fn stmt(&self, stmt: &Stmt, place: (BlockId, usize)) -> TokenStream {
        match stmt {
            Stmt::Let {
                pattern,
                vars,
                ty: None,
                init,
                otherwise: None,
            } if !init.is_empty() && self.are_slots(vars) && self.ends_more(place) => {
                // As below: what the pattern leaves is dropped when the variables have their values.
                let (support, keep) = (&self.support, self.keep(vars));
                let (pattern, init) = (self.fill(pattern), self.fill(init));
                quote!(match (#init) { #pattern => { #keep } _ => #support::unreachable() })
            }
            Stmt::Let {
                pattern,
                vars,
                ty,
                init,
                otherwise,
            } if !init.is_empty() => {
                let (pattern, init) = (self.fill(pattern), self.fill(init));
                let ty = ty.as_ref().map(|ty| quote!(: #ty));
                let otherwise = otherwise.as_ref().map(|code| {
                    let code = self.fill(code);
                    quote!(else #code)
                });
                self.bound(vars, quote!(let #pattern #ty = #init #otherwise;))
            }
            Stmt::Let { vars, .. } => vars.iter().map(|var| self.declare(*var)).collect(),
            Stmt::Select { subject, pattern } => self.let_select(subject, pattern),
            Stmt::Early { var, early } => self.early(*var, *early),
            Stmt::Eval {
                code,
                dest: Some(var),
            } if self.slot(*var).is_some() && self.ends_more(place) => {
                // What ends with the statement is dropped after the value's own temporaries and before the variable, also
                // where one of those panics: the variable has its value before they end.
                self.init_at_once(*var, self.fill(code))
            }
            Stmt::Eval {
                code,
                dest: Some(var),
            } => self.init(*var, self.fill(code)),
            Stmt::Eval { code, dest: None } => {
                let code = self.fill(code);
                quote!(#code;)
            }
            Stmt::Tail { .. } | Stmt::Exit(_) => TokenStream::new(),
        }
    }

    fn are_slots(&self, vars: &[VarId]) -> bool {
        vars.iter().all(|var| self.slot(*var).is_some())
    }

    /// Whether slots of inner scopes end behind a statement.
    fn ends_more(&self, (id, index): (BlockId, usize)) -> bool {
        let rest = self.body().blocks[id.0]
            .stmts
            .iter()
            .enumerate()
            .skip(index + 1);
        let mut exits = rest.map_while(|(at, stmt)| match stmt {
            Stmt::Exit(scope) => Some((at, *scope)),
            _ => None,
        });
        exits.any(|(at, scope)| !self.ended(id, at, scope).is_empty())
    }

    /// Moves a receiver ahead of its arguments if the call is going to consume it.
    fn early(&self, var: VarId, early: Early) -> TokenStream {
        let support = &self.support;
        let witness = self.init(early.witness, quote!(#support::Witness::new()));
        let (place, moved) = (
            self.place(early.witness),
            self.init(early.moved, self.take(var)),
        );
        quote!(#witness if #place.owns() { #moved })
    }

    /// Moves what a native pattern has bound into the slots.
    fn keep(&self, vars: &[VarId]) -> TokenStream {
        vars.iter()
            .filter(|var| self.slot(**var).is_some())
            .map(|var| {
                let name = &self.body().vars[var.0].name;
                self.init(*var, quote!(#name))
            })
            .collect()
    }

    fn declare(&self, var: VarId) -> TokenStream {
        if self.slot(var).is_some() {
            let (support, address) = (&self.support, self.address(var));
            let ty = self.body().vars[var.0].ty.as_ref();
            return ty
                .map(|ty| quote!(#support::typed::<#ty>(#address);))
                .unwrap_or_default();
        }
        let name = self.local(var);
        let ty = self.body().vars[var.0].ty.as_ref().map(|ty| quote!(: #ty));
        quote!(let mut #name #ty;)
    }

    fn let_select(&self, subject: &Subject, pattern: &Pattern) -> TokenStream {
        let names: Vec<_> = pattern.names.iter().map(|name| &name.ident).collect();
        let choice = Choice {
            pattern,
            guard: None,
            body: quote!((#(#names,)*)),
        };
        let value = match subject {
            Subject::Code(code) => self.native_match(self.fill(code), &[choice]),
            Subject::Var { var, path } => self.select(*var, path, &[choice]),
        };
        self.bound(&pattern.vars, quote!(let (#(mut #names,)*) = #value;))
    }

    /// A `let`, with what it binds handed on to slots and to locals that have been declared ahead of it.
    fn bound(&self, vars: &[VarId], binding: TokenStream) -> TokenStream {
        let keep = self.keep(vars);
        let declared = self.declared.borrow();
        let ahead: Vec<_> = vars
            .iter()
            .filter(|var| declared.contains(var))
            .map(|var| self.local(*var))
            .collect();
        match ahead.is_empty() {
            true => quote!(#binding #keep),
            false => quote!((#(#ahead,)*) = { #binding #keep (#(#ahead,)*) };),
        }
    }

    /// The end of a scope, after its locals in braces.
    fn scope_end(&self, id: BlockId, index: usize, locals: TokenStream) -> TokenStream {
        let ends = |scope| self.ends(id, index, scope);
        match &self.body().blocks[id.0].stmts[index] {
            Stmt::Exit(scope) if locals.is_empty() => ends(*scope),
            Stmt::Exit(scope) => {
                let ends = ends(*scope);
                quote!({ #locals } #ends)
            }
            Stmt::Tail { code, dest, scope } => {
                let ended = self.ended(id, index, *scope);
                let ends = ended.iter().map(|var| self.end(*var, (id, index)));
                let guarded = self.guarded(code, *scope, &ended);
                self.tail(code, *dest, &guarded, ends.collect(), locals)
            }
            _ => locals,
        }
    }

    /// Drops what may be alive where a scope ends.
    fn ends(&self, id: BlockId, index: usize, scope: ScopeId) -> TokenStream {
        let ended = self.ended(id, index, scope);
        ended
            .into_iter()
            .map(|var| self.end(var, (id, index)))
            .collect()
    }

    /// The slots of a scope that may be alive where its last expression unwinds: also those that it moves.
    fn guarded(&self, code: &Code, scope: ScopeId, ended: &[VarId]) -> Vec<VarId> {
        let mut moved = Vec::new();
        if !self.moves_at_once(code) {
            self.body()
                .mentions_of_code(code, &mut |mention| match mention {
                    Mention::Use(_, usage) if usage.context == Context::Value => {
                        moved.push(usage.var)
                    }
                    _ => {}
                });
        }
        let slots = self.compiled.layout.in_scope(self.body(), scope);
        slots
            .filter(|var| ended.contains(var) || moved.contains(var))
            .collect()
    }

    /// The slots that may be alive where a scope ends, in the order of their drop.
    fn ended(&self, id: BlockId, index: usize, scope: ScopeId) -> Vec<VarId> {
        let layout = self.compiled.layout;
        let alive = |var: &VarId| layout.ended[&(id, index)].contains(var);
        layout.in_scope(self.body(), scope).filter(alive).collect()
    }

    /// A value at the coercion site of the output.
    pub(super) fn returned(&self, value: TokenStream) -> TokenStream {
        match &self.gives {
            // Of a hidden type nothing is known but that it is this.
            super::Gives::Output { ty, .. } if is_nothing(&value) && ty.to_string() != "_" => {
                let support = &self.support;
                quote!(#support::nothing())
            }
            super::Gives::Output { .. } if is_nothing(&value) => value,
            super::Gives::Output { ty, .. } => {
                let support = &self.support;
                quote!((#support::Typed::<#ty> { value: #value }.value))
            }
            super::Gives::Items(_) => value,
        }
    }

    fn term(&self, block: &Block) -> TokenStream {
        let support = &self.support;
        match &block.term {
            Term::Goto(target) => self.goto(*target),
            Term::Yield { value, resume } => {
                let (suspend, value) = (self.suspend(*resume), self.fill(value));
                let (item, items) = (fresh("item"), fresh("items"));
                quote! {
                    let #item = #support::Given { items: &#items, value: #value }.value;
                    #suspend
                    return #support::Flow::Yield(#item);
                }
            }
            Term::If {
                cond,
                then,
                otherwise,
            } => {
                let (cond, then, otherwise) =
                    (self.fill(cond), self.goto(*then), self.goto(*otherwise));
                quote!(if (#cond) { #then } else { #otherwise })
            }
            Term::Match { subject, arms } => self.match_(subject, arms),
            Term::Dead => TokenStream::new(),
            Term::Open => unreachable!("the verifier has refused an open block"),
        }
    }

    fn match_(&self, subject: &Subject, arms: &[Arm]) -> TokenStream {
        let choices: Vec<_> = arms
            .iter()
            .map(|arm| {
                let goto = self.goto(arm.target);
                Choice {
                    pattern: &arm.pattern,
                    guard: arm.guard.as_ref(),
                    body: quote!({ #goto }),
                }
            })
            .collect();
        match subject {
            Subject::Code(code) => self.native_match(self.fill(code), &choices),
            Subject::Var { var, path } => self.select(*var, path, &choices),
        }
    }

    /// Notes that the next step begins with a block.
    fn suspend(&self, id: BlockId) -> TokenStream {
        if self.bounding.get() {
            return TokenStream::new();
        }
        let (frame, live, number) = (fresh("frame"), fresh("live"), self.state(id));
        quote!((*#frame).head.suspend(#number, #live);)
    }
}

/// Whether a value is that of a block without a last expression.
pub(super) fn is_nothing(value: &TokenStream) -> bool {
    value.to_string() == "()"
}
