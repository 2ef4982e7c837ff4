//! The accumulator of errors. It cannot be forgotten: dropping it with unread errors is a bug of the compiler.
//!
//! A message is lower case without a full stop: what is wrong; why; what to write instead. Its span is the smallest that
//! the user must edit.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects every error of one macro call.
#[derive(Debug)]
pub struct Diagnostics {
    errors: RefCell<Option<Vec<syn::Error>>>,
}

impl Diagnostics {
    /// An accumulator without errors.
    pub fn new() -> Self {
        Diagnostics {
            errors: RefCell::new(Some(Vec::new())),
        }
    }

    /// Records an error at the tokens that the user must edit.
    pub fn error(&self, at: impl ToTokens, message: impl Display) {
        self.push(syn::Error::new_spanned(at, message));
    }

    /// Records an error at a span.
    pub fn error_at(&self, at: Span, message: impl Display) {
        self.push(syn::Error::new(at, message));
    }

    /// Records an error. What has been said of the same tokens is not said again.
    pub fn push(&self, error: syn::Error) {
        let same = |known: &syn::Error| {
            let at = |error: &syn::Error| format!("{:?}", error.span());
            known.to_string() == error.to_string() && at(known) == at(&error)
        };
        if let Some(errors) = self.errors.borrow_mut().as_mut() {
            if errors.iter().any(same) {
                return;
            }
            errors.push(error);
        }
    }

    /// Whether nothing has been recorded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many errors have been recorded.
    pub fn len(&self) -> usize {
        self.errors.borrow().as_ref().map_or(0, Vec::len)
    }

    /// The errors so far.
    pub fn errors(&self) -> Vec<syn::Error> {
        self.errors.borrow().clone().unwrap_or_default()
    }

    /// Ends the collection: the errors as tokens that report them, in the order of their discovery.
    pub fn finish(self) -> Result<(), TokenStream> {
        let errors = self.errors.borrow_mut().take().unwrap_or_default();
        if errors.is_empty() {
            return Ok(());
        }
        Err(errors.iter().map(syn::Error::to_compile_error).collect())
    }

    /// Ends the collection: the errors, and with them the item that they are about.
    pub fn finish_with(self, item: TokenStream) -> TokenStream {
        let mut tokens = self.finish().err().unwrap_or_default();
        tokens.extend(item);
        tokens
    }
}

impl Default for Diagnostics {
    fn default() -> Self {
        Diagnostics::new()
    }
}

impl Drop for Diagnostics {
    fn drop(&mut self) {
        if self.errors.get_mut().is_some() && !std::thread::panicking() {
            panic!("diagnostics were dropped without being finished");
        }
    }
}
