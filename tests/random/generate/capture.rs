//! What captures: closures, async blocks; and futures in variables.
//!
//! A `move` closure or block takes a reference to the trace with it, so that the body keeps the trace.

use super::{Generator, Value};
use crate::features::Feature as F;
use crate::scope::{Access, Borrow, Region};
use crate::tree::{Kind, Node, Part};
use crate::types::{Call, Ty};

/// What a region that captures must not leave.
struct Outside {
    frames: Vec<super::control::Frame>,
    awaits: bool,
    returns: bool,
}

impl Generator<'_> {
    fn begin_capture(&mut self, moves: bool, awaits: bool) -> Outside {
        self.scope.begin(Region::Capture { moves });
        self.scope.enter();
        Outside {
            frames: std::mem::take(&mut self.frames),
            awaits: std::mem::replace(&mut self.awaits, awaits),
            returns: std::mem::replace(&mut self.returns, false),
        }
    }

    fn end_capture(&mut self, outside: Outside) -> crate::scope::Captures {
        self.frames = outside.frames;
        self.awaits = outside.awaits;
        self.returns = outside.returns;
        self.scope.leave();
        self.scope.end_capture()
    }

    /// `let name = |name: u32| …;`
    pub(super) fn closure(&mut self) -> Option<Vec<Node>> {
        self.closure_that(false)
    }

    pub(super) fn move_closure(&mut self) -> Option<Vec<Node>> {
        self.closure_that(true)
    }

    fn closure_that(&mut self, moves: bool) -> Option<Vec<Node>> {
        let results = [Ty::U32, Ty::U32, Ty::D, Ty::Text, Ty::Bool];
        let result = results[self.rng.usize(..results.len())].clone();
        let outside = self.begin_capture(moves, false);
        let argument = self.name();
        let mutable = self.chance(30);
        self.scope.declare(argument, &Ty::U32, mutable, Vec::new());
        let value = self.expr(&result);
        let captures = self.end_capture(outside);
        let call = match (captures.once, captures.unique) {
            (true, _) => Call::Once,
            (false, true) => Call::Unique,
            (false, false) => Call::Shared,
        };
        let argument = format!("{}{argument}", if mutable { "mut " } else { "" });
        let closure = node!(Kind::Expr(result.clone()); value.node);
        let parts = match moves {
            true => vec![
                format!("{{ let t = &t; move |{argument}: u32| ").into(),
                closure.into(),
                " }".into(),
            ],
            false => vec![format!("|{argument}: u32| ").into(), closure.into()],
        };
        let result = Box::new(result);
        let ty = Ty::Closure { result, call };
        let mutable = call == Call::Unique;
        Some(vec![self.declared(&ty, mutable, parts, captures.borrows)])
    }

    /// `let name = …;` of a type that has no name.
    fn declared(&mut self, ty: &Ty, mutable: bool, parts: Vec<Part>, borrows: Vec<Borrow>) -> Node {
        let name = self.name();
        let before = if mutable { "mut " } else { "" };
        self.scope.declare(name, ty, mutable, borrows);
        let value = Node::expr(ty, parts);
        line!(format!("let {before}{name} = "), value, ";")
    }

    pub(super) fn async_here(&mut self, ty: &Ty) -> Option<Vec<Part>> {
        self.awaited_block(ty, false)
    }

    pub(super) fn async_move_here(&mut self, ty: &Ty) -> Option<Vec<Part>> {
        self.awaited_block(ty, true)
    }

    /// `async { … }.await`
    fn awaited_block(&mut self, ty: &Ty, moves: bool) -> Option<Vec<Part>> {
        if !self.awaits {
            return None;
        }
        let (mut parts, _) = self.async_block(ty, moves);
        parts.push(".await".into());
        if moves {
            parts.insert(0, "(".into());
            parts.push(")".into());
        }
        Some(parts)
    }

    fn async_block(&mut self, ty: &Ty, moves: bool) -> (Vec<Part>, Vec<Borrow>) {
        let outside = self.begin_capture(moves, true);
        let block = self.block(ty);
        let borrows = self.end_capture(outside).borrows;
        let parts = match moves {
            true => vec![
                "{ let t = &t; async move ".into(),
                block.into(),
                " }".into(),
            ],
            false => vec!["async ".into(), block.into()],
        };
        (parts, borrows)
    }

    /// `let name = future;`
    pub(super) fn future(&mut self) -> Option<Vec<Node>> {
        let (ty, parts, borrows) = self.stored_future()?;
        let ty = Ty::Fut(Box::new(ty));
        Some(vec![self.declared(&ty, false, parts, borrows)])
    }

    fn stored_future(&mut self) -> Option<(Ty, Vec<Part>, Vec<Borrow>)> {
        let ty = self.owned_type();
        let id = self.id();
        let none = Vec::new();
        Some(match self.rng.u32(0..9) {
            0 => (Ty::U32, vec![format!("t.wait({id}, 1)").into()], none),
            1 => (Ty::D, vec![format!("t.later_d({id})").into()], none),
            2 => {
                let parts = self.listed(
                    &format!("t.later({id}, "),
                    std::slice::from_ref(&ty),
                    "",
                    ")",
                );
                (ty, parts, none)
            }
            3 => (
                Ty::U32,
                self.listed("consume_wait(", &[Ty::D], "", ")"),
                none,
            ),
            4 | 5 => self.borrowing_future(Ty::shared(Ty::D), "borrow_wait(")?,
            6 => self.borrowing_future(Ty::unique(Ty::D), "borrow_mut_wait(")?,
            7 if self.has(F::Async) => {
                let (parts, borrows) = self.async_block(&ty, false);
                (ty, parts, borrows)
            }
            _ if self.has(F::AsyncMove) => {
                let (parts, borrows) = self.async_block(&ty, true);
                (ty, parts, borrows)
            }
            _ => return None,
        })
    }

    /// A call that gives a future of what it borrows.
    fn borrowing_future(
        &mut self,
        argument: Ty,
        start: &str,
    ) -> Option<(Ty, Vec<Part>, Vec<Borrow>)> {
        let Value { node, borrows } = self.borrowing(&argument, true)?;
        let parts = vec![start.into(), node.into(), ")".into()];
        Some((Ty::U32, parts, borrows))
    }

    /// A call of a method that gives a future, in two statements with something between.
    pub(super) fn future_of_method(&mut self) -> Option<Vec<Node>> {
        let place = self.place(Access::Unique, |ty| *ty == Ty::D)?;
        self.scope.access(&place, Access::Unique);
        let borrows = self.scope.borrows_by(&place, true);
        let text = format!("{}.by_mut_wait()", self.text(&place, true));
        let ty = Ty::Fut(Box::new(Ty::U32));
        Some(vec![self.declared(&ty, false, vec![text.into()], borrows)])
    }
}
