//! The expressions that are special to one type: methods, operators, macros, calls.

use super::{Generator, Value};
use crate::features::Feature as F;
use crate::scope::Access;
use crate::tree::{Node, Part};
use crate::types::{Call, Ty};

type Production<'a> = (F, u32, fn(&mut Generator<'a>, &Ty) -> Option<Value>);

impl<'a> Generator<'a> {
    /// An expression that only this type has; none if no one fits.
    pub(super) fn special(&mut self, ty: &Ty) -> Option<Value> {
        let mut productions: Vec<Production<'a>> = match ty {
            Ty::U32 => vec![
                (F::Method, 30, Self::of_shared),
                (F::Method, 15, Self::of_unique),
                (F::Method, 15, Self::of_consumed),
                (F::Method, 6, Self::length),
                (F::Logic, 10, Self::sum),
                (F::Index, 6, Self::of_element),
            ],
            Ty::Bool => vec![
                (F::Logic, 20, Self::logic),
                (F::Logic, 10, Self::comparison),
                (F::Macro, 10, Self::matches),
                (F::Method, 8, Self::is_there),
            ],
            Ty::Text => vec![
                (F::Macro, 20, Self::formatted),
                (F::Method, 5, Self::joined),
            ],
            Ty::D => vec![
                (F::Method, 15, Self::built),
                (F::Method, 8, Self::unwrapped),
                (F::TemporaryField, 6, Self::part_of_temporary),
            ],
            Ty::Opt(_) => vec![(F::Method, 10, Self::taken)],
            Ty::Pair => vec![(F::Base, 10, Self::based)],
            _ => Vec::new(),
        };
        productions.push((F::Question, 6, Self::question));
        productions.push((F::Closure, 12, Self::called));
        productions.push((F::Swap, 4, Self::replaced));
        self.choose(&productions, |generator, make| make(generator, ty))
    }

    /// An expression that a method or an operator can follow.
    pub(super) fn atom(&mut self, ty: &Ty) -> Node {
        let node = self.expr(ty).node;
        let source = node.source(0);
        let first = source.chars().next();
        let word = source.split(|c: char| !c.is_alphanumeric()).next();
        let simple = first.is_some_and(char::is_alphabetic)
            && !matches!(word, Some("if" | "match" | "loop" | "Pair"));
        match simple {
            true => node,
            false => Node::expr(ty, vec!["(".into(), node.into(), ")".into()]),
        }
    }

    /// An expression that a brace can follow.
    pub(super) fn scrutinee(&mut self, ty: &Ty) -> Node {
        let node = self.expr(ty).node;
        match node.source(0).contains("Pair {") {
            true => Node::expr(ty, vec!["(".into(), node.into(), ")".into()]),
            false => node,
        }
    }

    /// A `D` to call a method on: a place, a temporary, or what a method of one gives.
    fn receiver(&mut self, access: Access) -> Part {
        if let (true, Some(place)) = (self.chance(75), self.place(access, |ty| *ty == Ty::D)) {
            self.scope.access(&place, access);
            return self.text(&place, true).into();
        }
        match access {
            // A variable that is moved is still a place here, and it may not be mutable.
            Access::Unique => self.made(&Ty::D).node.into(),
            _ => self.atom(&Ty::D).into(),
        }
    }

    fn of_shared(&mut self, ty: &Ty) -> Option<Value> {
        let parts = match self.rng.u32(0..4) {
            0 if self.awaits => {
                let argument = self.borrowing(&Ty::shared(Ty::D), false)?;
                vec![
                    "borrow_wait(".into(),
                    argument.node.into(),
                    ").await".into(),
                ]
            }
            1 if self.awaits => vec![self.receiver(Access::Share), ".by_ref_wait().await".into()],
            2 => vec![self.receiver(Access::Share), ".by_ref().id()".into()],
            _ => vec![self.receiver(Access::Share), ".id()".into()],
        };
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn of_unique(&mut self, ty: &Ty) -> Option<Value> {
        let parts = match self.rng.u32(0..4) {
            0 if self.awaits => {
                let argument = self.borrowing(&Ty::unique(Ty::D), false)?;
                vec![
                    "borrow_mut_wait(".into(),
                    argument.node.into(),
                    ").await".into(),
                ]
            }
            1 if self.awaits => {
                // A reference that is passed is borrowed again, not moved.
                let reference = |ty: &Ty| *ty == Ty::unique(Ty::D);
                let place = self.place(Access::Unique, |ty| *ty == Ty::D)?;
                let through = self.scope.vars[place.var].ty.clone();
                if !reference(&through) {
                    return None;
                }
                self.scope.access(&place, Access::Unique);
                let name = &self.scope.vars[place.var].name;
                vec![format!("borrow_mut_wait({name}).await").into()]
            }
            2 if self.awaits => vec![self.receiver(Access::Unique), ".by_mut_wait().await".into()],
            _ => vec![self.receiver(Access::Unique), ".by_mut().id()".into()],
        };
        Some(Value::owned(Node::expr(ty, parts)))
    }

    /// A variable as a whole, or a temporary: a method that consumes a part of a variable is a documented limit.
    fn consumed(&mut self) -> Part {
        let wanted = |ty: &Ty| *ty == Ty::D;
        let mut places = self.places(Access::Move, wanted);
        places.retain(|place| place.path.is_empty());
        match (self.chance(70), self.pick(places)) {
            (true, Some(place)) => {
                self.scope.access(&place, Access::Move);
                self.text(&place, false).into()
            }
            _ => {
                let node = self.made(&Ty::D).node;
                node.into()
            }
        }
    }

    fn of_consumed(&mut self, ty: &Ty) -> Option<Value> {
        let parts = match self.rng.u32(0..3) {
            0 if self.awaits => self.listed("consume_wait(", &[Ty::D], "", ").await"),
            1 if self.awaits => vec![self.consumed(), ".by_value_wait().await".into()],
            _ => vec![self.consumed(), ".by_value()".into()],
        };
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn length(&mut self, ty: &Ty) -> Option<Value> {
        let place = self.place(Access::Share, |ty| matches!(ty, Ty::Text | Ty::Vec(_)))?;
        self.scope.access(&place, Access::Share);
        let text = format!("({}.len() as u32)", self.text(&place, true));
        Some(Value::owned(Node::expr(ty, vec![text.into()])))
    }

    fn sum(&mut self, ty: &Ty) -> Option<Value> {
        let parts = vec![
            "(".into(),
            self.atom(ty).into(),
            " + ".into(),
            self.atom(ty).into(),
            ")".into(),
        ];
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn of_element(&mut self, ty: &Ty) -> Option<Value> {
        let place = self.place(Access::Share, |found| *found == Ty::two(Ty::D))?;
        let (text, index) = (self.text(&place, true), self.rng.u32(0..2));
        let id = self.id();
        self.scope.access(&place, Access::Share);
        let index = match self.rng.u32(0..3) {
            0 => index.to_string(),
            1 if self.awaits => format!("t.later({id}, {index}).await"),
            _ => format!("t.val({id}, {index})"),
        };
        let text = format!("{text}[{index}].id()");
        Some(Value::owned(Node::expr(ty, vec![text.into()])))
    }

    fn logic(&mut self, ty: &Ty) -> Option<Value> {
        if self.chance(25) {
            let parts = vec!["!".into(), self.atom(ty).into()];
            return Some(Value::owned(Node::expr(ty, parts)));
        }
        let operator = if self.chance(50) { " && " } else { " || " };
        let left = self.atom(ty);
        let before = self.scope.state.clone();
        let right = self.atom(ty);
        self.scope.state.merge(before);
        let parts = vec![
            "(".into(),
            left.into(),
            operator.into(),
            right.into(),
            ")".into(),
        ];
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn comparison(&mut self, ty: &Ty) -> Option<Value> {
        let equal = self.chance(30);
        let compared = if equal { Ty::D } else { Ty::U32 };
        if equal {
            let left = self.place(Access::Share, |ty| *ty == Ty::D)?;
            let borrows = self.scope.borrows_by(&left, false);
            self.scope.access(&left, Access::Share);
            let operand = self.scope.hold_operand(&borrows);
            let right = self.atom(&compared);
            self.scope.release_operand(operand);
            let text = self.text(&left, false);
            let parts = vec![
                "(".into(),
                text.into(),
                " == ".into(),
                right.into(),
                ")".into(),
            ];
            return Some(Value::owned(Node::expr(ty, parts)));
        }
        let left = self.atom(&compared);
        let right = self.atom(&compared);
        let parts = vec![
            "(".into(),
            left.into(),
            " > ".into(),
            right.into(),
            ")".into(),
        ];
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn matches(&mut self, ty: &Ty) -> Option<Value> {
        let inner = self.owned_type();
        let value = self.expr(&Ty::opt(inner));
        let pattern = ["Some(_)", "None", "Some(..)"][self.rng.usize(0..2)];
        let parts = vec![
            "matches!(".into(),
            value.node.into(),
            format!(", {pattern})").into(),
        ];
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn is_there(&mut self, ty: &Ty) -> Option<Value> {
        let place = self.place(Access::Share, |ty| matches!(ty, Ty::Opt(_)))?;
        self.scope.access(&place, Access::Share);
        let text = format!("{}.is_some()", self.text(&place, true));
        Some(Value::owned(Node::expr(ty, vec![text.into()])))
    }

    /// `format!` with operands, awaited or not, and names in the string.
    fn formatted(&mut self, ty: &Ty) -> Option<Value> {
        let parts = self.format("format!(")?;
        Some(Value::owned(Node::expr(ty, parts)))
    }

    /// A macro's name up to its first operand, a format string and operands.
    pub(super) fn format(&mut self, start: &str) -> Option<Vec<Part>> {
        let (mut string, mut parts, mut held) = (String::new(), Vec::new(), Vec::new());
        for _ in 0..self.rng.u32(0..3) {
            string.push_str("{:?} ");
            let looked = self
                .chance(50)
                .then(|| self.place(Access::Share, Ty::has_debug));
            if let Some(place) = looked.flatten() {
                self.scope.access(&place, Access::Share);
                let borrows = self.scope.borrows_by(&place, false);
                held.push(self.scope.hold_operand(&borrows));
                parts.push(format!(", {}", self.text(&place, false)).into());
            } else {
                let ty = self.owned_type();
                parts.push(", ".into());
                parts.push(self.expr(&ty).node.into());
            }
        }
        let whole = self.places(Access::Share, Ty::has_debug);
        let names = whole.into_iter().filter(|place| place.path.is_empty());
        let names = names.collect();
        if let (true, Some(place)) = (self.has(F::Inline), self.pick(names)) {
            self.scope.access(&place, Access::Share);
            string.push_str(&format!("{{{}:?}}", self.scope.vars[place.var].name));
        }
        for operand in held {
            self.scope.release_operand(operand);
        }
        parts.insert(0, format!("{start}\"{string}\"").into());
        parts.push(")".into());
        Some(parts)
    }

    fn joined(&mut self, ty: &Ty) -> Option<Value> {
        let parts = vec![self.atom(&Ty::U32).into(), ".to_string()".into()];
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn built(&mut self, ty: &Ty) -> Option<Value> {
        let mut parts = vec![self.consumed(), ".with(".into()];
        parts.push(self.expr(&Ty::U32).node.into());
        parts.push(")".into());
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn unwrapped(&mut self, ty: &Ty) -> Option<Value> {
        let value = self.made(&Ty::opt(Ty::D));
        let id = self.id();
        let end = format!(".unwrap_or_else(|| t.d({id}))");
        Some(Value::owned(Node::expr(
            ty,
            vec![value.node.into(), end.into()],
        )))
    }

    fn part_of_temporary(&mut self, ty: &Ty) -> Option<Value> {
        let (whole, part) = match self.rng.u32(0..3) {
            0 => (Ty::Pair, ".a"),
            1 => (Ty::Pair, ".b"),
            _ => (Ty::Tuple(vec![Ty::D, Ty::D]), ".1"),
        };
        let value = self.made(&whole);
        let parts = vec!["(".into(), value.node.into(), format!("){part}").into()];
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn taken(&mut self, ty: &Ty) -> Option<Value> {
        if *ty == Ty::opt(Ty::D) && self.chance(50) {
            if let Some(place) = self.place(Access::Unique, |ty| *ty == Ty::vec(Ty::D)) {
                self.scope.access(&place, Access::Unique);
                let text = format!("{}.pop()", self.text(&place, true));
                return Some(Value::owned(Node::expr(ty, vec![text.into()])));
            }
        }
        let place = self.place(Access::Unique, |found| found == ty)?;
        self.scope.access(&place, Access::Unique);
        let text = format!("{}.take()", self.text(&place, true));
        (!ty.borrows()).then(|| Value::owned(Node::expr(ty, vec![text.into()])))
    }

    fn based(&mut self, ty: &Ty) -> Option<Value> {
        let mut parts = self.listed("Pair { a: ", &[Ty::D], "", ", ..");
        parts.push(self.made(ty).node.into());
        parts.push(" }".into());
        Some(Value::owned(Node::expr(ty, parts)))
    }

    fn question(&mut self, ty: &Ty) -> Option<Value> {
        let wrapped = match (&self.result, self.returns) {
            (Ty::Res(_), true) => Ty::res(ty.clone()),
            (Ty::Opt(_), true) => Ty::opt(ty.clone()),
            _ => return None,
        };
        let parts = vec![self.atom(&wrapped).into(), "?".into()];
        Some(Value::owned(Node::expr(ty, parts)))
    }

    /// A closure in a variable, called.
    fn called(&mut self, ty: &Ty) -> Option<Value> {
        let calls = [
            (Call::Shared, Access::Share),
            (Call::Unique, Access::Unique),
            (Call::Once, Access::Move),
        ];
        for (call, access) in calls {
            let result = Box::new(ty.clone());
            let closure = Ty::Closure { result, call };
            let Some(place) = self.place(access, |found| *found == closure) else {
                continue;
            };
            let argument = self.expr(&Ty::U32);
            if !self.scope.allows(&place, access) {
                return None;
            }
            self.scope.access(&place, access);
            let start = format!("{}(", self.text(&place, false));
            let parts = vec![start.into(), argument.node.into(), ")".into()];
            return Some(Value::owned(Node::expr(ty, parts)));
        }
        None
    }

    fn replaced(&mut self, ty: &Ty) -> Option<Value> {
        let place = self.place(Access::Unique, |found| found == ty)?;
        self.scope.access(&place, Access::Unique);
        let operand = self
            .scope
            .hold_operand(&self.scope.borrows_by(&place, true));
        let value = self.expr(ty);
        self.scope.release_operand(operand);
        let start = format!("std::mem::replace(&mut {}, ", self.text(&place, false));
        let parts = vec![start.into(), value.node.into(), ")".into()];
        Some(Value::owned(Node::expr(ty, parts)))
    }
}
