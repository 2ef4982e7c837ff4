//! Macros in bodies. The standard library's are parsed and lowered like the expressions that they hold; in any other,
//! the names of variables are replaced token by token.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Macro, Stmt as SynStmt, Token, parse_quote};

use super::operands::{List, Matches, Operand, operands, text};
use super::standard::Standard;
use super::{Lowering, suspends};
use crate::concurrent;
use crate::generator::Written;
use crate::ir::*;
use crate::names::{fresh, respanned, support};

/// What the operands of a macro are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// `leading` expressions, then a format string and its arguments: all are borrowed.
    Format { leading: usize },
    /// Values.
    Values,
    /// `matches!`.
    Matches,
    /// `pin!`.
    Pin,
    /// `gen!`, and `stream!` of async-stream: a body of its own, into which variables move.
    Generator,
    /// `join!`, `try_join!`, `select!`: futures that are awaited together.
    Concurrent,
    /// Tokens that are not evaluated.
    Text,
    /// Anything else.
    Unknown,
}

/// Whether a macro of this name is a generator.
pub(crate) fn is_generator(name: &Ident) -> bool {
    let name = name.to_string();
    let names = [
        "gen",
        "generator",
        "iter",
        "try_gen",
        "stream",
        "try_stream",
    ];
    names.contains(&name.trim_start_matches("r#"))
}

/// The expressions in a macro's tokens that are evaluated, if it is known what the macro does.
pub(crate) fn known_operands(mac: &Macro) -> Vec<Expr> {
    let tokens = mac.tokens.clone();
    match kind(mac) {
        Kind::Generator | Kind::Text | Kind::Unknown => Vec::new(),
        Kind::Concurrent => concurrent::expanded(mac).into_iter().collect(),
        Kind::Matches => match syn::parse2::<Matches>(tokens) {
            Ok(Matches { value, guard, .. }) => guard.into_iter().chain([value]).collect(),
            Err(_) => Vec::new(),
        },
        Kind::Values => match syn::parse2::<List>(tokens) {
            Ok(List::Repeat(parts)) => vec![parts.0, parts.1],
            Ok(List::Values(values)) => values.into_iter().collect(),
            Err(_) => Vec::new(),
        },
        Kind::Format { .. } | Kind::Pin => {
            let operands = operands(mac).into_iter().flatten();
            operands.map(|operand| operand.value).collect()
        }
    }
}

/// What the macro does with its tokens.
pub(crate) fn kind(mac: &Macro) -> Kind {
    let Some(last) = mac.path.segments.last() else {
        return Kind::Unknown;
    };
    if concurrent::is_one(mac) {
        return Kind::Concurrent;
    }
    let name = last.ident.to_string();
    let name = name.trim_start_matches("r#");
    let format = |leading| Kind::Format { leading };
    match name {
        _ if is_generator(&last.ident) => return Kind::Generator,
        "pin"
            if mac
                .path
                .segments
                .iter()
                .any(|s| s.ident == "std" || s.ident == "core")
                || mac.path.segments.len() == 1 =>
        {
            return Kind::Pin;
        }
        _ if mac.path.segments.len() > 1
            && !mac.path.segments.first().is_some_and(|s| {
                s.ident == "std" || s.ident == "core" || s.ident == "alloc" || s.ident == "coloop"
            }) =>
        {
            return Kind::Unknown;
        }
        _ => {}
    }
    match name {
        "print" | "println" | "eprint" | "eprintln" | "format" | "format_args" | "panic"
        | "unreachable" | "todo" | "unimplemented" => format(0),
        "write" | "writeln" => format(1),
        "assert" | "debug_assert" => format(1),
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => format(2),
        "vec" | "dbg" | "gather" | "yield_all" => Kind::Values,
        "matches" => Kind::Matches,
        "stringify" | "concat" | "include_str" | "include_bytes" | "env" | "option_env"
        | "line" | "column" | "file" | "module_path" | "cfg" | "compile_error" => Kind::Text,
        _ => Kind::Unknown,
    }
}

