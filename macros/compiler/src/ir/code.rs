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

    /// The holes in blocks that certainly end with one of those that leave the code: what follows such a block has not seen
    /// it.
    pub fn leaving(&self, leaves: &impl Fn(&Code) -> bool) -> BTreeSet<HoleId> {
        let mut found = BTreeSet::new();
        collect_leaving(&self.tokens, leaves, &mut found);
        found
    }

    /// The hole that it is, or the last statement of the block that it is.
    pub fn last_hole(&self) -> Option<HoleId> {
        let trees: Vec<TokenTree> = self.tokens.clone().into_iter().collect();
        match &trees[..] {
            [TokenTree::Ident(_)] => self.holes.first().copied(),
            [TokenTree::Group(block)] if block.delimiter() == Delimiter::Brace => {
                last_statement(&block.stream())
            }
            _ => None,
        }
    }

    /// Whether there may be jumps in it that stay in the code: a word that jumps, or a macro.
    pub fn may_jump(&self) -> bool {
        may_jump(&self.tokens)
    }

    /// Whether it is a name or a literal alone.
    pub fn is_one_token(&self) -> bool {
        let mut tokens = self.tokens.clone().into_iter();
        let first = tokens.next();
        !matches!(first, Some(TokenTree::Group(_))) && tokens.next().is_none()
    }

    /// Whether it is a path, or a call of one with names, holes and literals.
    pub fn is_call_of_values(&self) -> bool {
        let mut trees = self.tokens.clone().into_iter().peekable();
        let is_path = |tree: &TokenTree| match tree {
            TokenTree::Ident(_) => true,
            TokenTree::Punct(p) => p.as_char() == ':',
            _ => false,
        };
        while trees.next_if(is_path).is_some() {}
        let is_value = |tree: TokenTree| match tree {
            TokenTree::Group(_) => false,
            TokenTree::Punct(p) => p.as_char() == ',',
            TokenTree::Ident(_) | TokenTree::Literal(_) => true,
        };
        let operands = match trees.next() {
            Some(TokenTree::Group(group)) => group.stream(),
            Some(_) => return false,
            None => return true,
        };
        trees.next().is_none() && operands.into_iter().all(is_value)
    }

    /// Whether something in it may be left when its value has been taken: `(…).part`, `..base`, `_` and `..` of a pattern.
    pub fn may_leave(&self) -> bool {
        may_leave(&self.tokens)
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
}

fn collect_leaving(
    tokens: &TokenStream,
    leaves: &impl Fn(&Code) -> bool,
    found: &mut BTreeSet<HoleId>,
) {
    for tree in tokens.clone() {
        let TokenTree::Group(group) = &tree else {
            continue;
        };
        let inner = group.stream();
        let block = (group.delimiter() == Delimiter::Brace).then(|| Code::new(tree.into()));
        match block.filter(leaves) {
            Some(block) => found.extend(block.holes),
            None => collect_leaving(&inner, leaves, found),
        }
    }
}

fn may_jump(tokens: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_macro = |pair: &[TokenTree]| {
        let bang = matches!(&pair[0], TokenTree::Punct(p) if p.as_char() == '!');
        bang && matches!(pair[1], TokenTree::Group(_))
    };
    trees.windows(2).any(is_macro)
        || trees.iter().any(|tree| match tree {
            TokenTree::Group(group) => may_jump(&group.stream()),
            TokenTree::Ident(ident) => ident == "break" || ident == "continue",
            _ => false,
        })
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

fn may_leave(tokens: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let is_dot = |tree: &TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == '.');
    let leaves = |pair: &[TokenTree]| {
        is_dot(&pair[1]) && (is_dot(&pair[0]) || matches!(pair[0], TokenTree::Group(_)))
    };
    trees.windows(2).any(leaves)
        || trees.iter().any(|tree| match tree {
            TokenTree::Group(group) => may_leave(&group.stream()),
            TokenTree::Ident(ident) => ident == "_",
            _ => false,
        })
}
