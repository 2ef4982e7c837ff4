//! Where variables are, and what becomes of them: the unsafe patterns of an expansion, argued once.
//!
//! A slot is reached through a raw pointer from the frame's address, taken anew in every step. rustc sees no borrow of
//! it. That is sound because the machine performs the accesses of the user's body in the user's order, and the proof
//! copy makes rustc's borrow checker accept exactly that body:
//!
//! - a *value use* reads the slot and clears its bit. If the type is `Copy` the bit has no meaning; if it is not, the
//!   proof copy guarantees that nothing uses the variable before it is given a new value.
//! - a *place use* is a place behind the pointer, with the lifetime that the context asks for. The slot's storage
//!   stays where it is, and is not given to another variable, until the variable's scope ends, or until all of it is
//!   moved if it is never more than a value (`occupied.rs`): then nothing can have borrowed from it.
//! - a *part* moved out sets a flag. The end of the scope then reads the variable, moves the same part out of the copy,
//!   forgets it, and lets rustc drop the rest in its own order. If no part is gone, the variable is dropped where it is.
//! - the *end* of a scope, of the machine, and an unwinding out of a step drop what the bits say, in descending order.
//!
//! Ordinary locals of a step are rustc's to check: a reference to one that is put into a slot does not compile.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::Emitter;
use crate::ir::*;
use crate::names::{fresh, numbered, standing_for};

