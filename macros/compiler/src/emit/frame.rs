//! The frame and the stack of a step: their types, their first values, and the addresses of the slots in them.
//!
//! The types follow the [`Storage`] of both: what lies side by side is a tuple, which rustc orders; what shares storage
//! is an `Overlay` of two, nested. What each slot stores is inferred.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Index;

use super::{Emitter, Gives};
use crate::ir::*;
use crate::names::{fresh, numbered, respanned, standing_for};
use crate::packing::Storage;

impl Emitter<'_> {
    fn frame_name(&self) -> Ident {
        fresh("Frame")
    }

    /// The storage of the frame, part by part.
    fn parts(&self) -> &[Storage] {
        match &self.compiled.layout.frame {
            Some(Storage::Beside(parts)) => parts,
            Some(other) => std::slice::from_ref(other),
            None => &[],
        }
    }

    /// The slots of the frame.
    fn preserved(&self) -> Vec<VarId> {
        let layout = self.compiled.layout;
        let is_preserved = |var: &VarId| {
            let frame = layout.frame.as_ref();
            frame.is_some_and(|frame| frame.holds(*var))
        };
        layout.slots.iter().copied().filter(is_preserved).collect()
    }

    /// The frame's type, and its first value.
    pub(super) fn frame(&self) -> (TokenStream, TokenStream) {
        let (support, name) = (&self.support, self.frame_name());
        let type_of = |var: VarId| numbered("S", var.0);
        let types: Vec<_> = self.preserved().into_iter().map(type_of).collect();
        let parts = self.parts();
        let fields: Vec<_> = (0..parts.len()).map(|part| numbered("s", part)).collect();
        let stored = parts.iter().map(|part| {
            self.storage_type(part, &|var| {
                let ty = type_of(var);
                quote!(#ty)
            })
        });
        let values = parts.iter().map(|part| self.first_value(part));
        let layout = self.compiled.layout;
        let (state, kept) = (layout.state_bytes, layout.kept);
        let resumed = self.resumed();
        let definition = quote! {
            struct #name<#(#types),*> {
                head: #support::Head<#state, #kept>,
                #(#fields: #stored),*
            }
            unsafe impl<#(#types),*> #support::Frame<#state> for #name<#(#types),*> {
                #[inline(always)]
                fn state(this: *mut Self) -> *mut #support::State<#state> {
                    unsafe { &raw mut (*this).head.state }
                }
                #resumed
            }
        };
        let head = quote!(#support::Head::new());
        (
            definition,
            quote!(#name { head: #head, #(#fields: #values),* }),
        )
    }

    fn storage_type(&self, storage: &Storage, of: &dyn Fn(VarId) -> TokenStream) -> TokenStream {
        let support = &self.support;
        match storage {
            Storage::Slot(var) => {
                let ty = of(*var);
                quote!(#support::Slot<#ty>)
            }
            Storage::Beside(parts) => {
                let parts = parts.iter().map(|part| self.storage_type(part, of));
                quote!((#(#parts,)*))
            }
            Storage::Shared(parts) => halves(
                parts,
                &|part| self.storage_type(part, of),
                &|a, b| quote!(#support::Overlay<#a, #b>),
            ),
        }
    }

    /// Storage before the first step: arguments are there, nothing else is.
    fn first_value(&self, storage: &Storage) -> TokenStream {
        let support = &self.support;
        match storage {
            Storage::Slot(var) => self.first_value_of(*var),
            Storage::Beside(parts) => {
                let parts = parts.iter().map(|part| self.first_value(part));
                quote!((#(#parts,)*))
            }
            Storage::Shared(parts) => {
                let value = |part: &Storage| self.filled(part).then(|| self.first_value(part));
                halves(parts, &value, &|a, b| match (a, b) {
                    (Some(a), _) => Some(quote!(#support::Overlay::with_first(#a))),
                    (None, Some(b)) => Some(quote!(#support::Overlay::with_second(#b))),
                    (None, None) => None,
                })
                .unwrap_or_else(|| quote!(#support::Overlay::empty()))
            }
        }
    }

    /// Whether an argument is stored there.
    fn filled(&self, storage: &Storage) -> bool {
        let is_argument = |var: &VarId| self.body().vars[var.0].role == Role::Argument;
        let mut slots = self.compiled.layout.slots.iter();
        slots.any(|var| is_argument(var) && storage.holds(*var))
    }

    fn first_value_of(&self, var: VarId) -> TokenStream {
        let (support, var) = (&self.support, &self.body().vars[var.0]);
        if var.role != Role::Argument {
            return quote!(#support::Slot::empty());
        }
        let ident = &var.name;
        match self.arguments.get(ident) {
            Some(ty) => {
                let shortened = self.erased(quote!(#ident), ty);
                quote!(#support::Slot::filled(#shortened))
            }
            None => quote!(#support::Slot::filled(#ident)),
        }
    }

    /// What polls a function that has ended panics, where rustc says that an `async fn` does: at the user's body.
    fn resumed(&self) -> Option<TokenStream> {
        let (support, panicked) = (&self.support, fresh("panicked"));
        let call = respanned(quote!(#support::resumed), self.body().braces);
        let argument = standing_for(quote!(#panicked), self.body().braces);
        matches!(self.gives, Gives::Output { .. }).then(|| {
            quote! {
                fn resumed(#panicked: bool) -> ! {
                    #call #argument
                }
            }
        })
    }

    /// Which slots are alive when a step begins.
    pub(super) fn held(&self) -> TokenStream {
        let (support, frame, bytes) = (&self.support, fresh("frame"), self.compiled.layout.bytes);
        let parameter = self.frame_parameter();
        let mut by_bytes: BTreeMap<&[u8], Vec<u16>> = BTreeMap::new();
        for (state, held) in &self.compiled.layout.held {
            by_bytes.entry(held).or_default().push(*state);
        }
        let arms = by_bytes
            .iter()
            .map(|(held, states)| match states.contains(&0) {
                // What is kept is kept from the first suspension on.
                true => {
                    let later = states.iter().filter(|state| **state != 0);
                    let later = (states.len() > 1)
                        .then(|| quote!(#(#later)|* => (*#frame).head.resume([#(#held),*]),));
                    quote!(0 => [#(#held),*], #later)
                }
                false => quote!(#(#states)|* => (*#frame).head.resume([#(#held),*]),),
            });
        quote! {
            |#parameter| -> [u8; #bytes] {
                unsafe {
                    match (*#frame).head.state.number() {
                        #(#arms)*
                        _ => #support::core::hint::unreachable_unchecked(),
                    }
                }
            }
        }
    }

    fn frame_parameter(&self) -> TokenStream {
        let (name, frame) = (self.frame_name(), fresh("frame"));
        let holes = self.preserved().into_iter().map(|_| quote!(_));
        quote!(#frame: *mut #name<#(#holes),*>)
    }

    /// The parameters that step and finish share, and the addresses of the slots.
    pub(super) fn prologue(&self) -> (TokenStream, TokenStream) {
        let (support, frame, live) = (&self.support, fresh("frame"), fresh("live"));
        let (stack, bytes) = (fresh("stack"), self.compiled.layout.bytes);
        let mut addresses = TokenStream::new();
        for (number, part) in self.parts().iter().enumerate() {
            let field = numbered("s", number);
            self.addresses(part, &quote!((*#frame).#field), &mut addresses);
        }
        let on_stack = match &self.compiled.layout.stack {
            Some(storage) => {
                let slots = quote!((*#support::Stack::slots(#stack)));
                self.addresses(storage, &slots, &mut addresses);
                self.storage_type(storage, &|_| quote!(_))
            }
            None => quote!(()),
        };
        let parameter = self.frame_parameter();
        let parameters = quote!(#parameter, #stack: *mut #support::Stack<#bytes, #on_stack>);
        let addresses = quote! {
            let #live = (&raw mut (*#stack).live).cast::<u8>();
            #addresses
        };
        (parameters, addresses)
    }

    /// The addresses of the slots in a storage that is at a place.
    fn addresses(&self, storage: &Storage, place: &TokenStream, into: &mut TokenStream) {
        let support = &self.support;
        match storage {
            Storage::Slot(var) => {
                let address = self.address(*var);
                into.extend(quote!(let #address = #support::at(&raw mut #place);));
            }
            Storage::Beside(parts) => {
                for (number, part) in parts.iter().enumerate() {
                    let field = Index::from(number);
                    self.addresses(part, &quote!(#place.#field), into);
                }
            }
            Storage::Shared(parts) => {
                let (first, second) = parts.split_at(parts.len() / 2);
                for (half, side) in [(first, quote!(first)), (second, quote!(second))] {
                    let place = quote!((*#support::Overlay::#side(&raw mut #place)));
                    match half {
                        [part] => self.addresses(part, &place, into),
                        _ => self.addresses(&Storage::Shared(half.to_vec()), &place, into),
                    }
                }
            }
        }
    }
}

/// Puts parts together in pairs.
fn halves<T>(parts: &[Storage], one: &dyn Fn(&Storage) -> T, pair: &dyn Fn(T, T) -> T) -> T {
    match parts {
        [part] => one(part),
        _ => {
            let (first, second) = parts.split_at(parts.len() / 2);
            pair(halves(first, one, pair), halves(second, one, pair))
        }
    }
}