/// What is known of a macro whose definition may `return` from the function, by its name. Nothing depends on the name but
/// whether the macro is given a scope to return from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Returns {
    Always,
    Sometimes,
}

/// Whether the macro is known to return.
pub(crate) fn may_return(mac: &Macro) -> Option<Returns> {
    let name = mac.path.segments.last()?.ident.to_string();
    match name.as_str() {
        "bail" => Some(Returns::Always),
        "ensure" | "ensure_eq" | "ensure_ne" => Some(Returns::Sometimes),
        _ => None,
    }
}

/// Whether the temporaries of the operands end with the macro: it expands to a block with a statement.
fn ends_temporaries(mac: &Macro) -> bool {
    let names = ["format", "print", "println", "eprint", "eprintln"];
    let last = mac.path.segments.last();
    last.is_some_and(|last| names.iter().any(|name| last.ident == name))
}

/// Whether the macro panics.
fn never_ends(mac: &Macro) -> bool {
    let names = ["panic", "unreachable", "todo", "unimplemented"];
    let last = mac.path.segments.last();
    last.is_some_and(|last| names.iter().any(|name| last.ident == name))
}

/// Whether the macro's operands suspend.
pub(super) fn suspends(mac: &Macro) -> bool {
    match kind(mac) {
        Kind::Generator | Kind::Text => false,
        Kind::Concurrent => true,
        _ => suspends::tokens(mac.tokens.clone()),
    }
}

