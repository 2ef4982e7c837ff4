//! Places, and references to them.
//!
//! A value that is *kept* outlives its statement, so it must not borrow a temporary.

use super::{Generator, Value};
use crate::features::Feature;
use crate::scope::{Access, Place};
use crate::tree::{Node, Part};
use crate::types::{Step, Ty};

impl Generator<'_> {
    /// The places of a type that this can be done with.
    pub(super) fn places(&self, access: Access, wanted: impl Fn(&Ty) -> bool) -> Vec<Place> {
        let partial = self.has(Feature::PartialMove);
        let places = self.scope.places().into_iter();
        let of_type = places.filter(|(_, ty)| wanted(ty));
        let places = of_type.map(|(place, _)| place);
        let whole = |place: &Place| partial || access != Access::Move || place.path.is_empty();
        places
            .filter(|place| whole(place) && self.scope.allows(place, access))
            .collect()
    }

    pub(super) fn place(&mut self, access: Access, wanted: impl Fn(&Ty) -> bool) -> Option<Place> {
        let places = self.places(access, wanted);
        self.pick(places)
    }

    /// The place as it is written; with `auto` where the compiler dereferences by itself.
    pub(super) fn text(&self, place: &Place, auto: bool) -> String {
        let mut text = self.scope.vars[place.var].name.clone();
        let mut ty = self.scope.vars[place.var].ty.clone();
        for (at, step) in place.path.iter().enumerate() {
            let next = place.path.get(at + 1);
            match step {
                Step::Field(field) => text = format!("{text}.{}", ty.field_name(*field)),
                Step::Deref if matches!(next, Some(Step::Field(_))) => {}
                Step::Deref if auto && next.is_none() => {}
                Step::Deref if next.is_none() => text = format!("*{text}"),
                Step::Deref => text = format!("(*{text})"),
            }
            ty = ty.part(*step).expect("a place of this type");
        }
        if auto && text.starts_with('*') {
            return format!("({text})");
        }
        text
    }

    /// A value of a type that borrows.
    pub(super) fn borrowing(&mut self, ty: &Ty, kept: bool) -> Option<Value> {
        let value = match ty {
            Ty::Ref(inner) => self.shared_reference(ty, inner, kept),
            Ty::Mut(inner) => self.unique_reference(ty, inner, kept),
            Ty::Opt(inner) => {
                let value = self.borrowing(inner, kept)?;
                Some(Value {
                    node: Node::expr(ty, vec!["Some(".into(), value.node.into(), ")".into()]),
                    borrows: value.borrows,
                })
            }
            Ty::Tuple(fields) => self.borrowing_tuple(ty, fields, kept),
            _ => None,
        }?;
        Some(self.passed_on(ty, value))
    }

    /// The value as it is, or after it went through a call or a future.
    fn passed_on(&mut self, ty: &Ty, value: Value) -> Value {
        let (id, borrows) = (self.id(), value.borrows);
        let parts: Vec<Part> = match self.rng.u32(0..10) {
            0 => vec![
                format!("t.val({id}, ").into(),
                value.node.into(),
                ")".into(),
            ],
            1 | 2 if self.awaits => vec![
                format!("t.later({id}, ").into(),
                value.node.into(),
                ").await".into(),
            ],
            _ => {
                let node = value.node;
                return Value { node, borrows };
            }
        };
        let node = Node::expr(ty, parts);
        Value { node, borrows }
    }

    fn shared_reference(&mut self, ty: &Ty, inner: &Ty, kept: bool) -> Option<Value> {
        if !kept && self.has(Feature::Temporary) && self.chance(25) {
            return Some(self.temporary(ty, "&", inner));
        }
        if self.chance(30) {
            if let Some(place) = self.place(Access::Read, |found| found == ty) {
                return Some(self.copied_reference(ty, &place));
            }
        }
        match self.place(Access::Share, |found| found == inner) {
            Some(place) => {
                self.scope.access(&place, Access::Share);
                let method = *inner == Ty::D && self.chance(20);
                let text = match method {
                    true => format!("{}.by_ref()", self.text(&place, true)),
                    false => format!("&{}", self.text(&place, false)),
                };
                Some(Value {
                    node: Node::expr(ty, vec![text.into()]),
                    borrows: self.scope.borrows_by(&place, false),
                })
            }
            None if kept => None,
            None => Some(self.temporary(ty, "&", inner)),
        }
    }

    fn copied_reference(&mut self, ty: &Ty, place: &Place) -> Value {
        self.scope.access(place, Access::Read);
        Value {
            node: Node::expr(ty, vec![self.text(place, false).into()]),
            borrows: self.scope.borrows_of(place.var),
        }
    }

    fn unique_reference(&mut self, ty: &Ty, inner: &Ty, kept: bool) -> Option<Value> {
        if !kept && self.has(Feature::Temporary) && self.chance(25) {
            return Some(self.temporary(ty, "&mut ", inner));
        }
        if self.chance(25) {
            if let Some(place) = self.place(Access::Move, |found| found == ty) {
                let borrows = self.scope.borrows_of(place.var);
                self.scope.access(&place, Access::Move);
                let node = Node::expr(ty, vec![self.text(&place, false).into()]);
                return Some(Value { node, borrows });
            }
        }
        match self.place(Access::Unique, |found| found == inner) {
            Some(place) => {
                self.scope.access(&place, Access::Unique);
                let text = format!("&mut {}", self.text(&place, false));
                Some(Value {
                    node: Node::expr(ty, vec![text.into()]),
                    borrows: self.scope.borrows_by(&place, true),
                })
            }
            None if kept => None,
            None => Some(self.temporary(ty, "&mut ", inner)),
        }
    }

    fn temporary(&mut self, ty: &Ty, operator: &str, inner: &Ty) -> Value {
        let value = self.made(inner);
        Value::owned(Node::expr(ty, vec![operator.into(), value.node.into()]))
    }

    fn borrowing_tuple(&mut self, ty: &Ty, fields: &[Ty], kept: bool) -> Option<Value> {
        let (mut parts, mut borrows, mut held) = (Vec::new(), Vec::new(), Vec::new());
        let mut complete = true;
        for (at, field) in fields.iter().enumerate() {
            let value = match field.borrows() {
                true => self.borrowing(field, kept),
                false => Some(self.expr(field)),
            };
            let Some(value) = value else {
                complete = false;
                break;
            };
            parts.push(Part::from(if at == 0 { "(" } else { ", " }));
            parts.push(value.node.into());
            held.push(self.scope.hold_operand(&value.borrows));
            borrows.extend(value.borrows);
        }
        for operand in held {
            self.scope.release_operand(operand);
        }
        parts.push(")".into());
        let node = Node::expr(ty, parts);
        complete.then_some(Value { node, borrows })
    }
}
