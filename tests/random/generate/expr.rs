//! An expression of a given type: a place, a new value, an awaited one, or a compound one.

use super::{Generator, Value};
use crate::features::Feature;
use crate::scope::Access;
use crate::tree::{Node, Part};
use crate::types::Ty;

/// Expressions nest no deeper.
const DEPTH: usize = 4;

impl Generator<'_> {
    /// A value that is used in its statement.
    pub(super) fn expr(&mut self, ty: &Ty) -> Value {
        if ty.borrows() {
            let value = self.borrowing(ty, false);
            return value.expect("a reference to a temporary can always be had");
        }
        if self.depth >= DEPTH {
            return self.simple(ty);
        }
        self.depth += 1;
        let value = match self.rng.u32(0..100) {
            0..=14 if self.awaits => self.later(ty),
            15..=44 => self.special(ty),
            45..=62 if self.fuel > 0 => self.compound(ty),
            _ => None,
        };
        self.depth -= 1;
        value.unwrap_or_else(|| self.simple(ty))
    }

    /// A value that outlives its statement; none if there is nothing that it could borrow.
    pub(super) fn kept(&mut self, ty: &Ty) -> Option<Value> {
        if ty.borrows() {
            self.borrowing(ty, true)
        } else {
            Some(self.expr(ty))
        }
    }

    /// A place or a new value.
    fn simple(&mut self, ty: &Ty) -> Value {
        if self.awaits && self.chance(40) {
            if let Some(value) = self.awaited_variable(ty) {
                return value;
            }
        }
        if self.chance(60) {
            if let Some(place) = self.place(Access::Move, |found| found == ty) {
                self.scope.access(&place, Access::Move);
                let text = self.text(&place, false);
                return Value::owned(Node::expr(ty, vec![text.into()]));
            }
        }
        self.made(ty)
    }

    /// A future in a variable, awaited.
    fn awaited_variable(&mut self, ty: &Ty) -> Option<Value> {
        let wanted = Ty::Fut(Box::new(ty.clone()));
        let place = self.place(Access::Move, |found| *found == wanted)?;
        self.scope.access(&place, Access::Move);
        let text = format!("{}.await", self.text(&place, false));
        Some(Value::owned(Node::expr(ty, vec![text.into()])))
    }

    /// A new value, which is no place.
    pub(super) fn made(&mut self, ty: &Ty) -> Value {
        let parts = match ty {
            Ty::Pair => self.listed("Pair { a: ", &[Ty::D, Ty::D], ", b: ", " }"),
            Ty::Tuple(fields) => self.listed("(", fields, ", ", ")"),
            Ty::Two(inner) => self.listed("[", &[(**inner).clone(), (**inner).clone()], ", ", "]"),
            Ty::Opt(inner) => self.optional(inner),
            Ty::Res(inner) => self.fallible(inner),
            Ty::Boxed(inner) => self.listed("Box::new(", &[(**inner).clone()], "", ")"),
            Ty::Vec(inner) => self.listing(inner),
            Ty::U32 | Ty::D | Ty::Bool if self.awaits && self.chance(35) => self.future_of(ty),
            _ => vec![ty.leaf(self.ids + 1).into()],
        };
        self.ids += 1;
        Value::owned(Node::expr(ty, parts))
    }

    fn future_of(&mut self, ty: &Ty) -> Vec<Part> {
        let (id, times) = (self.id(), self.rng.u32(0..3));
        let text = match ty {
            Ty::U32 => format!("t.wait({id}, {times}).await"),
            Ty::D => format!("t.later_d({id}).await"),
            _ => format!("t.later({id}, {}).await", id % 2 == 0),
        };
        vec![text.into()]
    }

    fn optional(&mut self, inner: &Ty) -> Vec<Part> {
        if self.chance(20) {
            return vec![format!("None::<{inner}>").into()];
        }
        self.listed("Some(", std::slice::from_ref(inner), "", ")")
    }

    fn fallible(&mut self, inner: &Ty) -> Vec<Part> {
        if self.chance(15) {
            let id = self.id();
            return vec![format!("Err::<{inner}, E>(E({id}))").into()];
        }
        let start = format!("Ok::<{inner}, E>(");
        self.listed(&start, std::slice::from_ref(inner), "", ")")
    }

    fn listing(&mut self, inner: &Ty) -> Vec<Part> {
        let elements = vec![inner.clone(); self.rng.usize(1..4)];
        match self.rng.u32(0..4) {
            0 => self.listed("Vec::from([", &elements, ", ", "])"),
            _ if self.has(Feature::Macro) => self.listed("vec![", &elements, ", ", "]"),
            _ => vec![format!("Vec::<{inner}>::new()").into()],
        }
    }

    /// Operands between separators. They are evaluated in this order.
    pub(super) fn listed(
        &mut self,
        start: &str,
        types: &[Ty],
        separator: &str,
        end: &str,
    ) -> Vec<Part> {
        let mut parts = vec![Part::from(start)];
        for (at, ty) in types.iter().enumerate() {
            if at > 0 {
                parts.push(separator.into());
            }
            parts.push(self.expr(ty).node.into());
        }
        parts.push(end.into());
        parts
    }

    fn later(&mut self, ty: &Ty) -> Option<Value> {
        let id = self.id();
        let parts = self.listed(
            &format!("t.later({id}, "),
            std::slice::from_ref(ty),
            "",
            ").await",
        );
        Some(Value::owned(Node::expr(ty, parts)))
    }
}
