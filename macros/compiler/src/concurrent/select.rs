//! `select!` and `select_biased!`.
//!
//! tokio and coloop evaluate all conditions, then all operands, in one tuple; the futures end before the handler runs. A
//! branch whose output does not match its pattern is disabled. futures keeps each operand in a variable, polls those that
//! are named by a path where they are, and leaves out what has terminated. In both the output is matched in the macro's
//! block, so that a handler is the user's own code.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, Pat, Path, Token, token};

use super::{Origin, Which, list};
use crate::names::{fresh, numbered, respanned, support};

/// How many branches there can be: a bit of a word tells of each whether it is disabled.
const MOST: usize = u64::BITS as usize;

/// A branch.
pub(super) struct Branch {
    pat: Pat,
    future: Expr,
    condition: Option<Expr>,
    handler: Expr,
}

/// What is done without a branch.
pub(super) struct Fallback {
    word: Ident,
    handler: Expr,
}

/// The branches, and what to do without one.
#[derive(Default)]
pub(super) struct Select {
    biased: bool,
    branches: Vec<Branch>,
    /// `else =>`
    otherwise: Option<Fallback>,
    /// `complete =>`
    complete: Option<Fallback>,
    /// `default =>`
    default: Option<Fallback>,
}

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut select = Select {
            biased: super::join::biased(input)?,
            ..Select::default()
        };
        while !input.is_empty() {
            select.arm(input)?;
        }
        Ok(select)
    }
}

impl Select {
    fn arm(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(Ident::peek_any) && input.peek2(Token![=>]) {
            return self.fallback(input);
        }
        let pat = Pat::parse_multi_with_leading_vert(input)?;
        input.parse::<Token![=]>()?;
        let future = input.parse()?;
        let condition = match input.parse::<Option<Token![,]>>()? {
            Some(_) => {
                input.parse::<Token![if]>()?;
                Some(input.parse()?)
            }
            None => None,
        };
        let handler = handler(input)?;
        self.branches.push(Branch {
            pat,
            future,
            condition,
            handler,
        });
        Ok(())
    }

    fn fallback(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let word = input.call(Ident::parse_any)?;
        let at = match word.to_string().as_str() {
            "else" => &mut self.otherwise,
            "complete" => &mut self.complete,
            "default" => &mut self.default,
            _ => {
                return Err(syn::Error::new(
                    word.span(),
                    "this branch has no future; write `pattern = future => handler`",
                ));
            }
        };
        if at.is_some() {
            let message = format!("`{word}` stands here a second time; write it once");
            return Err(syn::Error::new(word.span(), message));
        }
        let handler = handler(input)?;
        *at = Some(Fallback { word, handler });
        Ok(())
    }

    /// Whether something is written that only tokio and coloop have.
    pub(super) fn is_tokio_like(&self) -> bool {
        let conditions = self
            .branches
            .iter()
            .any(|branch| branch.condition.is_some());
        self.biased || self.otherwise.is_some() || conditions
    }

    /// Whether something is written that only futures has.
    pub(super) fn is_futures_like(&self) -> bool {
        self.complete.is_some() || self.default.is_some()
    }

    /// Whether an operand says that it is fused.
    pub(super) fn is_fused(&self) -> bool {
        let fused = |branch: &Branch| match &branch.future {
            Expr::MethodCall(call) => call.method == "fuse" || call.method == "select_next_some",
            _ => false,
        };
        self.branches.iter().any(fused)
    }

