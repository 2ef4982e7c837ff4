//! Which edition the crate that is being compiled is of: what decides when temporaries are dropped.
//!
//! *Input*: the arguments of this process, which is rustc's when a macro is expanded. *Output*: an [`Edition`]. *Invariant*: where a
//! body depends on it, its expansion asks rustc whether it is so ([`check`]): a function of another edition than its crate's, which
//! only a `macro_rules!` of another crate can make, is an error and no difference.
//!
//! A span knows its edition, but tells no stable macro.

use std::env;
use std::fs;
use std::sync::OnceLock;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::names::support;

/// What editions differ in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edition {
    /// 2015 to 2021: the temporaries of a block's last expression, and of an `if let`, live to the end of the statement around it.
    Statement,
    /// From 2024 on: they end before the block's own variables, and before the `else`.
    Block,
}

/// The edition of the crate that this process compiles.
pub fn current() -> Edition {
    static CURRENT: OnceLock<Edition> = OnceLock::new();
    *CURRENT.get_or_init(|| of(env::args()))
}

/// The edition that rustc is told. Without one it takes the first.
fn of(arguments: impl Iterator<Item = String>) -> Edition {
    let arguments = arguments.flat_map(|argument| match argument.strip_prefix('@') {
        Some(file) => lines(file),
        None => vec![argument],
    });
    let (mut year, mut is_next) = (None, false);
    for argument in arguments {
        let told = match is_next {
            true => Some(argument.as_str()),
            false => argument.strip_prefix("--edition="),
        };
        year = told.map(|told| told.parse::<u32>().ok()).unwrap_or(year);
        is_next = argument == "--edition";
    }
    match year {
        Some(2024..) => Edition::Block,
        _ => Edition::Statement,
    }
}

/// The arguments in a file, one in each line.
fn lines(file: &str) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Code that rustc accepts if it is of this edition where the span is from.
pub fn check(edition: Edition, at: Span) -> TokenStream {
    let support = support();
    let is_late = edition == Edition::Block;
    // What a boxed slice is turned into by a method depends on the edition of the method's name.
    let into_iter = Ident::new("into_iter", at);
    quote! {
        if false {
            #support::edition::<#is_late, _>(#support::never::<#support::Box<[()]>>().#into_iter());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(arguments: &[&str]) -> Edition {
        of(arguments.iter().map(ToString::to_string))
    }

    #[test]
    fn as_cargo_tells_it() {
        assert_eq!(told(&["rustc", "--edition=2024", "a.rs"]), Edition::Block);
        assert_eq!(
            told(&["rustc", "--edition=2021", "a.rs"]),
            Edition::Statement
        );
    }

    #[test]
    fn as_two_arguments() {
        assert_eq!(told(&["rustc", "--edition", "2024"]), Edition::Block);
        assert_eq!(told(&["rustc", "--edition", "2018"]), Edition::Statement);
    }

    #[test]
    fn later_ones_and_none() {
        assert_eq!(told(&["rustc", "--edition=2027"]), Edition::Block);
        assert_eq!(told(&["rustc", "a.rs"]), Edition::Statement);
    }

    #[test]
    fn arguments_in_a_file() {
        let file = env::temp_dir().join(format!("coloop-edition-{}", std::process::id()));
        fs::write(&file, "--crate-name\na\n--edition=2024\n").unwrap();
        let argument = format!("@{}", file.display());
        let edition = told(&["rustc", &argument]);
        fs::remove_file(file).unwrap();
        assert_eq!(edition, Edition::Block);
    }
}
