//! Tokens of the user, in which numbered identifiers stand for the [`Hole`](super::Hole)s.

use proc_macro2::{TokenStream, TokenTree};

use super::{HoleId, visit};

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
