//! Parts of variables: the ways to them, and the notes that they have been moved out.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::{Code, VarId};

/// A part of a variable that may be moved out while the rest stays.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The variable.
    pub var: VarId,
    /// Which part.
    pub part: Part,
}

/// One step from a variable to a part of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Step {
    /// `.name`.
    Field(String),
    /// `*`.
    Deref,
}

/// The way from a variable to a part of it: `x.a`, `*x`, `(*x.a).b`.
#[derive(Clone, Default, Debug)]
pub struct Path {
    /// The steps, from the variable on.
    pub steps: Vec<Step>,
    /// The tokens of each step: `.a`, `*`.
    pub tokens: Vec<TokenStream>,
}

impl Path {
    /// The path of the variable itself.
    pub fn whole() -> Self {
        Path::default()
    }

    /// The way from another part to this one, if it is a part of that.
    pub fn within(&self, other: &Path) -> Option<Path> {
        let steps = self.steps.strip_prefix(&other.steps[..])?;
        Some(Path {
            steps: steps.to_vec(),
            tokens: self.tokens[other.steps.len()..].to_vec(),
        })
    }

    /// The ways to all that this is a part of, from the variable itself on.
    pub fn wholes(&self) -> Vec<Path> {
        let to = |steps: usize| Path {
            steps: self.steps[..steps].to_vec(),
            tokens: self.tokens[..steps].to_vec(),
        };
        (0..self.steps.len()).map(to).collect()
    }

    /// Whether the way leads through fields only.
    pub fn is_fields(&self) -> bool {
        !self.is_whole() && !self.steps.contains(&Step::Deref)
    }

    /// Whether this is the variable itself.
    pub fn is_whole(&self) -> bool {
        self.steps.is_empty()
    }

    /// The place that the path leads to.
    pub fn of(&self, variable: impl ToTokens) -> TokenStream {
        let mut place = variable.to_token_stream();
        for (step, tokens) in self.steps.iter().zip(&self.tokens) {
            place = match step {
                Step::Field(_) => quote!(#place #tokens),
                Step::Deref => quote!((#tokens #place)),
            };
        }
        place
    }
}

/// Which part of a variable is moved out.
#[derive(Clone, Debug)]
pub enum Part {
    /// The part that the path leads to.
    Path(Path),
    /// The part that the path leads to, on which a call is made that may consume it: only rustc knows.
    Receiver(Path),
    /// What a pattern binds by value.
    Pattern {
        /// The part that it is matched against.
        path: Path,
        /// The pattern, with nothing but these bindings.
        pattern: Code,
        /// What it binds.
        bindings: Vec<Binding>,
        /// The match that the pattern belongs to: of its arms one is chosen.
        group: usize,
    },
    /// All but the listed fields: what `..base` moves, which only rustc knows.
    Update {
        /// The base.
        path: Path,
        /// The type, as the user's expression begins.
        ty: Code,
        /// The fields that stay.
        listed: Vec<syn::Member>,
    },
}

/// A name that a pattern binds by value, and the way from the variable to what it binds.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The name.
    pub ident: Ident,
    /// The way; that of a larger part if the pattern does not tell.
    pub steps: Vec<Step>,
}

impl Part {
    /// The part that is moved out, or a part of which something is.
    pub fn path(&self) -> &Path {
        match self {
            Part::Path(path)
            | Part::Receiver(path)
            | Part::Pattern { path, .. }
            | Part::Update { path, .. } => path,
        }
    }

    /// Whether elements of an array are moved out: a pattern with brackets.
    pub fn is_of_array(&self) -> bool {
        fn brackets(tokens: &TokenStream) -> bool {
            let is_one = |tree: TokenTree| match tree {
                TokenTree::Group(group) => {
                    group.delimiter() == Delimiter::Bracket || brackets(&group.stream())
                }
                _ => false,
            };
            tokens.clone().into_iter().any(is_one)
        }
        matches!(self, Part::Pattern { pattern, .. } if brackets(pattern.tokens()))
    }
}

/// Whether one of two parts contains the other.
pub fn overlap(a: &[Step], b: &[Step]) -> bool {
    a.iter().zip(b).all(|(a, b)| a == b)
}
