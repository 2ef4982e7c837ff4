//! From a macro's tokens to what the passes work on.
//!
//! *Input*: an attribute's arguments and item. *Output*: a [`Function`] with the [`Input`] of `lower`. What is not such an
//! item is an error at its keyword. Generators are parsed in `generator`.

use proc_macro2::{Delimiter, Ident, Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Block, FnArg, Item, ItemFn, Pat, ReturnType, Type};

use crate::diagnostics::Diagnostics;
use crate::generator::Generates;
use crate::hygiene;
use crate::names::numbered;

/// What `lower` works on.
#[derive(Clone, Debug)]
pub struct Input {
    /// The arguments of the function, in order.
    pub arguments: Vec<Argument>,
    /// The variables that a generator moves in.
    pub captured: Vec<Ident>,
    /// The body.
    pub body: Block,
    /// Whether rustc has evaluated the `#[cfg]`s in it: what is left of them holds.
    pub configured: bool,
    /// What a generator gives and receives; nothing if it is a function.
    pub generates: Option<Generates>,
    /// The type that a generator says it returns.
    pub output: Option<Type>,
}

/// An argument.
#[derive(Clone, Debug)]
pub struct Argument {
    /// What the signature calls it.
    pub ident: Ident,
    /// What the body takes it apart with, if that is not just its name.
    pub pattern: Option<Pat>,
    /// `mut x`.
    pub mutable: bool,
    /// Whether its written type is a reference.
    pub reference: bool,
}

/// A function under `#[coroutine]`.
#[derive(Clone, Debug)]
pub struct Function {
    /// The item as written.
    pub item: ItemFn,
    /// The type that the body evaluates to.
    pub output: Type,
    /// What is lowered.
    pub input: Input,
    /// The body, if it has not been understood.
    pub unread: Option<TokenStream>,
}

/// Parses an item under the attribute `name`.
pub fn function(
    name: &str,
    attr: TokenStream,
    item: TokenStream,
    diagnostics: &Diagnostics,
) -> Option<Function> {
    if let Some(argument) = attr.into_iter().next() {
        diagnostics.error(
            argument,
            format!("unknown argument; `#[{name}]` takes none"),
        );
    }
    let item = hygiene::told_apart(item, diagnostics);
    let (item, unread) = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(item) => (item, None),
        Err(error) => {
            let Unread { item, body } = not_a_function(name, item, error, diagnostics)?;
            (item, Some(body))
        }
    };
    let arguments = item
        .sig
        .inputs
        .iter()
        .enumerate()
        .map(|(index, input)| argument(index, input))
        .collect();
    let output = match &item.sig.output {
        ReturnType::Default => Type::Tuple(syn::TypeTuple {
            paren_token: Default::default(),
            elems: Default::default(),
        }),
        ReturnType::Type(_, ty) => (**ty).clone(),
    };
    let input = Input {
        arguments,
        captured: Vec::new(),
        configured: false,
        body: (*item.block).clone(),
        generates: None,
        output: None,
    };
    Some(Function {
        item,
        output,
        input,
        unread,
    })
}

/// Reports what stands under the attribute instead of a function with a body. A function whose body is not understood
/// is given back without its body: its callers are not to blame.
fn not_a_function(
    name: &str,
    tokens: TokenStream,
    error: syn::Error,
    diagnostics: &Diagnostics,
) -> Option<Unread> {
    if let Ok(unread) = syn::parse2(tokens.clone()) {
        diagnostics.push(error);
        return Some(unread);
    }
    if let Ok(method) = syn::parse2::<syn::TraitItemFn>(tokens.clone()) {
        diagnostics.error(
            &method.sig.ident,
            "a method without a body cannot be a coroutine; remove the attribute here and put it on the implementations",
        );
        return None;
    }
    match syn::parse2::<Item>(tokens) {
        Ok(item) => {
            let (at, what) = keyword(&item);
            let hint = match item {
                Item::Mod(_) => "; write `#[coloop::coroutines]` on a module",
                Item::Impl(_) => "; put the attribute on its methods",
                _ => "",
            };
            diagnostics.error_at(
                at,
                format!("`#[{name}]` goes on an `async fn`, not on {what}{hint}"),
            );
        }
        Err(_) => diagnostics.push(error),
    }
    None
}

/// A function whose body is not read.
struct Unread {
    /// Without the body.
    item: ItemFn,
    /// Its tokens.
    body: TokenStream,
}

impl Parse for Unread {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (attrs, vis, sig) = (
            input.call(syn::Attribute::parse_outer)?,
            input.parse()?,
            input.parse()?,
        );
        let body: proc_macro2::Group = input.parse()?;
        if body.delimiter() != Delimiter::Brace {
            return Err(syn::Error::new(body.span(), "expected a body"));
        }
        let block = Block {
            brace_token: syn::token::Brace(body.span()),
            stmts: Vec::new(),
        };
        Ok(Unread {
            item: ItemFn {
                attrs,
                vis,
                sig,
                block: Box::new(block),
            },
            body: body.stream(),
        })
    }
}

/// The keyword of an item and what to call it.
fn keyword(item: &Item) -> (Span, &'static str) {
    match item {
        Item::Struct(i) => (i.struct_token.span(), "a struct"),
        Item::Enum(i) => (i.enum_token.span(), "an enum"),
        Item::Union(i) => (i.union_token.span(), "a union"),
        Item::Trait(i) => (i.trait_token.span(), "a trait"),
        Item::Impl(i) => (i.impl_token.span(), "an impl"),
        Item::Mod(i) => (i.mod_token.span(), "a module"),
        Item::Const(i) => (i.const_token.span(), "a constant"),
        Item::Static(i) => (i.static_token.span(), "a static"),
        Item::Type(i) => (i.type_token.span(), "a type alias"),
        Item::Use(i) => (i.use_token.span(), "an import"),
        Item::ExternCrate(i) => (i.extern_token.span(), "an import"),
        Item::ForeignMod(i) => (i.abi.extern_token.span(), "foreign items"),
        Item::Macro(i) => (i.mac.path.span(), "a macro"),
        other => (other.span(), "this item"),
    }
}

fn argument(index: usize, input: &FnArg) -> Argument {
    match input {
        FnArg::Receiver(receiver) => Argument {
            ident: Ident::new("self", receiver.self_token.span()),
            pattern: None,
            mutable: receiver.reference.is_none() && receiver.mutability.is_some(),
            reference: receiver.reference.is_some() || matches!(&*receiver.ty, Type::Reference(_)),
        },
        FnArg::Typed(typed) => {
            let reference = matches!(&*typed.ty, Type::Reference(_));
            match &*typed.pat {
                Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => Argument {
                    ident: unused(&pat.ident),
                    pattern: None,
                    mutable: pat.mutability.is_some(),
                    reference,
                },
                pat => Argument {
                    ident: numbered("argument", index),
                    pattern: Some(pat.clone()),
                    mutable: false,
                    reference,
                },
            }
        }
    }
}

/// The name of an argument. One that says it is not used is another than the user's variable: moving it into that is a
/// use, and not the user's.
fn unused(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    if ident.to_string().starts_with('_') {
        ident.set_span(Span::mixed_site().located_at(ident.span()));
    }
    ident
}
