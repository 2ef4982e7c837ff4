//! Fills the holes in the user's tokens.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::Emitter;
use crate::ir::*;
use crate::names::{fresh, hole_number, name_of_captured, pointee, spanning, standing_for};

impl Emitter<'_> {
    /// The code with its holes filled.
    pub(super) fn fill(&self, code: &Code) -> TokenStream {
        self.fill_tokens(code.tokens().clone())
    }

    fn fill_tokens(&self, tokens: TokenStream) -> TokenStream {
        let mut out = TokenStream::new();
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => {
                    let mut filled =
                        Group::new(group.delimiter(), self.fill_tokens(group.stream()));
                    filled.set_span(group.span());
                    out.extend([TokenTree::Group(filled)]);
                }
                TokenTree::Ident(ident) => match hole_number(&ident) {
                    Some(number) => out.extend(self.operand(HoleId(number), ident.span())),
                    None => out.extend([TokenTree::Ident(ident)]),
                },
                other => out.extend([other]),
            }
        }
        out
    }

    /// What fills a hole, as an operand of whatever stands around it. `last` is where the user's expression ends.
    fn operand(&self, id: HoleId, last: Span) -> TokenStream {
        let filled = self.hole(id, last);
        match &self.body().holes[id.0] {
            Hole::Use(usage) if usage.ident == filled.to_string() => {
                located_name(&usage.ident, last)
            }
            // As a place it stays one, and what a closure has may be borrowed again there.
            Hole::Use(usage) if usage.context == Context::Value && usage.capture.is_none() => {
                spanning(filled, usage.ident.span(), last)
            }
            Hole::Use(usage) if usage.capture.is_none() && self.slot(usage.var).is_some() => {
                pointee(self.pointer(usage.var, last), last)
            }
            Hole::TakePart { usage, .. } => spanning(filled, usage.ident.span(), last),
            Hole::Call(call) => spanning(filled, call.usage.ident.span(), last),
            _ => standing_for(filled, last),
        }
    }

    fn hole(&self, id: HoleId, last: Span) -> TokenStream {
        let support = &self.support;
        match &self.body().holes[id.0] {
            Hole::Use(usage) => self.usage(usage),
            Hole::TakePart {
                usage,
                store: None,
                path,
                flag,
            } => self.take_part(usage.var, path, *flag),
            Hole::TakePart {
                usage,
                store: Some(store),
                path,
                flag,
            } => {
                let value = self.fill(store);
                if self.slot(usage.var).is_none() || self.asking.get() {
                    return path.of(standing_for(value, last));
                }
                let (store, part) = (
                    self.init(usage.var, value),
                    self.take_part(usage.var, path, *flag),
                );
                self.block_of(quote!(#store #part))
            }
            Hole::Assign { usage, value } => {
                let value = self.fill(value);
                if usage.capture.is_some() {
                    let place = self.usage(usage);
                    return quote!(#place = #value);
                }
                self.assign(id, usage.var, value)
            }
            Hole::AssignPart { usage, path, value } => {
                let value = self.fill(value);
                if usage.capture.is_some() {
                    let place = path.of(self.usage(usage));
                    return quote!(#place = #value);
                }
                self.assign_part(usage, path, value)
            }
            Hole::Update(update) => self.update(update, last),
            Hole::Store { var, value } => self.stored(*var, self.fill(value)),
            Hole::Call(call) => self.call(id, call),
            Hole::Match { usage, path, arms } => self.plain_match(usage, path, arms),
            Hole::Capture { capture, code } => self.capture(*capture, code),
            Hole::Macro { bound, named, code } => self.macro_(bound, named, code),
            Hole::Returning { code, always } => self.returning(code, *always),
            Hole::Jump { store, target } => self.jump(store.as_ref(), *target),
            Hole::Return(code) => {
                let value = self.fill(code);
                let value = self.returned(value);
                match self.asking.get() {
                    true => quote!({ let _ = #value; #support::core::unreachable!() }),
                    false => quote!(return #support::Flow::Return(#value)),
                }
            }
            Hole::Try(code) => self.try_(code, last),
        }
    }

    /// A variable, inside a capture or outside.
    pub(super) fn usage(&self, usage: &Use) -> TokenStream {
        match usage.capture {
            None => match usage.context {
                // A temporary is not a place to the user: in braces it is moved wherever it stands.
                Context::Value
                    if self.slot(usage.var).is_none() && self.is_temporary(usage.var) =>
                {
                    let value = self.take(usage.var);
                    quote!({ #value })
                }
                Context::Value => self.take(usage.var),
                Context::Place => self.place(usage.var),
            },
            Some(_) if self.slot(usage.var).is_none() => self.local(usage.var).to_token_stream(),
            Some(capture) if self.asking.get() && self.asking_in.get() == Some(capture) => {
                self.asked(usage.var)
            }
            Some(capture) => {
                let name = name_of_captured(&usage.ident);
                let as_value = usage.context == Context::Value;
                match self.mode(capture, usage.var) {
                    Mode::Move => quote!(#name),
                    Mode::Reborrow => quote!((*#name)),
                    Mode::Either if self.is_both(capture, usage.var) && as_value => {
                        quote!(#name.value())
                    }
                    Mode::Either => quote!((#name.0)),
                }
            }
        }
    }

    fn is_temporary(&self, var: VarId) -> bool {
        self.body().vars[var.0].role == Role::Temporary
    }

    pub(super) fn mode(&self, capture: CaptureId, var: VarId) -> Mode {
        let known = &self.body().captures[capture.0];
        let as_value = known
            .vars
            .iter()
            .any(|captured| captured.var == var && captured.as_value);
        match (known.by_move, as_value) {
            (true, _) => Mode::Move,
            (false, true) => Mode::Either,
            (false, false) => Mode::Reborrow,
        }
    }

    /// Whether a variable is used as a value and as a place inside: what is a unique reference may be borrowed again as a
    /// value, and must then stay where it is.
    fn is_both(&self, capture: CaptureId, var: VarId) -> bool {
        let vars = &self.body().captures[capture.0].vars;
        let both = |captured: &Captured| captured.as_value && captured.as_place;
        vars.iter()
            .any(|captured| captured.var == var && both(captured))
    }

    fn capture(&self, id: CaptureId, code: &Code) -> TokenStream {
        let support = &self.support;
        let code = self.fill(code);
        let capture = &self.body().captures[id.0];
        let binds = capture
            .vars
            .iter()
            .filter(|captured| self.slot(captured.var).is_some())
            .map(|captured| {
                let name = captured.name();
                if self.asking.get() {
                    return self.asked_capture(&name, captured.var, self.mode(id, captured.var));
                }
                let (address, take) = (self.address(captured.var), self.take(captured.var));
                let pointer = self.pointer_to(captured.var);
                // What is taken as a whole and used again is copied by that. Of parts, rustc may leave others.
                let shared = self.leaves_parts(id, captured);
                match self.mode(id, captured.var) {
                    Mode::Reborrow => quote!(let #name = &mut *#pointer;),
                    Mode::Move if shared => quote!(let mut #name = #support::copied(#address);),
                    Mode::Move => {
                        let check = (!captured.whole)
                            .then(|| self.captures_whole(&captured.parts, &name, None));
                        quote!(let mut #name = #take; #check)
                    }
                    Mode::Either => {
                        let check = self.moves_on_whole(id, captured, &name);
                        let probe = match self.is_bounded(captured.var) {
                            true => quote!(#support::Probe::behind(#pointer)),
                            false => quote!(#support::Probe::at(#address)),
                        };
                        let stays = self
                            .is_both(id, captured.var)
                            .then(|| quote!(use #support::ReborrowCaptured as _;));
                        quote! {
                            #check
                            let mut #name = {
                                #stays
                                use #support::{BorrowCaptured as _, MoveCaptured as _};
                                (&#probe).capture(|| #take)
                            };
                        }
                    }
                }
            });
        self.block_of(quote!(#(#binds)* #code))
    }

    /// Whether a variable of which parts are captured is used again.
    fn leaves_parts(&self, id: CaptureId, captured: &Captured) -> bool {
        !captured.whole && self.compiled.facts.shared.contains(&(id, captured.var))
    }

    /// Asks the same of parts that move on into a capture inside of this one, which does not move by itself.
    fn moves_on_whole(&self, id: CaptureId, captured: &Captured, name: &Ident) -> TokenStream {
        let (support, address) = (&self.support, self.address(captured.var));
        if captured.whole {
            return TokenStream::new();
        }
        if self.leaves_parts(id, captured) {
            return quote!(#support::moves_and_stays(#address););
        }
        let value = quote!(let mut #name = #support::peek(&*#address););
        self.captures_whole(&captured.moved, name, Some(value))
    }

    /// Asks whether a capture that uses parts of a variable takes all of it that has to be dropped: rustc leaves the rest
    /// where it is, and a scope that is suspended behind the capture keeps it.
    fn captures_whole(
        &self,
        parts: &[CapturedPart],
        name: &Ident,
        value: Option<TokenStream>,
    ) -> TokenStream {
        if parts.is_empty() {
            return TokenStream::new();
        }
        let support = &self.support;
        let (whole, rest) = (fresh("whole"), fresh("rest"));
        let parts = parts.iter().map(|part| {
            let place = part.path.of(quote!(#whole.value));
            match &part.look {
                None => quote!(let _ = &#place;),
                Some((before, after)) => quote!(#before #place #after),
            }
        });
        quote! {
            let mut #rest = #support::Witness::new();
            if false {
                #support::core::unreachable!();
                #value
                #rest.is(&async {
                    let #whole = #support::padded(&#name);
                    #support::core::mem::forget(move || { #(#parts)* });
                    #support::Leave.await;
                });
            }
            #support::captures_whole(&#rest);
        }
    }

    fn jump(&self, store: Option<&(VarId, Code)>, target: BlockId) -> TokenStream {
        let store = store.map(|(var, code)| self.init(*var, self.fill(code)));
        let jump = self.jump_to(target);
        quote!({ #store #jump })
    }

    /// What the early return converts is left to rustc's own `?`, in a closure that returns what the body returns.
    fn try_(&self, code: &Code, question: Span) -> TokenStream {
        let support = &self.support;
        let value = self.fill(code);
        let (output, residual) = (fresh("output"), fresh("residual"));
        if self.asking.get() {
            return quote! {
                match #support::Try::branch(#value) {
                    #support::core::ops::ControlFlow::Continue(#output) => #output,
                    #support::core::ops::ControlFlow::Break(_) => #support::core::unreachable!(),
                }
            };
        }
        let ty = self.output();
        let residual_ = standing_for(quote!(#residual), question);
        let converted = quote::quote_spanned!(question=> #residual_?);
        quote! {
            match #support::Try::branch(#value) {
                #support::core::ops::ControlFlow::Continue(#output) => #output,
                #support::core::ops::ControlFlow::Break(#residual) => {
                    return #support::Flow::Return((|| -> #ty { #converted; #support::core::unreachable!() })())
                }
            }
        }
    }
}

/// How a variable gets into its capture.
pub(super) enum Mode {
    /// By value: the capture is `move`.
    Move,
    /// By reference.
    Reborrow,
    /// It is used as a value: by reference if it is `Copy`, by value if it is not.
    Either,
}

/// The user's name of a variable that is a local, where the user uses it.
fn located_name(ident: &Ident, at: Span) -> TokenStream {
    let mut ident = ident.clone();
    ident.set_span(ident.span().located_at(at));
    ident.to_token_stream()
}
