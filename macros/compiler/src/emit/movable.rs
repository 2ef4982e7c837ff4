//! Whether the variables of an `iter!` may move while it is suspended: nothing that is used or dropped after a suspension may have been
//! borrowed from anything that the suspension preserves.
//!
//! rustc is asked, in code that never runs: once more the states, in a closure over a reference to the variables. What is borrowed from
//! a slot lives no longer than that reference, and what is in a slot must outlive the closure.
//!
//! ```text
//! moves(&outside, |variables: &Variables<_>| {
//!     let at0: *mut _ = never();
//!     if never() { … init(at0, first(&*bounded(variables, at2))) … }
//!     outlives(&outside, at0);                                    // refused: borrowed data escapes
//! })
//! ```
//!
//! What is not used again, but would be dropped, must outlive it too, unless its type tells that it has nothing to drop.
//!
//! A pinned variable would move too. Nothing safe pins one but a macro, and those are refused in `check`.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Emitter, unnamed};
use crate::ir::*;
use crate::names::{fresh, located};
use crate::parse::Input;

impl Emitter<'_> {
    /// Asks it, of a generator.
    pub(super) fn movable(&self, input: &Input) -> TokenStream {
        let (support, variables) = (&self.support, fresh("borrowed_until_the_next_yield"));
        let (sent, received, state) = (fresh("sent"), fresh("received"), fresh("state"));
        let live = self.live();
        // Closures are of another type in each copy of a body.
        let record = match self.gives {
            super::Gives::Items(generates) if unnamed::yielded(&input.body) => {
                Some(super::record(input, generates))
            }
            _ => None,
        };
        let slots = &self.compiled.layout.slots;
        let addresses = slots.iter().map(|var| {
            let address = self.address(*var);
            quote!(let #address: *mut _ = #support::never();)
        });
        let preserved = slots.iter().filter(|var| self.is_preserved(**var));
        let outlives = preserved.map(|var| self.outlives(*var));
        let arguments = self.arguments();
        let types = arguments
            .iter()
            .map(|(_, name)| quote!(#support::Argument::of(&#name)));
        let are_at = arguments.iter().map(|(var, name)| {
            let address = self.address(*var);
            quote!(#support::Argument::of(&#name).is_at(#address);)
        });
        self.bounding.set(true);
        let states = self.states();
        self.bounding.set(false);
        let (items, output, outside) = (
            fresh("items"),
            fresh("output"),
            fresh("kept_across_a_yield"),
        );
        let allow = super::allow();
        quote! {
            #allow
            {
                if false {
                    #record
                    let #outside = #support::Outside::new();
                    #support::moves(
                        #support::Variables::of((#(#types,)*)),
                        #output,
                        |#variables: &#support::Variables<_>| {
                            use #support::{IsCopied as _, IsReference as _, MayBeDropped as _};
                            unsafe {
                                if false {
                                    return #items.flow();
                                }
                                #(#addresses)*
                                #(#are_at)*
                                let #live: *mut u8 = #support::never();
                                let #sent = #received.sent();
                                let mut #state = 0u16;
                                if #support::never() {
                                    #states
                                }
                                #(#outlives)*
                                loop {}
                            }
                        },
                    );
                }
            }
        }
    }

    /// Says that what is in a slot has not been borrowed from one.
    fn outlives(&self, var: VarId) -> TokenStream {
        let (support, outside, address) = (
            &self.support,
            fresh("kept_across_a_yield"),
            self.address(var),
        );
        let asked = match self.compiled.facts.resumed.contains(&var) {
            true => quote!(#support::outlives(&#outside, #address);),
            false => quote!((&&&#support::Kept::at(#address)).outlives(&#outside);),
        };
        located(asked, self.body().vars[var.0].name.span())
    }

    /// Whether what is borrowed from the slot is bounded here.
    pub(super) fn is_bounded(&self, var: VarId) -> bool {
        self.bounding.get() && self.is_preserved(var)
    }

    /// A reference to what is at an address, which lives no longer than the step.
    pub(super) fn bounded(&self, address: TokenStream) -> TokenStream {
        let (support, variables) = (&self.support, fresh("borrowed_until_the_next_yield"));
        quote!(#support::bounded(#variables, #address))
    }
}
