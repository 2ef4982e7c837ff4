//! Statements of a block that is taken apart.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Block, Expr, Item, Local, Pat, Stmt as SynStmt, parse_quote};

use super::expr::attributes;
use super::names::Meaning;
use super::place::is_place;
use super::{Lowering, covers, pattern};
use crate::configure::is_cfg;
use crate::ir::*;

impl Lowering<'_> {
    /// A block whose value goes to `dest`.
    pub(super) fn block_into(&mut self, block: &Block, dest: Dest) {
        let extending = self.extending.take();
        let outer = self.begin();
        let inner = self.scope;
        self.names.push();
        self.items_of(block);
        let (stmts, tail) = split_tail(block);
        self.ending(|this| stmts.iter().for_each(|stmt| this.stmt(stmt)));
        if tail.is_some() && !self.ends_early() {
            // The temporaries of the last expression outlive the block's own variables.
            self.temps = outer.temps;
        }
        self.extending = extending;
        match tail {
            Some(tail) if self.suspends(&tail) && self.is_split(&tail) => {
                self.into(&tail, dest);
                self.push(Stmt::Exit(inner));
            }
            Some(tail) => {
                let left = self.value(&tail);
                let code = self.code(left);
                self.push(Stmt::Tail {
                    code,
                    dest,
                    scope: inner,
                });
            }
            None => self.push(Stmt::Tail {
                code: Code::new(quote!(())),
                dest,
                scope: inner,
            }),
        }
        if dest == Dest::Return {
            self.terminate(Term::Dead);
        }
        self.names.pop();
        self.resume(outer);
    }

    /// The items of a block: they are emitted once, before everything else.
    fn items_of(&mut self, block: &Block) {
        for (index, stmt) in block.stmts.iter().enumerate() {
            if let SynStmt::Item(item) = stmt {
                self.no_conflict(item, block, index);
            }
            let item = match stmt {
                SynStmt::Item(item) => item,
                SynStmt::Macro(m) if m.mac.path.is_ident("thread_local") => {
                    self.body.items.push(m.to_token_stream());
                    continue;
                }
                _ => continue,
            };
            if let Item::Fn(f) = item {
                self.names.bind(&f.sig.ident.to_string(), Meaning::Plain);
            }
            self.body.items.push(item.to_token_stream());
        }
    }

    /// Refuses an item whose name means something else elsewhere in the body: the items of blocks that are taken apart are
    /// in force in all of it.
    fn no_conflict(&self, item: &Item, block: &Block, index: usize) {
        let names = item_names(item);
        let before: TokenStream = block.stmts[..index]
            .iter()
            .map(ToTokens::to_token_stream)
            .collect();
        let textual = matches!(item, Item::Macro(_));
        for name in names {
            let text = name.to_string();
            let elsewhere = count(&self.whole, &text) > count(&block.to_token_stream(), &text);
            if elsewhere || (textual && count(&before, &text) > 0) {
                self.diagnostics.error(
                    &name,
                    "this name is used elsewhere in the function too, where the item would be in force as well; \
                     give it another name, or move it out of the function",
                );
            }
        }
    }

    fn guarded_macro(&mut self, m: &syn::StmtMacro) -> bool {
        let Some(left) = self.macro_stmt(m) else {
            return false;
        };
        self.store(left, Dest::Ignore);
        true
    }

    fn stmt(&mut self, stmt: &SynStmt) {
        let attrs = match stmt {
            SynStmt::Local(local) => &local.attrs[..],
            SynStmt::Macro(m) => &m.attrs[..],
            _ => &[],
        };
        self.no_cfg(attrs);
        match stmt {
            SynStmt::Local(local) => self.local(local),
            SynStmt::Item(_) => {}
            SynStmt::Macro(m) if m.mac.path.is_ident("thread_local") => {}
            SynStmt::Macro(m) if super::macros::pinned(m).is_some() => {
                let stmts = super::macros::pinned(m).unwrap_or_default();
                stmts.iter().for_each(|stmt| self.stmt(stmt));
            }
            SynStmt::Macro(m) if self.guarded_macro(m) => {}
            SynStmt::Expr(e, _) => self.expr_stmt(e),
            SynStmt::Macro(m) => {
                self.expr_stmt(&Expr::Macro(syn::ExprMacro {
                    attrs: m.attrs.clone(),
                    mac: m.mac.clone(),
                }));
            }
        }
    }

    fn expr_stmt(&mut self, e: &Expr) {
        // As an expression: what it expands to must not be statements, whose variables would end with a suspension.
        if let Expr::Macro(m) = e {
            if super::macros::kind(&m.mac) == super::macros::Kind::Unknown && !self.suspends(e) {
                let left = self.value(e);
                self.store(parse_quote!((#left)), Dest::Ignore);
                return;
            }
        }
        if self.suspends(e) {
            self.statement(|this| this.into(e, Dest::Ignore));
        } else if attributes(e).iter().any(is_cfg) {
            // It may not be there.
            let left = self.conditional(|this| this.value(e));
            self.store(left, Dest::Ignore);
        } else {
            let left = self.value(e);
            self.store(left, Dest::Ignore);
        }
        if matches!(e, Expr::Break(_) | Expr::Continue(_) | Expr::Return(_)) {
            self.terminate(Term::Dead);
            {
                let next = self.new_block(e.span());
                self.at(next);
            }
        }
    }

    fn local(&mut self, local: &Local) {
        let (pat, ty) = pattern::split_type(&local.pat);
        let Some(init) = &local.init else {
            self.declare(pat, ty);
            return;
        };
        self.statement(|this| match &init.diverge {
            Some((_, otherwise)) => this.let_else(pat, &init.expr, otherwise),
            None => this.let_(pat, ty, &init.expr),
        });
    }

    /// Refuses an attribute that is evaluated after this macro has run.
    pub(super) fn no_cfg(&self, attrs: &[syn::Attribute]) {
        let evaluated_later = |attr: &&syn::Attribute| is_cfg(attr) && !self.configured;
        for attr in attrs.iter().filter(evaluated_later) {
            self.diagnostics.error(
                attr,
                "this attribute is evaluated after the coroutine has been compiled; \
                 write `if cfg!(…)`",
            );
        }
    }

    /// `let x;`
    fn declare(&mut self, pat: &Pat, ty: Option<&syn::Type>) {
        for name in pattern::names(pat) {
            let var = self.new_var(name.ident.clone(), Role::Binding, ty);
            self.names
                .bind(&name.ident.to_string(), Meaning::Tracked(var));
            self.push(Stmt::Let {
                pattern: Code::new(TokenStream::new()),
                vars: vec![var],
                ty: None,
                init: Code::default(),
                otherwise: None,
            });
        }
    }

    fn let_(&mut self, pat: &Pat, ty: Option<&syn::Type>, init: &Expr) {
        if let Some(single) = pattern::single(pat) {
            let var = self.new_var(single.ident.clone(), Role::Binding, ty);
            self.extended(|this| this.into(init, Dest::Var(var)));
            // What the value extends is older than the variable, and outlives it.
            self.begins(var);
            self.names
                .bind(&single.ident.to_string(), Meaning::Tracked(var));
            return;
        }
        match self.rooted(init) {
            Some(root) if pattern::may_move(pat) && !self.body.vars[root.var.0].reference => {
                self.let_var(pat, root.var, root.path);
            }
            _ if pattern::may_move(pat) && borrows(pat) && !is_place(init) => {
                let scope = self.scope;
                let var = self.extended(|this| this.spilled_in(scope, init));
                self.body.vars[var.0].ty = ty.map(ToTokens::to_token_stream);
                self.let_var(pat, var, Path::whole());
            }
            _ => {
                let left = match (borrows(pat), is_place(init)) {
                    // What a part of is moved, or looked at, does not live on.
                    (false, true) => self.place(init),
                    (false, false) => self.extended(|this| this.value(init)),
                    (true, true) => self.extended(|this| this.place(init)),
                    // Not a constant's place: what is borrowed may be changed.
                    (true, false) => self.extended(|this| this.stored(init)),
                };
                let init = self.code(left);
                let vars = self.bindings(pat);
                let ty = ty.map(ToTokens::to_token_stream);
                self.push(Stmt::Let {
                    pattern: self.code(pat),
                    vars,
                    ty,
                    init,
                    otherwise: None,
                });
            }
        }
    }

    /// A `let` over a variable that the pattern may move from.
    pub(super) fn let_var(&mut self, pat: &Pat, var: VarId, path: Path) {
        if !pattern::may_move(pat) && pattern::names(pat).is_empty() {
            return;
        }
        self.new_match();
        let mut pattern = self.pattern(pat, Some((var, &path)));
        pattern.vars = self.bindings(pat);
        self.push(Stmt::Select {
            subject: Subject::Var { var, path },
            pattern,
        });
    }

    /// New variables for the names of a pattern, which mean them from here on.
    pub(super) fn bindings(&mut self, pat: &Pat) -> Vec<VarId> {
        let vars = self.variables(pat);
        self.bind(pat, &vars);
        vars
    }

    fn variables(&mut self, pat: &Pat) -> Vec<VarId> {
        pattern::names(pat)
            .into_iter()
            .map(|name| self.new_var(name.ident, Role::Binding, None))
            .collect()
    }

    fn bind(&mut self, pat: &Pat, vars: &[VarId]) {
        for (name, var) in pattern::names(pat).into_iter().zip(vars) {
            self.names
                .bind(&name.ident.to_string(), Meaning::Tracked(*var));
        }
    }

    /// Lowers an initializer: temporaries that it extends live as long as the binding.
    fn extended<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.extending = Some(self.scope);
        let result = lower(self);
        self.extending = None;
        result
    }

    fn let_else(&mut self, pat: &Pat, init: &Expr, otherwise: &Expr) {
        // What the pattern borrows lives as long as the bindings.
        let scope = if borrows(pat) { self.scope } else { self.temps };
        let first = self.body.vars.len();
        let subject = |this: &mut Self| this.subject_in(scope, init, [pat].into_iter());
        // What a part of is moved, or looked at, does not live on.
        let subject = match !borrows(pat) && is_place(init) {
            true => subject(self),
            false => self.extended(subject),
        };
        let (matched, missed) = (self.new_block(pat.span()), self.new_block(otherwise.span()));
        let mut arm = self.arm_pattern(pat, &subject);
        let kept: Vec<VarId> = (first..self.body.vars.len())
            .map(VarId)
            .filter(|var| self.body.vars[var.0].scope == self.scope)
            .collect();
        arm.vars = self.variables(pat);
        let bound = arm.clone();
        let arms = vec![
            Arm {
                pattern: arm,
                guard: None,
                target: matched,
                unreached: false,
            },
            Arm {
                pattern: wildcard(),
                guard: None,
                target: missed,
                unreached: covers::always(pat),
            },
        ];
        self.terminate(Term::Match { subject, arms });
        self.at(missed);
        let (operands, temps) = (self.operands, self.temps);
        self.push(Stmt::Exit(operands));
        self.push(Stmt::Exit(temps));
        // What would have lived as long as the bindings ends here.
        for var in kept.into_iter().rev() {
            let left = self.use_var(var, Context::Value);
            self.store(left, Dest::Ignore);
        }
        let Expr::Block(block) = otherwise else {
            unreachable!("the parser gives `else` a block")
        };
        self.block_into(&block.block, Dest::Ignore);
        self.terminate(Term::Dead);
        self.at(matched);
        self.bind(pat, &bound.vars);
        self.rebind(&bound);
    }

    /// Takes over what the pattern of a terminator has bound.
    pub(super) fn rebind(&mut self, pattern: &Pattern) {
        let (names, vars) = (&pattern.names, pattern.vars.clone());
        if vars.is_empty() {
            return;
        }
        let values = names.iter().map(|name| &name.ident);
        let init = Code::new(quote!((#(#values,)*)));
        let bindings = names.iter().map(|name| {
            let (mutable, ident) = (name.mutable.then(|| quote!(mut)), &name.ident);
            quote!(#mutable #ident)
        });
        let pattern = Code::new(quote!((#(#bindings,)*)));
        self.push(Stmt::Let {
            pattern,
            vars,
            ty: None,
            init,
            otherwise: None,
        });
    }
}

/// Whether the pattern borrows from what it is matched against.
fn borrows(pat: &Pat) -> bool {
    pattern::names(pat).iter().any(|name| name.by_ref)
}

/// `_`.
pub(super) fn wildcard() -> Pattern {
    let wild = || Code::new(quote!(_));
    Pattern {
        written: wild(),
        plain: wild(),
        names: Vec::new(),
        vars: Vec::new(),
        flag: None,
    }
}

/// The statements of a block and its last expression.
fn split_tail(block: &Block) -> (&[SynStmt], Option<Expr>) {
    match block.stmts.split_last() {
        Some((SynStmt::Expr(tail, None), stmts)) => (stmts, Some(tail.clone())),
        Some((SynStmt::Macro(m), stmts)) if m.semi_token.is_none() => (
            stmts,
            Some(Expr::Macro(syn::ExprMacro {
                attrs: m.attrs.clone(),
                mac: m.mac.clone(),
            })),
        ),
        _ => (&block.stmts, None),
    }
}

/// The names that an item brings into force.
fn item_names(item: &Item) -> Vec<syn::Ident> {
    fn leaves(tree: &syn::UseTree, names: &mut Vec<syn::Ident>) {
        match tree {
            syn::UseTree::Path(path) => leaves(&path.tree, names),
            syn::UseTree::Name(name) => names.push(name.ident.clone()),
            syn::UseTree::Rename(rename) => names.push(rename.rename.clone()),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, names)),
            syn::UseTree::Glob(_) => {}
        }
    }
    match item {
        Item::Const(i) if i.ident == "_" => Vec::new(),
        Item::Const(i) => vec![i.ident.clone()],
        Item::Enum(i) => vec![i.ident.clone()],
        Item::Fn(i) => vec![i.sig.ident.clone()],
        Item::Macro(i) => i.ident.iter().cloned().collect(),
        Item::Mod(i) => vec![i.ident.clone()],
        Item::Static(i) => vec![i.ident.clone()],
        Item::Struct(i) => vec![i.ident.clone()],
        Item::Trait(i) => vec![i.ident.clone()],
        Item::Type(i) => vec![i.ident.clone()],
        Item::Union(i) => vec![i.ident.clone()],
        Item::Use(i) => {
            let mut names = Vec::new();
            leaves(&i.tree, &mut names);
            names
        }
        _ => Vec::new(),
    }
}

/// How often an identifier occurs.
pub(super) fn count(tokens: &TokenStream, name: &str) -> usize {
    tokens
        .clone()
        .into_iter()
        .map(|tree| match tree {
            proc_macro2::TokenTree::Group(group) => count(&group.stream(), name),
            proc_macro2::TokenTree::Ident(ident) => usize::from(ident == name),
            _ => 0,
        })
        .sum()
}
