//! `yield` before a body: `match yield item { … }`, `if n == yield n { … }`.
//!
//! rustc ends the operand of such a `yield` before the brace, as it does everywhere that a body follows. The parser used here does not: it
//! would read `item { … }` as a struct. So the `yield` is put into parentheses first.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The tokens, with parentheses around such a `yield`.
pub(crate) fn parenthesized(tokens: TokenStream) -> TokenStream {
    let mut done: Vec<TokenTree> = Vec::new();
    // Where a `yield` stands after a keyword that a body will follow.
    let (mut body_follows, mut at) = (false, None);
    for tree in tokens {
        let tree = inside(tree);
        match &tree {
            TokenTree::Ident(word) if ["match", "if", "while", "in"].iter().any(|k| word == k) => {
                body_follows = true;
            }
            TokenTree::Ident(word) if word == "yield" && body_follows && at.is_none() => {
                at = Some(done.len());
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                // The operand itself, if nothing stands between.
                if at.is_some_and(|at| at + 1 < done.len()) {
                    parenthesize(&mut done, at.take());
                }
                if at.is_none() {
                    body_follows = false;
                }
            }
            TokenTree::Punct(punct) if [';', ','].contains(&punct.as_char()) => {
                (body_follows, at) = (false, None);
            }
            _ => {}
        }
        done.push(tree);
    }
    done.into_iter().collect()
}

fn parenthesize(done: &mut Vec<TokenTree>, from: Option<usize>) {
    let Some(from) = from else { return };
    let operand: TokenStream = done.drain(from..).collect();
    done.push(Group::new(Delimiter::Parenthesis, operand).into());
}

fn inside(tree: TokenTree) -> TokenTree {
    let TokenTree::Group(group) = tree else {
        return tree;
    };
    let mut inner = Group::new(group.delimiter(), parenthesized(group.stream()));
    inner.set_span(group.span());
    inner.into()
}
