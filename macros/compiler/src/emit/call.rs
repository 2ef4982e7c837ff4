//! A call whose receiver or callee is consumed or borrowed: see `unknown.rs` of the runtime for the technique.
//!
//! Nothing is asked where the answer is known: of a local, of a reference, of a variable that is used again.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::Emitter;
use crate::ir::*;
use crate::names::{fresh, hole_number, numbered, standing_for};

/// The arguments, evaluated beforehand where they can be.
struct Args {
    /// The patterns of their names, and values of those.
    hoisted: Vec<(TokenStream, TokenStream)>,
    /// The witnesses of what the call gives, by those that it coerces.
    given: Vec<Ident>,
    /// All of them, for the call.
    all: Vec<TokenStream>,
    /// All of them, for a call that is never made and must not capture them.
    peeked: Vec<TokenStream>,
}

impl Emitter<'_> {
    pub(super) fn call(&self, id: HoleId, call: &Call) -> TokenStream {
        let var = call.usage.var;
        let known = call.usage.capture.is_some()
            || (self.slot(var).is_none() && call.early.is_none())
            || self.body().vars[var.0].reference
            || self.compiled.facts.followed.contains(&id);
        if (known && call.early.is_none()) || self.asking.get() {
            return self.known_call(call);
        }
        self.unknown_call(call)
    }

    fn known_call(&self, call: &Call) -> TokenStream {
        if let Some(operand) = &call.operand {
            return self.known_macro(&call.usage, operand);
        }
        let args: Vec<_> = call.args.iter().map(|arg| self.fill(&arg.code)).collect();
        let receiver = match &call.store {
            Some(store) => self.stored(call.usage.var, self.fill(store)),
            None => self.usage(&call.usage),
        };
        self.applied(call, receiver_of(call, here(call, receiver)), &args)
    }

    /// The call, on what stands for the user's variable, or for the part of it.
    fn applied(&self, call: &Call, variable: TokenStream, args: &[TokenStream]) -> TokenStream {
        if let Some(operand) = &call.operand {
            return operand.of(&variable);
        }
        let method = &call.method;
        let args = parenthesized(quote!(#(#args),*), call.paren);
        quote!(#variable #method #args)
    }

    fn args(&self, call: &Call) -> Args {
        let support = &self.support;
        let values: Vec<_> = call.args.iter().map(|arg| self.fill(&arg.code)).collect();
        let mut args = Args {
            hoisted: Vec::new(),
            given: Vec::new(),
            all: Vec::new(),
            peeked: Vec::new(),
        };
        for (index, arg) in call.args.iter().enumerate() {
            let coerced = arg.coerced && self.ties(call);
            let value = match coerced {
                true => self.coerced(call, &values, index),
                false => values[index].clone(),
            };
            if arg.hoisted {
                let (name, peek) = (numbered("arg", index), fresh("peek"));
                let given = coerced.then(|| numbered("given", index));
                args.all.push(quote!(#name));
                args.peeked
                    .push(quote!({ let #peek = #support::peek(&#name); #peek }));
                let pattern = match &given {
                    Some(given) => quote!((#name, #given)),
                    None => quote!(#name),
                };
                args.hoisted.push((pattern, value));
                args.given.extend(given);
            } else {
                args.all.push(value.clone());
                args.peeked.push(value);
            }
        }
        args
    }

    /// An argument that is evaluated before the call, as what the call takes.
    fn coerced(&self, call: &Call, values: &[TokenStream], index: usize) -> TokenStream {
        let (support, address) = (&self.support, self.address(call.usage.var));
        let (taken, given, boxed) = (fresh("taken"), fresh("given"), fresh("boxed"));
        let value = &values[index];
        let mut args = values.to_vec();
        args[index] = quote!(#taken.expected(#value));
        let applied = self.applied(call, receiver_of(call, here(call, quote!(*#boxed))), &args);
        quote! {
            #support::coerced({
                let (#taken, mut #given) = (#support::Witness::new(), #support::Witness::new());
                if false {
                    #support::core::unreachable!();
                    let mut #boxed = #support::Box::from_raw(#address);
                    #given.is(&#applied);
                }
                (#taken, #given)
            }, #value)
        }
    }

    fn unknown_call(&self, call: &Call) -> TokenStream {
        let Args {
            hoisted,
            given,
            all,
            peeked,
        } = self.args(call);
        let support = &self.support;
        let store = call
            .store
            .as_ref()
            .map(|store| self.init(call.usage.var, self.fill(store)));
        let (witness, ahead, out) = (fresh("witness"), fresh("ahead"), fresh("out"));
        let (names, values): (Vec<_>, Vec<_>) = hoisted.into_iter().unzip();
        let asker = match call.early {
            Some(early) => {
                let place = self.place(early.witness);
                quote!(let #witness = &mut #place;)
            }
            None => quote!(let mut #witness = #support::Witness::new();),
        };
        let taken = self.taken(call);
        let receiver = match names.is_empty() {
            true => taken.clone(),
            false => quote!(#support::moved_ahead(#ahead)),
        };
        let question = self.question(call, &peeked);
        let consuming = self.consuming(call, &all, receiver);
        let borrowing = self.borrowing(call, &all);
        let answer = quote! {
            #question
            #(#support::gives(#given, &#out);)*
            if #witness.owns() { #consuming } else { #borrowing }
            #out.assume_init()
        };
        if names.is_empty() {
            return quote!({ #store #asker #answer });
        }
        let (operands, option) = (fresh("operands"), quote!(#support::core::option::Option));
        // A receiver that is consumed is an operand like the arguments, and is moved before them. Their temporaries
        // outlive the call: they are not in a block, which would end them. They may be borrowed by the arguments, of which
        // nothing may be dropped after them.
        quote! {
            match #support::core::mem::ManuallyDrop::new((
                {
                    #store
                    #asker
                    let #ahead = if #witness.owns() { #option::Some(#taken) } else { #option::None };
                    (#witness, #ahead)
                },
                #(#values,)*
            )) {
                #operands => {
                    let ((mut #witness, #ahead), #(#names,)*) =
                        #support::core::mem::ManuallyDrop::into_inner(#operands);
                    #answer
                }
            }
        }
    }

    /// The receiver, moved out of its slot.
    fn taken(&self, call: &Call) -> TokenStream {
        let var = call.usage.var;
        match &call.part {
            Some((path, flag)) => {
                let address = self.address(var);
                let check = self.moves_part(path, &quote!((*#address)), &fresh("witness"));
                let part = self.take_part(var, path, *flag);
                quote!({ #check #part })
            }
            None => self.take(call.early.map_or(var, |early| early.moved)),
        }
    }

    /// Whether the result has the same type in every copy of the call: a closure in it is a new type in each.
    fn ties(&self, call: &Call) -> bool {
        call.args
            .iter()
            .all(|arg| arg.hoisted || !contains_closure(&arg.code))
    }

    /// Says that two types are the same, unless they cannot be: what a closure gives is, where it is no closure itself.
    fn tied(&self, tie: TokenStream) -> TokenStream {
        let support = &self.support;
        quote!({ use #support::{TieOthers as _, TieSame as _}; (&#tie).tie(); })
    }

    /// Asks whether the call consumes, and fixes the type of its result.
    fn question(&self, call: &Call, args: &[TokenStream]) -> TokenStream {
        let (support, address) = (&self.support, self.address(call.usage.var));
        let (out, witness, boxed) = (fresh("out"), fresh("witness"), fresh("boxed"));
        let placed = self.applied(call, receiver_of(call, here(call, quote!(*#boxed))), args);
        let asked = match self.ties(call) {
            true => quote!(#support::same(&#out, #placed)),
            false => self.tied(quote!(#support::Tie::of(&#out, &#placed))),
        };
        quote! {
            let mut #out = #support::core::mem::MaybeUninit::uninit();
            if false {
                // A scope that is never left: what is borrowed from the variable leaves it, with its lifetimes.
                let mut #boxed = #support::Box::from_raw(#address);
                #out = #support::core::mem::MaybeUninit::new(#placed);
                loop {}
            }
            if false {
                #support::core::unreachable!();
                let mut #boxed = #support::Box::from_raw(#address);
                #witness.is(&|| {
                    #support::core::unreachable!();
                    #asked
                });
            }
        }
    }

    /// The call on the value itself.
    fn consuming(&self, call: &Call, args: &[TokenStream], taken: TokenStream) -> TokenStream {
        let support = &self.support;
        let (out, value, result) = (fresh("out"), fresh("value"), fresh("result"));
        let consumed = self.applied(call, here(call, value.to_token_stream()), args);
        let check = call.operand.as_ref().map(|_| self.moves_always(call, args));
        let tie = match self.ties(call) {
            true => quote!(#support::same(&#out, #result);),
            false => self.tied(quote!(#support::Tie::of(&#out, &#result))),
        };
        quote! {
            #check
            let mut #value = #taken;
            let #result = #consumed;
            if false {
                #support::core::unreachable!();
                #tie
            }
            #support::put_erased(&raw mut #out, #result);
        }
    }

    /// Refuses a macro that moves the variable on some of its ways only: what is left would have to be dropped where the
    /// variable is. What is left after a macro is part of a scope that is suspended behind it, which is larger then.
    fn moves_always(&self, call: &Call, args: &[TokenStream]) -> TokenStream {
        let (support, address) = (&self.support, self.address(call.usage.var));
        let (value, kept, moved, witness) = (
            fresh("value"),
            fresh("kept"),
            fresh("moved"),
            fresh("witness"),
        );
        let applied = self.applied(call, here(call, value.to_token_stream()), args);
        quote! {
            let mut #kept = #support::Witness::new();
            let mut #moved = #support::Witness::new();
            if false {
                #support::core::unreachable!();
                #kept.is(&async {
                    let mut #value = #support::peek(&*#address);
                    #support::Leave.await;
                    #support::core::mem::drop(#value);
                });
                #moved.is(&async {
                    let mut #value = #support::peek(&*#address);
                    #applied;
                    #support::Leave.await;
                });
            }
            #support::moves_always(&#witness, &#moved, &#kept);
        }
    }

    /// The call on a place that can also be moved from, prepared in a scope that is never left.
    fn borrowing(&self, call: &Call, args: &[TokenStream]) -> TokenStream {
        let (support, address) = (&self.support, self.address(call.usage.var));
        let (out, boxed, prepared, scope, closure) = (
            fresh("out"),
            fresh("boxed"),
            fresh("prepared"),
            fresh("scope"),
            fresh("closure"),
        );
        let tie = match self.ties(call) {
            true => quote!(#support::result_is(&#closure, &#out);),
            false => self.tied(quote!(#support::Tie::of_result(&#closure, &#out))),
        };
        let applied = self.applied(call, receiver_of(call, here(call, quote!(*#boxed))), args);
        quote! {
            let mut #prepared = #support::Prepared::none();
            let mut #scope = #support::core::mem::ManuallyDrop::new(async {
                let mut #boxed = #support::Box::from_raw(#address);
                let #closure = #support::once(|| #applied);
                if false {
                    #support::core::unreachable!();
                    #tie
                }
                #prepared.set(&#closure);
                #support::Leave.await;
                let _ = &#closure;
            });
            #support::Leave::enter(&mut #scope);
            #support::call(&#prepared, &mut #out);
        }
    }
}

/// Arguments in the user's parentheses.
fn parenthesized(args: TokenStream, paren: Span) -> TokenStream {
    let mut group = Group::new(Delimiter::Parenthesis, args);
    group.set_span(paren);
    TokenTree::Group(group).into()
}

/// What stands for the user's variable.
fn here(call: &Call, variable: TokenStream) -> TokenStream {
    standing_for(variable, call.usage.ident.span())
}

/// The part that the call is made on.
fn receiver_of(call: &Call, variable: TokenStream) -> TokenStream {
    match &call.part {
        Some((path, _)) => path.of(variable),
        None => variable,
    }
}

/// Whether the code contains a closure, at least syntactically.
fn contains_closure(code: &Code) -> bool {
    code.tokens().clone().into_iter().any(|tree| match tree {
        TokenTree::Group(group) => contains_closure(&Code::new(group.stream())),
        TokenTree::Punct(punct) => punct.as_char() == '|',
        TokenTree::Ident(ident) => hole_number(&ident).is_some(),
        TokenTree::Literal(_) => false,
    })
}
