//! The frame and the stack of a step: their types, their first values, and the addresses of the slots in them.
//!
//! The types follow the [`Storage`] of both: what lies side by side is a tuple, which rustc orders; what shares storage
//! is an `Overlay` of two, nested. What each slot stores is inferred.
//!
//! No closure of a machine has these types in its signature: each gets addresses, and is told in code that never runs what
//! is there. Why, and what the rooms are, is in the runtime's `storage.rs`.

use std::collections::BTreeMap;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::Index;

use super::Emitter;
use crate::ir::*;
use crate::names::{fresh, located, numbered};
use crate::packing::Storage;

/// The frame, and what `machine` takes of it.
pub(super) struct Frame {
    /// Its type.
    pub definition: TokenStream,
    /// The variables that are its first value, its shape, and the types of its arguments.
    pub first: TokenStream,
    /// What rustc would keep it in.
    pub room: TokenStream,
    /// What rustc would keep the slots of the stack in.
    pub room_on_stack: TokenStream,
}

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

    pub(super) fn is_preserved(&self, var: VarId) -> bool {
        let frame = self.compiled.layout.frame.as_ref();
        frame.is_some_and(|frame| frame.holds(var))
    }

    /// The slots of the frame.
    fn preserved(&self) -> Vec<VarId> {
        let slots = self.compiled.layout.slots.iter().copied();
        slots.filter(|var| self.is_preserved(*var)).collect()
    }

    /// The parts of an expansion that name the frame.
    pub(super) fn frame(&self) -> Frame {
        let (support, name) = (&self.support, self.frame_name());
        let (frame, shape, given) = (fresh("frame"), fresh("shape"), fresh("given"));
        let type_of = |var: VarId| numbered("S", var.0);
        let types: Vec<_> = self.preserved().into_iter().map(type_of).collect();
        let (parts, fields) = (self.parts(), self.fields());
        let stored = parts
            .iter()
            .map(|part| self.part_type(part, &|var| type_of(var).to_token_stream()));
        let values = parts.iter().map(|part| self.first_value(part));
        let (arguments, shared) = (self.arguments(), self.shared_arguments());
        let arguments = arguments.iter().map(|(_, name)| name);
        let layout = self.compiled.layout;
        let (state, kept) = (layout.state_bytes, layout.kept);
        Frame {
            definition: quote! {
                struct #name<#(#types),*> {
                    head: #support::Head<#state, #kept>,
                    #(#fields: #stored),*
                }
            },
            first: quote! {
                let #given = (#(#support::Argument::of(&#arguments),)*);
                let mut #frame = #name { head: #support::Head::new(), #(#fields: #values),* };
                #shared
                let #shape = #support::Shape::of(&#frame);
            },
            room: self.room(),
            room_on_stack: self.room_on_stack(),
        }
    }

    /// A block that keeps the parts of a frame while it is suspended. It is as large as the frame: rustc notes where such
    /// a block is suspended in one byte, which stands for one of the head's.
    fn room(&self) -> TokenStream {
        let (support, name) = (&self.support, self.frame_name());
        let (layout, fields) = (self.compiled.layout, self.fields());
        let (shape, head) = (fresh("shape"), fresh("head"));
        let bytes = Literal::usize_unsuffixed(layout.state_bytes + layout.kept - 1);
        // Where rustc says that one of them is not `Send`.
        let variables = self.parts().iter().zip(&fields).map(|(part, field)| {
            let span = match part {
                Storage::Slot(var) => self.body().vars[var.0].name.span(),
                _ => Span::call_site(),
            };
            located(field.to_token_stream(), span)
        });
        let suspended = located(quote!(#support::Leave.await;), self.only_await());
        let stored = self
            .parts()
            .iter()
            .zip(&fields)
            .map(|(part, field)| match part {
                Storage::Shared(_) => quote!(#field),
                _ => quote!(#support::Slot::filled(#field)),
            });
        // Out of a box: a call that gives a type without values is one after which rustc sees nothing reached.
        let values = self.parts().iter().map(|part| match part {
            Storage::Shared(_) => quote!(#support::never()),
            _ => quote!(*#support::never::<#support::Box<_>>()),
        });
        quote! {
            || async {
                let #head = [0u8; #bytes];
                #(let #variables = #values;)*
                if false {
                    #support::core::unreachable!();
                    let #name = #name { head: #support::Head::new(), #(#fields: #stored),* };
                    #support::Shape { of: #support::shape_of(#name, #support::never()), ..#shape };
                }
                #suspended
                let _ = (&#head, #(&#fields),*);
            }
        }
    }

    /// As [`room`](Emitter::room), for what is on the stack of a step.
    fn room_on_stack(&self) -> TokenStream {
        let (support, slots, shape) = (&self.support, fresh("slots"), fresh("shape"));
        if self.compiled.layout.stack.is_none() {
            return quote!(|| ());
        }
        quote! {
            || async {
                let #slots = #support::never();
                if false {
                    #support::core::unreachable!();
                    #support::Shape { of: #support::shape_of(#support::never(), #slots), ..#shape };
                }
                #support::Leave.await;
                let _ = &#slots;
            }
        }
    }

    /// Where the user's body is suspended, if there is one such place.
    fn only_await(&self) -> Span {
        let vars = self.compiled.layout.slots.iter();
        let futures = vars.map(|var| &self.body().vars[var.0]);
        let mut futures = futures.filter(|var| var.role == Role::Future);
        match (futures.next(), futures.next()) {
            (Some(only), None) => only.last,
            _ => Span::call_site(),
        }
    }

    /// The arguments, and their names.
    pub(super) fn arguments(&self) -> Vec<(VarId, &Ident)> {
        let slots = self.compiled.layout.slots.iter();
        let slots = slots.map(|var| (*var, &self.body().vars[var.0]));
        let arguments = slots.filter(|(_, var)| var.role == Role::Argument);
        arguments.map(|(id, var)| (id, &var.name)).collect()
    }

    /// The frame's fields, in the order of its parts.
    fn fields(&self) -> Vec<Ident> {
        let count = self.parts().len();
        (0..count).map(|part| numbered("s", part)).collect()
    }

    /// The type of a part of the frame, which may be empty.
    fn part_type(&self, part: &Storage, of: &dyn Fn(VarId) -> TokenStream) -> TokenStream {
        let (support, stored) = (&self.support, self.stored_type(part, of));
        match part {
            Storage::Shared(_) => stored,
            _ => quote!(#support::Slot<#stored>),
        }
    }

    /// The type of what is stored there.
    fn stored_type(&self, storage: &Storage, of: &dyn Fn(VarId) -> TokenStream) -> TokenStream {
        let support = &self.support;
        match storage {
            Storage::Slot(var) => of(*var),
            Storage::Beside(parts) => {
                let parts = parts.iter().map(|part| self.stored_type(part, of));
                quote!((#(#parts,)*))
            }
            Storage::Shared(parts) => halves(
                parts,
                &|part| self.stored_type(part, of),
                &|a, b| quote!(#support::Overlay<#a, #b>),
            ),
        }
    }

    /// A part of the frame before the first step: arguments are there, nothing else is. Those that share storage get there
    /// by [`shared_arguments`](Emitter::shared_arguments).
    fn first_value(&self, part: &Storage) -> TokenStream {
        let support = &self.support;
        match part {
            Storage::Slot(var) if self.body().vars[var.0].role == Role::Argument => {
                let ident = &self.body().vars[var.0].name;
                quote!(#support::Slot::filled(#ident))
            }
            Storage::Shared(_) => quote!(#support::Overlay::empty()),
            _ => quote!(#support::Slot::empty()),
        }
    }

    /// Puts the arguments that share storage into the first frame.
    fn shared_arguments(&self) -> Option<TokenStream> {
        let (support, frame) = (&self.support, fresh("frame"));
        let (mut addresses, mut stored) = (TokenStream::new(), Vec::new());
        for (part, field) in self.parts().iter().zip(self.fields()) {
            let arguments = self.arguments().into_iter();
            let arguments: Vec<_> = arguments.filter(|(var, _)| part.holds(*var)).collect();
            if matches!(part, Storage::Slot(_)) || arguments.is_empty() {
                continue;
            }
            self.addresses(part, &quote!(#frame.#field), &mut addresses);
            stored.extend(arguments.iter().map(|(var, name)| {
                let address = self.address(*var);
                quote!(#support::core::ptr::write(#address, #name);)
            }));
        }
        (!stored.is_empty()).then(|| quote!(unsafe { #addresses #(#stored)* }))
    }

    /// Which slots are alive when a step begins.
    pub(super) fn held(&self) -> TokenStream {
        let (frame, bytes) = (fresh("frame"), self.compiled.layout.bytes);
        let (support, known) = (&self.support, self.known_frame());
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
            |#frame: *mut ()| -> [u8; #bytes] {
                unsafe {
                    #known
                    match (*#frame).head.state.number() {
                        #(#arms)*
                        _ => #support::core::hint::unreachable_unchecked(),
                    }
                }
            }
        }
    }

    /// Where the state is.
    pub(super) fn address_of_state(&self) -> TokenStream {
        let (support, frame, known) = (&self.support, fresh("frame"), self.known_frame());
        let bytes = self.compiled.layout.state_bytes;
        quote! {
            |#frame: *mut ()| -> *mut #support::State<#bytes> {
                unsafe {
                    #known
                    &raw mut (*#frame).head.state
                }
            }
        }
    }

    /// Gives the frame at an address its type.
    fn known_frame(&self) -> TokenStream {
        let support = &self.support;
        self.known(quote!(#support::never()))
    }

    /// Gives the frame at an address its type, and the slots at another.
    fn known(&self, slots: TokenStream) -> TokenStream {
        let (support, name) = (&self.support, self.frame_name());
        let (frame, shape) = (fresh("frame"), fresh("shape"));
        let holes = self.preserved().into_iter().map(|_| quote!(_));
        quote! {
            let #frame = #frame.cast::<#name<#(#holes),*>>();
            if false {
                #support::core::unreachable!();
                #support::Shape { of: #support::shape_at(#frame, #slots), ..#shape };
            }
        }
    }

    /// The parameters that step and finish share, and the addresses of the slots.
    pub(super) fn prologue(&self) -> (TokenStream, TokenStream) {
        let (support, frame, live) = (&self.support, fresh("frame"), fresh("live"));
        let (stack, bytes) = (fresh("stack"), self.compiled.layout.bytes);
        let mut addresses = TokenStream::new();
        for (part, field) in self.parts().iter().zip(self.fields()) {
            let place = quote!((*#frame).#field);
            match part {
                Storage::Shared(_) => self.addresses(part, &place, &mut addresses),
                _ => self.addresses(
                    part,
                    &quote!((*#support::at(&raw mut #place))),
                    &mut addresses,
                ),
            }
        }
        let (mut on_stack, mut known) = (None, self.known(quote!(#support::never::<*mut ()>())));
        if let Some(storage) = &self.compiled.layout.stack {
            let (slots, ty) = (fresh("slots"), self.stored_type(storage, &|_| quote!(_)));
            self.addresses(storage, &quote!((*#slots)), &mut addresses);
            on_stack = Some(quote!(let #slots: *mut #ty = #support::Stack::slots(#stack);));
            known = self.known(slots.to_token_stream());
        }
        let parameters = quote!(#frame: *mut (), #stack: *mut #support::Stack<#bytes, _>);
        let addresses = quote! {
            #on_stack
            #known
            let #live = (&raw mut (*#stack).live).cast::<u8>();
            #addresses
        };
        (parameters, addresses)
    }

    /// The parameter of the step that has the types of the arguments, and what says that they are in their slots.
    pub(super) fn given(&self) -> (TokenStream, TokenStream) {
        let support = &self.support;
        let arguments = self.arguments();
        let names = arguments.iter().map(|(var, _)| numbered("argument", var.0));
        let types = arguments.iter().map(|_| quote!(#support::Argument<_>));
        let are_at = arguments.iter().map(|(var, _)| {
            let (name, address) = (numbered("argument", var.0), self.address(*var));
            quote!(#name.is_at(#address);)
        });
        (quote!((#(#names,)*): (#(#types,)*)), quote!(#(#are_at)*))
    }

    /// The addresses of the slots in a storage that is at a place.
    fn addresses(&self, storage: &Storage, place: &TokenStream, into: &mut TokenStream) {
        let support = &self.support;
        match storage {
            Storage::Slot(var) => {
                let address = self.address(*var);
                into.extend(quote!(let #address = &raw mut #place;));
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
