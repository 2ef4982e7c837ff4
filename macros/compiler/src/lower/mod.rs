//! From a syntax tree to the intermediate representation.
//!
//! *Input*: a body that `check` has accepted. *Output*: [`Body`]. *Invariant*: only what suspends is taken apart;
//! everything else stays the user's tokens, with holes.
//!
//! An expression is lowered to what is *left* of it: an expression that, evaluated after the blocks emitted so far, has
//! its value. An operand that is evaluated before a later suspension is spilled into a temporary first.
//!
//! ```text
//! f(a(), b().await, c())   =>   t = a(); u = b();
//!                               suspend u -> v
//!                               f(t, v, c())         (what is left)
//! ```

mod assign;
mod call;
mod changed;
mod control;
mod covers;
mod expr;
mod foreign;
mod macros;
mod names;
mod operands;
mod pattern;
mod place;
mod plain;
mod standard;
mod stmt;
mod structs;
pub mod suspends;

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Expr, Lifetime};

use crate::diagnostics::Diagnostics;
use crate::edition::{self, Edition};
use crate::ir::*;
use crate::names::hole;
use crate::parse::Input;
use names::{Meaning, Names};
use place::Rooted;
use standard::Standard;

pub(crate) use macros::{Kind, captured_names, kind, known_operands, may_return};
pub(crate) use operands::{Matches, Operand, text};
pub(crate) use plain::{looks_at_nothing, matches_nothing};

/// Lowers a body.
pub fn lower(input: &Input, diagnostics: &Diagnostics) -> Body {
    let mut lowering = Lowering::new(diagnostics);
    lowering.whole(input);
    lowering.body
}

/// A loop or labelled block that `break` and `continue` may name.
#[derive(Clone, Debug)]
struct Target {
    label: Option<Lifetime>,
    /// Whether an unlabelled `break` means it.
    is_loop: bool,
    /// How it is left; none in code that is not taken apart, where the user's own jump stays.
    exits: Option<Exits>,
}

#[derive(Clone, Copy, Debug)]
struct Exits {
    /// Where `break` leads.
    after: BlockId,
    /// Where `continue` leads.
    again: BlockId,
    /// What the value of `break` goes into.
    dest: Dest,
    /// The scope around the loop.
    scope: ScopeId,
}

/// Where new variables go.
#[derive(Clone, Copy, Debug)]
struct Scopes {
    bindings: ScopeId,
    temps: ScopeId,
    operands: ScopeId,
}

/// The state of a lowering.
struct Lowering<'a> {
    body: Body,
    diagnostics: &'a Diagnostics,
    names: Names,
    targets: Vec<Target>,
    /// The block that is being written.
    block: BlockId,
    /// The scope of new bindings.
    scope: ScopeId,
    /// The scope of new temporaries.
    temps: ScopeId,
    /// The scope of new operands and awaited futures: the innermost.
    operands: ScopeId,
    /// Whether the temporaries of the code being written must outlive it, because a suspension follows.
    lifting: bool,
    /// The scope of temporaries that the initializer being written extends.
    extending: Option<ScopeId>,
    /// Whether a `yield` has a value.
    receives: bool,
    /// Whether rustc has evaluated the `#[cfg]`s.
    configured: bool,
    /// The tokens of the body.
    whole: TokenStream,
    /// How many matches over variables there have been.
    matches: usize,
    /// The match whose pattern is being lowered.
    group: usize,
    /// The macros that rustc is asked about.
    asked: BTreeSet<(String, Standard)>,
}

impl<'a> Lowering<'a> {
    fn new(diagnostics: &'a Diagnostics) -> Self {
        let body = Body {
            vars: Vec::new(),
            scopes: vec![Scope {
                parent: None,
                entries: Vec::new(),
            }],
            blocks: Vec::new(),
            holes: Vec::new(),
            captures: Vec::new(),
            flags: Vec::new(),
            items: Vec::new(),
            order: Vec::new(),
            braces: Span::call_site(),
            edition: None,
        };
        let mut lowering = Lowering {
            body,
            diagnostics,
            names: Names::default(),
            targets: Vec::new(),
            block: BlockId(0),
            scope: ScopeId(0),
            temps: ScopeId(0),
            operands: ScopeId(0),
            lifting: false,
            extending: None,
            receives: false,
            configured: false,
            whole: TokenStream::new(),
            matches: 0,
            group: 0,
            asked: BTreeSet::new(),
        };
        let entry = lowering.new_block(Span::call_site());
        lowering.at(entry);
        lowering
    }

