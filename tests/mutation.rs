//! Changes tokens as somebody who types does, and as nobody would.
//!
//! *Input*: tokens, tokens of others to take parts from, choices. *Output*: tokens that lex. *Invariant*: the same
//! choices make the same changes.

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

use crate::corpus::Item;

/// What is decided, in order: by the bytes of a fuzzer, and after those by a sequence that follows from them.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    bytes: &'a [u8],
    state: u64,
}

impl<'a> Choices<'a> {
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        let bytes = &[];
        Choices { bytes, state: seed }
    }

    #[must_use]
    pub fn from_bytes(bytes: &'a [u8]) -> Self {
        let mix = |state: u64, byte: &u8| (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        let state = bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix);
        Choices { bytes, state }
    }

    /// A number below a limit; 0 if there is none.
    pub fn below(&mut self, limit: usize) -> usize {
        self.next() % limit.max(1)
    }

    fn next(&mut self) -> usize {
        if let [high, low, rest @ ..] = self.bytes {
            self.bytes = rest;
            return usize::from(u16::from_be_bytes([*high, *low]));
        }
        self.state = self
            .state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 40).unwrap_or_default()
    }
}

/// One change.
///
/// ```text
/// f(a, b).await   =>   f(a b).await   f(a, a, b).await   f(b, a).await   f(a, match).await   f(a, (b)).await   f a, b.await
/// ```
#[must_use]
pub fn mutate(tokens: TokenStream, others: &[Item], choices: &mut Choices<'_>) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    match group_to_enter(&trees, choices) {
        Some(at) => {
            if let TokenTree::Group(group) = &trees[at] {
                let inner = mutate(group.stream(), others, choices);
                trees[at] = Group::new(group.delimiter(), inner).into();
            }
        }
        None => change(&mut trees, others, choices),
    }
    trees.into_iter().collect()
}

/// The group that the change is made in, if it is not made here.
fn group_to_enter(trees: &[TokenTree], choices: &mut Choices<'_>) -> Option<usize> {
    let groups = groups(trees);
    let last = *groups.last()?;
    match choices.below(8) {
        0 | 1 => None,
        2 | 3 => Some(groups[choices.below(groups.len())]),
        // The last group is the body, where most of it is.
        _ => Some(last),
    }
}

fn groups(trees: &[TokenTree]) -> Vec<usize> {
    let is_group = |at: &usize| matches!(trees[*at], TokenTree::Group(_));
    (0..trees.len()).filter(is_group).collect()
}

fn change(trees: &mut Vec<TokenTree>, others: &[Item], choices: &mut Choices<'_>) {
    if trees.is_empty() {
        trees.extend(invented(choices));
        return;
    }
    let at = choices.below(trees.len());
    match choices.below(10) {
        0 | 1 => drop(trees.remove(at)),
        2 => trees.insert(at, trees[at].clone()),
        3 => {
            let other = choices.below(trees.len());
            trees.swap(at, other);
        }
        4 => drop(trees.splice(at..=at, invented(choices))),
        5 => drop(trees.splice(at..at, invented(choices))),
        6 => drop(trees.splice(at..=at, part_of(others, choices))),
        7 => drop(trees.splice(at..at, part_of(others, choices))),
        8 => wrap(trees, at, choices),
        _ => unwrap(trees, at),
    }
}

/// Puts a delimiter around some of the tokens.
fn wrap(trees: &mut Vec<TokenTree>, at: usize, choices: &mut Choices<'_>) {
    let end = (at + 1 + choices.below(4)).min(trees.len());
    let delimiters = [
        Delimiter::Parenthesis,
        Delimiter::Brace,
        Delimiter::Bracket,
        Delimiter::None,
    ];
    let delimiter = delimiters[choices.below(delimiters.len())];
    let inner = trees.drain(at..end).collect();
    trees.insert(at, Group::new(delimiter, inner).into());
}

/// Takes a delimiter away.
fn unwrap(trees: &mut Vec<TokenTree>, at: usize) {
    let inner = match &trees[at] {
        TokenTree::Group(group) => group.stream().into_iter().collect(),
        _ => Vec::new(),
    };
    drop(trees.splice(at..=at, inner));
}

const WORDS: [&str; 47] = [
    "as", "async", "await", "box", "break", "const", "continue", "crate", "dyn", "else", "enum",
    "extern", "false", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match",
    "mod", "move", "mut", "pub", "raw", "ref", "return", "Self", "self", "static", "struct",
    "super", "trait", "true", "try", "type", "union", "unsafe", "use", "where", "while", "yield",
    "_", "x",
];

const PUNCTUATION: [char; 22] = [
    '=', '<', '>', '!', '~', '+', '-', '*', '/', '%', '^', '&', '|', '@', '.', ',', ';', ':', '#',
    '$', '?', '\'',
];

/// What is written often enough to be written in the wrong place.
const PHRASES: [&str; 24] = [
    ".await",
    "?",
    "#[for_await]",
    "#[cfg(x)]",
    "'a: loop {}",
    "break 'a",
    "=> {}",
    "..",
    "..=",
    "::<T>",
    "|x| x",
    "async move {}",
    "let x = y else { return };",
    "if let Some(x) = y && z {}",
    "println!(\"{x}\", x)",
    "m! {}",
    "pin!(x)",
    "&raw mut x",
    "impl Trait",
    "for<'a> Fn(&'a T)",
    "1e9_f64",
    "b'a'",
    "r#\"\"#",
    "-> !",
];

fn invented(choices: &mut Choices<'_>) -> Vec<TokenTree> {
    match choices.below(4) {
        0 => vec![Ident::new(WORDS[choices.below(WORDS.len())], Span::call_site()).into()],
        1 => vec![punctuation(choices).into()],
        2 => vec![literal(choices).into()],
        _ => {
            let phrase: TokenStream = PHRASES[choices.below(PHRASES.len())]
                .parse()
                .expect("a phrase lexes");
            phrase.into_iter().collect()
        }
    }
}

fn punctuation(choices: &mut Choices<'_>) -> Punct {
    match PUNCTUATION[choices.below(PUNCTUATION.len())] {
        '\'' => Punct::new('\'', Spacing::Joint),
        other if choices.below(2) == 0 => Punct::new(other, Spacing::Joint),
        other => Punct::new(other, Spacing::Alone),
    }
}

fn literal(choices: &mut Choices<'_>) -> Literal {
    match choices.below(7) {
        0 => Literal::u8_suffixed(255),
        1 => Literal::u128_unsuffixed(u128::MAX),
        2 => Literal::f64_unsuffixed(0.5),
        3 => Literal::string("{} {x} {0:?} {{ {y:>w$}"),
        4 => Literal::byte_string(b"\xff\0"),
        5 => Literal::character('\u{1f980}'),
        _ => Literal::usize_unsuffixed(0),
    }
}

/// Some tokens of somebody else's function.
fn part_of(others: &[Item], choices: &mut Choices<'_>) -> Vec<TokenTree> {
    let Some(other) = others.get(choices.below(others.len())) else {
        return Vec::new();
    };
    let mut trees: Vec<TokenTree> = other.tokens.clone().into_iter().collect();
    while let Some(at) = group_to_enter(&trees, choices) {
        let TokenTree::Group(group) = &trees[at] else {
            break;
        };
        trees = group.stream().into_iter().collect();
    }
    let from = choices.below(trees.len());
    let to = (from + 1 + choices.below(6)).min(trees.len());
    trees.drain(from..to).collect()
}
