//! Macros that are not the standard library's: nobody here knows what they do with their tokens. If the tokens are a list
//! of expressions, those are lowered; otherwise the names of variables are replaced token by token.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, LitStr, Macro, Token, parse_quote, token};

use super::macros::{Kind, Returns, captured_names, kind, may_return};
use super::operands::{Operand, operands};
use super::{Lowering, suspends};
use crate::ir::*;
use crate::names::{fresh, support};

impl Lowering<'_> {
    pub(super) fn unknown_macro(&mut self, m: &syn::ExprMacro) -> Expr {
        let returns = may_return(&m.mac).filter(|_| !self.names.returns_natively());
        let Some(returns) = returns else {
            return self.foreign_macro(m);
        };
        if returns == Returns::Sometimes {
            self.no_text(&m.mac);
        }
        self.names.scoped = true;
        let left = self.foreign_macro(m);
        self.names.scoped = false;
        let (code, always) = (self.code(left), returns == Returns::Always);
        self.hole(Hole::Returning { code, always }, m.span())
    }

    /// Refuses `ensure!(condition)`, which tells the condition as text: that of the compiled copy.
    fn no_text(&self, mac: &Macro) {
        let only = operands(mac).filter(|operands| operands.len() == 1);
        if only.is_some_and(|_| self.names_variable(mac.tokens.clone())) {
            self.diagnostics.error(
                &mac.path,
                "this macro may tell its condition as text, which would be that of the compiled copy; give it a message",
            );
        }
    }

    fn names_variable(&self, tokens: TokenStream) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Group(group) => self.names_variable(group.stream()),
            TokenTree::Ident(ident) => self.names.tracked(&ident.to_string()).is_some(),
            _ => false,
        })
    }

    fn foreign_macro(&mut self, m: &syn::ExprMacro) -> Expr {
        if self.names.capture.is_none() && suspends::tokens(m.mac.tokens.clone()) {
            let name = m.mac.path.to_token_stream().to_string().replace(' ', "");
            self.diagnostics.error(
                &m.mac.path,
                format!("`.await` cannot stand inside `{name}!`; how the macro uses its operands is not known here; await before the macro"),
            );
        }
        if let Some(call) = self.whole_operand(m) {
            return call;
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

    /// A macro whose operands are a variable and literals: whether it consumes the variable is asked as of a method.
    fn whole_operand(&mut self, m: &syn::ExprMacro) -> Option<Expr> {
        let mut operands = operands(&m.mac)?;
        if self.names.returns_natively() || only_logs(&m.mac) {
            return None;
        }
        let is_literal = |operand: &Operand| matches!(operand.value, Expr::Lit(_));
        let mut others = operands.iter_mut().filter(|operand| !is_literal(operand));
        let (operand, None) = (others.next()?, others.next()) else {
            return None;
        };
        let (Expr::Path(path), None) = (&operand.value, &operand.name) else {
            return None;
        };
        let ident = path.path.get_ident()?.clone();
        let var = self.names.tracked(&ident.to_string())?;
        let mut in_strings = Vec::new();
        self.string_captures(m.mac.tokens.clone(), &mut in_strings);
        if self.body.vars[var.0].reference || !in_strings.is_empty() {
            return None;
        }
        let name = fresh("variable");
        operand.value = parse_quote!(#name);
        let rebuilt = Self::rebuilt(&m.mac, operands.to_token_stream());
        let operand = Some(MacroOperand {
            code: self.code(rebuilt),
            name,
        });
        let (usage, paren) = (self.usage(var, &ident, Context::Place), m.span());
        let call = Call {
            operand,
            ..Call::new(usage, Vec::new(), paren)
        };
        Some(self.hole(Hole::Call(call), paren))
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
                let usage = Use {
                    part: None,
                    ..self.usage(var, &ident, Context::Place)
                };
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

/// Whether the macro is one of those that everybody writes, and that only look at their operands. To say so of another
/// makes rustc refuse what it consumes.
fn only_logs(mac: &Macro) -> bool {
    let names = ["trace", "debug", "info", "warn", "error", "log", "event"];
    let last = mac.path.segments.last();
    last.is_some_and(|last| names.iter().any(|name| last.ident == name))
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
    let text = |trees: &[TokenTree]| -> String {
        let text = trees.iter().map(|tree| match tree {
            TokenTree::Punct(p) => p.as_char(),
            _ => ' ',
        });
        text.collect()
    };
    let (before, after) = (text(&trees[..index]), text(&trees[index..]));
    let own = before.rsplit([',', ';']).next().unwrap_or_default();
    let own = own.rsplit("=>").next().unwrap_or_default();
    let pattern = after.split([',', ';']).next().unwrap_or_default();
    // What follows `=` is a value, and so is what a method is called on.
    pattern
        .split_once("=>")
        .is_some_and(|(pattern, _)| !own.contains('=') && !is_called(pattern))
}

/// Whether there is a dot in the text that is not part of a range.
fn is_called(text: &str) -> bool {
    text.replace("..", "").contains('.')
}

/// Whether an identifier before this token is a path, a macro, a field or a label rather than a variable.
fn names_something_else(next: Option<&TokenTree>) -> bool {
    let Some(TokenTree::Punct(p)) = next else {
        return false;
    };
    match p.as_char() {
        ':' => true,
        // Not `!=` and `==`.
        '!' | '=' => p.spacing() == proc_macro2::Spacing::Alone,
        _ => false,
    }
}
