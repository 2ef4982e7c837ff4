//! Macros that are not the standard library's, with variables of the coroutine in them.
//!
//! In such a macro a variable is the place behind its slot's pointer. That is right if the macro borrows the variable, or
//! copies from it, for as long as its own expression is evaluated or what comes of it is kept. A macro that moves the
//! variable into a closure or an async block of its own would keep the pointer instead: the variable would be dropped in
//! its scope, and be used after that. So rustc is asked first. In a copy that is never run, each variable is a
//! [`Place`] of a size that nothing else has: what owns one is as large.
//!
//! ```text
//! spawn!(x)   =>   { if false { let p = placed(&x); witness.is(&|| spawn!((*p))) } borrows_only(&witness); spawn!(x) }
//! ```

use std::collections::BTreeMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use super::Emitter;
use super::code::Mode;
use crate::ir::*;
use crate::names::{fresh, located, numbered, spanning, standing_for};

impl Emitter<'_> {
    pub(super) fn macro_(&self, bound: &[Use], named: &[Use], code: &Code) -> TokenStream {
        let call = self.bind(bound, code);
        self.asked_first(bound, named, call, || self.fill(code))
    }

    /// A macro with a variable as a whole operand, which it is known not to consume.
    pub(super) fn known_macro(&self, usage: &Use, operand: &MacroOperand) -> TokenStream {
        let call = || {
            let (place, at) = (self.usage(usage), usage.ident.span());
            match usage.ident == place.to_string() {
                true => operand.of(&located(place, at)),
                false => operand.of(&standing_for(place, at)),
            }
        };
        self.asked_first(&[], std::slice::from_ref(usage), call(), call)
    }

    /// The call, after the question about the variables in it.
    fn asked_first(
        &self,
        bound: &[Use],
        named: &[Use],
        call: TokenStream,
        question: impl Fn() -> TokenStream,
    ) -> TokenStream {
        let asked: BTreeMap<VarId, &Use> = bound
            .iter()
            .chain(named)
            .filter(|usage| self.is_borrowed(usage))
            .map(|usage| (usage.var, usage))
            .collect();
        if asked.is_empty() || self.asking.get() {
            return call;
        }
        let (support, witness) = (&self.support, fresh("witness"));
        let places = asked.values().map(|usage| {
            let (name, place) = (numbered("place", usage.var.0), self.borrowed(usage));
            quote!(let mut #name = #support::placed(&#place);)
        });
        let texts = bound
            .iter()
            .filter(|usage| self.is_borrowed(usage))
            .map(|usage| {
                let (name, place) = (&usage.ident, self.borrowed(usage));
                quote!(let #name = #support::placed(&#place);)
            });
        let capture = asked.values().find_map(|usage| usage.capture);
        self.asking.set(true);
        self.asking_in.set(capture);
        let question = question();
        self.asking.set(false);
        // In a closure, what it returns is what the closure around the question does.
        let asker = fresh("asker");
        let (output, returned) = match capture {
            Some(_) => (quote!(_), Some(quote!(return #asker();))),
            None => (self.output(), None),
        };
        self.block_of(quote! {
            let mut #witness = #support::Witness::new();
            if false {
                #support::core::unreachable!();
                #(#places)*
                #(#texts)*
                // In a loop, and with the body's output: a `continue`, `return` or `?` of the macro's own is then an error
                // where the macro really stands, and only there.
                let #asker = || -> #output {
                    #support::core::unreachable!();
                    loop {
                        #question;
                        break;
                    }
                    #support::core::unreachable!()
                };
                #witness.is(&#asker);
                #returned
            }
            #support::borrows_only(&#witness);
            #call
        })
    }

    /// A macro whose definition may `return`: in a scope from which that is how it ends. Otherwise it is left as any scope,
    /// and must not own anything then.
    ///
    /// ```text
    /// ensure!(x)   =>   { scope: async { ensure!(x); leave }; if it has returned { return that } }
    /// ```
    pub(super) fn returning(&self, code: &Code, always: bool) -> TokenStream {
        let call = self.fill(code);
        if self.asking.get() {
            return call;
        }
        let (support, output) = (&self.support, self.output());
        let (scope, witness, returned, never) = (
            fresh("scope"),
            fresh("witness"),
            fresh("returned"),
            fresh("never"),
        );
        let core = quote!(#support::core);
        let (owns, call, end) = match always {
            // If it gave a value, rustc would refuse it.
            true => (
                TokenStream::new(),
                quote!(let #never: #core::convert::Infallible = #call; match #never {}),
                quote!(#core::unreachable!()),
            ),
            false => {
                let asked = quote! {
                    let mut #witness = #support::Witness::new();
                    if false {
                        #core::unreachable!();
                        #witness.is(&|| -> #output { #call; #core::unreachable!() });
                    }
                    #support::owns_nothing(&#witness);
                };
                (asked, quote!(#call;), TokenStream::new())
            }
        };
        quote!({
            #owns
            let mut #scope = #core::mem::ManuallyDrop::new(async {
                if false { return #support::never::<#output>(); }
                #call
                #support::Leave.await;
                #core::unreachable!()
            });
            if let #core::option::Option::Some(#returned) = #support::Leave::returned(&mut #scope) {
                return #support::Flow::Return(#returned);
            }
            #end
        })
    }

    /// Whether the variable is reached through a pointer or reference here.
    fn is_borrowed(&self, usage: &Use) -> bool {
        let native = usage
            .capture
            .is_some_and(|capture| matches!(self.mode(capture, usage.var), Mode::Move));
        self.slot(usage.var).is_some() && !native
    }

    fn borrowed(&self, usage: &Use) -> TokenStream {
        self.usage(&Use {
            context: Context::Place,
            ..usage.clone()
        })
    }

    /// A variable in a question.
    pub(super) fn asked(&self, var: VarId) -> TokenStream {
        let place = self.asked_pointer(var);
        quote!((*#place))
    }

    fn asked_pointer(&self, var: VarId) -> Ident {
        numbered("place", var.0)
    }

    /// What points to a slot, here. To rustc a place that ends with an invented name is not the user's, even if it stands
    /// where the user's does; this ends with a token of the user's. In a question, a capture has to be of the name.
    pub(super) fn pointer(&self, var: VarId, at: Span) -> TokenStream {
        match self.asking.get() {
            true => located(self.asked_pointer(var).into_token_stream(), at),
            false => spanning(self.pointer_to(var), at, at),
        }
    }

    /// A variable that a closure in a question captures.
    pub(super) fn asked_capture(&self, name: &Ident, var: VarId, mode: Mode) -> TokenStream {
        let (support, place) = (&self.support, self.asked(var));
        match mode {
            Mode::Reborrow => quote!(let #name = &mut #place;),
            Mode::Move => quote!(let mut #name = #place;),
            Mode::Either => quote!(let mut #name = #support::Captured(#place);),
        }
    }

    /// References under the user's names, for a macro that names variables in strings.
    fn bind(&self, uses: &[Use], code: &Code) -> TokenStream {
        let code = self.fill(code);
        let binds: Vec<_> = uses
            .iter()
            .filter(|usage| usage.capture.is_none() && self.slot(usage.var).is_some())
            .map(|usage| {
                let (name, pointer) = (&usage.ident, self.pointer_to(usage.var));
                quote!(let #name = &*#pointer;)
            })
            .collect();
        match binds.is_empty() {
            true => code,
            false => self.block_of(quote!(#(#binds)* #code)),
        }
    }
}
