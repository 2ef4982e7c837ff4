//! Finds a function, or a `gen!` in one, by its name.

use coloop_compiler::generator;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{Attribute, File, ImplItemFn, ItemFn, Macro, Signature, Visibility};

/// What is compiled.
#[derive(Clone, Debug)]
pub enum Target {
    /// The tokens of an item, without the attributes that make it a coroutine.
    Function(TokenStream),
    /// The tokens of a `gen!` or `try_gen!`.
    Generator(generator::Macro, TokenStream),
}

/// Finds what `name` says: `function`, `Type::method`, `function#1`.
pub fn find(file: &File, name: &str) -> Result<Target, String> {
    let (path, number) = match name.split_once('#') {
        Some((path, number)) => {
            let number = number.parse::<usize>().ok().filter(|number| *number > 0);
            (
                path,
                Some(number.ok_or_else(|| {
                    format!("`{name}`: after `#` comes the number of a `gen!`, from 1")
                })?),
            )
        }
        None => (name, None),
    };
    let mut functions = Functions::default();
    functions.visit_file(file);
    let function = functions.named(path)?;
    let Some(number) = number else {
        return Ok(Target::Function(function.tokens.clone()));
    };
    let generators = &function.generators;
    generators
        .get(number - 1)
        .cloned()
        .map(|(by, tokens)| Target::Generator(by, tokens))
        .ok_or_else(|| {
            format!(
                "`{path}` has {} `gen!`, and number {number} was asked for",
                generators.len()
            )
        })
}

#[derive(Debug)]
struct Found {
    path: String,
    tokens: TokenStream,
    generators: Vec<(generator::Macro, TokenStream)>,
}

#[derive(Debug, Default)]
struct Functions {
    /// The modules, types and functions around this point.
    within: Vec<String>,
    found: Vec<Found>,
}

impl Functions {
    fn named(&self, path: &str) -> Result<&Found, String> {
        let wanted = |found: &&Found| found.path.ends_with(&format!("::{path}"));
        if let Some(exact) = self.found.iter().find(|found| found.path == path) {
            return Ok(exact);
        }
        let mut matching = self.found.iter().filter(wanted);
        let Some(first) = matching.next() else {
            let known: Vec<_> = self.found.iter().map(|found| found.path.as_str()).collect();
            return Err(match known.is_empty() {
                true => "no function in this file".to_owned(),
                false => format!("no function `{path}`; there are {}", known.join(", ")),
            });
        };
        let others: Vec<_> = matching.map(|found| found.path.as_str()).collect();
        match others.is_empty() {
            true => Ok(first),
            false => Err(format!(
                "`{path}` may be {} or {}",
                first.path,
                others.join(", ")
            )),
        }
    }

    fn function(
        &mut self,
        attrs: &[Attribute],
        vis: &Visibility,
        sig: &Signature,
        block: &syn::Block,
    ) {
        let attrs = attrs.iter().filter(|attr| !compiles(attr));
        let mut generators = Generators(Vec::new());
        generators.visit_block(block);
        let name = sig.ident.to_string();
        let path = self
            .within
            .iter()
            .chain([&name])
            .cloned()
            .collect::<Vec<_>>()
            .join("::");
        let tokens = quote::quote!(#(#attrs)* #vis #sig #block);
        self.found.push(Found {
            path,
            tokens,
            generators: generators.0,
        });
        self.inside(name, |this| visit::visit_block(this, block));
    }

    fn inside(&mut self, name: String, visit: impl FnOnce(&mut Self)) {
        self.within.push(name);
        visit(self);
        self.within.pop();
    }
}

/// Whether the attribute makes a coroutine of a function.
fn compiles(attr: &Attribute) -> bool {
    attr.path()
        .segments
        .last()
        .is_some_and(|last| last.ident == "coroutine")
        || attr
            .path()
            .segments
            .first()
            .is_some_and(|first| first.ident == "coloop")
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.function(&item.attrs, &item.vis, &item.sig, &item.block);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.function(&item.attrs, &item.vis, &item.sig, &item.block);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.attrs, &Visibility::Inherited, &item.sig, block);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inside(item.ident.to_string(), |this| {
            visit::visit_item_mod(this, item)
        });
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let name = item.self_ty.to_token_stream().to_string().replace(' ', "");
        self.inside(name, |this| visit::visit_item_impl(this, item));
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.inside(item.ident.to_string(), |this| {
            visit::visit_item_trait(this, item)
        });
    }

    // A macro around items, as the tests of this repository have.
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if let Ok(file) = syn::parse2::<File>(item.mac.tokens.clone()) {
            file.items
                .iter()
                .for_each(|item| Functions::visit_item_owned(self, item));
        }
    }
}

impl Functions {
    fn visit_item_owned(&mut self, item: &syn::Item) {
        self.visit_item(item);
    }
}

/// The bodies of `gen!`.
struct Generators(Vec<(generator::Macro, TokenStream)>);

impl<'ast> Visit<'ast> for Generators {
    fn visit_macro(&mut self, mac: &'ast Macro) {
        let name = mac
            .path
            .segments
            .last()
            .map(|last| last.ident.to_string())
            .unwrap_or_default();
        let by = match name.trim_start_matches("r#") {
            "gen" | "generator" => generator::Macro::Gen,
            "try_gen" => generator::Macro::TryGen,
            "iter" => generator::Macro::Iter { pinned: false },
            _ => return,
        };
        self.0.push((by, mac.tokens.clone()));
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