    fn whole(&mut self, input: &Input) {
        self.whole = input.body.to_token_stream();
        self.receives = input.generates.is_some_and(|generates| generates.receives);
        self.configured = input.configured;
        self.body.braces = input.body.brace_token.span.join();
        self.names.push();
        // Captures are dropped first to last, as an async block's are.
        for capture in input.captured.iter().rev() {
            let var = self.new_var(capture.clone(), Role::Argument, None);
            self.names.bind(&capture.to_string(), Meaning::Tracked(var));
        }
        for argument in &input.arguments {
            let var = self.argument(argument);
            self.bind_argument(argument, var);
        }
        self.statement(|this| this.block_into(&input.body, Dest::Return));
        self.names.pop();
    }

    fn argument(&mut self, argument: &crate::parse::Argument) -> VarId {
        let var = self.new_var(argument.ident.clone(), Role::Argument, None);
        self.body.vars[var.0].reference = argument.reference;
        var
    }

    fn bind_argument(&mut self, argument: &crate::parse::Argument, var: VarId) {
        match &argument.pattern {
            None => self
                .names
                .bind(&argument.ident.to_string(), Meaning::Tracked(var)),
            Some(pat) => self.let_var(pat, var, Path::whole()),
        }
    }

    /// Whether the expression suspends this body, not a closure or async block in it.
    fn suspends(&self, e: &Expr) -> bool {
        self.names.capture.is_none() && suspends::expr(e)
    }

    // ---- blocks

    fn new_block(&mut self, span: Span) -> BlockId {
        let id = BlockId(self.body.blocks.len());
        self.body.blocks.push(Block {
            resume: None,
            stmts: Vec::new(),
            term: Term::Open,
            span,
        });
        id
    }

    fn push(&mut self, stmt: Stmt) {
        self.body.blocks[self.block.0].stmts.push(stmt);
    }

    fn terminate(&mut self, term: Term) {
        let block = &mut self.body.blocks[self.block.0];
        if matches!(block.term, Term::Open) {
            block.term = term;
        }
    }

    fn goto(&mut self, target: BlockId) {
        self.terminate(Term::Goto(target));
    }

    /// Ends the block and goes on in another.
    fn enter(&mut self, block: BlockId) {
        self.goto(block);
        self.at(block);
    }

    /// Writes another block from here on. Blocks come in the order of their first being written, which is the order of
    /// the source: type inference then meets every fact in the order in which the user's body gives it.
    fn at(&mut self, block: BlockId) {
        self.block = block;
        if !self.body.order.contains(&block) {
            self.body.order.push(block);
        }
    }

    // ---- scopes

    fn open_scope(&mut self) -> ScopeId {
        let parent = self.operands;
        let id = ScopeId(self.body.scopes.len());
        self.body.scopes.push(Scope {
            parent: Some(parent),
            entries: Vec::new(),
        });
        self.body.scopes[parent.0].entries.push(Entry::Scope(id));
        id
    }

