//! Rejections, all of them at once, each at the smallest span that the user must edit. Nothing is changed here.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, Item, LocalInit, Macro, Meta, Pat, Type};

use crate::diagnostics::Diagnostics;
use crate::generator::{self, Generates};
use crate::lower::{Kind, kind, known_operands, suspends};
use crate::parse::{Function, Input};

/// What kind of body is checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Body {
    Function,
    Generator(Generates),
}

/// Checks a function under `#[coroutine]`. Tells whether rustc would have nothing to say against the body.
pub fn function(function: &Function, diagnostics: &Diagnostics) -> bool {
    let sig = &function.item.sig;
    if let Some(constness) = &sig.constness {
        diagnostics.error(constness, "a coroutine cannot be `const`; remove `const`");
    }
    if let Some(variadic) = &sig.variadic {
        diagnostics.error(
            variadic,
            "a coroutine cannot be variadic; take a slice instead",
        );
    }
    let read = function.unread.is_none();
    if read && sig.asyncness.is_none() && !suspends::block(&function.input.body) {
        diagnostics.error(
            sig.fn_token,
            "this function is neither `async` nor does it contain `.await`; write `async fn`",
        );
    }
    read && body(Body::Function, &function.input.body, diagnostics)
}

/// Checks the body of a generator. Tells whether nothing is wrong with it.
pub fn generator(input: &Input, diagnostics: &Diagnostics) -> bool {
    let kind = input.generates.map_or(Body::Function, Body::Generator);
    body(kind, &input.body, diagnostics)
}

fn body(body: Body, block: &Block, diagnostics: &Diagnostics) -> bool {
    let before = diagnostics.len();
    Checker {
        body,
        closure: None,
        diagnostics,
    }
    .visit_block(block);
    diagnostics.len() == before
}

struct Checker<'a> {
    body: Body,
    /// What the code being checked is inside of, if that is a closure or an async block.
    closure: Option<&'static str>,
    diagnostics: &'a Diagnostics,
}

impl Checker<'_> {
    fn inside(&mut self, what: &'static str, check: impl FnOnce(&mut Self)) {
        let outer = self.closure.replace(what);
        check(self);
        self.closure = outer;
    }

    fn yield_(&self, y: &syn::ExprYield) {
        match (self.body, self.closure) {
            (Body::Function, _) => self.diagnostics.error(
                y.yield_token,
                "`yield` belongs to `gen!`; return a stream and write its body in `gen! { … }`",
            ),
            (Body::Generator(_), Some(what)) => self.diagnostics.error(
                y.yield_token,
                format!(
                    "`yield` inside {what} does not yield from the `{}` around it; move it outside",
                    self.name()
                ),
            ),
            (Body::Generator(_), None) => {}
        }
    }

    /// Whether an `.await` here would suspend an `iter!`.
    fn is_synchronous(&self) -> bool {
        let by = match self.body {
            Body::Function => return false,
            Body::Generator(generates) => generates.by,
        };
        by.is_synchronous() && self.closure.is_none()
    }

    /// What is pinned must not move, and an iterator does.
    fn pin(&self, mac: &Macro) {
        let moves = matches!(self.body, Body::Generator(generates) if generates.by == generator::Macro::Iter { pinned: false });
        let Some(name) = mac.path.segments.last().map(|last| &last.ident) else {
            return;
        };
        if moves && self.closure.is_none() && (name == "pin" || name == "pin_mut") {
            self.diagnostics.error(
                name,
                format!("`{name}!` pins a variable of this `iter!`, which moves with it; write `iter!(static || {{ … }})`, which is pinned itself"),
            );
        }
    }

    /// A variable for the value of a `yield` that has none.
    fn no_value(&self, pat: &Pat, e: &Expr) {
        let is_unit = |ty: &Type| matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty());
        let is_for_a_value = match pat {
            Pat::Type(typed) => !is_unit(&typed.ty),
            pat => matches!(pat, Pat::Ident(_)),
        };
        if let (Expr::Yield(y), true) = (e, is_for_a_value) {
            self.diagnostics.error(
                y.yield_token,
                format!("this `yield` has no value, because the `{0}` around it receives nothing; give it a parameter for the first value that is sent to it: `{0} {{ |first| … }}`", self.name()),
            );
        }
    }

    fn generator_exit(&self, t: &syn::ExprTry) {
        let returns_nothing = matches!(self.body, Body::Generator(generates) if !generates.returns);
        if returns_nothing && self.closure.is_none() {
            let message = match self.is_synchronous() {
                true => {
                    "`?` cannot leave an `iter!` that returns nothing; end it with a result, or yield one"
                }
                false => {
                    "`?` cannot leave a `gen!` that returns nothing; write `try_gen!`, whose items are results, or end it with a result"
                }
            };
            self.diagnostics.error(t.question_token, message);
        }
    }

    fn name(&self) -> &'static str {
        match self.body {
            Body::Function => "async fn",
            Body::Generator(generates) => generates.by.name(),
        }
    }
}

