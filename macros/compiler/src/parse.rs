//! From a macro's tokens to what the passes work on.
//!
//! *Input*: an attribute's arguments and item, or the tokens of `gen!`. *Output*: a [`Function`] with the [`Input`] of
//! `lower`, or that alone. What is not such an item is an error at its keyword.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream, Parser};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, Expr, FnArg, Item, ItemFn, Pat, ReturnType, Type};

use crate::diagnostics::Diagnostics;
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
    /// Whether the body has been understood.
    pub read: bool,
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
    let (item, read) = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(item) => (item, true),
        Err(error) => (not_a_function(name, item, error, diagnostics)?, false),
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
        body: (*item.block).clone(),
    };
    Some(Function {
        item,
        output,
        input,
        read,
    })
}

/// Reports what stands under the attribute instead of a function with a body. A function whose body is not understood
/// is given back without its body: its callers are not to blame.
fn not_a_function(
    name: &str,
    tokens: TokenStream,
    error: syn::Error,
    diagnostics: &Diagnostics,
) -> Option<ItemFn> {
    if let Ok(Unread(item)) = syn::parse2(tokens.clone()) {
        diagnostics.push(error);
        return Some(item);
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
struct Unread(ItemFn);

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
        Ok(Unread(ItemFn {
            attrs,
            vis,
            sig,
            block: Box::new(block),
        }))
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
                    ident: pat.ident.clone(),
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

/// Parses the tokens of `gen!`.
pub fn generator(tokens: TokenStream, diagnostics: &Diagnostics) -> Option<Input> {
    match Block::parse_within.parse2(tokens) {
        Ok(stmts) => {
            let body = Block {
                brace_token: Default::default(),
                stmts,
            };
            let captured = captured(&body);
            Some(Input {
                arguments: Vec::new(),
                captured,
                body,
            })
        }
        Err(error) => {
            diagnostics.push(error);
            None
        }
    }
}

/// The names that may be variables of the environment: used as an expression, not bound inside, not only called.
///
/// A name that turns out to be a function or a constant is captured as a value, which changes nothing. A name that is
/// only called stays where it is: the step captures it as a closure does.
fn captured(body: &Block) -> Vec<Ident> {
    let mut free = Free {
        bound: vec![BTreeSet::new()],
        found: Vec::new(),
    };
    free.visit_block(body);
    free.found
}

struct Free {
    bound: Vec<BTreeSet<String>>,
    found: Vec<Ident>,
}

impl Free {
    fn name(&mut self, ident: &Ident) {
        let text = ident.to_string();
        let variable = text == "self"
            || text
                .trim_start_matches("r#")
                .starts_with(|c: char| c.is_lowercase() || c == '_');
        let bound = self.bound.iter().any(|names| names.contains(&text));
        if variable && !bound && !self.found.iter().any(|known| *known == text) {
            self.found.push(ident.clone());
        }
    }

    fn within(&mut self, inside: impl FnOnce(&mut Self)) {
        self.bound.push(BTreeSet::new());
        inside(self);
        self.bound.pop();
    }

    fn tokens(&mut self, tokens: TokenStream) {
        // In a macro's tokens only what parses as expressions, as the statements of a generator inside, or as the
        // value and count of a `vec!`, and what a string names, is looked at.
        let list = syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated;
        if let Ok(args) = list.parse2(tokens.clone()) {
            args.iter().for_each(|arg| self.visit_expr(arg));
        } else if let Ok(stmts) = Block::parse_within.parse2(tokens.clone()) {
            let brace_token = syn::token::Brace::default();
            self.visit_block(&Block { brace_token, stmts });
        }
        for tree in tokens {
            if let TokenTree::Literal(literal) = tree {
                if let Ok(text) = syn::parse2::<syn::LitStr>(literal.to_token_stream()) {
                    crate::lower::captured_names(&text)
                        .iter()
                        .for_each(|name| self.name(name));
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Free {
    fn visit_block(&mut self, block: &'ast Block) {
        self.within(|this| {
            for stmt in &block.stmts {
                if let syn::Stmt::Item(Item::Fn(f)) = stmt {
                    this.bind(f.sig.ident.to_string());
                }
            }
            visit::visit_block(this, block);
        });
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        if let Some(init) = &local.init {
            self.visit_expr(&init.expr);
            if let Some((_, otherwise)) = &init.diverge {
                self.visit_expr(otherwise);
            }
        }
        self.visit_pat(&local.pat);
    }

    fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
        self.bind(pat.ident.to_string());
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.within(|this| {
            closure.inputs.iter().for_each(|pat| this.visit_pat(pat));
            this.visit_expr(&closure.body);
        });
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        self.within(|this| {
            this.visit_pat(&arm.pat);
            if let Some((_, guard)) = &arm.guard {
                this.visit_expr(guard);
            }
            this.visit_expr(&arm.body);
        });
    }

    fn visit_expr_for_loop(&mut self, f: &'ast syn::ExprForLoop) {
        self.visit_expr(&f.expr);
        self.within(|this| {
            this.visit_pat(&f.pat);
            this.visit_block(&f.body);
        });
    }

    fn visit_expr_if(&mut self, i: &'ast syn::ExprIf) {
        self.within(|this| {
            this.visit_expr(&i.cond);
            this.visit_block(&i.then_branch);
        });
        if let Some((_, otherwise)) = &i.else_branch {
            self.visit_expr(otherwise);
        }
    }

    fn visit_expr_while(&mut self, w: &'ast syn::ExprWhile) {
        self.within(|this| {
            this.visit_expr(&w.cond);
            this.visit_block(&w.body);
        });
    }

    fn visit_expr_let(&mut self, l: &'ast syn::ExprLet) {
        self.visit_expr(&l.expr);
        self.visit_pat(&l.pat);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if !matches!(&*call.func, Expr::Path(_)) {
            self.visit_expr(&call.func);
        }
        call.args.iter().for_each(|arg| self.visit_expr(arg));
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let (None, Some(ident)) = (&path.qself, path.path.get_ident()) {
            self.name(ident);
        }
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.tokens(mac.tokens.clone());
    }

    fn visit_item(&mut self, _: &'ast Item) {}
}

impl Free {
    fn bind(&mut self, name: String) {
        if let Some(names) = self.bound.last_mut() {
            names.insert(name);
        }
    }
}
