//! The proof copy: the user's body in code that never runs. rustc's type and borrow checker judge the user's own tokens
//! here; nothing is ever built of it. The body is as written, but for the sites below, where the machine has an
//! expression of its own and rustc is to say the same of both.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, FnArg, Lifetime, ReturnType, Stmt, Token, parse_quote};

use crate::generator::Generates;
use crate::lower::{Kind, kind, may_return, suspends};
use crate::names::{fresh, located, spanning, standing_for, support};
use crate::parse::{Function, Input};

/// The proof of a function, with a record of its output, if that is not the machine's.
pub(super) fn function(
    function: &Function,
    output: &TokenStream,
    record: Option<TokenStream>,
) -> TokenStream {
    let (support, body) = (support(), body_of(function, output));
    let name = fresh("output");
    // Arguments move into variables of the body anyway, and without `move` rustc makes more suggestions. `self` does not.
    let by_move = function.item.sig.receiver().map(|_| quote!(move));
    let proof = located(
        quote!(#support::proof(async #by_move #body, #name)),
        returns(function),
    );
    quote!(if false { #record #proof })
}

/// The body of a function as rustc's own future, without `async`.
///
/// ```text
/// { stmts; return value; tail }   =>   { let output: T = 'body: { stmts; break 'body value; tail }; return output; }
/// ```
///
/// The output is a `let`, because the temporaries of the last expression are dropped before the arguments. With `break`,
/// a value of another type is reported as one, and not together with how rustc has found the type of an async block.
/// Where the body surely gives a value, the type is that of a field: a lifetime that is too short is then reported at
/// the value, and not at the type. (Where it does not, rustc would find the field to be unreachable.)
pub(super) fn body_of(function: &Function, output: &TokenStream) -> TokenStream {
    let support = support();
    let inputs = function
        .item
        .sig
        .inputs
        .iter()
        .zip(&function.input.arguments);
    let arguments = inputs.filter_map(|(input, argument)| self::argument(input, &argument.ident));
    let mut sites = Sites::new();
    let mut body = body(&function.input.body, &mut sites);
    let has_value = gives_a_value(&function.input.body);
    if body.stmts.len() == 1 && !has_value {
        // clippy takes a `let` of a block that is nothing but a jump or a panic for a mistake.
        body.stmts.insert(0, parse_quote!(let () = ();));
    }
    let label = &sites.label;
    let label = sites.labelled.then(|| quote!(#label:));
    let first = sites
        .hidden
        .then(|| quote!(if false { return #support::never::<#output>(); }));
    let returned = fresh("output");
    let value = match has_value {
        true => quote!(= #support::Typed::<#output> { value: #label #body }.value),
        false => quote!(: #output = #label #body),
    };
    let block = quote! {
        #(#arguments)*
        #first
        let #returned #value;
        #[allow(unreachable_code)]
        return #returned;
    };
    let mut block = Group::new(Delimiter::Brace, block);
    block.set_span(body.brace_token.span.join());
    located(TokenTree::Group(block).into(), returns(function))
}

/// Whether the block ends with a value: as far as its tokens tell, not with something that never ends.
fn gives_a_value(block: &Block) -> bool {
    matches!(block.stmts.last(), Some(Stmt::Expr(e, None)) if is_value(e))
}

fn is_value(e: &Expr) -> bool {
    match e {
        Expr::Path(_) | Expr::Lit(_) => true,
        Expr::Field(f) => is_value(&f.base),
        Expr::Index(i) => is_value(&i.expr) && is_value(&i.index),
        Expr::Reference(r) => is_value(&r.expr),
        Expr::Unary(u) => is_value(&u.expr),
        Expr::Paren(p) => is_value(&p.expr),
        Expr::Tuple(t) => t.elems.iter().all(is_value),
        Expr::Struct(s) => s.fields.iter().all(|field| is_value(&field.expr)),
        Expr::Call(c) => is_constructor(&c.func) && c.args.iter().all(is_value),
        Expr::Block(b) => gives_a_value(&b.block),
        // One way that gives a value is enough.
        Expr::If(i) => {
            gives_a_value(&i.then_branch) || i.else_branch.iter().any(|(_, e)| is_value(e))
        }
        Expr::Match(m) => m.arms.iter().any(|arm| is_value(&arm.body)),
        _ => false,
    }
}

/// Whether the function is a variant or a struct, by its name.
fn is_constructor(function: &Expr) -> bool {
    let Expr::Path(path) = function else {
        return false;
    };
    let name = path.path.segments.last().map(|last| last.ident.to_string());
    name.is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// Where the function says what it returns.
pub(super) fn returns(function: &Function) -> Span {
    match &function.item.sig.output {
        ReturnType::Default => function.item.sig.ident.span(),
        ReturnType::Type(_, ty) => ty.span(),
    }
}

/// Where the machine has an expression of its own, this gives the proof copy one that is judged the same: what rustc
/// reports about both is then reported once.
///
/// ```text
/// return value   =>   break 'body value
/// f(x.await)     =>   f((x.await,).0)
/// ```
struct Sites {
    label: Lifetime,
    /// Whether the label is used.
    labelled: bool,
    /// Whether a `return` stands in the tokens of a macro: then something before it has to fix its type.
    hidden: bool,
    /// Whether a `return` stays one: a generator's type is written nowhere, so that nothing can be said to be of another.
    returns: bool,
    /// What is spelled out of what becomes tokens here.
    known: Known,
}

impl Sites {
    fn new() -> Self {
        Sites {
            label: Lifetime::new("'__body", Span::mixed_site()),
            labelled: false,
            hidden: false,
            returns: false,
            known: Known { receives: false },
        }
    }

    /// An operand that is left as it is, if it is an `.await`.
    fn keep(&mut self, e: &mut Expr) {
        match e {
            Expr::Await(a) => self.keep(&mut a.base),
            _ => self.visit_expr_mut(e),
        }
    }
}

impl VisitMut for Sites {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        match e {
            Expr::Closure(_) | Expr::Async(_) | Expr::Const(_) => {}
            Expr::Return(syn::ExprReturn {
                expr: Some(value),
                return_token,
                ..
            }) if !self.returns => {
                self.visit_expr_mut(value);
                self.known.visit_expr_mut(value);
                self.labelled = true;
                let label = &self.label;
                *e = Expr::Verbatim(quote_spanned!(return_token.span=> break #label #value));
            }
            Expr::Await(a) => {
                self.keep(&mut a.base);
                self.known.visit_expr_mut(&mut a.base);
                let (first, last) = (a.base.span(), a.await_token.span());
                *e = Expr::Verbatim(spanning(e.to_token_stream(), first, last));
            }
            Expr::Try(t) => self.keep(&mut t.expr),
            Expr::Field(f) => self.keep(&mut f.base),
            Expr::Reference(r) => self.keep(&mut r.expr),
            Expr::Paren(p) => self.keep(&mut p.expr),
            Expr::MethodCall(c) => {
                self.keep(&mut c.receiver);
                c.args.iter_mut().for_each(|arg| self.visit_expr_mut(arg));
            }
            _ => visit_mut::visit_expr_mut(self, e),
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        self.hidden |= returns_early(mac.tokens.clone()) || may_return(mac).is_some();
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        match stmt {
            Stmt::Expr(e, Some(_)) => self.keep(e),
            _ => visit_mut::visit_stmt_mut(self, stmt),
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

fn returns_early(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == "return",
        TokenTree::Group(group) => returns_early(group.stream()),
        _ => false,
    })
}

/// Arguments move into the body one after the other, as they do in an `async fn`.
fn argument(input: &FnArg, ident: &Ident) -> Option<TokenStream> {
    match input {
        FnArg::Receiver(_) => None,
        FnArg::Typed(typed) => {
            let pat = &typed.pat;
            Some(quote!(let #pat = #ident;))
        }
    }
}

/// The proof of a generator, beside the records of what it yields, receives and returns.
pub(super) fn generator(input: &Input, generates: Generates) -> TokenStream {
    let support = support();
    let (sent, received, output) = (fresh("sent"), fresh("received"), fresh("output"));
    let mut sites = Sites {
        returns: true,
        known: Known {
            receives: generates.receives,
        },
        ..Sites::new()
    };
    let stmts = body(&input.body, &mut sites).stmts;
    let sent = generates
        .receives
        .then(|| quote!(let #sent = #received.sent();));
    quote!(#support::proof(async move { #sent #(#stmts)* }, #output))
}

/// The body without its items, which stand before both copies, and with what rustc does not know spelled out.
fn body(block: &Block, sites: &mut Sites) -> Block {
    let mut block = block.clone();
    block.stmts.retain(|stmt| match stmt {
        Stmt::Item(_) => false,
        Stmt::Macro(m) => !m.mac.path.is_ident("thread_local"),
        _ => true,
    });
    sites.visit_block_mut(&mut block);
    sites.known.visit_block_mut(&mut block);
    block
}

/// The body with what rustc does not know spelled out.
pub(super) fn known(block: &Block) -> Block {
    let mut block = block.clone();
    Known { receives: false }.visit_block_mut(&mut block);
    block
}

struct Known {
    /// Whether a `yield` has a value.
    receives: bool,
}

impl VisitMut for Known {
    fn visit_expr_mut(&mut self, e: &mut Expr) {
        visit_mut::visit_expr_mut(self, e);
        match e {
            Expr::Yield(y) => {
                let (items, span) = (fresh("items"), y.yield_token.span());
                let value: Expr = y
                    .expr
                    .as_deref()
                    .cloned()
                    .unwrap_or_else(|| parse_quote!(()));
                let support = support();
                let received = fresh("received");
                let give = match self.receives {
                    true => quote!(give_for(&#received)),
                    false => quote!(give()),
                };
                let given = quote!(#support::Given { items: &#items, value: #value });
                let given = standing_for(given, span);
                let given = located(quote!(#given.#give), span);
                *e = Expr::Verbatim(quote_spanned!(span=> #given.await));
            }
            Expr::ForLoop(f) if f.attrs.iter().any(|attr| attr.path().is_ident("for_await")) => {
                let (support, stream) = (support(), &f.expr);
                let stream: Expr = Expr::Verbatim(
                    quote_spanned!(stream.span()=> #support::items_of(#stream).await),
                );
                f.attrs.retain(|attr| !attr.path().is_ident("for_await"));
                *f.expr = stream;
            }
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let is_own = matches!(kind(mac), Kind::Generator | Kind::Text);
        if !is_own && suspends::tokens(mac.tokens.clone()) {
            let known = |input: ParseStream<'_>| self.tokens(input);
            if let Ok(tokens) = known.parse2(mac.tokens.clone()) {
                mac.tokens = tokens;
            }
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

impl Known {
    /// The tokens of a macro with every `yield` in them spelled out.
    fn tokens(&mut self, input: ParseStream<'_>) -> syn::Result<TokenStream> {
        let mut known = TokenStream::new();
        while !input.is_empty() {
            if input.peek(Token![yield]) {
                let mut e: Expr = input.parse()?;
                self.visit_expr_mut(&mut e);
                e.to_tokens(&mut known);
                continue;
            }
            match input.parse()? {
                TokenTree::Group(group) => {
                    let inside = |input: ParseStream<'_>| self.tokens(input);
                    let mut inner = Group::new(group.delimiter(), inside.parse2(group.stream())?);
                    inner.set_span(group.span());
                    known.extend([TokenTree::Group(inner)]);
                }
                other => known.extend([other]),
            }
        }
        Ok(known)
    }
}
