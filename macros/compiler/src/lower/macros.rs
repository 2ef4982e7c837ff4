//! Macros in bodies. The standard library's are parsed and lowered like the expressions that they hold; in any other,
//! the names of variables are replaced token by token.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Macro, Pat, Stmt as SynStmt, Token, parse_quote, token};

use super::{Lowering, suspends};
use crate::ir::*;
use crate::names::{fresh, respanned, support};

/// What the operands of a macro are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// `leading` expressions, then a format string and its arguments, which are borrowed.
    Format { leading: usize, context: Context },
    /// Values.
    Values,
    /// `matches!`.
    Matches,
    /// `pin!`.
    Pin,
    /// `gen!`, and `stream!` of async-stream: a body of its own, into which variables move.
    Generator,
    /// Tokens that are not evaluated.
    Text,
    /// Anything else.
    Unknown,
}

/// What the macro does with its tokens.
pub(crate) fn kind(mac: &Macro) -> Kind {
    let Some(last) = mac.path.segments.last() else {
        return Kind::Unknown;
    };
    let name = last.ident.to_string();
    let name = name.trim_start_matches("r#");
    let format = |leading, context| Kind::Format { leading, context };
    match name {
        "gen" | "generator" | "stream" | "try_stream" => return Kind::Generator,
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
            && !mac.path.segments.iter().any(|s| {
                s.ident == "std" || s.ident == "core" || s.ident == "alloc" || s.ident == "coloop"
            }) =>
        {
            return Kind::Unknown;
        }
        _ => {}
    }
    match name {
        "print" | "println" | "eprint" | "eprintln" | "format" | "format_args" | "panic"
        | "unreachable" | "todo" | "unimplemented" => format(0, Context::Place),
        "write" | "writeln" => format(1, Context::Place),
        "assert" | "debug_assert" => format(1, Context::Value),
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
            format(2, Context::Place)
        }
        "vec" | "dbg" | "gather" => Kind::Values,
        "matches" => Kind::Matches,
        "stringify" | "concat" | "include_str" | "include_bytes" | "env" | "option_env"
        | "line" | "column" | "file" | "module_path" | "cfg" | "compile_error" => Kind::Text,
        _ => Kind::Unknown,
    }
}

/// Whether the temporaries of the operands end with the macro: it expands to a block with a statement.
fn ends_temporaries(mac: &Macro) -> bool {
    let names = ["format", "print", "println", "eprint", "eprintln"];
    let last = mac.path.segments.last();
    last.is_some_and(|last| names.iter().any(|name| last.ident == name))
}

/// Whether the macro's operands suspend.
pub(super) fn suspends(mac: &Macro) -> bool {
    !matches!(kind(mac), Kind::Generator | Kind::Text) && suspends::tokens(mac.tokens.clone())
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

/// One operand: `name = value` or `value`.
pub(crate) struct Operand {
    name: Option<(Ident, Token![=])>,
    pub(crate) value: Expr,
}

impl Operand {
    pub(crate) fn is_named(&self, name: &Ident) -> bool {
        self.name.as_ref().is_some_and(|(own, _)| own == name)
    }
}

impl ToTokens for Operand {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if let Some((name, eq)) = &self.name {
            name.to_tokens(tokens);
            eq.to_tokens(tokens);
        }
        self.value.to_tokens(tokens);
    }
}

/// The operands of a macro that takes a list of them.
fn operands(mac: &Macro) -> Option<Punctuated<Operand, Token![,]>> {
    Punctuated::parse_terminated.parse2(mac.tokens.clone()).ok()
}

impl Parse for Operand {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let named =
            input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let name = if named {
            Some((input.parse()?, input.parse()?))
        } else {
            None
        };
        Ok(Operand {
            name,
            value: input.parse()?,
        })
    }
}

/// `vec![value; count]` or `vec![values]`.
enum List {
    Repeat(Box<(Expr, Expr)>),
    Values(Punctuated<Expr, Token![,]>),
}

