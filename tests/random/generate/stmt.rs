//! Statements.

use super::pattern::{Mode, Subject};
use super::{Generator, Of, Value};
use crate::features::Feature as F;
use crate::scope::{Access, Place, VarId};
use crate::tree::{Kind, Node, Part};
use crate::types::Ty;

type Production<'a> = (F, u32, fn(&mut Generator<'a>) -> Option<Vec<Node>>);

impl<'a> Generator<'a> {
    /// A statement, or several that belong together.
    pub(super) fn statement(&mut self) -> Vec<Node> {
        const fn weigh<'a>(
            feature: F,
            weight: u32,
            make: fn(&mut Generator<'a>) -> Option<Vec<Node>>,
        ) -> Production<'a> {
            (feature, weight, make)
        }
        self.fuel = self.fuel.saturating_sub(1);
        let productions: [Production<'a>; 28] = [
            weigh(F::Let, 40, Self::let_),
            weigh(F::LetPattern, 15, Self::let_pattern),
            weigh(F::LetElse, 15, Self::let_else),
            weigh(F::Reference, 12, Self::let_reference),
            weigh(F::Temporary, 6, Self::let_extended),
            weigh(F::Deferred, 8, Self::deferred),
            weigh(F::Deferred, 4, Self::declared_only),
            weigh(F::Assign, 15, Self::assign),
            weigh(F::CompoundAssign, 5, Self::add),
            weigh(F::Reinit, 8, Self::reinit),
            weigh(F::ConditionalMove, 6, Self::conditional_move),
            weigh(F::Discard, 10, Self::discard),
            weigh(F::Discard, 6, Self::drop_place),
            weigh(F::Method, 10, Self::method),
            weigh(F::Method, 5, Self::fill),
            weigh(F::Jump, 10, Self::conditional_jump),
            weigh(F::If, 12, Self::branch),
            weigh(F::While, 6, Self::while_),
            weigh(F::WhileLet, 6, Self::while_let),
            weigh(F::For, 12, Self::for_),
            weigh(F::Closure, 8, Self::closure),
            weigh(F::MoveClosure, 8, Self::move_closure),
            weigh(F::Future, 12, Self::future),
            weigh(F::Future, 4, Self::future_of_method),
            weigh(F::Macro, 6, Self::macro_),
            weigh(F::Swap, 4, Self::swap),
            weigh(F::ShadowTrace, 2, Self::shadow_trace),
            weigh(F::Yield, 40, Self::yield_),
        ];
        let lines = self.choose(&productions, |generator, make| make(generator));
        lines.unwrap_or_else(|| {
            let id = self.id();
            vec![line!(format!("t.op({id});"))]
        })
    }

    /// The generator's own: not in closures and async blocks, where there is no `return` either.
    pub(super) fn yield_(&mut self) -> Option<Vec<Node>> {
        if self.of == Of::Coroutine || !self.returns {
            return None;
        }
        let item = self.expr(&Ty::D);
        Some(vec![line!("yield (", item.node, ") /* item */;")])
    }

    fn let_(&mut self) -> Option<Vec<Node>> {
        let ty = self.owned_type();
        let value = self.expr(&ty);
        Some(vec![self.declare(&ty, value)])
    }

    fn let_reference(&mut self) -> Option<Vec<Node>> {
        let ty = self.borrowing_type();
        let value = self.kept(&ty)?;
        Some(vec![self.declare(&ty, value)])
    }

    fn declare(&mut self, ty: &Ty, value: Value) -> Node {
        let (name, mutable) = (self.name(), self.chance(60));
        self.scope.declare(name, ty, mutable, value.borrows);
        let before = if mutable { "mut " } else { "" };
        let written = if self.chance(40) {
            format!(": {ty}")
        } else {
            String::new()
        };
        line!(format!("let {before}{name}{written} = "), value.node, ";")
    }

    /// A reference to a temporary, which lives as long as the variable.
    fn let_extended(&mut self) -> Option<Vec<Node>> {
        let inner = self.owned_type();
        let value = self.made(&inner);
        let (operator, ty) = match self.chance(40) {
            true => ("&mut ", Ty::unique(inner)),
            false => ("&", Ty::shared(inner)),
        };
        let node = Node::expr(&ty, vec![operator.into(), value.node.into()]);
        Some(vec![self.declare(&ty, Value::owned(node))])
    }

    /// A variable that is given its value in two branches.
    fn deferred(&mut self) -> Option<Vec<Node>> {
        let ty = self.owned_type();
        let (name, mutable) = (self.name(), self.chance(40));
        let var = self.scope.declare_without_value(name, &ty, mutable);
        let condition = self.scrutinee(&Ty::Bool);
        let before = self.scope.state.clone();
        let one = self.giving_block(var)?;
        let taken = std::mem::replace(&mut self.scope.state, before);
        let other = self.giving_block(var)?;
        self.scope.state.merge(taken);
        let mutable = if mutable { "mut " } else { "" };
        Some(vec![
            line!(format!("let {mutable}{name}: {ty};")),
            line!("if ", condition, " ", one, " else ", other),
        ])
    }

    /// A block that gives a variable a value.
    fn giving_block(&mut self, var: VarId) -> Option<Node> {
        self.scope.enter();
        let mut lines = Vec::new();
        if self.fuel > 0 && self.chance(30) {
            lines.extend(self.statement());
        }
        let line = self.assignment(&whole(var));
        self.scope.leave();
        lines.push(line?);
        Some(Node::block(lines))
    }

    fn declared_only(&mut self) -> Option<Vec<Node>> {
        let ty = self.owned_type();
        let (name, mutable) = (self.name(), self.chance(40));
        self.scope.declare_without_value(name, &ty, mutable);
        let mutable = if mutable { "mut " } else { "" };
        Some(vec![line!(format!("let {mutable}{name}: {ty};"))])
    }

    fn assign(&mut self) -> Option<Vec<Node>> {
        let place = self.place(Access::Assign, |ty| {
            !matches!(ty, Ty::Fut(_) | Ty::Closure { .. })
        })?;
        Some(vec![self.assignment(&place)?])
    }

    /// `place = …;`, if the name still means it and the value leaves it free.
    fn assignment(&mut self, place: &Place) -> Option<Node> {
        if !self.scope.visible().contains(&place.var) {
            return None;
        }
        let ty = self.scope.ty(place);
        let here = self.scope.crosses_no_barrier(place.var);
        if ty.borrows() && !(here && place.path.is_empty()) {
            return None;
        }
        let value = self.kept(&ty)?;
        if !self.scope.allows(place, Access::Assign) {
            return None;
        }
        self.scope.access(place, Access::Assign);
        self.scope.hold_in(place.var, value.borrows);
        let text = self.text(place, false);
        Some(line!(format!("{text} = "), value.node, ";"))
    }

    /// `n += …;`
    fn add(&mut self) -> Option<Vec<Node>> {
        let place = self.place(Access::Unique, |ty| *ty == Ty::U32)?;
        let value = self.expr(&Ty::U32);
        if !self.scope.allows(&place, Access::Unique) {
            return None;
        }
        self.scope.access(&place, Access::Unique);
        let text = self.text(&place, false);
        Some(vec![line!(format!("{text} += "), value.node, ";")])
    }

    /// Moves a variable and gives it a value again, also in a loop.
    fn reinit(&mut self) -> Option<Vec<Node>> {
        let visible = self.scope.visible();
        let owned = |var: &VarId| {
            let var = &self.scope.vars[*var];
            var.mutable && !var.ty.is_copy() && !var.ty.borrows()
        };
        let vars = visible.into_iter().filter(owned).collect();
        let var = self.pick(vars)?;
        self.scope.thaw(var);
        let lines = self.moved_and_given(var);
        self.scope.freeze();
        lines
    }

    fn moved_and_given(&mut self, var: VarId) -> Option<Vec<Node>> {
        let place = whole(var);
        if !self.scope.allows(&place, Access::Move) {
            return None;
        }
        self.scope.access(&place, Access::Move);
        let name = self.text(&place, false);
        let mut lines = vec![line!(format!("drop({name});"))];
        if self.fuel > 0 {
            lines.push(line!(self.block(&Ty::Unit)));
        }
        lines.push(self.assignment(&place)?);
        Some(lines)
    }

    /// A value that nobody uses.
    fn discard(&mut self) -> Option<Vec<Node>> {
        let ty = self.owned_type();
        let starts = ["let _ = ", "_ = ", "drop("];
        let start = starts[self.rng.usize(..3)];
        let end = if start == "drop(" { ");" } else { ";" };
        let node = match (end, self.chance(30)) {
            (";", true) => {
                let place = self.place(Access::Share, |_| true)?;
                Node::expr(&ty, vec![self.text(&place, false).into()])
            }
            _ => self.expr(&ty).node,
        };
        Some(vec![line!(start, node, end)])
    }

    fn drop_place(&mut self) -> Option<Vec<Node>> {
        let place = self.place(Access::Move, |ty| !ty.is_copy())?;
        self.scope.access(&place, Access::Move);
        Some(vec![line!(format!("drop({});", self.text(&place, false)))])
    }

    /// `place.set(…);`, the place borrowed before the argument is evaluated and used after it.
    fn method(&mut self) -> Option<Vec<Node>> {
        let place = self.place(Access::Unique, |ty| *ty == Ty::D)?;
        self.called_with(&place, "set", &Ty::U32)
    }

    fn fill(&mut self) -> Option<Vec<Node>> {
        let place = self.place(Access::Unique, |ty| *ty == Ty::vec(Ty::D))?;
        self.called_with(&place, "push", &Ty::D)
    }

    fn called_with(&mut self, place: &Place, method: &str, argument: &Ty) -> Option<Vec<Node>> {
        self.scope.access(place, Access::Unique);
        let held = self
            .scope
            .hold_operand(&self.scope.borrows_by(place, false));
        let value = self.expr(argument);
        self.scope.release_operand(held);
        if !self.scope.allows(place, Access::Unique) {
            return None;
        }
        self.scope.access(place, Access::Unique);
        let text = self.text(place, true);
        Some(vec![line!(format!("{text}.{method}("), value.node, ");")])
    }

    /// A compound expression as a statement.
    fn branch(&mut self) -> Option<Vec<Node>> {
        if self.fuel == 0 {
            return None;
        }
        let value = self.compound(&Ty::Unit)?;
        let source = value.node.source(0);
        let end = if source.ends_with('}') { "" } else { ";" };
        Some(vec![line!(value.node, end)])
    }

    fn macro_(&mut self) -> Option<Vec<Node>> {
        let start = match self.rng.u32(0..3) {
            0 => "let _ = format!(",
            1 => "assert!(t.later(0, true).await, ",
            _ => "assert!(t.yes(0), ",
        };
        if start.contains("await") && !self.awaits {
            return None;
        }
        let parts = self.format(start)?;
        let node = Node {
            kind: Kind::Expr(Ty::Unit),
            parts,
        };
        Some(vec![line!(node, ";")])
    }

    fn swap(&mut self) -> Option<Vec<Node>> {
        let one = self.place(Access::Unique, |ty| *ty == Ty::D)?;
        self.scope.access(&one, Access::Unique);
        let held = self.scope.hold_operand(&self.scope.borrows_by(&one, true));
        let other = self.place(Access::Unique, |ty| *ty == Ty::D);
        self.scope.release_operand(held);
        let other = other?;
        self.scope.access(&other, Access::Unique);
        let (one, other) = (self.text(&one, false), self.text(&other, false));
        Some(vec![line!(format!(
            "std::mem::swap(&mut {one}, &mut {other});"
        ))])
    }

    fn shadow_trace(&mut self) -> Option<Vec<Node>> {
        Some(vec![line!("let t = &t;")])
    }

    /// What a `for` goes over.
    pub(super) fn iterated(&mut self) -> Option<(Node, Subject)> {
        let list = |ty: &Ty| *ty == Ty::vec(Ty::D) || *ty == Ty::two(Ty::D);
        let (mut mode, mut borrows) = (Mode::Owned, Vec::new());
        let mut item = Ty::D;
        let parts: Vec<Part> = match self.rng.u32(0..7) {
            0 => {
                item = Ty::U32;
                vec!["0..2".into()]
            }
            1 => self.listed("[", &[Ty::D, Ty::D], ", ", "]"),
            2 => {
                let place = self.place(Access::Move, list)?;
                self.scope.access(&place, Access::Move);
                vec![self.text(&place, false).into()]
            }
            3 | 4 => {
                let place = self.place(Access::Share, list)?;
                self.scope.access(&place, Access::Share);
                (mode, borrows) = (Mode::Shared, self.scope.borrows_by(&place, false));
                vec![format!("&{}", self.text(&place, false)).into()]
            }
            5 => {
                let place = self.place(Access::Unique, list)?;
                self.scope.access(&place, Access::Unique);
                (mode, borrows) = (Mode::Unique, self.scope.borrows_by(&place, true));
                vec![format!("{}.iter_mut()", self.text(&place, true)).into()]
            }
            _ => {
                item = Ty::Tuple(vec![Ty::U32, Ty::D]);
                let value = self.made(&Ty::vec(Ty::D)).node;
                vec!["(0..).zip(".into(), value.into(), ")".into()]
            }
        };
        let node = Node::expr(&Ty::vec(item.clone()), parts);
        let (ty, place) = (item, None);
        Some((
            node,
            Subject {
                ty,
                mode,
                place,
                borrows,
            },
        ))
    }
}

fn whole(var: VarId) -> Place {
    let path = Vec::new();
    Place { var, path }
}
