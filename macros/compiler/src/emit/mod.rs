//! From the intermediate representation to Rust: the only place that quotes. Cannot fail.
//!
//! *Input*: the item, [`Body`], [`Facts`], [`Layout`]. *Output*: the proof copy, the frame, the step, the finish.
//!
//! ```text
//! fn f(x: X) -> impl Future<Output = T> {
//!     if false { proof(async move { body }) }                   // judged by rustc, never run
//!     struct __Frame<S0, S1> { head, s0: Overlay<Slot<S0>, Slot<S1>>, … }   // types are inferred from the step
//!     machine(__Frame { head, s0: filled(x), s1: empty() },
//!         (Argument::of(&x),), output,
//!         |frame, stack, cx, (x,)| loop { match state { … } },  // from one suspension to the next
//!         |frame| match state { … },                            // which slots are alive
//!         |frame, stack| { … },                                 // drops what is alive
//!         …, || async { … }, || async { … })                    // room for the frame, and for the stack
//! }
//! ```

mod block;
mod call;
mod code;
mod elided;
mod frame;
mod macros;
mod movable;
mod parts;
mod proof;
mod select;
mod states;
mod storage;
mod tail;
mod unnamed;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, ReturnType};

use crate::analysis::Facts;
use crate::edition;
use crate::frame::Layout;
use crate::generator::{self, Generates};
use crate::ir::*;
use crate::names::{fresh, located, respanned, standing_for, support};
use crate::parse::{Function, Input};
use frame::Frame;

/// A lowered and analysed body.
#[derive(Clone, Copy, Debug)]
pub struct Compiled<'a> {
    /// The body.
    pub body: &'a Body,
    /// What `analyse` has found.
    pub facts: &'a Facts,
    /// Where its variables are.
    pub layout: &'a Layout,
}

/// What the step of a machine gives back.
#[derive(Clone, Debug)]
enum Gives {
    /// A function's output.
    Output {
        /// Its type.
        ty: TokenStream,
        /// Where the user has written it.
        at: Span,
    },
    /// Items, and what a generator returns.
    Items(Generates),
}

struct Emitter<'a> {
    compiled: Compiled<'a>,
    gives: Gives,
    support: TokenStream,
    /// The locals that have been declared ahead of the code that gives them their value.
    declared: RefCell<BTreeSet<VarId>>,
    /// The slots that the last expression of their scope has a guard for.
    guarded: RefCell<BTreeSet<VarId>>,
    /// Whether the code being written is never run, and asks what a macro does with the variables in it.
    asking: Cell<bool>,
    /// The closure or async block that the question stands in.
    asking_in: Cell<Option<CaptureId>>,
    /// The state that is being written.
    current: Cell<Option<BlockId>>,
    /// Whether the code being written is never run, and bounds what is borrowed from slots.
    bounding: Cell<bool>,
}

impl<'a> Emitter<'a> {
    fn new(compiled: Compiled<'a>, gives: Gives) -> Self {
        Emitter {
            compiled,
            gives,
            support: support(),
            declared: RefCell::default(),
            guarded: RefCell::default(),
            asking: Cell::default(),
            asking_in: Cell::default(),
            current: Cell::default(),
            bounding: Cell::default(),
        }
    }
}

/// Emits a function.
pub fn function(function: &Function, compiled: Compiled<'_>) -> TokenStream {
    around(function, statements(function, compiled))
}

