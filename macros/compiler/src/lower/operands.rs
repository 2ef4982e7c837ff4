//! How macros write their operands: `name = value`, `value; count`, `value, pattern if guard`.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, LitStr, Macro, Pat, Token};

/// One operand: `name = value` or `value`.
pub(crate) struct Operand {
    pub(super) name: Option<(Ident, Token![=])>,
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

/// The string that an expression is, also one that a `macro_rules!` has been given.
pub(crate) fn text(e: &Expr) -> Option<&LitStr> {
    match e {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        }) => Some(text),
        Expr::Group(g) => text(&g.expr),
        _ => None,
    }
}

/// The operands of a macro that takes a list of them.
pub(super) fn operands(mac: &Macro) -> Option<Punctuated<Operand, Token![,]>> {
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
pub(super) enum List {
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
