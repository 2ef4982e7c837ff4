//! What holds for every input of every macro: it does not make the compiler panic, the expansion is Rust, and an error
//! has a text.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::str::FromStr;

use coloop_compiler::generator::Macro;
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::mutation::Choices;

/// Runs macros over tokens; what is wrong with one. Of those that differ only in what stands around, it is one.
///
/// # Errors
///
/// What the compiler has panicked with, or the expansion that is not as it should be.
pub fn judge(
    arguments: &TokenStream,
    tokens: &TokenStream,
    choices: &mut Choices<'_>,
) -> Result<(), String> {
    let function = |with: fn(TokenStream, TokenStream) -> TokenStream| {
        move |tokens: TokenStream| with(arguments.clone(), tokens)
    };
    item("#[coroutine]", tokens, function(coloop_compiler::coroutine))?;
    let module = module(tokens.clone());
    match choices.below(3) {
        0 => item("#[main]", tokens, function(coloop_compiler::entry::main))?,
        1 => item("#[test]", tokens, function(coloop_compiler::entry::test))?,
        _ => item(
            "#[coroutines]",
            &module,
            function(coloop_compiler::module::coroutines),
        )?,
    }
    let body = match tokens.clone().into_iter().last() {
        Some(TokenTree::Group(body)) => body.stream(),
        _ => tokens.clone(),
    };
    let headed = |head: &str| -> TokenStream {
        let head = TokenStream::from_str(head).unwrap_or_default();
        head.into_iter().chain(body.clone()).collect()
    };
    let iter = Macro::Iter { pinned: false };
    match choices.below(5) {
        0 => generator("gen!", Macro::Gen, &body),
        1 => generator("try_gen!", Macro::TryGen, &body),
        2 => generator("gen! with a parameter", Macro::Gen, &headed("|sent: u32|")),
        3 => generator("iter!", iter, &body),
        _ => generator(
            "iter! with a parameter",
            iter,
            &headed("static |sent: u32|"),
        ),
    }
}

/// A module of items.
fn module(items: TokenStream) -> TokenStream {
    let word = |word| TokenTree::from(Ident::new(word, Span::call_site()));
    let items = Group::new(Delimiter::Brace, items).into();
    [word("mod"), word("m"), items].into_iter().collect()
}

/// An attribute on an item. What is no item stays what it is.
fn item(
    name: &str,
    tokens: &TokenStream,
    expand: impl Fn(TokenStream) -> TokenStream,
) -> Result<(), String> {
    let expansion = expansion(name, tokens, expand)?;
    let parses = |tokens: &TokenStream| syn::parse2::<syn::File>(tokens.clone());
    match parses(&expansion) {
        Err(error) if parses(tokens).is_ok() => Err(format!("{name}: {error}:\n{expansion}")),
        _ => Ok(()),
    }
}

fn generator(name: &str, by: Macro, body: &TokenStream) -> Result<(), String> {
    expansion(name, body, |tokens| {
        coloop_compiler::editor::generator(by, tokens)
    })?;
    let expand = |tokens| coloop_compiler::generate(by, tokens);
    let expansion = expansion(name, body, expand)?;
    // In the place of an expression, several errors are statements.
    let block = Group::new(Delimiter::Brace, expansion.clone());
    match syn::parse2::<syn::Block>(TokenTree::from(block).into()) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("{name}: {error}:\n{expansion}")),
    }
}

fn expansion(
    name: &str,
    tokens: &TokenStream,
    expand: impl Fn(TokenStream) -> TokenStream,
) -> Result<TokenStream, String> {
    let run = catch_unwind(AssertUnwindSafe(|| expand(tokens.clone())));
    let expansion = run.map_err(|payload| format!("{name}: panics: {}", text(&*payload)))?;
    match silent_error(&expansion) {
        true => Err(format!("{name}: an error without a text:\n{expansion}")),
        false => Ok(expansion),
    }
}

fn text(payload: &(dyn std::any::Any + Send)) -> &str {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    let borrowed = payload.downcast_ref::<&str>().copied();
    owned.or(borrowed).unwrap_or_default()
}

/// Whether there is a `compile_error!` that says nothing.
fn silent_error(tokens: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_error = |trees: &[TokenTree]| {
        let [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(text)] = trees else {
            return false;
        };
        name == "compile_error"
            && syn::parse2::<syn::LitStr>(text.stream()).is_ok_and(|t| t.value().trim().is_empty())
    };
    let inner = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => silent_error(&group.stream()),
        _ => false,
    };
    trees.windows(3).any(is_error) || trees.iter().any(inner)
}
