//! A pattern over a slot that it may move from or borrow. A `Box` of the slot's address, in a scope that is never left,
//! lets every arm compile, and leaves what is not moved where it is:
//!
//! ```text
//! match x { Some(v) => body, _ => other }
//! =>
//! scope: match *b { Some(v) => { out0 = (v,); arm = 0 }, _ => arm = 1 }; leave
//! match arm { 0 => { note what has gone if `v` has moved; let (v,) = out0; body } _ => other }
//! ```
//!
//! Whether an arm moves is asked as in `call`. Guards run inside that scope, where a panic must not unwind; it is caught
//! and resumed outside.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::Emitter;
use crate::ir::*;
use crate::names::{fresh, numbered, standing_for};

/// One arm: its pattern, its guard, what follows.
pub(super) struct Choice<'a> {
    pub pattern: &'a Pattern,
    pub guard: Option<&'a Code>,
    pub body: TokenStream,
}

impl Emitter<'_> {
    /// A match that is not taken apart.
    pub(super) fn plain_match(&self, usage: &Use, path: &Path, arms: &[PlainArm]) -> TokenStream {
        let choices: Vec<_> = arms
            .iter()
            .map(|arm| Choice {
                pattern: &arm.pattern,
                guard: arm.guard.as_ref(),
                body: self.fill(&arm.body),
            })
            .collect();
        if usage.capture.is_some() || self.slot(usage.var).is_none() || self.asking.get() {
            let place = self.usage(usage);
            return self.native_match(path.of(place), &choices);
        }
        self.select(usage.var, path, &choices)
    }

    /// A match over code.
    pub(super) fn native_match(&self, subject: TokenStream, choices: &[Choice<'_>]) -> TokenStream {
        let arms = choices.iter().map(|choice| {
            let (pattern, body) = (self.fill(&choice.pattern.written), &choice.body);
            let guard = choice.guard.map(|guard| {
                let guard = self.fill(guard);
                quote!(if #guard)
            });
            quote!(#pattern #guard => #body,)
        });
        let support = &self.support;
        // The proof copy has found the user's arms to be exhaustive.
        quote!(match #subject { #(#arms)* _ => #support::unreachable() })
    }

    /// A match over a variable that may be moved from.
    pub(super) fn select(&self, var: VarId, path: &Path, choices: &[Choice<'_>]) -> TokenStream {
        if self.slot(var).is_none() {
            let name = self.local(var);
            return self.native_match(path.of(name), choices);
        }
        if choices
            .iter()
            .all(|choice| choice.pattern.names.iter().all(|name| name.by_ref))
        {
            return self.native_match(path.of(self.behind(var, self.pointer_to(var))), choices);
        }
        let (support, address) = (&self.support, self.address(var));
        let core = quote!(#support::core);
        let (arm, boxed, guards) = (fresh("arm"), fresh("boxed"), fresh("guards"));
        let outs: Vec<_> = (0..choices.len())
            .map(|index| numbered("out", index))
            .collect();
        let witnesses: Vec<_> = (0..choices.len())
            .map(|index| numbered("witness", index))
            .collect();
        let inferred = self.arms(choices, None, |index, values| {
            let out = &outs[index];
            quote!(#out = #core::mem::MaybeUninit::new(#values))
        });
        let owned = self.ownership(var, path, choices, &witnesses);
        let selected = self.arms(choices, Some(&guards), |index, values| {
            let out = &outs[index];
            quote!({ #support::put_erased(&raw mut #out, #values); #arm = #index; })
        });
        let has_guards = choices.iter().any(|choice| choice.guard.is_some());
        let (prepare, resume) = match has_guards {
            true => (
                quote!(let mut #guards = #support::Guards::new();),
                quote!(#guards.resume();),
            ),
            false => (TokenStream::new(), TokenStream::new()),
        };
        let owned_place = path.of(self.behind(var, quote!(#boxed)));
        let select = quote!(match #owned_place { #(#selected)* _ => #support::unreachable() });
        let chosen = self.within(
            &address,
            select,
            (!path.is_whole()).then_some(&witnesses[..]),
        );
        let bodies = choices.iter().enumerate().map(|(index, choice)| {
            let body = self.chosen(var, choice, &outs[index], &witnesses[index]);
            let last = index + 1 == choices.len();
            if last {
                quote!(_ => #body)
            } else {
                quote!(#index => #body)
            }
        });
        quote!({
            let mut #arm = 0usize;
            #(let mut #outs = #core::mem::MaybeUninit::uninit(); let mut #witnesses = #support::Witness::new();)*
            if false {
                // As in `call`: what is borrowed leaves this scope with its lifetimes, because nothing else does.
                let mut #boxed = #support::Box::from_raw(#address);
                match #owned_place { #(#inferred)* _ => #support::unreachable() }
                loop {}
            }
            if false {
                #core::unreachable!();
                let mut #boxed = #support::Box::from_raw(#address);
                #(#owned)*
            }
            #prepare
            #chosen
            #resume
            match #arm { #(#bodies)* }
        })
    }

    /// Chooses the arm in a scope that is never left. On the way to a part there may be a `deref` of the user's, which may
    /// panic: then nothing is moved, and it is run as a closure outside of the scope, as in `call`.
    fn within(
        &self,
        address: &Ident,
        select: TokenStream,
        of_a_part: Option<&[Ident]>,
    ) -> TokenStream {
        let (support, scope, boxed) = (&self.support, fresh("scope"), fresh("boxed"));
        let never_left = |code: TokenStream| {
            quote! {
                let mut #scope = #support::core::mem::ManuallyDrop::new(async {
                    let mut #boxed = #support::Box::from_raw(#address);
                    #code
                });
                #support::Leave::enter(&mut #scope);
            }
        };
        let inside = never_left(quote!(#select #support::Leave.await;));
        let Some(witnesses) = of_a_part else {
            return inside;
        };
        let (prepared, closure) = (fresh("prepared"), fresh("closure"));
        let outside = never_left(quote! {
            let #closure = #support::once(|| #select);
            #prepared.set(&#closure);
            #support::Leave.await;
            let _ = &#closure;
        });
        quote! {
            if #(#witnesses.owns())||* {
                #inside
            } else {
                let mut #prepared = #support::Prepared::none();
                #outside
                #support::call(&#prepared, &mut #support::core::mem::MaybeUninit::<()>::uninit());
            }
        }
    }

    /// What a pointer to a variable points to, in the place of the user's expression for the variable.
    fn behind(&self, var: VarId, pointer: TokenStream) -> TokenStream {
        let (first, last) = (
            self.body().vars[var.0].name.span(),
            self.body().vars[var.0].last,
        );
        let pointer = standing_for(pointer, last);
        let place = quote_spanned!(first=> *#pointer);
        quote!((#place))
    }

    /// The arms of a match that only picks one and hands the bindings on.
    fn arms(
        &self,
        choices: &[Choice<'_>],
        guards: Option<&Ident>,
        result: impl Fn(usize, TokenStream) -> TokenStream,
    ) -> Vec<TokenStream> {
        let arm = |(index, choice): (usize, &Choice<'_>)| {
            let pattern = self.fill(&choice.pattern.plain);
            let guard = choice.guard.map(|guard| {
                let guard = self.fill(guard);
                match guards {
                    Some(guards) => quote!(if #guards.run(|| #guard)),
                    None => quote!(if #guard),
                }
            });
            let names = choice.pattern.names.iter().map(|name| &name.ident);
            let result = result(index, quote!((#(#names,)*)));
            quote!(#pattern #guard => #result,)
        };
        choices.iter().enumerate().map(arm).collect()
    }

    /// Asks of each arm whether it moves.
    fn ownership(
        &self,
        var: VarId,
        path: &Path,
        choices: &[Choice<'_>],
        witnesses: &[Ident],
    ) -> Vec<TokenStream> {
        let boxed = fresh("boxed");
        let place = path.of(self.behind(var, quote!(#boxed)));
        let ask = |(choice, witness): (&Choice<'_>, &Ident)| {
            let pattern = self.fill(&choice.pattern.plain);
            let names: Vec<_> = choice
                .pattern
                .names
                .iter()
                .filter(|name| !name.by_ref)
                .map(|name| &name.ident)
                .collect();
            if names.is_empty() {
                return quote!(#witness.is(&|| {}););
            }
            quote!(#witness.is(&|| { if let #pattern = #place { let _moved = (#(#names,)*); } });)
        };
        choices.iter().zip(witnesses).map(ask).collect()
    }

    fn chosen(&self, var: VarId, choice: &Choice<'_>, out: &Ident, witness: &Ident) -> TokenStream {
        let (support, live, body) = (&self.support, fresh("live"), &choice.body);
        let flag = choice.pattern.flag;
        let gone = match flag.and_then(|flag| self.compiled.layout.flag(flag)) {
            Some(flag) => quote!(#support::set_flag(#live, #flag)),
            None => {
                let slot = self.slot(var).unwrap_or_default();
                quote!(#support::forget_flag(#live, #slot))
            }
        };
        let mended = flag.is_some_and(|flag| self.body().is_mended(flag));
        let refuse = mended.then(|| quote!(#support::moves_nothing(&#witness);));
        let names = choice.pattern.names.iter().map(|name| {
            let (mutable, ident) = (name.mutable.then(|| quote!(mut)), &name.ident);
            quote!(#mutable #ident)
        });
        quote!({
            #refuse
            if #witness.owns() { #gone; }
            let (#(#names,)*) = #out.assume_init();
            #body
        })
    }
}
