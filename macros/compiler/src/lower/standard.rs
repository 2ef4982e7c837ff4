//! Macros that are taken for the standard library's by their name.
//!
//! No macro can resolve a name, so rustc is asked, in an item that is never run: whether the macro is the standard
//! library's, where its operands are known to move; otherwise only whether it does with its operands what that one does, so
//! that a replacement for it (of a crate that shows the difference, or logs) is as good.
//!
//! ```text
//! vec![x]               =>   { use standard::*; use vec as _asked; }                     another macro of that name is ambiguous
//! println!("{x}")       =>   { let operand = Operand; is_fn(&|| println!("{}", operand)) }
//! println!("{}", f.await)    { let (first, second); println!("{}{}", { first = (); 0 }, { second = first; 0 }); second }
//! ```

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Ident, Macro, Path};

use super::Lowering;
use crate::names::{located, support};

/// What has to be true of the macro.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Standard {
    /// It does not move its operands.
    Borrows,
    /// It evaluates its operands once, in order.
    EvaluatesAll,
    /// It is the standard library's.
    Itself,
}

impl Lowering<'_> {
    /// Asks rustc, once for each name.
    pub(super) fn ask(&mut self, mac: &Macro, standard: Standard) {
        if mac.path.leading_colon.is_some() {
            return;
        }
        let asked = (mac.path.to_token_stream().to_string(), standard);
        if self.asked.insert(asked) {
            let question = question(&mac.path, standard);
            self.body.items.push(question);
        }
    }
}

fn question(path: &Path, standard: Standard) -> TokenStream {
    let Some(last) = path.segments.last() else {
        return TokenStream::new();
    };
    let name = &last.ident;
    let question = match standard {
        Standard::Itself => is_itself(path, name),
        Standard::Borrows => borrows(path, name),
        Standard::EvaluatesAll => evaluates_all(path, name),
    };
    let question = located(question, path.span());
    quote! {
        #[allow(warnings)]
        const _: () = { fn asked() { #question } };
    }
}

/// A glob is ambiguous with another macro that is in force around it.
fn is_itself(path: &Path, name: &Ident) -> TokenStream {
    let support = support();
    let renamed = path
        .get_ident()
        .is_none()
        .then(|| quote!(use #path as #name;));
    quote!(#renamed { use #support::standard::*; use #name as _asked; })
}

fn borrows(path: &Path, name: &Ident) -> TokenStream {
    let support = support();
    let operands = match name.to_string().as_str() {
        "assert" | "debug_assert" => quote!(true, "{}", operand),
        "assert_eq" | "assert_ne" | "debug_assert_eq" | "debug_assert_ne" => {
            quote!(operand, operand)
        }
        "write" | "writeln" => quote!(#support::Writer, "{}", operand),
        _ => quote!("{}", operand),
    };
    quote! {
        let operand = #support::Operand;
        #support::is_fn(&|| { let _ = #path!(#operands); });
    }
}

fn evaluates_all(path: &Path, name: &Ident) -> TokenStream {
    let support = support();
    let (first, second) = (
        quote!({
            first = ();
            0
        }),
        quote!({
            second = first;
            0
        }),
    );
    let operands = match name.to_string().as_str() {
        "assert" => return quote!(let first; #path!({ first = (); true }, ""); first),
        "assert_eq" | "assert_ne" => quote!(#first, #second),
        "write" | "writeln" => quote!(#support::Writer, "{}{}", #first, #second),
        _ => quote!("{}{}", #first, #second),
    };
    quote!(let (first, second); let _ = #path!(#operands); second)
}
