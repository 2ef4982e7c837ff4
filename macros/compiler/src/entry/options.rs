//! What `#[coloop::main]` and `#[coloop::test]` take: the options of the loop.
//!
//! *Input*: `debug, seed = 7`. *Output*: the expression of a runner that behaves so. *Invariant*: each option is a method of
//! `RunnerBuilder` of the same name, so that its type is judged by rustc, at the user's expression.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Token};

use super::Entry;
use crate::diagnostics::Diagnostics;

/// Those that are said or not.
const SWITCHES: [&str; 3] = ["debug", "detect_deadlocks", "virtual_time"];
/// The one that has a value.
const SEED: &str = "seed";

struct Argument {
    name: Ident,
    value: Option<Expr>,
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Argument { name, value })
    }
}

/// The runner that the arguments ask for.
pub(super) fn runner(entry: Entry, attr: TokenStream, diagnostics: &Diagnostics) -> TokenStream {
    if attr.is_empty() {
        return quote!(::coloop::Runner::new());
    }
    let parser = Punctuated::<Argument, Token![,]>::parse_terminated;
    let arguments = match syn::parse::Parser::parse2(parser, attr) {
        Ok(arguments) => arguments,
        Err(error) => {
            diagnostics.push(error);
            return quote!(::coloop::Runner::new());
        }
    };
    let mut seen: Vec<&Ident> = Vec::new();
    let mut runner = quote!(::coloop::Runner::builder());
    for argument in &arguments {
        let name = &argument.name;
        if seen.contains(&name) {
            diagnostics.error(name, format!("`{name}` is given twice; remove one"));
        }
        seen.push(name);
        let value = value(entry, argument, diagnostics);
        runner.extend(quote!(.#name(#value)));
    }
    quote!(#runner.build())
}

fn value(entry: Entry, argument: &Argument, diagnostics: &Diagnostics) -> TokenStream {
    let Argument { name, value } = argument;
    let is_switch = SWITCHES.iter().any(|switch| name == switch);
    match value {
        Some(value) if is_switch || name == SEED => value.to_token_stream(),
        None if is_switch => quote!(true),
        None if name == SEED => {
            diagnostics.error(name, "`seed` has no value; write `seed = 7`");
            quote!(0)
        }
        _ => {
            let attribute = entry.attribute();
            let known = "`debug`, `detect_deadlocks`, `seed = 7` and `virtual_time`";
            diagnostics.error(
                name,
                format!("unknown argument; `#[{attribute}]` takes {known}"),
            );
            quote!(true)
        }
    }
}
