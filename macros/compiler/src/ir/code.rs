//! Tokens of the user, in which numbered identifiers stand for the [`Hole`](super::Hole)s.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::{HoleId, visit};
use crate::names::hole_number;

/// Tokens of the user with holes.
#[derive(Clone, Debug, Default)]
pub struct Code {
    tokens: TokenStream,
    holes: Vec<HoleId>,
}

impl Code {
    /// The tokens as code.
    pub fn new(tokens: TokenStream) -> Self {
        let holes = visit::holes(&tokens);
        Code { tokens, holes }
    }

    /// The tokens.
    pub fn tokens(&self) -> &TokenStream {
        &self.tokens
    }

    /// The holes in the tokens, in order.
    pub fn holes(&self) -> &[HoleId] {
        &self.holes
    }

    /// Whether it is nothing but such a hole, or a block that ends with one.
    pub fn leaves(&self, leaves: impl Fn(HoleId) -> bool) -> bool {
        let trees: Vec<TokenTree> = self.tokens.clone().into_iter().collect();
        match &trees[..] {
            [TokenTree::Ident(_)] => self.holes.iter().any(|id| leaves(*id)),
            [TokenTree::Group(block)] if block.delimiter() == Delimiter::Brace => {
                last_statement(&block.stream()).is_some_and(leaves)
            }
            _ => false,
        }
    }

    /// The holes in blocks that end with one of those that leave the code: what follows such a block has not seen it.
    pub fn leaving(&self, leaves: impl Fn(HoleId) -> bool) -> BTreeSet<HoleId> {
        let mut found = BTreeSet::new();
        collect_leaving(&self.tokens, &leaves, &mut found);
        found
    }

    /// Whether it is a name or a literal alone.
    pub fn is_one_token(&self) -> bool {
        let mut tokens = self.tokens.clone().into_iter();
        let first = tokens.next();
        !matches!(first, Some(TokenTree::Group(_))) && tokens.next().is_none()
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

fn collect_leaving(
    tokens: &TokenStream,
    leaves: &impl Fn(HoleId) -> bool,
    found: &mut BTreeSet<HoleId>,
) {
    for tree in tokens.clone() {
        let TokenTree::Group(group) = tree else {
            continue;
        };
        let (inner, braces) = (group.stream(), group.delimiter() == Delimiter::Brace);
        match braces && last_statement(&inner).is_some_and(leaves) {
            true => found.extend(visit::holes(&inner)),
            false => collect_leaving(&inner, leaves, found),
        }
    }
}

/// The hole that the last statement of a block consists of.
fn last_statement(block: &TokenStream) -> Option<HoleId> {
    let is_semicolon = |tree: &TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == ';');
    let ends = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        tree => is_semicolon(tree),
    };
    let mut trees: Vec<TokenTree> = block.clone().into_iter().collect();
    if trees.last().is_some_and(is_semicolon) {
        trees.pop();
    }
    let last = trees.pop()?;
    let alone = trees.last().is_none_or(ends);
    match last {
        TokenTree::Ident(ident) if alone => hole_number(&ident).map(HoleId),
        _ => None,
    }
}
