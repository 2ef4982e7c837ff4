//! From the tokens of `gen!` and `try_gen!` to what the passes work on.
//!
//! ```text
//! gen!(|first: T| -> R { body })   =>   { let first: T = received(sent); body }, which returns an R
//! iter!(static || { body })        =>   { body }, which may borrow its variables across a `yield`
//! try_gen!({ body; return; })      =>   { body; return Ok(()); Ok(()) }, whose items and error are made results of by the runtime
//! yield_all!(inner)                =>   a loop that yields what the inner generator or stream gives
//! ```
//!
//! *Input*: the tokens. *Output*: an [`Input`], whose [`Generates`] tells what goes in and out besides the items.

mod delegation;
mod ends;
mod items;
mod scrutinees;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::token::Brace;
use syn::{Block, Expr, Pat, Stmt, Token, Type};

use crate::captured;
use crate::diagnostics::Diagnostics;
use crate::hygiene;
use crate::names::{fresh, support};
use crate::parse::Input;

pub(crate) use scrutinees::parenthesized;

/// The macro.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Macro {
    /// `gen!`.
    Gen,
    /// `try_gen!`.
    TryGen,
    /// `iter!`.
    Iter {
        /// Whether its variables may be borrowed across a `yield`: then it must not move.
        pinned: bool,
    },
}

impl Macro {
    /// Whether it has nobody to wait for.
    pub fn is_synchronous(self) -> bool {
        matches!(self, Macro::Iter { .. })
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Macro::Gen => "gen!",
            Macro::TryGen => "try_gen!",
            Macro::Iter { .. } => "iter!",
        }
    }
}

/// What goes in and out of a generator besides its items.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Generates {
    /// The macro.
    pub by: Macro,
    /// Whether it has a parameter: then a `yield` has a value.
    pub receives: bool,
    /// Whether it returns a value, as far as its tokens tell.
    pub returns: bool,
}

/// Parses the tokens of a generator.
pub fn parse(by: Macro, tokens: TokenStream, diagnostics: &Diagnostics) -> Option<Input> {
    let tokens = hygiene::told_apart(tokens, diagnostics);
    let written = match syn::parse2::<Written>(parenthesized(tokens)) {
        Ok(written) => written,
        Err(error) => {
            diagnostics.push(error);
            return None;
        }
    };
    let by = match by {
        Macro::Iter { .. } => Macro::Iter {
            pinned: written.is_static,
        },
        other => other,
    };
    let receives = written.parameter.is_some();
    let output = written.output.clone();
    let mut body = written.block();
    delegation::expand(&mut body, by, receives, diagnostics);
    if by.is_synchronous() {
        items::end_temporaries(&mut body);
    }
    let returns = match by {
        Macro::Gen | Macro::Iter { .. } => output.is_some() || ends::has_value(&body, receives),
        Macro::TryGen => {
            ends::succeed(&mut body, receives);
            true
        }
    };
    Some(Input {
        configured: false,
        arguments: Vec::new(),
        captured: captured::variables(&body),
        body,
        generates: Some(Generates {
            by,
            receives,
            returns,
        }),
        output,
    })
}

/// The tokens of a generator, as they are written.
pub(crate) struct Written {
    is_static: bool,
    parameter: Option<Parameter>,
    output: Option<Type>,
    /// The user's braces; the body's first token, where there are none. Its edition is what counts.
    braces: Brace,
    stmts: Vec<Stmt>,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_static =
            input.peek(Token![static]) && (input.peek2(Token![|]) || input.peek2(Token![||]));
        if is_static {
            input.parse::<Token![static]>()?;
        }
        let parameter = match input.parse::<Option<Token![||]>>()? {
            None if input.peek(Token![|]) => Some(parameter(input)?),
            _ => None,
        };
        let (output, block) = match input.parse::<Option<Token![->]>>()? {
            None => {
                let brace_token = Brace(input.span());
                let stmts = Block::parse_within(input)?;
                (None, without_parentheses(Block { brace_token, stmts }))
            }
            Some(_) => (Some(input.parse()?), input.parse()?),
        };
        Ok(Written {
            is_static,
            parameter,
            output,
            braces: block.brace_token,
            stmts: block.stmts,
        })
    }
}

/// `gen!({ … })` is `gen! { … }`: the braces inside are the body's, and not a block in it that rustc would call unnecessary.
fn without_parentheses(block: Block) -> Block {
    match &block.stmts[..] {
        [Stmt::Expr(Expr::Block(inner), None)]
            if inner.attrs.is_empty() && inner.label.is_none() =>
        {
            inner.block.clone()
        }
        _ => block,
    }
}

impl Written {
    /// As a block: the parameter is its first statement.
    pub(crate) fn block(self) -> Block {
        let parameter = self.parameter.map(Parameter::received);
        Block {
            brace_token: self.braces,
            stmts: parameter.into_iter().chain(self.stmts).collect(),
        }
    }

    /// The tokens with another block for its own.
    pub(crate) fn with(self, block: impl FnOnce(Block) -> Block) -> TokenStream {
        let (has_parameter, output) = (self.parameter.is_some(), self.output.clone());
        let is_static = self.is_static.then(|| quote!(static));
        let output = output.map(|ty| quote!(-> #ty));
        let stmts = block(self.block()).stmts;
        let (parameter, stmts) = match &stmts[..] {
            [Stmt::Local(parameter), stmts @ ..] if has_parameter => (Some(&parameter.pat), stmts),
            stmts => (None, stmts),
        };
        match output {
            None if !has_parameter => match is_static {
                None => quote!(#(#stmts)*),
                Some(_) => quote!(#is_static || { #(#stmts)* }),
            },
            None => quote!(#is_static |#parameter| #(#stmts)*),
            Some(output) => quote!(#is_static |#parameter| #output { #(#stmts)* }),
        }
    }
}

/// `|first: T|`.
struct Parameter {
    pat: Pat,
    ty: Option<(Token![:], Type)>,
}

fn parameter(input: ParseStream<'_>) -> syn::Result<Parameter> {
    input.parse::<Token![|]>()?;
    let pat = Pat::parse_single(input)?;
    let ty = match input.parse::<Option<Token![:]>>()? {
        Some(colon) => Some((colon, input.parse()?)),
        None => None,
    };
    if input.peek(Token![,]) {
        return Err(input
            .error("a generator takes one parameter, which is what is sent to it; write a tuple"));
    }
    input.parse::<Token![|]>()?;
    Ok(Parameter { pat, ty })
}

impl Parameter {
    /// The statement that takes the first value.
    fn received(self) -> Stmt {
        let (support, sent) = (support(), fresh("sent"));
        let pat = match self.ty {
            None => self.pat,
            Some((colon_token, ty)) => Pat::Type(syn::PatType {
                attrs: Vec::new(),
                pat: Box::new(self.pat),
                colon_token,
                ty: Box::new(ty),
            }),
        };
        // As tokens: the name is none of the user's.
        let value = Expr::Verbatim(quote!(#support::received(#sent)));
        Stmt::Local(syn::Local {
            attrs: Vec::new(),
            let_token: Default::default(),
            pat,
            init: Some(syn::LocalInit {
                eq_token: Default::default(),
                expr: Box::new(value),
                diverge: None,
            }),
            semi_token: Default::default(),
        })
    }
}

/// `yield_all!` where no generator is.
pub fn yield_all_outside(_: TokenStream) -> TokenStream {
    quote! {
        ::core::compile_error!("`yield_all!` yields from the `gen!` around it, and there is none here")
    }
}