impl Emitter<'_> {
    /// The bit of a slot; none for a local.
    pub(super) fn slot(&self, var: VarId) -> Option<usize> {
        self.compiled.layout.slot(var)
    }

    /// The pointer to a slot.
    pub(super) fn address(&self, var: VarId) -> Ident {
        numbered("at", var.0)
    }

    /// What to dereference for a slot as a place: the pointer to it.
    pub(super) fn pointer_to(&self, var: VarId) -> TokenStream {
        let address = self.address(var);
        match self.is_bounded(var) {
            true => self.bounded(quote!(#address)),
            false => quote!(#address),
        }
    }

    /// The name of a local.
    pub(super) fn local(&self, var: VarId) -> Ident {
        let known = &self.body().vars[var.0];
        match known.role {
            Role::Binding => known.name.clone(),
            _ => numbered("v", var.0),
        }
    }

    pub(super) fn live(&self) -> Ident {
        fresh("live")
    }

    /// Gives a variable its first value.
    pub(super) fn init(&self, var: VarId, value: TokenStream) -> TokenStream {
        let (support, live) = (&self.support, self.live());
        let ty = self.body().vars[var.0].ty.as_ref();
        match self.slot(var) {
            Some(slot) => {
                let (address, new) = (self.address(var), fresh("new"));
                // A `let` of its own, because a mismatch is reported as it is at the user's `let`.
                match ty {
                    Some(ty) => {
                        quote!({ let #new: #ty = #value; #support::init(#live, #slot, #address, #new); })
                    }
                    None => quote!(#support::init(#live, #slot, #address, #value);),
                }
            }
            None if self.declared.borrow().contains(&var) => {
                let (name, new) = (self.local(var), fresh("new"));
                match ty {
                    Some(ty) => quote!(#name = { let #new: #ty = #value; #new };),
                    None => quote!(#name = #value;),
                }
            }
            None => {
                let name = self.local(var);
                let mutable = (name != "self").then(|| quote::quote_spanned!(name.span()=> mut));
                let ty = ty.map(|ty| quote!(: #ty));
                quote!(let #mutable #name #ty = #value;)
            }
        }
    }

    /// Gives a slot its first value before the value's temporaries end.
    pub(super) fn init_at_once(&self, var: VarId, value: TokenStream) -> TokenStream {
        let (support, live) = (&self.support, self.live());
        let (slot, address, value) = (self.slot(var), self.address(var), self.expected(var, value));
        let slot = slot.unwrap_or_default();
        quote!(#support::init(#live, #slot, #address, #value);)
    }

    /// A value at a coercion site, if the variable's type is written.
    pub(super) fn expected(&self, var: VarId, value: TokenStream) -> TokenStream {
        let support = &self.support;
        match &self.body().vars[var.0].ty {
            Some(ty) => quote!((#support::Typed::<#ty> { value: #value }.value)),
            None => value,
        }
    }

    /// A variable's value, moved or copied.
    pub(super) fn take(&self, var: VarId) -> TokenStream {
        let (support, live) = (&self.support, self.live());
        match self.slot(var) {
            Some(_) if self.asking.get() => self.asked(var),
            Some(slot) => {
                let address = self.address(var);
                // Through a name: the variable's own type comes first, and is coerced where the context asks for another.
                let taken = fresh("taken");
                quote!(match #support::take(#live, #slot, #address) { #taken => #taken })
            }
            None => {
                let name = self.local(var);
                quote!(#name)
            }
        }
    }

    /// A variable as a place.
    pub(super) fn place(&self, var: VarId) -> TokenStream {
        match self.slot(var) {
            Some(_) if self.asking.get() => self.asked(var),
            Some(_) => {
                let pointer = self.pointer_to(var);
                quote!((*#pointer))
            }
            None => {
                let name = self.local(var);
                quote!(#name)
            }
        }
    }

    /// A temporary's value, put where it outlives the expression.
    pub(super) fn stored(&self, var: VarId, value: TokenStream) -> TokenStream {
        let (support, live) = (&self.support, self.live());
        match self.slot(var) {
            Some(_) if self.asking.get() => value,
            Some(slot) => {
                let address = self.address(var);
                let stored = quote!(#support::init(#live, #slot, #address, #value));
                match self.is_bounded(var) {
                    true => {
                        let bounded = self.bounded(stored);
                        quote!((*#bounded))
                    }
                    false => quote!((*#stored)),
                }
            }
            None => quote!(#value),
        }
    }

    /// `x = value`; `id` is the assignment.
    pub(super) fn assign(&self, id: HoleId, var: VarId, value: TokenStream) -> TokenStream {
        let (support, live) = (&self.support, self.live());
        match self.slot(var) {
            Some(_) if self.asking.get() => {
                let place = self.asked(var);
                quote!(#place = #value)
            }
            Some(slot) if self.body().vars[var.0].flags.is_empty() => {
                let address = self.address(var);
                quote!(#support::assign(#live, #slot, #address, #value))
            }
            Some(slot) => {
                let (address, new, replacing) =
                    (self.address(var), fresh("new"), fresh("replacing"));
                let (moved, names) = self.moved(&self.body().vars[var.0].flags);
                let rest = self.end_rest(var);
                let mut in_parts = quote!(#(#names)||*);
                if self.is_of_array(var) && self.compiled.layout.gone.assigned.contains(&id) {
                    in_parts = quote!(true);
                }
                // The temporaries of the value outlive the assignment.
                quote!(match (#value) {
                    #new => {
                        #moved
                        if #in_parts {
                            let #replacing = #support::Replacing::by(#live, #slot, #address, #new);
                            #rest
                        } else {
                            #support::assign(#live, #slot, #address, #new);
                        }
                    }
                })
            }
            None => {
                let name = self.local(var);
                quote!(#name = #value)
            }
        }
    }

    /// `x.a.b` as a value.
    pub(super) fn take_part(&self, var: VarId, path: &Path, flag: FlagId) -> TokenStream {
        let (support, live) = (&self.support, self.live());
        match self.compiled.layout.flag(flag) {
            Some(_) if self.asking.get() => path.of(self.asked(var)),
            Some(flag) => {
                let address = self.address(var);
                let part = path.of(quote!((*#address)));
                let taken = fresh("taken");
                quote!(match #support::take_part(#live, #flag, &raw const #part) { #taken => #taken })
            }
            None => path.of(self.local(var)),
        }
    }

    /// `S { a: value, ..base() }`: a copy of the base with the listed fields overwritten. Which of the others it copies and
    /// which it moves is asked of rustc when the base ends.
    pub(super) fn update(&self, update: &Update, last: Span) -> TokenStream {
        let (ty, base) = (self.fill(&update.ty), self.fill(&update.base));
        let (members, values): (Vec<_>, Vec<_>) = update
            .fields
            .iter()
            .map(|(member, value)| (member, self.fill(value)))
            .unzip();
        let var = update.usage.var;
        let flag = self.compiled.layout.flag(update.flag);
        let Some(flag) = flag.filter(|_| self.slot(var).is_some() && !self.asking.get()) else {
            return quote!(#ty { #(#members: #values,)* ..#base });
        };
        let names: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let last = value.clone().into_iter().last();
                let span = last.map_or_else(Span::call_site, |tree| tree.span());
                let mut name = numbered("field", index);
                name.set_span(name.span().located_at(span));
                name
            })
            .collect();
        let base = standing_for(self.stored(var, base), last);
        let (support, live, new, at) = (&self.support, self.live(), fresh("new"), fresh("at"));
        let memory = quote!(#support::core::mem::MaybeUninit);
        let write = quote!(#support::core::ptr::write);
        quote! {
            match (#(#values,)* #memory::new(#support::take_part(#live, #flag, &raw const #base))) {
                (#(#names,)* mut #new) => {
                    let #at = #new.as_mut_ptr();
                    // Nothing is bound: this tells the type.
                    let #ty { .. } = *#at;
                    #(#write(&raw mut (*#at).#members, #names);)*
                    #new.assume_init()
                }
            }
        }
    }

    /// `x.a.b = value`.
    pub(super) fn assign_part(&self, usage: &Use, path: &Path, value: TokenStream) -> TokenStream {
        let var = usage.var;
        let part = path.of(standing_for(self.place(var), usage.ident.span()));
        let flags = self.body().flags_within(var, path);
        if flags.is_empty() || self.slot(var).is_none() || self.asking.get() {
            return quote!(#part = #value);
        }
        let (support, new, old) = (&self.support, fresh("new"), fresh("old"));
        let (moved, names) = self.moved(&flags);
        let gone = self.forget_parts(&flags, path, &old);
        quote!(match (#value) {
            #new => {
                #moved
                if #(#names)||* {
                    let mut #old = #support::core::ptr::replace(&raw mut #part, #new);
                    #gone
                } else {
                    #part = #new;
                }
            }
        })
    }

    /// The end of a slot where its scope ends.
    pub(super) fn end(&self, var: VarId, place: (BlockId, usize)) -> TokenStream {
        let gone = &self.compiled.layout.gone.ended;
        self.end_if(
            var,
            gone.contains(&(place.0, place.1, var))
                .then(|| quote!(true)),
        )
    }

    /// The end of a slot where its scope is unwound.
    pub(super) fn unwound(&self, var: VarId) -> TokenStream {
        let gone = &self.compiled.layout.gone.unwound;
        self.end_if(var, gone.contains(&var).then(|| quote!(true)))
    }

    /// The end of a slot. Of an array that may have been taken apart where it ends, rustc drops the elements one by one, in
    /// another order, also if none has been moved: `in_parts`.
    fn end_if(&self, var: VarId, in_parts: Option<TokenStream>) -> TokenStream {
        if self.slot(var).is_none() {
            return TokenStream::new();
        }
        let flags = &self.body().vars[var.0].flags;
        if flags.is_empty() {
            return self.end_whole(var);
        }
        let (moved, names) = self.moved(flags);
        let (rest, whole) = (self.end_rest(var), self.end_whole(var));
        let in_parts = in_parts.filter(|_| self.is_of_array(var));
        let in_parts = in_parts.map(|in_parts| quote!(|| #in_parts));
        quote!({ #moved if #(#names)||* #in_parts { #rest } else { #whole } })
    }

    /// Whether elements of an array in the variable are moved out by a pattern.
    fn is_of_array(&self, var: VarId) -> bool {
        let flags = &self.body().vars[var.0].flags;
        let is_of_array = |flag: &FlagId| self.body().flags[flag.0].part.is_of_array();
        flags.iter().any(is_of_array)
    }

    /// Drops what is left of a slot.
    fn end_rest(&self, var: VarId) -> TokenStream {
        let (support, live, address) = (&self.support, self.live(), self.address(var));
        let (slot, rest) = (self.slot(var), fresh("rest"));
        let flags = &self.body().vars[var.0].flags;
        let gone = self.forget_parts(flags, &Path::whole(), &rest);
        quote! {
            if #support::is_set(#live, #slot) {
                #support::forget_flag(#live, #slot);
                let mut #rest = #support::read(#address);
                #gone
            }
        }
    }

    /// The end of a slot that nothing has been moved out of.
    pub(super) fn end_whole(&self, var: VarId) -> TokenStream {
        let (support, live, address) = (&self.support, self.live(), self.address(var));
        let slot = self.slot(var);
        slot.map(|slot| quote!(#support::end(#live, #slot, #address);))
            .unwrap_or_default()
    }

    /// The end of a slot where the machine ends: by a return, by a panic, or where it is suspended.
    fn finished(&self, var: VarId) -> TokenStream {
        let (gone, support, frame) = (&self.compiled.layout.gone, &self.support, fresh("frame"));
        let (state, ended) = (quote!((*#frame).head.state), quote!(#support::State));
        let ways = [
            (&gone.returned, quote!(#state == #ended::RETURNED)),
            (&gone.unwound, quote!(#state == #ended::PANICKED)),
            (&gone.suspended, quote!(!#state.has_ended())),
        ];
        let ways = ways.into_iter().filter(|(vars, _)| vars.contains(&var));
        let ways: Vec<_> = ways.map(|(_, way)| way).collect();
        self.end_if(var, (!ways.is_empty()).then(|| quote!(#(#ways)||*)))
    }

    /// Drops everything that is alive.
    pub(super) fn finish(&self) -> TokenStream {
        let (parameters, addresses) = self.prologue();
        let ends = self
            .compiled
            .layout
            .slots
            .iter()
            .rev()
            .map(|var| self.finished(*var));
        let is_argument = |var: &&VarId| self.body().vars[var.0].role == Role::Argument;
        let arguments: Vec<_> = self
            .compiled
            .layout
            .slots
            .iter()
            .filter(is_argument)
            .map(|var| self.end_whole(*var))
            .collect();
        // What has never been polled drops its arguments as the captures that they still are: first to last. The
        // captures of a generator are always dropped so.
        let (support, frame) = (&self.support, fresh("frame"));
        let of_function = matches!(self.gives, super::Gives::Output { .. });
        let unpolled = (of_function && !arguments.is_empty())
            .then(|| quote!(if (*#frame).head.state == #support::State::START { #(#arguments)* }));
        quote!(|#parameters| unsafe { #addresses #unpolled #(#ends)* })
    }
}
