//! Names that are written alike and mean different variables: one in a `macro_rules!` that makes the function, one where that
//! is called.
//!
//! *Input*: the tokens of a function or generator. *Output*: the same, with the names of one of both as raw identifiers, which
//! mean the same to rustc, so that for all that follows names that are alike mean one variable.
//!
//! ```text
//! let x = 1; f($e)        with `x + 1` for `$e`   =>   let x = 1; f(r#x + 1)
//! ```
//!
//! No stable macro can compare what names mean. What a name belongs to is in what a span shows of itself: `#5 bytes(31..32)`.
//! A token that another macro has invented shows more or less than its own text, and means what it would mean if the user had
//! written it there.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;

use crate::diagnostics::Diagnostics;
use crate::lower::captured_names;

/// What a token belongs to: the user's text, or one expansion of a macro.
type Origin = u32;

/// Where each name that may be a variable's is written.
type Names = BTreeMap<String, BTreeMap<Origin, Span>>;

/// The tokens, with different names for different variables.
pub fn told_apart(tokens: TokenStream, diagnostics: &Diagnostics) -> TokenStream {
    if is_of_one(&tokens) {
        return tokens;
    }
    let tokens = with_labels(tokens);
    let mut found = Found::default();
    found.tokens(&tokens);
    found.refuse(diagnostics);
    let others: BTreeMap<String, Origin> = found
        .variables
        .into_iter()
        .filter_map(|(name, origins)| Some((name, *origins.keys().nth(1)?)))
        .collect();
    match others.is_empty() {
        true => tokens,
        false => renamed(tokens, &others, false),
    }
}

/// Whether all of it is written in one place, as nearly always: then no names have to be compared. Outside of rustc, nothing
/// is known of it.
fn is_of_one(tokens: &TokenStream) -> bool {
    let mut origins = BTreeSet::new();
    for tree in tokens.clone() {
        let Some((origin, _)) = shown(tree.span()) else {
            return true;
        };
        let has_substitutes = match &tree {
            TokenTree::Group(group) => {
                let text = group.span().source_text();
                text.is_none_or(|text| text.contains('$'))
            }
            _ => false,
        };
        origins.insert(origin);
        if has_substitutes || origins.len() > 1 {
            return false;
        }
    }
    true
}

/// What a token belongs to, if it is one that is written: of the length of its text, or of a label's.
fn origin(ident: &Ident) -> Option<Origin> {
    let (origin, length) = shown(ident.span())?;
    let written = ident.to_string().len();
    (length == written || length == written + 1).then_some(origin)
}

/// What a span shows: `#5 bytes(31..32)`.
fn shown(span: Span) -> Option<(Origin, usize)> {
    let text = format!("{span:?}");
    let (origin, bytes) = text.strip_prefix('#')?.split_once(" bytes(")?;
    let (from, to) = bytes.strip_suffix(')')?.split_once("..")?;
    let length = to.parse::<usize>().ok()?.checked_sub(from.parse().ok()?)?;
    Some((origin.parse().ok()?, length))
}

/// The tokens with what has been given for `$label:lifetime` as if it was written there: a label is not parsed otherwise.
fn with_labels(tokens: TokenStream) -> TokenStream {
    let each = |tree: TokenTree| -> TokenStream {
        let TokenTree::Group(group) = &tree else {
            return tree.into();
        };
        let trees: Vec<TokenTree> = group.stream().into_iter().collect();
        if group.delimiter() == Delimiter::None && trees.len() == 2 && is_punct(trees.first(), '\'')
        {
            return group.stream();
        }
        let mut inner = Group::new(group.delimiter(), with_labels(group.stream()));
        inner.set_span(group.span());
        TokenTree::Group(inner).into()
    };
    tokens.into_iter().map(each).collect()
}

#[derive(Default)]
struct Found {
    variables: Names,
    /// The names that certainly are variables'.
    bound: BTreeSet<String>,
    labels: Names,
}

impl Found {
    fn tokens(&mut self, tokens: &TokenStream) {
        let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
        for (index, tree) in trees.iter().enumerate() {
            match tree {
                TokenTree::Group(_) if is_attribute(&trees, index) => {}
                TokenTree::Group(group) => self.tokens(&group.stream()),
                TokenTree::Ident(ident) if is_label(&trees, index) => {
                    note(&mut self.labels, ident);
                }
                TokenTree::Ident(_) if is_lifetime(&trees, index) => {}
                TokenTree::Ident(ident) if may_be_variable(&trees, index) => {
                    note(&mut self.variables, ident);
                    if is_bound(&trees, index) {
                        self.bound.insert(ident.to_string());
                    }
                }
                _ => {}
            }
        }
    }

    /// Refuses what two names are not enough for, and labels, which have no other form.
    fn refuse(&self, diagnostics: &Diagnostics) {
        let is_refused =
            |name: &String, at: &BTreeMap<_, _>| at.len() > 2 && self.bound.contains(name);
        let variables = self
            .variables
            .iter()
            .filter(|(name, at)| is_refused(name, at));
        let labels = self.labels.iter().filter(|(_, at)| at.len() > 1);
        let refused = variables
            .map(|(name, at)| (name.clone(), at))
            .chain(labels.map(|(name, at)| (format!("'{name}"), at)));
        for (name, at) in refused {
            if let Some(last) = at.values().last() {
                let what = format!(
                    "`{name}` is written in different macros, and may mean something different in each; give it another name in one of them"
                );
                diagnostics.error_at(*last, what);
            }
        }
    }
}

