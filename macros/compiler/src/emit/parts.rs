//! What is left of a variable when parts of it are gone.
//!
//! The parts are moved once more, out of a copy of the variable, and forgotten; rustc drops what remains of the copy, in
//! its own order. It follows moves as it does in any code, and must not see a part moved twice. Two notes about parts
//! that overlap are never both true about what they share, so the second one is asked in the `else` of the first, and,
//! for what it does not share, after the first.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;

use super::Emitter;
use crate::ir::*;
use crate::names::numbered;

/// A note that is still to be asked, without the bindings that another note has been about.
#[derive(Clone)]
struct Gone {
    flag: FlagId,
    bindings: Vec<Binding>,
}

impl Emitter<'_> {
    /// Which of the notes are set, as variables, and their names. They are not set any more.
    pub(super) fn moved(&self, flags: &[FlagId]) -> (TokenStream, Vec<Ident>) {
        let (support, live) = (&self.support, self.live());
        let numbers = flags
            .iter()
            .filter_map(|flag| self.compiled.layout.flag(*flag));
        let names: Vec<_> = flags.iter().map(|flag| numbered("moved", flag.0)).collect();
        let take = numbers.zip(&names).map(|(number, name)| {
            quote! {
                let #name = #support::is_set(#live, #number);
                #support::forget_flag(#live, #number);
            }
        });
        (quote!(#(#take)*), names)
    }

    /// Moves the parts that are gone out of a copy of a part and forgets them.
    pub(super) fn forget_parts(&self, flags: &[FlagId], of: &Path, rest: &Ident) -> TokenStream {
        let within = |flag: &FlagId| {
            let part = &self.body().flags[flag.0].part;
            part.path().within(of).is_some()
        };
        let gone: Vec<Gone> = flags
            .iter()
            .copied()
            .filter(within)
            .map(|flag| self.gone(flag))
            .collect();
        let (asked, forget) = (self.wholes(&gone, of, rest), self.forget(&gone, of, rest));
        quote!(#asked #forget)
    }

    /// What the parts that a call may have moved are parts of, before anything has been moved out of it.
    fn wholes(&self, gone: &[Gone], of: &Path, rest: &Ident) -> TokenStream {
        let support = &self.support;
        let each = gone.iter().flat_map(|gone| {
            let part = &self.body().flags[gone.flag.0].part;
            let way = part.path().within(of).unwrap_or_default();
            let wholes = way.wholes();
            let asked = matches!(part, Part::Receiver(_)).then_some(wholes);
            let named = asked.into_iter().flatten().enumerate();
            named.map(|(step, whole)| (whole_of(gone.flag, step), whole.of(rest)))
        });
        let asked =
            each.map(|(name, place)| quote!(let #name = #support::whole(&raw const #place);));
        asked.collect()
    }

    /// Ends what rustc's borrow checker looks at, if the part cannot be moved out of what it is a part of.
    fn stays(&self, flag: FlagId, way: &Path) -> TokenStream {
        let asked = way.wholes().into_iter().enumerate().map(|(step, _)| {
            let name = whole_of(flag, step);
            quote!((&&&&&&#name).leaves();)
        });
        let traits = self.questions();
        quote!(#traits #(#asked)*)
    }

    /// The traits of which `leaves` is a method.
    fn questions(&self) -> TokenStream {
        let support = &self.support;
        quote! {
            use #support::{
                BoxOfDrop as _, BoxOfParts as _, BoxOfPointer as _, Parts as _, Pointer as _, WithDrop as _,
            };
        }
    }

    /// Refuses a call that consumes a part of which nothing here knows how to drop the rest.
    pub(super) fn moves_part(
        &self,
        path: &Path,
        place: &TokenStream,
        witness: &Ident,
    ) -> TokenStream {
        let support = &self.support;
        let asked = path.wholes().into_iter().map(|whole| {
            let whole = whole.of(place);
            quote!(#support::moves_part(&#witness, &|| (&&&&&&#support::whole(&raw const #whole)).leaves());)
        });
        let traits = self.questions();
        quote!({ #traits #(#asked)* })
    }

    fn gone(&self, flag: FlagId) -> Gone {
        let bindings = match &self.body().flags[flag.0].part {
            Part::Path(path) | Part::Receiver(path) => vec![Binding {
                ident: numbered("part", flag.0),
                steps: path.steps.clone(),
            }],
            Part::Pattern { bindings, .. } => bindings.clone(),
            // The base is a temporary, of which nothing else is moved.
            Part::Update { .. } => Vec::new(),
        };
        Gone { flag, bindings }
    }

    fn forget(&self, gone: &[Gone], of: &Path, rest: &Ident) -> TokenStream {
        let Some((first, others)) = gone.split_first() else {
            return TokenStream::new();
        };
        let moved = numbered("moved", first.flag.0);
        let code = self.forget_one(first, of, rest);
        let after: Vec<Gone> = others
            .iter()
            .filter_map(|other| self.without(other, first))
            .collect();
        let same = after.len() == others.len()
            && after
                .iter()
                .zip(others)
                .all(|(a, b)| a.bindings.len() == b.bindings.len());
        let otherwise = self.forget(others, of, rest);
        if same {
            return quote!(if #moved { #code } #otherwise);
        }
        let after = self.forget(&after, of, rest);
        quote!(if #moved { #code #after } else { #otherwise })
    }

    /// What is left of a note if another one is true; none if nothing is.
    fn without(&self, other: &Gone, first: &Gone) -> Option<Gone> {
        let group = |gone: &Gone| match &self.body().flags[gone.flag.0].part {
            Part::Pattern { group, .. } => Some(*group),
            Part::Path(_) | Part::Receiver(_) | Part::Update { .. } => None,
        };
        if group(other).is_some() && group(other) == group(first) {
            return None;
        }
        let shared = |binding: &Binding| {
            let overlaps = |taken: &Binding| overlap(&taken.steps, &binding.steps);
            first.bindings.iter().any(overlaps)
        };
        let bindings: Vec<Binding> = other
            .bindings
            .iter()
            .filter(|binding| !shared(binding))
            .cloned()
            .collect();
        let flag = other.flag;
        (!bindings.is_empty()).then_some(Gone { flag, bindings })
    }

    fn forget_one(&self, gone: &Gone, of: &Path, rest: &Ident) -> TokenStream {
        let forget = quote!(::core::mem::forget);
        let part = &self.body().flags[gone.flag.0].part;
        let way = part.path().within(of).unwrap_or_default();
        let place = way.of(rest);
        match part {
            Part::Path(_) => quote!(#forget(#place);),
            Part::Receiver(_) => {
                let stays = self.stays(gone.flag, &way);
                quote!(#stays #forget(#place);)
            }
            // What rustc has moved once it moves again; a listed field's value is only there to be forgotten.
            Part::Update { ty, listed, .. } => {
                let (read, ty) = (quote!(::core::ptr::read), self.fill(ty));
                quote!(#forget(#ty { #(#listed: #read(&raw const #place.#listed),)* ..#place });)
            }
            Part::Pattern { pattern, .. } => {
                let kept = |ident: &Ident| gone.bindings.iter().any(|kept| kept.ident == *ident);
                let dropped: Vec<Ident> = self
                    .gone(gone.flag)
                    .bindings
                    .into_iter()
                    .map(|binding| binding.ident)
                    .filter(|ident| !kept(ident))
                    .collect();
                let pattern = without_names(self.fill(pattern), &dropped);
                let mut names: Vec<&Ident> = gone.bindings.iter().map(|kept| &kept.ident).collect();
                names.sort();
                names.dedup();
                quote!(match #place { #pattern => { #forget((#(#names,)*)); } _ => {} })
            }
        }
    }
}

/// The name of what a part is a part of, by the number of steps to that.
fn whole_of(flag: FlagId, step: usize) -> Ident {
    numbered(&format!("whole{step}_"), flag.0)
}

/// The pattern without some of its names: a name that is not a field's is followed by no colon.
fn without_names(pattern: TokenStream, names: &[Ident]) -> TokenStream {
    let mut trees = pattern.into_iter().peekable();
    let mut out = TokenStream::new();
    while let Some(tree) = trees.next() {
        let next = match trees.peek() {
            Some(TokenTree::Punct(punct)) => Some(punct.as_char()),
            _ => None,
        };
        match tree {
            TokenTree::Group(group) => {
                let inner = without_names(group.stream(), names);
                let mut new = Group::new(group.delimiter(), inner);
                new.set_span(group.span());
                out.extend([TokenTree::Group(new)]);
            }
            TokenTree::Ident(ident) if names.contains(&ident) && next == Some('@') => {
                trees.next();
            }
            TokenTree::Ident(ident) if names.contains(&ident) && next != Some(':') => {
                out.extend(quote!(_));
            }
            other => out.extend([other]),
        }
    }
    out
}
