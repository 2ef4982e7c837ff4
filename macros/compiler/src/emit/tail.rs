//! The last expression of a scope, and the end of the scope.
//!
//! The temporaries of the expression are rustc's. Before edition 2024 they outlive the scope's variables: where the expression
//! unwinds or jumps, slots would be dropped after them. So a guard stands beside it as an operand, and operands are dropped
//! before temporaries: see `ending.rs` of the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::Emitter;
use super::block::is_nothing;
use crate::edition::Edition;
use crate::ir::*;
use crate::names::{fresh, numbered};

impl Emitter<'_> {
    /// The code after the locals of its scope, and the end of the slots.
    pub(super) fn tail(
        &self,
        code: &Code,
        dest: Dest,
        guarded: &[VarId],
        ends: TokenStream,
        locals: TokenStream,
    ) -> TokenStream {
        let support = &self.support;
        let value = self.fill(code);
        if self.body().edition == Some(Edition::Block) {
            return self.early_tail(value, dest, ends, locals);
        }
        let nothing = is_nothing(&value);
        let guard = match nothing || self.is_bare(code) {
            true => None,
            false => self.guard(guarded),
        };
        // While the locals are written, slots of inner scopes may be there, which are dropped first.
        let is_armed = guard.is_some() && !locals.is_empty();
        let armed = fresh("armed");
        let value = match (locals.is_empty(), is_armed) {
            (true, _) => value,
            (false, false) => self.block_of(quote!(#locals #value)),
            (false, true) => self.block_of(quote!(#locals #armed.arm(); #value)),
        };
        let tail = fresh("tail");
        let store = match dest {
            Dest::Ignore if nothing => return quote!(#value; #ends),
            Dest::Ignore => TokenStream::new(),
            Dest::Var(var) if ends.is_empty() && guard.is_none() => return self.init(var, value),
            Dest::Var(var) => self.init(var, quote!(#tail)),
            Dest::Return if nothing => {
                let returned = self.returned(quote!(()));
                return quote!(#value; #ends return #support::Flow::Return(#returned););
            }
            Dest::Return if ends.is_empty() && guard.is_none() => {
                let value = self.returned(value);
                return quote!(return #support::Flow::Return(#value););
            }
            Dest::Return => quote!(return #support::Flow::Return(#tail);),
        };
        let value = match dest {
            Dest::Return => self.returned(value),
            Dest::Var(var) => self.expected(var, value),
            Dest::Ignore => value,
        };
        let value = match (guard, is_armed) {
            (None, _) => value,
            (Some(guard), false) => {
                quote!(#support::Within { ending: #guard, value: #value }.value)
            }
            (Some(guard), true) => {
                quote!(#support::Within { ending: #armed.guard(#guard), value: #value }.value)
            }
        };
        let armed = is_armed.then(|| quote!(let #armed = #support::Armed::not_yet();));
        match dest {
            Dest::Return => quote!(#armed match (#value) { #tail => { #ends #store } }),
            _ => quote!(#armed match (#value) { #tail => { #store #ends } }),
        }
    }

    /// The same where the temporaries end with the expression, before the scope's variables: a statement, and the scope's end.
    fn early_tail(
        &self,
        value: TokenStream,
        dest: Dest,
        ends: TokenStream,
        locals: TokenStream,
    ) -> TokenStream {
        let (support, tail) = (&self.support, fresh("tail"));
        let nothing = is_nothing(&value) && locals.is_empty();
        let value = match locals.is_empty() {
            true => value,
            false => self.block_of(quote!(#locals #value)),
        };
        match dest {
            Dest::Ignore => quote!(#value; #ends),
            Dest::Var(var) if self.slot(var).is_some() && !ends.is_empty() => {
                let store = self.init_at_once(var, value);
                quote!(#store #ends)
            }
            Dest::Var(var) => {
                let store = self.init(var, value);
                quote!(#store #ends)
            }
            Dest::Return if nothing => {
                let returned = self.returned(quote!(()));
                quote!(#ends return #support::Flow::Return(#returned);)
            }
            Dest::Return => {
                let value = self.returned(value);
                match ends.is_empty() {
                    true => quote!(return #support::Flow::Return(#value);),
                    false => {
                        quote!(let #tail = #value; #ends return #support::Flow::Return(#tail);)
                    }
                }
            }
        }
    }

    /// Whether nothing in the code can unwind or jump.
    fn is_bare(&self, code: &Code) -> bool {
        code.is_one_token() && self.has_only_uses(code)
    }

    /// Whether nothing unwinds before what the code names has moved.
    pub(super) fn moves_at_once(&self, code: &Code) -> bool {
        code.is_call_of_values() && self.has_only_uses(code)
    }

    /// Whether every hole in the code is a variable, and nothing that is evaluated.
    fn has_only_uses(&self, code: &Code) -> bool {
        let is_use = |id: &HoleId| matches!(self.body().holes[id.0], Hole::Use(_));
        code.holes().iter().all(is_use)
    }

    /// What ends slots when it is dropped, if they have not ended before.
    fn guard(&self, guarded: &[VarId]) -> Option<TokenStream> {
        if self.asking.get() || self.bounding.get() {
            return None;
        }
        let slots = guarded.iter().filter(|var| self.slot(**var).is_some());
        let guards: Vec<_> = slots.map(|var| self.guard_of(*var)).collect();
        (!guards.is_empty()).then(|| quote!((#(#guards,)*)))
    }

    fn guard_of(&self, var: VarId) -> TokenStream {
        let support = &self.support;
        if !self.body().vars[var.0].flags.is_empty() {
            let end = self.unwound(var);
            return quote!(#support::EndingBy::of(move || { #end }));
        }
        self.guarded.borrow_mut().insert(var);
        let ending = numbered("ending", var.0);
        quote!(#ending.guard())
    }

    /// How the slots end that guards are about: told where a step begins, as a use of the address where the guard stands would
    /// be one of what the slot has borrowed, which the user's body does not have.
    pub(super) fn endings(&self) -> TokenStream {
        let (support, live) = (&self.support, self.live());
        let guarded = self.guarded.borrow();
        let each = guarded.iter().filter_map(|var| {
            let (slot, address) = (self.slot(*var)?, self.address(*var));
            let ending = numbered("ending", var.0);
            Some(quote!(let #ending = #support::Ending::of(#live, #slot, #address);))
        });
        each.collect()
    }
}