fn note(names: &mut Names, ident: &Ident) {
    if let Some(origin) = origin(ident) {
        let of_name = names.entry(ident.to_string()).or_default();
        of_name.entry(origin).or_insert_with(|| ident.span());
    }
}

/// Whether the identifier is not a keyword, a field, a method, a macro or a part of a path.
fn may_be_variable(trees: &[TokenTree], index: usize) -> bool {
    let TokenTree::Ident(ident) = &trees[index] else {
        return false;
    };
    let text = ident.to_string();
    let is_lower = text.starts_with(|c: char| c.is_lowercase() || c == '_') && text != "_";
    let before = index.checked_sub(1).and_then(|before| trees.get(before));
    let is_member = is_punct(before, '.') && !is_range(trees, index);
    let in_path =
        is_punct(before, ':') && is_punct(index.checked_sub(2).and_then(|at| trees.get(at)), ':');
    let (after, next) = (trees.get(index + 1), trees.get(index + 2));
    let begins_path = is_punct(after, ':') && is_punct(next, ':');
    let is_macro = is_punct(after, '!') && !is_punct(next, '=');
    let is_keyword = syn::parse_str::<Ident>(&text).is_err();
    is_lower && !is_member && !in_path && !begins_path && !is_macro && !is_keyword
}

/// `#[…]`
fn is_attribute(trees: &[TokenTree], index: usize) -> bool {
    let before = |distance: usize| index.checked_sub(distance).and_then(|at| trees.get(at));
    is_punct(before(1), '#') || (is_punct(before(1), '!') && is_punct(before(2), '#'))
}

/// `let x`, `mut x`, `ref x`, `for x`
fn is_bound(trees: &[TokenTree], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| trees.get(before));
    let words = ["let", "mut", "ref", "for"];
    matches!(before, Some(TokenTree::Ident(word)) if words.iter().any(|known| word == known))
}

fn is_punct(tree: Option<&TokenTree>, expected: char) -> bool {
    matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == expected)
}

/// `..x`
fn is_range(trees: &[TokenTree], index: usize) -> bool {
    is_punct(index.checked_sub(2).and_then(|at| trees.get(at)), '.')
}

fn is_lifetime(trees: &[TokenTree], index: usize) -> bool {
    is_punct(
        index.checked_sub(1).and_then(|before| trees.get(before)),
        '\'',
    )
}

/// `'a: loop`, `break 'a`
fn is_label(trees: &[TokenTree], index: usize) -> bool {
    let jump = index.checked_sub(2).and_then(|at| trees.get(at));
    let jumps =
        matches!(jump, Some(TokenTree::Ident(word)) if word == "break" || word == "continue");
    let begins = match trees.get(index + 2) {
        Some(TokenTree::Ident(word)) => ["loop", "while", "for"].iter().any(|known| word == known),
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    is_lifetime(trees, index) && (jumps || (begins && is_punct(trees.get(index + 1), ':')))
}

/// The tokens with raw identifiers for names of one origin; `operands` of a macro name some in strings.
fn renamed(tokens: TokenStream, others: &BTreeMap<String, Origin>, operands: bool) -> TokenStream {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut named = Vec::new();
    let renamed = trees.iter().enumerate().map(|(index, tree)| match tree {
        TokenTree::Group(_) if is_attribute(&trees, index) => tree.clone(),
        TokenTree::Group(group) => {
            let of_macro = is_punct(index.checked_sub(1).and_then(|at| trees.get(at)), '!');
            let mut inner =
                Group::new(group.delimiter(), renamed(group.stream(), others, of_macro));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        TokenTree::Ident(ident)
            if !is_lifetime(&trees, index)
                && may_be_variable(&trees, index)
                && !(operands && is_punct(trees.get(index + 1), '='))
                && is_of(others, ident) =>
        {
            TokenTree::Ident(Ident::new_raw(&ident.to_string(), ident.span()))
        }
        TokenTree::Literal(literal) if operands => {
            named.extend(names_in(literal, others));
            tree.clone()
        }
        _ => tree.clone(),
    });
    let renamed: TokenStream = renamed.collect();
    let comma = (!is_punct(trees.last(), ',')).then(|| quote!(,));
    match named.is_empty() {
        true => renamed,
        false => quote!(#renamed #comma #(#named),*),
    }
}

fn is_of(others: &BTreeMap<String, Origin>, ident: &Ident) -> bool {
    let of_name = others.get(&ident.to_string()).copied();
    of_name.is_some() && of_name == origin(ident)
}

/// `x = r#x` for the names in a format string that is written where they are.
fn names_in(literal: &Literal, others: &BTreeMap<String, Origin>) -> Vec<TokenStream> {
    let Ok(text) = syn::parse2(TokenTree::Literal(literal.clone()).into()) else {
        return Vec::new();
    };
    let at = shown(literal.span()).map(|(origin, _)| origin);
    captured_names(&text)
        .into_iter()
        .filter(|name| at.is_some() && others.get(&name.to_string()).copied() == at)
        .map(|name| {
            let raw = Ident::new_raw(&name.to_string(), name.span());
            quote!(#name = #raw)
        })
        .collect()
}