/// The head of a function, around what it consists of.
pub fn around(function: &Function, statements: TokenStream) -> TokenStream {
    let (attrs, vis) = (attributes(function), &function.item.vis);
    let (sig, body) = (signature(function), braced(function, statements));
    quote!(#(#attrs)* #vis #sig #body)
}

/// What a function consists of.
pub fn statements(function: &Function, compiled: Compiled<'_>) -> TokenStream {
    let output = annotation(&function.output);
    let (record, record_of_proof) = records(&function.output);
    let proof = proof::function(function, &output, record_of_proof);
    let items = &compiled.body.items;
    let gives = Gives::Output {
        ty: output,
        at: proof::returns(function),
    };
    let machine = Emitter::new(compiled, gives).machine();
    quote!(#(#items)* #record #proof #machine)
}

/// Emits a function as it is written, with what rustc does not know spelled out.
pub fn plain(function: &Function) -> TokenStream {
    let mut item = function.item.clone();
    item.sig.asyncness.get_or_insert_with(Default::default);
    *item.block = proof::known(&item.block);
    item.to_token_stream()
}

/// A body in the user's braces: an item that begins and ends with the user's tokens is the user's to rustc, which only
/// then tells that it is not used.
fn braced(function: &Function, tokens: TokenStream) -> Group {
    let mut group = Group::new(Delimiter::Brace, tokens);
    group.set_span(function.item.block.brace_token.span.join());
    group
}

/// Emits a rejected function, so that one mistake is one message: its signature, with its body, which is never run but
/// uses what it names, or with one that never ends, if rustc would have something to say against the user's.
pub fn stub(function: &Function, body_is_rust: bool) -> TokenStream {
    let (attrs, vis) = (attributes(function), &function.item.vis);
    let mut sig = signature(function);
    (sig.constness, sig.variadic) = (None, None);
    let instead = instead(function, body_is_rust);
    let unused = (!body_is_rust).then(allow);
    quote!(#(#attrs)* #unused #vis #sig { #instead })
}

/// The future of a rejected function.
pub fn instead(function: &Function, body_is_rust: bool) -> TokenStream {
    let (support, output) = (support(), annotation(&function.output));
    if !body_is_rust {
        return quote!(#support::core::future::pending::<#output>());
    }
    let (items, body) = (
        items(&function.input.body),
        proof::body_of(function, &output),
    );
    quote!(#(#items)* async move #body)
}

/// Emits a function whose body has not been understood: as it is, with the errors at its end. What rustc has reported
/// about it, it reports again, which it does not show twice; and only what rustc does understand has errors of ours.
pub fn unread(function: &Function, body: &TokenStream, errors: &TokenStream) -> TokenStream {
    let (attrs, vis, sig) = (&function.item.attrs, &function.item.vis, &function.item.sig);
    let (body, unused) = (braced(function, quote!(#body; #errors loop {})), allow());
    quote!(#(#attrs)* #unused #vis #sig #body)
}

fn items(body: &syn::Block) -> impl Iterator<Item = &syn::Item> {
    body.stmts.iter().filter_map(|stmt| match stmt {
        syn::Stmt::Item(item) => Some(item),
        _ => None,
    })
}

/// Emits a generator.
pub fn generator(input: &Input, generates: Generates, compiled: Compiled<'_>) -> TokenStream {
    let proof = proof::generator(input, generates);
    let items = &compiled.body.items;
    let emitter = Emitter::new(compiled, Gives::Items(generates));
    let moves = generates.by == generator::Macro::Iter { pinned: false };
    let movable = moves.then(|| Emitter::new(compiled, emitter.gives.clone()).movable(input));
    let machine = emitter.machine();
    // One record for both copies, where it can be: what fixes the type of the items in one fixes it in the other.
    let (record, record_of_proof) = match unnamed::yielded(&input.body) {
        true => (record(input, generates), Some(record(input, generates))),
        false => (record(input, generates), None),
    };
    quote! {{
        #(#items)*
        #record
        if false {
            #record_of_proof
            #proof
        }
        #movable
        #machine
    }}
}

/// The records of what a generator yields, receives and returns.
fn record(input: &Input, generates: Generates) -> TokenStream {
    let (support, items) = (support(), fresh("items"));
    let (received, output) = (fresh("received"), fresh("output"));
    let received_is = match generates.receives {
        true => quote!(#support::Received::new()),
        false => quote!(#support::Received::<()>::new()),
    };
    let output_is = match (&input.output, generates.returns) {
        (Some(ty), _) => quote!(#support::Output::<#ty>::new()),
        (None, true) => quote!(#support::Output::new()),
        (None, false) => quote!(#support::Output::<()>::new()),
    };
    quote! {
        let #items = #support::Items::new();
        let #received = #received_is;
        let #output = #output_is;
    }
}

/// Emits a rejected generator: the errors, as an expression of any type, after what uses the variables.
pub fn generator_stub(input: &Input, body_is_rust: bool, errors: TokenStream) -> TokenStream {
    if let Some(generates) = input.generates.filter(|_| body_is_rust) {
        let (items, record) = (items(&input.body), record(input, generates));
        let proof = proof::generator(input, generates);
        return quote!({ #(#items)* if false { #record #proof } #errors });
    }
    let captured = &input.captured;
    quote!({ let _ = (#(&#captured,)*); #errors })
}

/// The lints that generated code does not answer to: the proof copy has been judged by all of them.
fn allow() -> TokenStream {
    quote! {
        #[allow(
            warnings,
            arithmetic_overflow,
            unconditional_panic,
            overflowing_literals,
            let_underscore_lock,
            dangerous_implicit_autorefs,
            semicolon_in_expressions_from_macros,
            clippy::all,
            clippy::pedantic,
            clippy::nursery,
            clippy::restriction
        )]
    }
}

/// The record of what a function returns, for the machine and for the proof copy. It is one record where no part of the
/// type is hidden: then both outputs have the same lifetimes.
fn records(output: &syn::Type) -> (TokenStream, Option<TokenStream>) {
    let (support, name) = (support(), fresh("output"));
    let record = quote!(let #name = #support::Output::new(););
    let is_one = annotation(output).to_string() == output.to_token_stream().to_string();
    (record.clone(), (!is_one).then_some(record))
}

/// The output's type where it is repeated in the body: `impl Trait` cannot be, and `!` is not a type there.
fn annotation(output: &syn::Type) -> TokenStream {
    struct Hide;
    impl syn::visit_mut::VisitMut for Hide {
        fn visit_type_mut(&mut self, ty: &mut syn::Type) {
            if let syn::Type::ImplTrait(_) = ty {
                *ty = syn::Type::Infer(syn::TypeInfer {
                    underscore_token: Default::default(),
                });
            }
            syn::visit_mut::visit_type_mut(self, ty);
        }
    }
    let mut hidden = output.clone();
    syn::visit_mut::VisitMut::visit_type_mut(&mut Hide, &mut hidden);
    match hidden {
        syn::Type::Never(_) => quote!(_),
        other => other.to_token_stream(),
    }
}

/// The attributes; those at the start of the body go before the function.
fn attributes(function: &Function) -> Vec<syn::Attribute> {
    let outer = |attr: &syn::Attribute| syn::Attribute {
        style: syn::AttrStyle::Outer,
        ..attr.clone()
    };
    function.item.attrs.iter().map(outer).collect()
}

/// The signature: a plain function that returns a future. Patterns of arguments have moved into the body.
fn signature(function: &Function) -> syn::Signature {
    let mut sig = function.item.sig.clone();
    let support = support();
    let mut output = function.output.clone();
    if let Some(word) = sig.asyncness.take() {
        // The item begins where the user's does.
        sig.fn_token.span = word.span;
    }
    elided::name(&mut sig, &function.item.block);
    if let syn::Type::Never(_) = output {
        // `!` is a type only where a function returns it.
        output = syn::Type::Verbatim(quote!(<fn() -> #output as #support::Returns>::Output));
    }
    // `impl` with the edition of this crate: every lifetime in scope is captured.
    let implementation = quote_spanned!(Span::mixed_site()=> impl);
    let end = end_of(&function.item.sig);
    let greater = quote_spanned!(end=> >);
    sig.output = ReturnType::Type(
        Default::default(),
        Box::new(syn::Type::Verbatim(located(
            quote!(#implementation #support::core::future::Future<Output = #output #greater),
            proof::returns(function),
        ))),
    );
    if let Some(clause) = &mut sig.generics.where_clause {
        if !clause.predicates.empty_or_trailing() {
            clause.predicates.push_punct(syn::Token![,](end));
        }
    }
    for (input, argument) in sig.inputs.iter_mut().zip(&function.input.arguments) {
        match input {
            FnArg::Receiver(_) => {}
            FnArg::Typed(typed) => {
                let ident = &argument.ident;
                *typed.pat = syn::parse_quote!(#ident);
            }
        }
    }
    sig
}

/// The end of what the user has written of a signature: see [`braced`].
fn end_of(sig: &syn::Signature) -> Span {
    let last = sig.output.to_token_stream().into_iter().last();
    last.map_or(sig.paren_token.span.close(), |last| last.span())
}

impl Emitter<'_> {
    fn body(&self) -> &Body {
        self.compiled.body
    }

    fn machine(&self) -> TokenStream {
        let (support, allow) = (&self.support, allow());
        let (name, frame, given) = (fresh("machine"), fresh("frame"), fresh("given"));
        let Frame {
            definition,
            first,
            room,
            room_on_stack,
        } = self.frame();
        let (step, held, finish) = (self.step(), self.held(), self.finish());
        let (state, resumed) = (self.address_of_state(), self.resumed());
        let output = fresh("output");
        let at = match self.gives {
            Gives::Output { at, .. } => at,
            Gives::Items(_) => Span::call_site(),
        };
        let function = located(quote!(#support::machine), at);
        let arguments = quote!(#frame, #given, #output, #step, #held, #finish, #state, #resumed, #room, #room_on_stack);
        let mut arguments = Group::new(Delimiter::Parenthesis, arguments);
        arguments.set_span(at);
        let body = self.body();
        let edition = body
            .edition
            .map(|edition| edition::check(edition, body.braces));
        let machine = quote!({ #edition #definition #first #function #arguments });
        match self.gives {
            // No `let`: in one, rustc thinks that a value of another type was meant for the loop over the states.
            Gives::Output { .. } => quote!(#allow return #machine;),
            Gives::Items(generates) => {
                let given = match generates.by {
                    generator::Macro::Gen => quote!(#name),
                    generator::Macro::TryGen => quote!(#support::results(#name)),
                    generator::Macro::Iter { pinned: true } => quote!(#support::pinned(#name)),
                    generator::Macro::Iter { pinned: false } => quote!(#support::movable(#name)),
                };
                quote!(#allow let #name = #machine; #given)
            }
        }
    }

    /// A block whose last expression has the temporaries that it would have in the user's text.
    fn block_of(&self, tokens: TokenStream) -> TokenStream {
        let mut group = Group::new(Delimiter::Brace, tokens);
        group.set_span(self.body().braces);
        TokenTree::Group(group).into()
    }

    /// What polls a function that has ended panics, where rustc says that an `async fn` does: at the user's body.
    fn resumed(&self) -> TokenStream {
        let (support, panicked) = (&self.support, fresh("panicked"));
        let call = respanned(quote!(#support::resumed), self.body().braces);
        let argument = standing_for(quote!(#panicked), self.body().braces);
        quote!(|#panicked: bool| { #call #argument })
    }

    /// The type of what a function returns.
    fn output(&self) -> TokenStream {
        match &self.gives {
            Gives::Output { ty, .. } => ty.clone(),
            Gives::Items(Generates { returns: true, .. }) => quote!(_),
            Gives::Items(_) => quote!(()),
        }
    }

    fn step(&self) -> TokenStream {
        let support = &self.support;
        let (parameters, addresses) = self.prologue();
        let (arguments, are_at) = self.given();
        let (frame, cx, state) = (fresh("frame"), fresh("cx"), fresh("state"));
        let (sent, output) = (fresh("sent"), self.output());
        let (yielded, received) = match &self.gives {
            Gives::Output { .. } => (quote!(#support::core::convert::Infallible), quote!(())),
            Gives::Items(_) => (quote!(_), quote!(_)),
        };
        let is_generator = matches!(self.gives, Gives::Items(_));
        let by_move = is_generator.then(|| quote!(move));
        let (items, records) = (fresh("items"), fresh("received"));
        let records = is_generator.then(|| {
            quote! {
                if false {
                    #records.is_sent(#sent);
                    return #items.flow();
                }
            }
        });
        let states = self.states();
        let endings = self.endings();
        quote! {
            #by_move |
                #parameters,
                #cx: &mut #support::core::task::Context<'_>,
                #sent: &mut #support::core::option::Option<#received>,
                #arguments
            | -> #support::Flow<#yielded, #output> {
                unsafe {
                    #records
                    #addresses
                    #are_at
                    #endings
                    let mut #state = (*#frame).head.state.number();
                    #states
                }
            }
        }
    }
}
