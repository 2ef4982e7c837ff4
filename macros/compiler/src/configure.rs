//! `#[cfg]` inside of a body: rustc evaluates it before the body is compiled.
//!
//! An attribute macro gets its item as it is written, a derive macro gets it without what is left out. So a function with
//! such an attribute in its body becomes an item for a derive macro, which hands it on to the compiler.
//!
//! ```text
//! async fn f(x: X) { body }   =>   fn f(x: X) -> impl Future<Output = ()> {
//!                                      #[derive(Configure)] #[unconfigured] enum __Body { It = { (x,); async fn f(x: X) { body } } }
//!                                  }
//! #[derive(Configure)]        =>   #[configured] enum __Body { It = { (x,); async fn f(x: X) { what is left } } }
//! #[configured]               =>   the statements that the function consists of
//! #[unconfigured]             =>   nothing
//! ```
//!
//! The names of the arguments are those that the signature has: what the compiler invents differs in each step.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, Expr, Stmt, Token};

use crate::diagnostics::Diagnostics;
use crate::emit;
use crate::names::support;
use crate::parse::{self, Function};

/// Whether the attribute is one that rustc evaluates.
pub fn is_cfg(attr: &Attribute) -> bool {
    attr.path().is_ident("cfg") || attr.path().is_ident("cfg_attr")
}

/// Whether something in the body has such an attribute.
pub(crate) fn is_needed(function: &Function) -> bool {
    struct Find(bool);
    impl Visit<'_> for Find {
        fn visit_attribute(&mut self, attr: &Attribute) {
            self.0 |= is_cfg(attr);
            visit::visit_attribute(self, attr);
        }
    }
    let mut find = Find(false);
    find.visit_block(&function.item.block);
    find.0
}

/// The function, with its body for the derive macro.
pub(crate) fn asked(function: &Function) -> TokenStream {
    let (support, mut item) = (support(), function.item.clone());
    item.attrs.clear();
    let names = function
        .input
        .arguments
        .iter()
        .map(|argument| &argument.ident);
    let body = quote! {
        #[derive(#support::Configure)]
        #[#support::unconfigured]
        enum __Body { It = { (#(#names,)*); #item } }
    };
    emit::around(function, body)
}

/// `#[derive(Configure)]`.
pub fn derive(item: TokenStream) -> TokenStream {
    let support = support();
    let is_enum = |tree: &TokenTree| matches!(tree, TokenTree::Ident(ident) if ident == "enum");
    let item = item.into_iter().skip_while(|tree| !is_enum(tree));
    quote!(#[#support::configured] #(#item)*)
}

/// `#[configured]`.
pub fn configured(item: TokenStream) -> TokenStream {
    let diagnostics = Diagnostics::new();
    let understood = last_group(item)
        .and_then(|variants| last_group(variants.stream()))
        .and_then(|body| names_and_item.parse2(body.stream()).ok());
    let function = understood.and_then(|(names, item)| {
        let mut function = parse::function("coroutine", TokenStream::new(), item, &diagnostics)?;
        function.input.configured = true;
        LeftOut.visit_block_mut(&mut function.input.body);
        for (argument, name) in function.input.arguments.iter_mut().zip(names) {
            argument.ident = name;
        }
        Some(function)
    });
    let Some(function) = function else {
        return diagnostics.finish_with(TokenStream::new());
    };
    match crate::compiled(&function, diagnostics) {
        Ok(passes) => emit::statements(&function, passes.compiled()),
        Err(rejected) => {
            let (errors, value) = (&rejected.errors, rejected.instead(&function));
            quote!(#errors return { #value };)
        }
    }
}

/// Removes the semicolons of statements that are not there.
struct LeftOut;

impl VisitMut for LeftOut {
    fn visit_block_mut(&mut self, block: &mut Block) {
        let is_nothing = |stmt: &Stmt| matches!(stmt, Stmt::Expr(Expr::Verbatim(nothing), Some(_)) if nothing.is_empty());
        block.stmts.retain(|stmt| !is_nothing(stmt));
        visit_mut::visit_block_mut(self, block);
    }
}

fn last_group(tokens: TokenStream) -> Option<Group> {
    let groups = tokens.into_iter().filter_map(|tree| match tree {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    groups.last()
}

fn names_and_item(input: ParseStream<'_>) -> syn::Result<(Vec<Ident>, TokenStream)> {
    use syn::ext::IdentExt;
    let names;
    syn::parenthesized!(names in input);
    let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(&names, Ident::parse_any)?;
    input.parse::<Token![;]>()?;
    Ok((names.into_iter().collect(), input.parse()?))
}