/// The statements that `pin!(x);` of tokio and `pin_mut!(x);` of futures stand for, which bind their names again; none if
/// the macro is not one of them.
pub(super) fn pinned(m: &syn::StmtMacro) -> Option<Vec<SynStmt>> {
    let name = m.mac.path.segments.last()?.ident.to_string();
    let of_std = m
        .mac
        .path
        .segments
        .iter()
        .any(|s| s.ident == "std" || s.ident == "core");
    if !matches!(name.as_str(), "pin" | "pin_mut") || of_std {
        return None;
    }
    let support = support();
    let pin = |ident: &Ident| -> [SynStmt; 2] {
        [
            parse_quote!(let mut #ident = #ident;),
            parse_quote!(let mut #ident = #support::pin_mut(&mut #ident);),
        ]
    };
    let names = Punctuated::<Ident, Token![,]>::parse_terminated;
    if let Ok(names) = names.parse2(m.mac.tokens.clone()) {
        return Some(names.iter().flat_map(pin).collect());
    }
    let lets = syn::Block::parse_within.parse2(m.mac.tokens.clone()).ok()?;
    let mut stmts = Vec::new();
    for stmt in lets {
        let SynStmt::Local(local) = &stmt else {
            return None;
        };
        let pinned = super::pattern::single(&local.pat)?.ident.clone();
        stmts.push(stmt);
        stmts.extend(pin(&pinned));
    }
    Some(stmts)
}

impl Lowering<'_> {
    pub(super) fn macro_expr(&mut self, m: &syn::ExprMacro) -> Expr {
        if kind(&m.mac) != Kind::Pin {
            self.extending = None;
        }
        if let Some(e) = self.spelled_out(m) {
            if kind(&m.mac) != Kind::Concurrent {
                self.ask(&m.mac, Standard::Itself);
            }
            return self.value(&e);
        }
        let first = self.body.holes.len();
        let lowered = self.known_macro(m);
        if lowered.is_some() && self.body.holes.len() > first {
            self.ask_of_kind(&m.mac);
        }
        lowered.unwrap_or_else(|| self.unknown_macro(m))
    }

    /// A macro of which it is known what it does with its operands.
    fn known_macro(&mut self, m: &syn::ExprMacro) -> Option<Expr> {
        match kind(&m.mac) {
            Kind::Format { leading }
                if self.names.capture.is_none() && ends_temporaries(&m.mac) && suspends(&m.mac) =>
            {
                let var = self.unnamed("formatted", m.span());
                self.holds(var, m);
                self.statement(|this| {
                    let left = this.format_macro(&m.mac, leading)?;
                    this.store(left, Dest::Var(var));
                    Some(())
                })
                .map(|()| self.use_var(var, Context::Value))
            }
            Kind::Format { .. }
                if self.outlives()
                    && m.mac
                        .path
                        .segments
                        .last()
                        .is_some_and(|last| last.ident == "format_args") =>
            {
                self.kept_arguments(m)
            }
            Kind::Format { leading } => self.format_macro(&m.mac, leading),
            // In a generator, `yield_all!` is not there any more.
            Kind::Values if m.mac.path.segments.last()?.ident == "yield_all" => None,
            Kind::Values => self.list_macro(&m.mac),
            Kind::Matches => self.matches_macro(&m.mac),
            Kind::Pin => self.pin_macro(&m.mac),
            Kind::Generator => Some(self.closure_of_macro(m)),
            Kind::Text => Some(Expr::Macro(m.clone())),
            Kind::Concurrent | Kind::Unknown => None,
        }
    }

    /// Asks whether a macro is what its name has been taken for.
    fn ask_of_kind(&mut self, mac: &Macro) {
        match kind(mac) {
            Kind::Values | Kind::Matches => self.ask(mac, Standard::Itself),
            Kind::Format { .. } => {
                self.ask(mac, Standard::Borrows);
                match self.names.capture.is_none() && suspends(mac) {
                    true if never_ends(mac) => self.ask(mac, Standard::Itself),
                    true => self.ask(mac, Standard::EvaluatesAll),
                    false => {}
                }
            }
            Kind::Pin | Kind::Generator | Kind::Concurrent | Kind::Text | Kind::Unknown => {}
        }
    }

    pub(super) fn plain_macro_stmt(&mut self, e: &Expr, m: &syn::StmtMacro) -> SynStmt {
        match self.value(e) {
            Expr::Macro(lowered) => SynStmt::Macro(syn::StmtMacro {
                mac: lowered.mac,
                ..m.clone()
            }),
            other => SynStmt::Expr(other, m.semi_token),
        }
    }

    /// A macro that shows its operands as text, or evaluates them on some paths only, as the code that it stands for: the
    /// text is then the user's, and what suspends is taken apart where it stands.
    pub(super) fn spelled_out(&self, m: &syn::ExprMacro) -> Option<Expr> {
        let name = m.mac.path.segments.last()?.ident.to_string();
        match (kind(&m.mac), name.as_str()) {
            (Kind::Format { .. }, "assert") if self.suspends_in(m) => assertion(m),
            (Kind::Format { .. }, "assert_eq") => self.comparison(m, quote!(==)),
            (Kind::Format { .. }, "assert_ne") => self.comparison(m, quote!(!=)),
            (Kind::Format { .. }, "write" | "writeln") if self.outlives() => written(m, &name),
            (Kind::Format { .. }, _) if self.suspends_in(m) => {
                debug_assertion(m, name.strip_prefix("debug_")?)
            }
            (Kind::Values, "dbg") => self.dbg(m),
            (Kind::Matches, _) => self.matching(m),
            (Kind::Concurrent, _) => concurrent::expanded(&m.mac),
            _ => None,
        }
    }

    /// `matches!` of a value whose temporaries outlive it, as the `match` that it stands for.
    fn matching(&self, m: &syn::ExprMacro) -> Option<Expr> {
        let Matches { value, pat, guard } = syn::parse2(m.mac.tokens.clone()).ok()?;
        if !self.outlives() && !self.suspends(&value) {
            return None;
        }
        let guard = guard.map(|guard| quote!(if #guard));
        let span = m.mac.path.span();
        Some(syn::parse_quote_spanned!(span=> match #value { #pat #guard => true, _ => false }))
    }

    fn suspends_in(&self, m: &syn::ExprMacro) -> bool {
        self.names.capture.is_none() && suspends(&m.mac)
    }

    /// `assert_eq!` or `assert_ne!` with a message that suspends: it is evaluated only if the assertion fails.
    fn comparison(&self, m: &syn::ExprMacro, op: TokenStream) -> Option<Expr> {
        let operands = operands(&m.mac)?;
        let mut operands = operands.iter();
        let (a, b) = (&operands.next()?.value, &operands.next()?.value);
        let message: Vec<_> = operands.collect();
        if !message.iter().any(|operand| self.suspends(&operand.value)) {
            return None;
        }
        let (support, span) = (support(), m.mac.path.span());
        let (left, right, core) = (fresh("left"), fresh("right"), quote!(#support::core));
        let text =
            format!("assertion `left {op} right` failed: {{}}\n  left: {{:?}}\n right: {{:?}}");
        let panic = respanned(quote!(#core::panic), span);
        Some(syn::parse_quote_spanned! {span=>
            match (&(#a), &(#b)) {
                (#left, #right) => if !(*#left #op *#right) {
                    #panic!(#text, #core::format_args!(#(#message),*), &*#left, &*#right)
                }
            }
        })
    }

    fn dbg(&self, m: &syn::ExprMacro) -> Option<Expr> {
        let (support, span) = (support(), m.mac.path.span());
        let line = respanned(quote!(#support::core::line!()), span);
        let column = respanned(quote!(#support::core::column!()), span);
        let shown = operands(&m.mac)?.into_iter().map(|operand| {
            let (value, shown) = (&operand.value, fresh("shown"));
            let text = value.to_token_stream().to_string();
            quote!(match #value {
                #shown => {
                    #support::eprintln!(
                        "[{}:{}:{}] {} = {:#?}", #support::core::file!(), #line, #column, #text, &#shown,
                    );
                    #shown
                }
            })
        });
        let shown: Vec<_> = shown.collect();
        match &shown[..] {
            [] => None,
            [only] => Some(parse_quote!(#only)),
            _ => Some(parse_quote!((#(#shown),*))),
        }
    }

    pub(super) fn rebuilt(mac: &Macro, tokens: TokenStream) -> Expr {
        Expr::Macro(syn::ExprMacro {
            attrs: Vec::new(),
            mac: Macro {
                tokens,
                ..mac.clone()
            },
        })
    }

    /// Whether temporaries are kept for a suspension that follows.
    fn outlives(&self) -> bool {
        self.lifting && self.names.capture.is_none()
    }

    /// `format_args!` whose value is kept: what rustc makes of the operands stands in a scope that is never left, which
    /// is a temporary as they are.
    ///
    /// ```text
    /// match (&a, &b) { operands => async move { Leave::with(format_args!("{}{}", *operands.0, *operands.1)).await } }
    /// ```
    fn kept_arguments(&mut self, m: &syn::ExprMacro) -> Option<Expr> {
        let operands = operands(&m.mac)?;
        let (format, values) = (operands.first()?, operands.iter().skip(1));
        let captures = self.inline_names(&format.value, &operands);
        let named = captures.iter().map(|name| parse_quote!(#name));
        let exprs: Vec<Expr> = values
            .clone()
            .map(|operand| operand.value.clone())
            .chain(named)
            .collect();
        let contexts: Vec<_> = exprs.iter().map(|e| (e, Context::Place)).collect();
        let left = self.operands(&contexts);
        let kept = fresh("operands");
        let named = captures.iter().map(|name| quote!(#name =));
        let names = values
            .map(|operand| {
                operand
                    .name
                    .as_ref()
                    .map(|(name, eq)| quote!(#name #eq))
                    .unwrap_or_default()
            })
            .chain(named);
        let used = names.enumerate().map(|(index, name)| {
            let index = syn::Index::from(index);
            quote!(#name *#kept.#index)
        });
        let (support, format) = (support(), &format.value);
        let call = Self::rebuilt(&m.mac, quote!(#format #(, #used)*));
        let scope = quote!(match (#(&#left,)*) {
            #kept => #support::core::mem::ManuallyDrop::new(async move {
                #support::Leave::with(#call).await;
            })
        });
        let name = Ident::new("formatted", m.span());
        let var = self.new_var_in(self.temps, name, Role::Temporary, None);
        self.holds(var, m);
        let stored = self.hole(
            Hole::Store {
                var,
                value: Code::new(scope),
            },
            m.span(),
        );
        Some(parse_quote!(#support::arguments(&mut #stored)))
    }

    fn format_macro(&mut self, mac: &Macro, leading: usize) -> Option<Expr> {
        let operands = operands(mac)?;
        let values = operands.iter().map(|operand| &operand.value);
        let contexts: Vec<_> = values.map(|value| (value, Context::Place)).collect();
        // What is formatted is borrowed up to the end of the macro only: its temporaries need not outlive it.
        let lifting = std::mem::replace(&mut self.lifting, false);
        let left = self.operands(&contexts);
        self.lifting = lifting;
        let inline = operands
            .iter()
            .nth(leading)
            .map(|operand| self.inline_captures(&operand.value, &operands));
        let args = operands.iter().zip(left).map(|(operand, value)| {
            let name = operand.name.as_ref().map(|(name, eq)| quote!(#name #eq));
            quote!(#name #value)
        });
        let (inline, text) = (inline.unwrap_or_default(), asserted(mac, &operands));
        Some(Self::rebuilt(mac, quote!(#(#args),* #(, #inline)* #text)))
    }

    /// The variables that a format string names, and no operand.
    fn inline_names(&self, format: &Expr, operands: &Punctuated<Operand, Token![,]>) -> Vec<Ident> {
        let Some(text) = text(format) else {
            return Vec::new();
        };
        let mut names = captured_names(text);
        names.retain(|name| {
            let named = operands.iter().any(|operand| operand.is_named(name));
            !named && self.names.tracked(&name.to_string()).is_some()
        });
        names
    }

    /// `{x}` in a format string, for tracked variables: as named arguments.
    fn inline_captures(
        &mut self,
        format: &Expr,
        operands: &Punctuated<Operand, Token![,]>,
    ) -> Vec<TokenStream> {
        let mut captures = Vec::new();
        for name in self.inline_names(format, operands) {
            if let Some(var) = self.names.tracked(&name.to_string()) {
                let usage = self.usage(var, &name, Context::Place);
                let value = self.hole(Hole::Use(usage), name.span());
                captures.push(quote!(#name = #value));
            }
        }
        captures
    }

    fn list_macro(&mut self, mac: &Macro) -> Option<Expr> {
        let tokens = match syn::parse2::<List>(mac.tokens.clone()).ok()? {
            List::Repeat(parts) => {
                let left = self.values([&parts.0, &parts.1]);
                let (value, count) = (&left[0], &left[1]);
                quote!(#value; #count)
            }
            List::Values(values) => {
                super::expr::refill(&values, self.values(&values)).to_token_stream()
            }
        };
        Some(Self::rebuilt(mac, tokens))
    }

    fn matches_macro(&mut self, mac: &Macro) -> Option<Expr> {
        let Matches { value, pat, guard } = syn::parse2(mac.tokens.clone()).ok()?;
        let tested = guard.as_ref().map(|_| quote!(if true));
        let after = quote!({ #pat #tested => {} _ => {} });
        let value = self.looked_at(&value, &[&pat], quote!(match), after);
        self.names.push();
        self.bind_plain(&pat);
        let guard = guard.map(|guard| {
            let guard = self.conditional(|this| this.value(&guard));
            quote!(if #guard)
        });
        self.names.pop();
        Some(Self::rebuilt(mac, quote!(#value, #pat #guard)))
    }

    /// `pin!(value)`: the value lives where a temporary would.
    fn pin_macro(&mut self, mac: &Macro) -> Option<Expr> {
        let value: Expr = syn::parse2(mac.tokens.clone()).ok()?;
        if self.extending.is_none() && !self.lifting {
            let left = self.value(&value);
            return Some(Self::rebuilt(mac, left.to_token_stream()));
        }
        let place = self.stored(&value);
        let support = support();
        Some(parse_quote!(#support::core::pin::Pin::new_unchecked(&mut #place)))
    }

    fn closure_of_macro(&mut self, m: &syn::ExprMacro) -> Expr {
        self.closure(&Expr::Macro(m.clone()))
    }

    /// The body of a generator inside of this body. What is not one is left to the generator's own errors.
    pub(super) fn generator_inside(&mut self, mac: &Macro) -> TokenStream {
        let Ok(written) = syn::parse2::<Written>(mac.tokens.clone()) else {
            return mac.tokens.clone();
        };
        written.with(|block| self.plain_block(&block))
    }
}

/// What an assertion without a message says: the user's condition.
fn asserted(mac: &Macro, operands: &Punctuated<Operand, Token![,]>) -> Option<TokenStream> {
    let name = mac.path.segments.last()?.ident.to_string();
    let condition = matches!(name.as_str(), "assert" | "debug_assert").then_some(operands);
    match condition?.iter().collect::<Vec<_>>()[..] {
        [condition] => {
            let text = format!("assertion failed: {}", condition.to_token_stream());
            Some(quote!(, "{}", #text))
        }
        _ => None,
    }
}

fn debug_assertion(m: &syn::ExprMacro, plain: &str) -> Option<Expr> {
    let (support, span, tokens) = (support(), m.mac.path.span(), &m.mac.tokens);
    let plain = Ident::new(plain, span);
    let assertion = respanned(quote!(#support::core::#plain), span);
    Some(parse_quote!(if #support::core::cfg!(debug_assertions) { #assertion!(#tokens) }))
}

/// `assert!` whose condition or message suspends: the message is evaluated only if the assertion fails.
fn assertion(m: &syn::ExprMacro) -> Option<Expr> {
    let operands = operands(&m.mac)?;
    let condition = &operands.first()?.value;
    let message: Vec<_> = operands.iter().skip(1).collect();
    let text = format!("assertion failed: {}", condition.to_token_stream());
    let message = match message.is_empty() {
        true => quote!("{}", #text),
        false => quote!(#(#message),*),
    };
    let (support, span) = (support(), m.mac.path.span());
    let panic = respanned(quote!(#support::core::panic), span);
    Some(syn::parse_quote_spanned!(span=> if !(#condition) { #panic!(#message) }))
}

/// `write!(w, …)` as the call that it stands for.
fn written(m: &syn::ExprMacro, name: &str) -> Option<Expr> {
    let operands = operands(&m.mac)?;
    let (writer, mut rest) = (&operands.first()?.value, operands.iter().skip(1));
    let mut format = match rest.next() {
        Some(format) => format.value.to_token_stream(),
        None => quote!(""),
    };
    if name == "writeln" {
        let Ok(text) = syn::parse2::<LitStr>(format.clone()) else {
            return None;
        };
        format = LitStr::new(&format!("{}\n", text.value()), text.span()).to_token_stream();
    }
    let (support, span) = (support(), m.mac.path.span());
    let arguments = respanned(quote!(#support::core::format_args), span);
    Some(syn::parse_quote_spanned!(span=> (#writer).write_fmt(#arguments!(#format #(, #rest)*))))
}

/// The names in the braces of a format string: `{x}`, `{x:?}`, `{:width$}`, `{:.precision$}`.
pub(crate) fn captured_names(text: &LitStr) -> Vec<Ident> {
    let value = text.value().replace("{{", "").replace("}}", "");
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if starts
            && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    };
    for piece in value.split('{').skip(1) {
        let Some((inside, _)) = piece.split_once('}') else {
            continue;
        };
        let (argument, spec) = inside.split_once(':').unwrap_or((inside, ""));
        add(argument.trim());
        for part in spec
            .split_inclusive('$')
            .filter_map(|part| part.strip_suffix('$'))
        {
            let start = part
                .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
                .map_or(0, |at| at + 1);
            add(&part[start..]);
        }
    }
    names
        .iter()
        .map(|name| Ident::new(name, text.span()))
        .collect()
}
