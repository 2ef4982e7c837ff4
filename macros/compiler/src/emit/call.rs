//! A call whose receiver or callee is consumed or borrowed: see `unknown.rs` of the runtime for the technique.
//!
//! Nothing is asked where the answer is known: of a local, of a reference, of a variable that is used again.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Emitter;
use crate::ir::*;
use crate::names::{fresh, numbered};

/// The arguments, evaluated beforehand where they can be.
struct Args {
    /// The names and values of those.
    hoisted: Vec<(Ident, TokenStream)>,
    /// All of them, for the call.
    all: Vec<TokenStream>,
    /// All of them, for a call that is never made and must not capture them.
    peeked: Vec<TokenStream>,
}

impl Emitter<'_> {
    pub(super) fn call(&self, id: HoleId, call: &Call) -> TokenStream {
        let var = call.usage.var;
        let known = call.usage.capture.is_some()
            || self.slot(var).is_none()
            || self.body().vars[var.0].reference
            || self.compiled.facts.followed.contains(&id);
        if known {
            return self.known_call(call);
        }
        self.unknown_call(call)
    }

    fn known_call(&self, call: &Call) -> TokenStream {
        let (fields, method) = (&call.fields, &call.method);
        let args = call.args.iter().map(|arg| self.fill(&arg.code));
        let receiver = match &call.store {
            Some(store) => self.stored(call.usage.var, self.fill(store)),
            None => self.usage(&call.usage),
        };
        quote!(#receiver #fields #method(#(#args),*))
    }

    fn args(&self, call: &Call) -> Args {
        let support = &self.support;
        let mut args = Args { hoisted: Vec::new(), all: Vec::new(), peeked: Vec::new() };
        for (index, arg) in call.args.iter().enumerate() {
            let value = self.fill(&arg.code);
            if arg.hoisted {
                let (name, peek) = (numbered("arg", index), fresh("peek"));
                args.all.push(quote!(#name));
                args.peeked.push(quote!({ let #peek = #support::peek(&#name); #peek }));
                args.hoisted.push((name, value));
            } else {
                args.all.push(value.clone());
                args.peeked.push(value);
            }
        }
        args
    }

    fn unknown_call(&self, call: &Call) -> TokenStream {
        let (support, fields, method) = (&self.support, &call.fields, &call.method);
        let address = self.address(call.usage.var);
        let store = call.store.as_ref().map(|store| self.init(call.usage.var, self.fill(store)));
        let Args { hoisted, all, peeked } = self.args(call);
        let (out, witness, boxed, prepared, scope, closure) =
            (fresh("out"), fresh("witness"), fresh("boxed"), fresh("prepared"), fresh("scope"), fresh("closure"));
        let consuming = self.consuming(call, &all);
        let core = quote!(#support::core);
        let question = quote! {
            let mut #out = #core::mem::MaybeUninit::uninit();
            let mut #witness = #support::Witness::new();
            if false {
                #core::unreachable!();
                #out = #core::mem::MaybeUninit::new((*#address) #fields #method(#(#peeked),*));
                let mut #boxed = #support::Box::from_raw(#address);
                #witness.is(&|| { (*#boxed) #fields #method(#(#peeked),*); });
            }
        };
        let borrowing = quote! {
            let mut #prepared = #support::Prepared::none();
            let mut #scope = #core::mem::ManuallyDrop::new(async {
                let mut #boxed = #support::Box::from_raw(#address);
                let #closure = #core::mem::ManuallyDrop::new(|| (*#boxed) #fields #method(#(#all),*));
                #prepared.set(&#closure);
                #support::Leave.await;
                let _ = &#closure;
            });
            #support::Leave::enter(&mut #scope);
            #support::call(&#prepared, &mut #out);
        };
        let answer = quote!({
            #store
            #question
            if #witness.owns() { #consuming } else { #borrowing }
            #out.assume_init()
        });
        if hoisted.is_empty() {
            return answer;
        }
        let (names, values): (Vec<_>, Vec<_>) = hoisted.into_iter().unzip();
        match &call.store {
            // The receiver is evaluated before the arguments.
            Some(_) => quote!({ #store match (#(#values,)*) { (#(#names,)*) => { #question if #witness.owns() { #consuming } else { #borrowing } #out.assume_init() } } }),
            None => quote!(match (#(#values,)*) { (#(#names,)*) => #answer }),
        }
    }

    /// The call on the value itself.
    fn consuming(&self, call: &Call, args: &[TokenStream]) -> TokenStream {
        let (support, fields, method) = (&self.support, &call.fields, &call.method);
        let (out, value, var) = (fresh("out"), fresh("value"), call.usage.var);
        let taken = match self.flag_of_fields(var, fields) {
            Some(flag) => self.take_part(var, fields, flag),
            None => self.take(var),
        };
        quote! {
            let mut #value = #taken;
            #support::put_erased(&raw mut #out, #value #method(#(#args),*));
        }
    }

    /// The note that the fields have been moved out.
    fn flag_of_fields(&self, var: VarId, fields: &TokenStream) -> Option<FlagId> {
        let text = fields.to_string();
        self.body().vars[var.0]
            .flags
            .iter()
            .copied()
            .find(|flag| matches!(&self.body().flags[flag.0].part, Part::Fields(known) if known.to_string() == text))
    }
}