    /// Runs `inside` with a new scope for bindings and temporaries, and ends it.
    fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.begin();
        let inner = self.scope;
        self.names.push();
        let result = inside(self);
        self.names.pop();
        self.push(Stmt::Exit(inner));
        self.resume(outer);
        result
    }

    /// Runs `inside` with a new scope for temporaries only, and ends it.
    fn statement<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.scopes();
        self.temps = self.open_scope();
        self.operands = self.temps;
        self.operands = self.open_scope();
        let (temps, operands) = (self.temps, self.operands);
        let result = inside(self);
        self.push(Stmt::Exit(operands));
        self.push(Stmt::Exit(temps));
        self.resume(outer);
        result
    }

    /// Runs `inside` with a new scope for operands only, and ends it.
    fn operation<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.scopes();
        let inner = self.open_scope();
        self.operands = inner;
        let result = inside(self);
        self.push(Stmt::Exit(inner));
        self.resume(outer);
        result
    }

    /// Lowers code that ends its own temporaries, whatever follows it.
    fn ending<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        let lifting = std::mem::replace(&mut self.lifting, false);
        let result = inside(self);
        self.lifting = lifting;
        result
    }

    fn scopes(&self) -> Scopes {
        Scopes {
            bindings: self.scope,
            temps: self.temps,
            operands: self.operands,
        }
    }

    /// Opens a scope for everything.
    fn begin(&mut self) -> Scopes {
        let outer = self.scopes();
        let inner = self.open_scope();
        (self.scope, self.temps, self.operands) = (inner, inner, inner);
        outer
    }

    fn resume(&mut self, outer: Scopes) {
        (self.scope, self.temps, self.operands) = (outer.bindings, outer.temps, outer.operands);
    }

    /// Whether the temporaries of a last expression, and of an `if let`, end with it.
    fn ends_early(&mut self) -> bool {
        let edition = edition::current();
        self.body.edition = Some(edition);
        edition == Edition::Block
    }

    // ---- variables and holes

    fn new_var(&mut self, name: Ident, role: Role, ty: Option<&syn::Type>) -> VarId {
        let scope = match role {
            Role::Argument => ScopeId(0),
            Role::Binding | Role::Extended | Role::Iterator => self.scope,
            Role::Temporary => self.temps,
            Role::Future => self.operands,
        };
        self.new_var_in(scope, name, role, ty)
    }

    fn new_var_in(
        &mut self,
        scope: ScopeId,
        name: Ident,
        role: Role,
        ty: Option<&syn::Type>,
    ) -> VarId {
        let id = VarId(self.body.vars.len());
        self.body.vars.push(Var {
            last: name.span(),
            name,
            role,
            scope,
            ty: ty.map(ToTokens::to_token_stream),
            reference: ty.is_some_and(pattern::is_reference),
            flags: Vec::new(),
        });
        self.begins(id);
        id
    }

    /// Enters a variable into its scope. One that begins while an inner scope is open outlives that.
    fn begins(&mut self, var: VarId) {
        let scope = self.body.vars[var.0].scope;
        let open = self.is_inside(self.operands, scope);
        let entries = &mut self.body.scopes[scope.0].entries;
        entries.retain(|entry| *entry != Entry::Var(var));
        let inner = matches!(entries.last(), Some(Entry::Scope(_))) && open;
        let at = entries.len() - usize::from(inner);
        entries.insert(at, Entry::Var(var));
    }

    /// Gives a variable that has just begun to another scope.
    fn rehome(&mut self, var: VarId, scope: ScopeId) {
        let old = std::mem::replace(&mut self.body.vars[var.0].scope, scope);
        if old != scope {
            self.body.scopes[old.0]
                .entries
                .retain(|entry| *entry != Entry::Var(var));
            self.begins(var);
        }
    }

    fn is_inside(&self, inner: ScopeId, outer: ScopeId) -> bool {
        inner != outer && self.chain(inner, outer).is_some()
    }

    /// The scopes from `inner` up to `outer`, without `outer`, innermost first.
    fn chain(&self, inner: ScopeId, outer: ScopeId) -> Option<Vec<ScopeId>> {
        let mut scopes = Vec::new();
        let mut scope = inner;
        while scope != outer {
            scopes.push(scope);
            scope = self.body.scopes[scope.0].parent?;
        }
        Some(scopes)
    }

    /// A value that the user's expression leaves unnamed.
    fn unnamed(&mut self, name: &str, span: Span) -> VarId {
        self.new_var_in(self.operands, Ident::new(name, span), Role::Temporary, None)
    }

    fn new_flag(&mut self, var: VarId, part: Part) -> FlagId {
        let id = FlagId(self.body.flags.len());
        self.body.flags.push(Flag { var, part });
        self.body.vars[var.0].flags.push(id);
        id
    }

    fn hole(&mut self, hole_: Hole, span: Span) -> Expr {
        let ident = self.hole_ident(hole_, span);
        Expr::Path(syn::ExprPath {
            attrs: Vec::new(),
            qself: None,
            path: ident.into(),
        })
    }

    fn hole_ident(&mut self, hole_: Hole, span: Span) -> Ident {
        let number = self.body.holes.len();
        self.body.holes.push(hole_);
        hole(number, span)
    }

    fn usage(&mut self, var: VarId, ident: &Ident, context: Context) -> Use {
        let capture = self.names.capture;
        if let Some(id) = capture {
            self.note_captured(id, var, ident, context);
        }
        Use {
            var,
            ident: ident.clone(),
            context,
            capture,
            certain: self.names.conditions == 0 && capture.is_none(),
            part: Some(Vec::new()),
        }
    }

    /// A use of a part of a variable.
    fn usage_of(&mut self, root: &Rooted, context: Context) -> Use {
        Use {
            part: Some(root.path.steps.clone()),
            ..self.usage(root.var, &root.ident, context)
        }
    }

    /// Notes that the variable that has just been used is used in part only.
    fn narrow(&mut self, root: &Rooted) {
        if let Some(Hole::Use(usage)) = self.body.holes.last_mut() {
            if usage.var == root.var {
                usage.part = Some(root.path.steps.clone());
            }
        }
    }

    fn note_captured(&mut self, id: CaptureId, var: VarId, ident: &Ident, context: Context) {
        let (as_value, as_place) = (context == Context::Value, context == Context::Place);
        let whole = !self.names.of_part;
        let vars = &mut self.body.captures[id.0].vars;
        match vars.iter_mut().find(|captured| captured.var == var) {
            Some(captured) => {
                captured.as_value |= as_value;
                captured.as_place |= as_place;
                captured.whole |= whole;
            }
            None => vars.push(Captured {
                var,
                ident: ident.clone(),
                as_value,
                as_place,
                whole,
                parts: Vec::new(),
                moved: Vec::new(),
            }),
        }
    }

    /// Notes which part of a variable a capture uses.
    fn note_part(&mut self, root: &Rooted, look: Option<(TokenStream, TokenStream)>) {
        let Some(id) = self.names.capture else { return };
        let vars = &mut self.body.captures[id.0].vars;
        if let Some(captured) = vars.iter_mut().find(|captured| captured.var == root.var) {
            let path = root.path.clone();
            captured.parts.push(CapturedPart { path, look });
        }
    }

    /// A use of parts of a variable that move into a capture inside of this one.
    fn moves_on(&mut self, outer: CaptureId, captured: &Captured) -> Expr {
        let of_part = std::mem::replace(&mut self.names.of_part, !captured.whole);
        let usage = self.usage(captured.var, &captured.ident, Context::Value);
        self.names.of_part = of_part;
        let vars = &mut self.body.captures[outer.0].vars;
        let known = vars.iter_mut().find(|known| known.var == captured.var);
        if let Some(known) = known.filter(|_| !captured.whole) {
            known.moved.extend(captured.parts.iter().cloned());
        }
        self.hole(Hole::Use(usage), captured.ident.span())
    }

    /// A use of a variable that lowering itself has made.
    fn use_var(&mut self, var: VarId, context: Context) -> Expr {
        let ident = self.body.vars[var.0].name.clone();
        let usage = self.usage(var, &ident, context);
        let span = self.body.vars[var.0].last;
        self.hole(Hole::Use(usage), span)
    }

    /// Notes which of the user's expressions a variable holds the value of.
    fn holds(&mut self, var: VarId, e: impl ToTokens) {
        let tokens: Vec<TokenTree> = e.into_token_stream().into_iter().collect();
        let var = &mut self.body.vars[var.0];
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            let open = |tree: &TokenTree| match tree {
                TokenTree::Group(group) => group.span_open(),
                other => other.span(),
            };
            let close = |tree: &TokenTree| match tree {
                TokenTree::Group(group) => group.span_close(),
                other => other.span(),
            };
            var.name.set_span(open(first));
            var.last = close(last);
        }
    }

    fn code(&self, tokens: impl ToTokens) -> Code {
        Code::new(tokens.to_token_stream())
    }

    /// Stores what is left of an expression.
    fn store(&mut self, left: Expr, dest: Dest) {
        let code = self.code(left);
        match dest {
            Dest::Ignore => self.push(Stmt::Eval { code, dest: None }),
            Dest::Var(var) => self.push(Stmt::Eval {
                code,
                dest: Some(var),
            }),
            Dest::Return => {
                let hole = self.hole_ident(Hole::Return(code), Span::mixed_site());
                self.push(Stmt::Eval {
                    code: Code::new(quote!(#hole)),
                    dest: None,
                });
                self.terminate(Term::Dead);
            }
        }
    }
}