impl<'ast> Visit<'ast> for Checker<'_> {
    fn visit_local(&mut self, local: &'ast syn::Local) {
        let receives_nothing =
            matches!(self.body, Body::Generator(generates) if !generates.receives);
        if let Some(LocalInit { expr, .. }) = local.init.as_ref().filter(|_| receives_nothing) {
            self.no_value(&local.pat, expr);
        }
        visit::visit_local(self, local);
    }

    fn visit_expr(&mut self, e: &'ast Expr) {
        match e {
            Expr::Try(t) => {
                self.generator_exit(t);
                visit::visit_expr(self, e);
            }
            Expr::Yield(y) => {
                self.yield_(y);
                visit::visit_expr(self, e);
            }
            Expr::Await(a) if self.is_synchronous() => {
                self.diagnostics.error(
                    a.await_token,
                    "`.await` cannot stand in `iter!`, which has nobody to wait for it; write `gen!`",
                );
                visit::visit_expr(self, e);
            }
            Expr::Await(a) if self.closure == Some("a closure") => self.diagnostics.error(
                a.await_token,
                "`.await` inside a closure does not suspend the function around it; write `async` before the closure's body or await outside of it",
            ),
            Expr::Closure(c) if c.asyncness.is_some() => {
                self.inside("an async closure", |this| visit::visit_expr(this, &c.body));
            }
            Expr::Closure(c) => self.inside("a closure", |this| this.visit_expr(&c.body)),
            Expr::Async(a) => self.inside("an async block", |this| visit::visit_block(this, &a.block)),
            Expr::TryBlock(t) => {
                self.diagnostics.error(t.try_token, "`try` blocks are not stable; use a closure");
            }
            Expr::ForLoop(f) if suspends::is_for_await(&f.attrs) => {
                if self.is_synchronous() {
                    self.diagnostics.error_at(
                        f.for_token.span(),
                        "`#[for_await]` cannot stand in `iter!`, which has nobody to wait for it; write `gen!`",
                    );
                }
                self.for_await(f);
                visit::visit_expr(self, e);
            }
            _ => {
                self.attributes(e);
                visit::visit_expr(self, e);
            }
        }
    }

    fn visit_macro(&mut self, mac: &'ast Macro) {
        self.pin(mac);
        if self.body != Body::Function && kind(mac) == Kind::Unknown {
            self.no_yield(mac, mac.tokens.clone());
        }
        known_operands(mac).iter().for_each(|e| self.visit_expr(e));
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

impl Checker<'_> {
    /// How the macro uses its operands is not known.
    fn no_yield(&self, mac: &Macro, tokens: TokenStream) {
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => self.no_yield(mac, group.stream()),
                TokenTree::Ident(ident) if ident == "yield" => {
                    let name = mac.path.to_token_stream().to_string().replace(' ', "");
                    self.diagnostics.error(
                        ident,
                        format!("`yield` cannot stand inside `{name}!`; how the macro uses its operands is not known here; yield before the macro"),
                    );
                }
                _ => {}
            }
        }
    }

    fn for_await(&self, f: &syn::ExprForLoop) {
        for attr in f
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("for_await"))
        {
            let argument = match &attr.meta {
                Meta::Path(_) => continue,
                Meta::List(list) => list
                    .tokens
                    .clone()
                    .into_iter()
                    .next()
                    .map_or(attr.span(), |first| first.span()),
                Meta::NameValue(pair) => pair.value.span(),
            };
            self.diagnostics
                .error_at(argument, "unknown argument; `#[for_await]` takes none");
        }
        if let Some(what) = self.closure {
            self.diagnostics.error_at(
                f.for_token.span(),
                format!("`#[for_await]` inside {what} does not suspend the function around it; move the loop outside"),
            );
        }
    }

    /// `#[for_await]` on anything but a `for` loop.
    fn attributes(&self, e: &Expr) {
        let attrs = match e {
            Expr::While(e) => &e.attrs,
            Expr::Loop(e) => &e.attrs,
            Expr::Block(e) => &e.attrs,
            Expr::If(e) => &e.attrs,
            Expr::Match(e) => &e.attrs,
            _ => return,
        };
        if let Some(attr) = attrs.iter().find(|attr| attr.path().is_ident("for_await")) {
            self.diagnostics.error(attr, "`#[for_await]` goes on a `for` loop; write `#[for_await] for item in stream { … }`");
        }
    }
}