    pub(super) fn expanded(&self, which: Which, origin: Origin, path: &Path) -> TokenStream {
        match origin {
            Origin::Futures => self.fused(which, path.span()),
            Origin::Tokio | Origin::Coloop if self.branches.is_empty() => {
                let otherwise = self.otherwise.as_ref().map(|fallback| &fallback.handler);
                quote!(#otherwise)
            }
            Origin::Tokio | Origin::Coloop => self.ordered(origin, path),
        }
    }

    /// coloop's own `select!`.
    pub(super) fn own(&self) -> syn::Result<TokenStream> {
        let foreign = [
            (
                &self.complete,
                "`complete` belongs to the `select!` of futures; write `else`, which runs when no branch matches",
            ),
            (
                &self.default,
                "`default` belongs to the `select!` of futures; write `biased;` first, and a last branch that is ready: `() = async {} => …`",
            ),
        ];
        let mut errors = foreign.iter().filter_map(|(fallback, message)| {
            let word = &fallback.as_ref()?.word;
            Some(syn::Error::new(word.span(), message))
        });
        if let Some(mut error) = errors.next() {
            error.extend(errors);
            return Err(error);
        }
        if let Some(branch) = self.branches.get(MOST) {
            let message = format!(
                "this is branch {} of a `select!`, which takes {MOST}; put some of them into a `select!` of their own",
                MOST + 1
            );
            return Err(syn::Error::new_spanned(&branch.pat, message));
        }
        let expanded = self.expanded(Which::Select, Origin::Coloop, &syn::parse_quote!(select));
        Ok(quote!({ #expanded }))
    }

    // ---- tokio and coloop

    fn ordered(&self, origin: Origin, path: &Path) -> TokenStream {
        let support = support();
        let (disabled, output, operands, branches) = (
            fresh("disabled"),
            fresh("output"),
            fresh("operands"),
            fresh("branches"),
        );
        let conditions = self
            .branches
            .iter()
            .enumerate()
            .filter_map(|(index, branch)| {
                let condition = branch.condition.as_ref()?;
                Some(quote!(if !(#condition) { #disabled |= 1u64 << #index; }))
            });
        let futures = self.branches.iter().map(|branch| &branch.future);
        let elements = self.branches.iter().enumerate().map(|(index, branch)| {
            let (index, matches) = (syn::Index::from(index), matches(&branch.pat));
            quote!(#support::branch(#operands.#index, #matches))
        });
        let elements = list(elements);
        let (start, budget) = self.fairness(origin, path);
        let at = path.span();
        let otherwise = self.otherwise.as_ref().map_or_else(
            || {
                let panic = respanned(quote!(#support::core::panic), at);
                quote_spanned!(at=> #panic!("all branches are disabled and there is no else branch"))
            },
            |Fallback { handler, .. }| quote!(#handler),
        );
        let arms = self.arms();
        let none = nested(self.branches.len(), quote!(#support::Disabled));
        quote! {
            let mut #disabled = 0u64;
            #(#conditions)*
            let mut #output = {
                let #operands = (#(#futures,)*);
                let mut #branches = #elements;
                #support::select(unsafe { #support::pin_mut(&mut #branches) }, #disabled, #start, #budget).await
            };
            match #output {
                #(#arms)*
                #none => #otherwise,
                _ => #support::core::unreachable!(),
            }
        }
    }

    /// Which branch begins, and when the task has used its share of time. Both are tokio's own, as far as the version has
    /// them: the names of inner blocks hide those of outer ones.
    fn fairness(&self, origin: Origin, path: &Path) -> (TokenStream, TokenStream) {
        let support = support();
        let first = quote!(#support::first);
        if origin == Origin::Coloop {
            return (first, quote!(#support::is_ready));
        }
        let tokio = super::origin::krate(path);
        let own = |name: TokenStream| {
            quote! {{
                #[allow(unused_imports)]
                use #support::without_tokio::*;
                {
                    #[allow(unused_imports)]
                    use #tokio::macros::support::*;
                    #name
                }
            }}
        };
        let start = match self.biased {
            true => first,
            false => own(quote!(thread_rng_n)),
        };
        (start, own(quote!(poll_budget_available)))
    }

    // ---- futures

    fn fused(&self, which: Which, at: Span) -> TokenStream {
        let (support, output) = (support(), fresh("output"));
        let member = |index| numbered("member", index);
        let lets = self.branches.iter().enumerate().map(|(index, branch)| {
            let (member, future) = (member(index), &branch.future);
            match future {
                Expr::Path(_) => TokenStream::new(),
                _ => quote!(let mut #member = #future;),
            }
        });
        let references = self.branches.iter().enumerate().map(|(index, branch)| {
            let (member, future) = (member(index), &branch.future);
            match future {
                Expr::Path(_) => quote!(#support::core::pin::Pin::new(&mut #future)),
                _ => quote!(unsafe { #support::pin_mut(&mut #member) }),
            }
        });
        let (references, count) = (list(references), self.branches.len());
        let complete = match &self.complete {
            Some(_) => quote!(|| ()),
            None => {
                let panic = respanned(quote!(#support::core::panic), at);
                quote_spanned!(at=> || #panic!("all futures in select! were completed, but no `complete =>` handler was provided"))
            }
        };
        let order = match which {
            Which::SelectBiased => quote!(#support::InTurn),
            _ => quote!(#support::Shuffled),
        };
        let select =
            quote!(#support::select_fused::<#count, _, _, _>(#references, #complete, #order));
        let (arms, none) = (self.arms(), nested(count, quote!(#support::Disabled)));
        let complete = match &self.complete {
            Some(Fallback { handler, .. }) => quote!({ #handler }),
            None => quote!(#support::core::unreachable!()),
        };
        let arms = quote!(#(#arms)* #none => #complete,);
        match &self.default {
            None => quote! {
                let mut #output = { #(#lets)* #select.await };
                match #output { #arms }
            },
            Some(Fallback { handler, .. }) => {
                let (ready, poll) = (fresh("ready"), quote!(#support::core::task::Poll));
                quote! {
                    let mut #output = { #(#lets)* #support::poll_once(#select) };
                    match #output {
                        #poll::Ready(mut #ready) => match #ready { #arms },
                        _ => #handler,
                    }
                }
            }
        }
    }

    fn arms(&self) -> impl Iterator<Item = TokenStream> {
        let support = support();
        self.branches
            .iter()
            .enumerate()
            .map(move |(index, branch)| {
                let (pat, handler) = (&branch.pat, &branch.handler);
                let pat = nested(index, quote!(#support::Chosen::This(#pat)));
                quote!(#pat => #handler,)
            })
    }
}

/// `=> handler`, with the comma that it needs.
fn handler(input: ParseStream<'_>) -> syn::Result<Expr> {
    input.parse::<Token![=>]>()?;
    let handler = match input.peek(token::Brace) {
        true => Expr::parse_with_earlier_boundary_rule(input)?,
        false => input.parse()?,
    };
    match matches!(handler, Expr::Block(_)) || input.is_empty() {
        true => drop(input.parse::<Option<Token![,]>>()?),
        false => drop(input.parse::<Token![,]>()?),
    }
    Ok(handler)
}

/// A pattern for what stands at a place of a list.
fn nested(index: usize, pat: TokenStream) -> TokenStream {
    let support = support();
    (0..index).fold(pat, |pat, _| quote!(#support::Chosen::Other(#pat)))
}

/// Whether an output matches the pattern.
fn matches(pat: &Pat) -> TokenStream {
    let (out, matches) = (fresh("out"), fresh("matches"));
    if let Pat::Wild(_) = pat {
        return quote!(|_| true);
    }
    let mut pat = pat.clone();
    Look.visit_pat_mut(&mut pat);
    quote! {
        |#out| {
            #[allow(warnings)]
            let #matches = match #out { #pat => true, _ => false };
            #matches
        }
    }
}

/// Makes a pattern only look: what it binds is a reference already.
struct Look;

impl VisitMut for Look {
    fn visit_pat_ident_mut(&mut self, pat: &mut syn::PatIdent) {
        (pat.by_ref, pat.mutability) = (None, None);
        visit_mut::visit_pat_ident_mut(self, pat);
    }

    fn visit_pat_reference_mut(&mut self, pat: &mut syn::PatReference) {
        pat.mutability = None;
        visit_mut::visit_pat_reference_mut(self, pat);
    }

    fn visit_expr_mut(&mut self, _: &mut Expr) {}
}