impl Parse for List {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.is_empty() {
            return Ok(List::Values(Punctuated::new()));
        }
        let first: Expr = input.parse()?;
        if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
            return Ok(List::Repeat(Box::new((first, input.parse()?))));
        }
        let mut values = Punctuated::new();
        values.push_value(first);
        while input.peek(Token![,]) {
            values.push_punct(input.parse()?);
            if input.is_empty() {
                break;
            }
            values.push_value(input.parse()?);
        }
        Ok(List::Values(values))
    }
}

/// `matches!(value, pattern if guard)`.
pub(crate) struct Matches {
    pub(crate) value: Expr,
    pub(crate) pat: Pat,
    pub(crate) guard: Option<Expr>,
}

impl Parse for Matches {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let value = input.parse()?;
        input.parse::<Token![,]>()?;
        let pat = Pat::parse_multi_with_leading_vert(input)?;
        let guard = if input.peek(Token![if]) {
            input.parse::<Token![if]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        input.parse::<Option<Token![,]>>()?;
        Ok(Matches { value, pat, guard })
    }
}

impl Lowering<'_> {
    pub(super) fn macro_expr(&mut self, m: &syn::ExprMacro) -> Expr {
        if kind(&m.mac) != Kind::Pin {
            self.extending = None;
        }
        if let Some(e) = self.spelled_out(m) {
            return self.value(&e);
        }
        let lowered = match kind(&m.mac) {
            Kind::Format { leading, context }
                if self.names.capture.is_none() && ends_temporaries(&m.mac) && suspends(&m.mac) =>
            {
                let var = self.unnamed("formatted", m.span());
                self.holds(var, m);
                self.statement(|this| {
                    let left = this.format_macro(&m.mac, leading, context)?;
                    this.store(left, Dest::Var(var));
                    Some(())
                })
                .map(|()| self.use_var(var, Context::Value))
            }
            Kind::Format { leading, context } => self.format_macro(&m.mac, leading, context),
            Kind::Values => self.list_macro(&m.mac),
            Kind::Matches => self.matches_macro(&m.mac),
            Kind::Pin => self.pin_macro(&m.mac),
            Kind::Generator => Some(self.closure_of_macro(m)),
            Kind::Text => Some(Expr::Macro(m.clone())),
            Kind::Unknown => None,
        };
        lowered.unwrap_or_else(|| self.unknown_macro(m))
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
    fn spelled_out(&self, m: &syn::ExprMacro) -> Option<Expr> {
        let name = m.mac.path.segments.last()?.ident.to_string();
        match (kind(&m.mac), name.as_str()) {
            (Kind::Format { .. }, "assert") => self.assertion(m),
            (Kind::Format { .. }, _) => self.debug_assertion(m, name.strip_prefix("debug_")?),
            (Kind::Values, "dbg") => self.dbg(m),
            _ => None,
        }
    }

    fn debug_assertion(&self, m: &syn::ExprMacro, plain: &str) -> Option<Expr> {
        let (support, span, tokens) = (support(), m.mac.path.span(), &m.mac.tokens);
        let plain = Ident::new(plain, span);
        let assertion = respanned(quote!(#support::core::#plain), span);
        Some(parse_quote!(if #support::core::cfg!(debug_assertions) { #assertion!(#tokens) }))
    }

    fn assertion(&self, m: &syn::ExprMacro) -> Option<Expr> {
        let operands = operands(&m.mac)?;
        let condition = &operands.first()?.value;
        let mut message: Vec<_> = operands
            .iter()
            .skip(1)
            .map(Operand::to_token_stream)
            .collect();
        if message.is_empty() {
            let text = format!("assertion failed: {}", condition.to_token_stream());
            message.push(text.replace('{', "{{").replace('}', "}}").to_token_stream());
        }
        let (support, span) = (support(), m.mac.path.span());
        let panic = respanned(quote!(#support::core::panic), span);
        Some(syn::parse_quote_spanned!(span=> if !(#condition) { #panic!(#(#message),*) }))
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

    fn rebuilt(mac: &Macro, tokens: TokenStream) -> Expr {
        Expr::Macro(syn::ExprMacro {
            attrs: Vec::new(),
            mac: Macro {
                tokens,
                ..mac.clone()
            },
        })
    }

    fn format_macro(&mut self, mac: &Macro, leading: usize, context: Context) -> Option<Expr> {
        let operands = operands(mac)?;
        let contexts: Vec<_> = operands
            .iter()
            .enumerate()
            .map(|(index, operand)| {
                (
                    &operand.value,
                    if index < leading {
                        context
                    } else {
                        Context::Place
                    },
                )
            })
            .collect();
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
        let inline = inline.unwrap_or_default();
        Some(Self::rebuilt(mac, quote!(#(#args),* #(, #inline)*)))
    }

    /// `{x}` in a format string, for tracked variables: as named arguments.
    fn inline_captures(
        &mut self,
        format: &Expr,
        operands: &Punctuated<Operand, Token![,]>,
    ) -> Vec<TokenStream> {
        let Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) = format
        else {
            return Vec::new();
        };
        let mut captures = Vec::new();
        for name in captured_names(text) {
            let named = operands.iter().any(|operand| operand.is_named(&name));
            if let (false, Some(var)) = (named, self.names.tracked(&name.to_string())) {
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
        let value = self.place(&value);
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
        match syn::Block::parse_within.parse2(mac.tokens.clone()) {
            Ok(stmts) => {
                let block = self.plain_block(&syn::Block {
                    brace_token: Default::default(),
                    stmts,
                });
                block.stmts.iter().map(ToTokens::to_token_stream).collect()
            }
            Err(_) => mac.tokens.clone(),
        }
    }

    fn unknown_macro(&mut self, m: &syn::ExprMacro) -> Expr {
        if self.names.capture.is_none() && suspends::tokens(m.mac.tokens.clone()) {
            let name = m.mac.path.to_token_stream().to_string().replace(' ', "");
            self.diagnostics.error(
                &m.mac.path,
                format!("`.await` cannot stand inside `{name}!`; how the macro uses its operands is not known here; await before the macro"),
            );
        }
        let first = self.body.holes.len();
        let mut bound = Vec::new();
        let listed = (!suspends::tokens(m.mac.tokens.clone()))
            .then(|| self.listed(&m.mac))
            .flatten();
        let tokens = listed.unwrap_or_else(|| {
            let tokens = self.closures_in(m.mac.tokens.clone());
            self.no_bindings(tokens.clone());
            self.string_captures(tokens.clone(), &mut bound);
            self.unknown_tokens(tokens)
        });
        // Of a closure in the macro, the macro has what it captures.
        let capture = self.names.capture;
        let named: Vec<Use> = self.body.holes[first..]
            .iter()
            .filter_map(Hole::usage)
            .map(|usage| Use {
                capture,
                ..usage.clone()
            })
            .collect();
        let rebuilt = Self::rebuilt(&m.mac, tokens);
        if bound.is_empty() && named.is_empty() {
            return rebuilt;
        }
        let code = self.code(rebuilt);
        self.hole(Hole::Macro { bound, named, code }, m.span())
    }

    /// The operands of a macro, as expressions, if its tokens are a list of them and name no variables in strings. A
    /// variable alone stays a place: whether the macro takes its value is not known.
    fn listed(&mut self, mac: &Macro) -> Option<TokenStream> {
        let operands = operands(mac)?;
        let mut in_strings = Vec::new();
        self.string_captures(mac.tokens.clone(), &mut in_strings);
        if !in_strings.is_empty() || self.jumps(mac.tokens.clone()) {
            return None;
        }
        let lifting = std::mem::replace(&mut self.lifting, false);
        let values: Vec<_> = operands
            .iter()
            .map(|operand| {
                let name = operand.name.as_ref().map(|(name, eq)| quote!(#name #eq));
                let value = self.conditional(|this| this.place(&operand.value));
                quote!(#name #value)
            })
            .collect();
        self.lifting = lifting;
        let end = operands.trailing_punct().then(|| quote!(,));
        Some(quote!(#(#values),* #end))
    }

    /// Whether the tokens hold a jump out of a loop that is taken apart.
    fn jumps(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Group(group) => self.jumps(group.stream()),
            TokenTree::Ident(ident) => self.jumps_away(&ident),
            _ => false,
        })
    }

    /// Refuses tokens that bind a name again: what the name means after that cannot be told token by token.
    fn no_bindings(&self, tokens: TokenStream) {
        let trees: Vec<_> = tokens.into_iter().collect();
        for (index, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Group(group) => self.no_bindings(group.stream()),
                TokenTree::Ident(ident) if self.is_bound_again(&trees, index, ident) => {
                    self.diagnostics.error(
                        ident,
                        format!("`{ident}` is bound again inside a macro that is not the standard library's; which variable is meant is not known here; give one of both another name"),
                    );
                }
                TokenTree::Ident(ident) if self.jumps_away(ident) => self.diagnostics.error(
                    ident,
                    format!("`{ident}` in a macro that is not the standard library's would leave a loop that suspends; write it outside of the macro"),
                ),
                _ => {}
            }
        }
    }

    fn is_bound_again(&self, trees: &[TokenTree], index: usize, ident: &Ident) -> bool {
        self.names.tracked(&ident.to_string()).is_some() && is_binding(trees, index)
    }

    /// Whether `break` or `continue` would leave a loop that is taken apart.
    fn jumps_away(&self, ident: &Ident) -> bool {
        let innermost = self.targets.iter().rev().find(|target| target.is_loop);
        (ident == "break" || ident == "continue")
            && innermost.is_some_and(|target| target.exits.is_some())
    }

    /// The names of variables that stand where a macro may bind them.
    fn rebound(&self, tokens: TokenStream, names: &mut Vec<Ident>) {
        let mut trees = tokens.into_iter().peekable();
        while let Some(tree) = trees.next() {
            match tree {
                TokenTree::Group(group) => self.rebound(group.stream(), names),
                TokenTree::Ident(ident)
                    if names_something_else(trees.peek())
                        && self.names.tracked(&ident.to_string()).is_some()
                        && !names.contains(&ident) =>
                {
                    names.push(ident);
                }
                _ => {}
            }
        }
    }

    /// A macro as a statement. If it names variables where it may bind them, what it must not do is bind them: a later
    /// use of the name would still mean the variable. rustc is asked, with a value of a type of its own.
    pub(super) fn macro_stmt(&mut self, m: &syn::StmtMacro) -> Option<Expr> {
        if kind(&m.mac) != Kind::Unknown {
            return None;
        }
        let mut names = Vec::new();
        self.rebound(m.mac.tokens.clone(), &mut names);
        if names.is_empty() {
            return None;
        }
        let support = support();
        let e = self.value(&Expr::Macro(syn::ExprMacro {
            attrs: m.attrs.clone(),
            mac: m.mac.clone(),
        }));
        Some(parse_quote!({
            #(let #names = #support::NotBound;)*
            #e;
            #(#support::NotBound::same(#names);)*
        }))
    }

    /// Replaces closures and async blocks, as far as they can be told among tokens, by what captures variables as they do.
    fn closures_in(&mut self, tokens: TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        let mut rest = tokens;
        let mut is_operand = false;
        while let Some(tree) = rest.clone().into_iter().next() {
            if let (false, Some((closure, after))) = (is_operand, split_closure(&rest)) {
                self.closure(&closure).to_tokens(&mut out);
                (rest, is_operand) = (after, true);
                continue;
            }
            rest = rest.into_iter().skip(1).collect();
            is_operand = ends_operand(&tree);
            out.extend([match tree {
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), self.closures_in(group.stream()));
                    inner.set_span(group.span());
                    TokenTree::Group(inner)
                }
                other => other,
            }]);
        }
        out
    }

    /// Replaces the names of variables by holes, token by token.
    pub(super) fn unknown_tokens(&mut self, tokens: TokenStream) -> TokenStream {
        let mut trees = tokens.into_iter().peekable();
        let mut out = TokenStream::new();
        let mut after_dot = false;
        while let Some(tree) = trees.next() {
            // One dot: after two, it is the end of a range.
            let dot = !after_dot && matches!(&tree, TokenTree::Punct(p) if p.as_char() == '.');
            match tree {
                TokenTree::Group(group) => {
                    let mut inner =
                        Group::new(group.delimiter(), self.unknown_tokens(group.stream()));
                    inner.set_span(group.span());
                    out.extend([TokenTree::Group(inner)]);
                }
                TokenTree::Ident(ident) if !after_dot && !names_something_else(trees.peek()) => {
                    out.extend(self.unknown_ident(ident));
                }
                other => out.extend([other]),
            }
            after_dot = dot;
        }
        out
    }

    fn unknown_ident(&mut self, ident: Ident) -> TokenStream {
        match self.names.tracked(&ident.to_string()) {
            Some(var) => {
                let usage = self.usage(var, &ident, Context::Place);
                self.hole(Hole::Use(usage), ident.span()).to_token_stream()
            }
            None => ident.to_token_stream(),
        }
    }

    /// The variables that strings in the tokens name as `{x}`.
    fn string_captures(&mut self, tokens: TokenStream, uses: &mut Vec<Use>) {
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => self.string_captures(group.stream(), uses),
                TokenTree::Literal(literal) => {
                    let Ok(text) = syn::parse2::<LitStr>(literal.to_token_stream()) else {
                        continue;
                    };
                    for name in captured_names(&text) {
                        if let Some(var) = self.names.tracked(&name.to_string()) {
                            let usage = self.usage(var, &name, Context::Place);
                            uses.push(usage);
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// The closure or async block at the start of the tokens, and what follows it.
fn split_closure(tokens: &TokenStream) -> Option<(Expr, TokenStream)> {
    let first = tokens.clone().into_iter().next()?;
    let begins = match &first {
        TokenTree::Ident(ident) => ident == "async" || ident == "move",
        TokenTree::Punct(punct) => punct.as_char() == '|',
        _ => false,
    };
    let parse = |input: ParseStream<'_>| {
        let is_block = input.peek(Token![async])
            && (input.peek2(token::Brace)
                || (input.peek2(Token![move]) && input.peek3(token::Brace)));
        let closure = match is_block {
            true => Expr::Async(input.parse()?),
            false => Expr::Closure(input.parse()?),
        };
        Ok((closure, input.parse::<TokenStream>()?))
    };
    begins.then(|| parse.parse2(tokens.clone()).ok()).flatten()
}

/// Whether an operand may end with the token: what follows is then an operator.
fn ends_operand(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Ident(ident) => !(ident == "return" || ident == "in" || ident == "else"),
        TokenTree::Punct(punct) => punct.as_char() == '?',
        TokenTree::Group(_) | TokenTree::Literal(_) => true,
    }
}

/// Whether the identifier stands where `let`, a closure or a match arm binds it.
fn is_binding(trees: &[TokenTree], index: usize) -> bool {
    let punct = |at: Option<usize>, chars: &[char]| matches!(at.and_then(|at| trees.get(at)), Some(TokenTree::Punct(p)) if chars.contains(&p.as_char()));
    let word = |at: Option<usize>, text: &str| matches!(at.and_then(|at| trees.get(at)), Some(TokenTree::Ident(ident)) if ident == text);
    let (before, before_that, after) =
        (index.checked_sub(1), index.checked_sub(2), Some(index + 1));
    let by_let = word(before, "let") || word(before, "ref");
    let mutable = word(before, "mut") && !punct(before_that, &['&']);
    let by_closure = (punct(before, &['|']) && punct(after, &['|', ':', ',']))
        || (punct(before, &[',']) && punct(after, &['|']));
    by_let || mutable || by_closure || in_arm(trees, index)
}

/// Whether the identifier stands before `=>`, with nothing but a pattern in between.
fn in_arm(trees: &[TokenTree], index: usize) -> bool {
    let rest = trees[index..]
        .iter()
        .take_while(|tree| !matches!(tree, TokenTree::Punct(p) if p.as_char() == ','));
    let text: String = rest
        .map(|tree| match tree {
            TokenTree::Punct(p) => p.as_char().to_string(),
            _ => " ".to_owned(),
        })
        .collect();
    text.contains("=>")
}

/// Whether an identifier before this token is a path, a macro, a field or a label rather than a variable.
fn names_something_else(next: Option<&TokenTree>) -> bool {
    matches!(next, Some(TokenTree::Punct(p)) if matches!(p.as_char(), ':' | '!') || (p.as_char() == '=' && p.spacing() == proc_macro2::Spacing::Alone))
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
