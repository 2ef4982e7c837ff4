//! Whose macro it is.
//!
//! A path says it. A name alone is guessed by its syntax, and rustc is asked whether the guess is right: in code that never
//! runs, the macro is called with names that its own definition has in force, and that mean something else around it.
//!
//! ```text
//! mod __futures_crate { pub use Around::None; }
//! async { select! { _ = { is_of_futures(&__futures_crate::None::<()>); Asked(()) } => {} } }
//! ```

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::{Read, Which};
use crate::names::support;

/// The crate whose definition it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    Coloop,
    Tokio,
    Futures,
}

pub(super) fn origin(which: Which, path: &Path, read: &Read) -> Option<Origin> {
    if path.get_ident().is_none() {
        return by_path(path);
    }
    let of_futures = match read {
        Read::Join(_) => false,
        Read::Select(select) if select.is_futures_like() => true,
        Read::Select(select) => !select.is_tokio_like() && select.is_fused(),
    };
    match of_futures || which == Which::SelectBiased {
        true => Some(Origin::Futures),
        false => Some(Origin::Tokio),
    }
}

fn by_path(path: &Path) -> Option<Origin> {
    let krate = path.segments.iter().nth_back(1)?;
    match krate.ident.to_string().as_str() {
        "coloop" => Some(Origin::Coloop),
        "tokio" => Some(Origin::Tokio),
        "futures" | "futures_util" => Some(Origin::Futures),
        _ => None,
    }
}

/// The crate, as the user's path names it.
pub(super) fn krate(path: &Path) -> TokenStream {
    let (leading, mut segments) = (path.leading_colon, path.segments.clone());
    segments.pop();
    match segments.pop() {
        None => quote!(::tokio),
        Some(krate) => {
            segments.push(krate.into_value());
            quote!(#leading #segments)
        }
    }
}

/// Asks whether a name alone means what it has been taken for.
pub(super) fn asked(which: Which, path: &Path, origin: Origin) -> TokenStream {
    if path.get_ident().is_none() {
        return TokenStream::new();
    }
    let support = support();
    let is_select = matches!(which, Which::Select | Which::SelectBiased);
    let (modules, question) = question(origin, is_select, path.span());
    let operand = match which {
        Which::TryJoin => quote!(#support::Asked(#support::core::result::Result::Ok::<(), ()>(()))),
        _ => quote!(#support::Asked(())),
    };
    // futures looks at the operand inside of its definition, tokio at the handler.
    let call = match (is_select, origin) {
        (true, Origin::Futures) => quote!(#path! { _ = { #question #operand } => {} }),
        (true, _) => quote!(#path! { _ = { #operand } => { #question } }),
        (false, _) => quote!(#path!({ #question #operand })),
    };
    quote! {
        // In an item, which lowering leaves as it is.
        #[allow(warnings)]
        const _: () = {
            #(mod #modules {
                pub use #support::Around::None;
                pub use #support::NoMask as Mask;
            })*
            fn asked() {
                // Ambiguous with one that is defined around it.
                { use #support::core::matches as #path; use #path as _asked; }
                let _ = async { #call; };
            }
        };
    }
}

/// The modules of which a definition has one in force, and what that has to be. Of tokio's, the name has changed.
fn question(origin: Origin, is_select: bool, at: Span) -> (Vec<Ident>, TokenStream) {
    let (support, inside) = (support(), |name| Ident::new(name, Span::call_site()));
    let futures = inside("__futures_crate");
    let (tokio, old) = (inside("__tokio_select_util"), inside("util"));
    match (origin, is_select) {
        (Origin::Futures, _) => {
            let ask = quote_spanned!(at=> #support::is_of_futures(&#futures::None::<()>););
            (vec![futures], ask)
        }
        (_, true) => {
            let ask = quote_spanned!(at=> #support::is_of_tokio::<(#tokio::Mask, #old::Mask)>(););
            (vec![tokio, old], ask)
        }
        (_, false) => {
            let ask = quote_spanned!(at=> #support::is_not_of_futures(&#futures::None::<()>););
            (vec![futures], ask)
        }
    }
}

/// What lets coloop's own definition be told from the others'.
pub(super) fn marked() -> TokenStream {
    let (support, name) = (support(), Ident::new("__futures_crate", Span::call_site()));
    quote! {
        #[allow(unused_imports)]
        use #support::OfColoop as #name;
    }
}
