//! States: where a step begins, and how it goes from one block to another.
//!
//! A step can begin at any state, and goes forward most of the time. So the states stand one after the other, each after a
//! labelled block that holds all those before it: to go forward is to leave that block, which costs nothing. To go back is
//! to begin again.
//!
//! ```text
//! 'machine: loop {
//!     'to2: {
//!         'to1: {
//!             match state { 0 => {}, 1 => break 'to1, 2 => break 'to2 }
//!             …; break 'to2                                // state 0 goes on with state 2
//!         }
//!         …; return Flow::Pending                          // state 1
//!     }
//!     …; state = 1; continue 'machine                      // state 2
//! }
//! ```
//!
//! Very many are not nested in one another: they come in groups, and to go to another group is to begin again.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Lifetime;

use super::Emitter;
use crate::ir::*;
use crate::names::{fresh, label};

/// How many states there are in a group.
const GROUP: usize = 32;

impl Emitter<'_> {
    /// The number of a block that is a state.
    pub(super) fn state(&self, block: BlockId) -> u16 {
        self.compiled.layout.states[&block]
    }

    /// The states, in the order of the source.
    fn in_order(&self) -> Vec<BlockId> {
        let states = &self.compiled.layout.states;
        let order = self.body().order.iter().copied();
        order.filter(|id| states.contains_key(id)).collect()
    }

    /// The loop over the states.
    pub(super) fn states(&self) -> TokenStream {
        let order = self.in_order();
        let begin = label("machine");
        let groups: Vec<&[BlockId]> = order.chunks(GROUP).collect();
        let states = match &groups[..] {
            [all] => self.group(all),
            _ => {
                let arms = groups.iter().map(|group| {
                    let numbers = group.iter().map(|id| self.state(*id));
                    let states = self.group(group);
                    quote!(#(#numbers)|* => { #states })
                });
                self.choose(arms)
            }
        };
        quote!(#begin: loop { #states })
    }

    /// Chooses by the number of the state. The machine does not resume what has ended, and every other number is a state.
    fn choose(&self, arms: impl Iterator<Item = TokenStream>) -> TokenStream {
        let (support, state) = (&self.support, fresh("state"));
        quote! {
            match #state {
                #(#arms,)*
                _ => #support::core::hint::unreachable_unchecked(),
            }
        }
    }

    fn group(&self, group: &[BlockId]) -> TokenStream {
        let arms = group.iter().enumerate().map(|(index, id)| {
            let (number, to) = (self.state(*id), to(*id));
            match index {
                0 => quote!(#number => {}),
                _ => quote!(#number => break #to),
            }
        });
        let mut code = self.choose(arms);
        for (index, id) in group.iter().enumerate() {
            let outer = self.current.replace(Some(*id));
            let (to, block) = (to(*id), self.block(*id));
            self.current.set(outer);
            code = match index {
                0 => quote!(#code #block),
                _ => quote!(#to: { #code } #block),
            };
        }
        // In a labelled block an unlabelled `break` or `continue` that a macro brings along is an error of rustc: it would
        // mean the loop over the states.
        let states = label("states");
        quote!(#states: { #code })
    }

    /// Goes on with another block.
    pub(super) fn goto(&self, target: BlockId) -> TokenStream {
        if !self.compiled.layout.states.contains_key(&target) {
            return self.block(target);
        }
        let jump = self.jump_to(target);
        quote!(#jump;)
    }

    /// Goes on with a state, as an expression that ends with a jump.
    pub(super) fn jump_to(&self, target: BlockId) -> TokenStream {
        if self.is_ahead(target) {
            let to = to(target);
            return quote!(break #to);
        }
        let (state, number, begin) = (fresh("state"), self.state(target), label("machine"));
        quote!(#state = #number; continue #begin)
    }

    /// Whether a state follows the one that is being written, in its group.
    fn is_ahead(&self, target: BlockId) -> bool {
        let order = self.in_order();
        let place = |id: BlockId| order.iter().position(|other| *other == id);
        match (self.current.get().and_then(place), place(target)) {
            (Some(from), Some(to)) => from < to && from / GROUP == to / GROUP,
            _ => false,
        }
    }
}

/// The label of what stands before a state.
fn to(state: BlockId) -> Lifetime {
    label(&format!("to{}", state.0))
}
