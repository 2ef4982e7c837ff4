//! Struct expressions, and the base that the rest of their fields come from.
//!
//! The base is a place: only the fields that are not listed are moved out of it, and which of them are moved and which
//! are copied is the type's. Where a temporary outlives the expression, what is left of it does so too, so that the
//! expression becomes a hole that `emit` fills.

use quote::ToTokens;
use syn::Expr;
use syn::spanned::Spanned;

use super::Lowering;
use crate::ir::*;
use crate::names::hole_number;

impl Lowering<'_> {
    pub(super) fn struct_(&mut self, s: &syn::ExprStruct) -> Expr {
        if s.fields.iter().any(|field| self.suspends(&field.expr)) {
            s.fields.iter().for_each(|field| self.no_cfg(&field.attrs));
        }
        let operands: Vec<_> = s
            .fields
            .iter()
            .map(|field| (&field.expr, Context::Value))
            .collect();
        let last = match &s.rest {
            Some(rest) if self.emits(rest) => Some(operands.len()),
            _ => operands.iter().rposition(|(e, _)| self.emits(e)),
        };
        let values = self.operands_until(&operands, last);
        let rest = s.rest.as_ref().map(|rest| self.base(rest));
        let mut lowered = s.clone();
        for (field, value) in lowered.fields.iter_mut().zip(values) {
            field.colon_token.get_or_insert_with(Default::default);
            field.expr = value;
        }
        if let Some(update) = rest.as_ref().and_then(|rest| self.update(&lowered, rest)) {
            return self.hole(Hole::Update(update), s.span());
        }
        lowered.rest = rest.map(Box::new);
        Expr::Struct(lowered)
    }

    /// The base of a struct: nothing extends it.
    fn base(&mut self, base: &Expr) -> Expr {
        let extending = self.extending.take();
        let left = self.place(base);
        self.extending = extending;
        left
    }

    /// A struct whose base is a temporary that outlives it.
    fn update(&mut self, s: &syn::ExprStruct, rest: &Expr) -> Option<Update> {
        let Expr::Path(path) = rest else { return None };
        let number = hole_number(path.path.get_ident()?)?;
        let Hole::Store { var, value } = &self.body.holes[number] else {
            return None;
        };
        let (var, base) = (*var, value.clone());
        if self.names.capture.is_some() || s.fields.iter().any(|field| !field.attrs.is_empty()) {
            return None;
        }
        let mut ty = proc_macro2::TokenStream::new();
        Expr::Path(syn::ExprPath {
            attrs: Vec::new(),
            qself: s.qself.clone(),
            path: s.path.clone(),
        })
        .to_tokens(&mut ty);
        let ty = Code::new(ty);
        let listed = s.fields.iter().map(|field| field.member.clone()).collect();
        let part = Part::Update {
            path: Path::whole(),
            ty: ty.clone(),
            listed,
        };
        let flag = self.new_flag(var, part);
        let ident = self.body.vars[var.0].name.clone();
        Some(Update {
            usage: self.usage(var, &ident, Context::Place),
            base,
            ty,
            fields: s
                .fields
                .iter()
                .map(|field| (field.member.clone(), self.code(&field.expr)))
                .collect(),
            flag,
        })
    }
}
