//! The functions of the differential suite, as tokens.

use std::fs;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A function, and where it stands.
#[derive(Clone, Debug)]
pub struct Item {
    pub name: String,
    pub tokens: TokenStream,
}

/// Every `async fn` of the differential suite.
///
/// # Panics
///
/// If the suite cannot be read.
#[must_use]
pub fn functions() -> Vec<Item> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/differential");
    let mut topics: Vec<_> = fs::read_dir(directory)
        .expect("the topics stand in tests/differential")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    topics.sort();
    let mut found = Vec::new();
    for path in topics {
        let source = fs::read_to_string(&path).expect("a topic is UTF-8");
        let topic = path.file_stem().expect("a topic has a name");
        let tokens = source.parse().expect("a topic is Rust");
        collect(&topic.to_string_lossy(), tokens, &mut found);
    }
    assert!(found.len() > 300, "only {} functions", found.len());
    found
}

/// Every `async fn` in tokens, macro calls included. One that a `macro_rules!` names is none before the macro is called.
fn collect(topic: &str, tokens: TokenStream, found: &mut Vec<Item>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        if let Some(function) = function(&trees[at..]) {
            let name = format!("{topic}: {}", trees[at + 2]);
            let tokens = function.iter().cloned().collect();
            found.push(Item { name, tokens });
        }
        if let TokenTree::Group(group) = tree {
            collect(topic, group.stream(), found);
        }
    }
}

/// The function that begins here.
fn function(trees: &[TokenTree]) -> Option<&[TokenTree]> {
    let is = |at: usize, word: &str| matches!(trees.get(at), Some(TokenTree::Ident(ident)) if ident == word);
    if !is(0, "async") || !is(1, "fn") || !matches!(trees.get(2), Some(TokenTree::Ident(_))) {
        return None;
    }
    let is_body =
        |tree: &TokenTree| matches!(tree, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
    let end = trees.iter().position(is_body)?;
    Some(&trees[..=end])
}
