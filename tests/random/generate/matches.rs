//! What takes a pattern: `let`, `let … else`, `match`, `if let`, `while let`.

use super::pattern::{Mode, Subject};
use super::Generator;
use crate::features::Feature;
use crate::scope::{Access, Region, State};
use crate::tree::{Kind, Node, Part};
use crate::types::Ty;

impl Generator<'_> {
    /// Something to match, and how it is written.
    fn subject(&mut self, kept: bool) -> (Node, Subject) {
        let found = match self.rng.u32(0..10) {
            0..=3 => self.place_subject(Mode::Owned),
            4 => self.place_subject(Mode::Shared),
            5 => self.place_subject(Mode::Unique),
            6 if !kept && self.has(Feature::Temporary) => Some(self.temporary_subject()),
            _ => None,
        };
        found.unwrap_or_else(|| {
            let ty = self.matched_type();
            let node = self.scrutinee(&ty);
            let (mode, place, borrows) = (Mode::Owned, None, Vec::new());
            (
                node,
                Subject {
                    ty,
                    mode,
                    place,
                    borrows,
                },
            )
        })
    }

    fn matched_type(&mut self) -> Ty {
        let inner = self.owned_type();
        match self.rng.u32(0..8) {
            0..=2 => Ty::opt(inner),
            3 | 4 => Ty::res(inner),
            5 => Ty::Tuple(vec![Ty::opt(Ty::D), inner]),
            6 => Ty::res(Ty::U32),
            _ => inner,
        }
    }

    fn place_subject(&mut self, mode: Mode) -> Option<(Node, Subject)> {
        let (access, operator) = match mode {
            Mode::Owned => (Access::Share, ""),
            Mode::Shared => (Access::Share, "&"),
            Mode::Unique => (Access::Unique, "&mut "),
        };
        let matched = |ty: &Ty| {
            matches!(
                ty,
                Ty::Opt(_) | Ty::Res(_) | Ty::Pair | Ty::Tuple(_) | Ty::Two(_) | Ty::U32
            ) || *ty == Ty::D
        };
        let place = self.place(access, |ty| matched(ty) && !ty.borrows())?;
        self.scope.access(&place, access);
        let ty = self.scope.ty(&place);
        let text = format!("{operator}{}", self.text(&place, false));
        let node = Node::expr(&Ty::shared(ty.clone()), vec![text.into()]);
        let borrows = match mode {
            Mode::Owned => Vec::new(),
            _ => self.scope.borrows_by(&place, mode == Mode::Unique),
        };
        let place = (mode == Mode::Owned).then_some(place);
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

    /// A reference to a value that lives as long as the statement.
    fn temporary_subject(&mut self) -> (Node, Subject) {
        let ty = self.matched_type();
        let mode = if self.chance(50) {
            Mode::Shared
        } else {
            Mode::Unique
        };
        let operator = if mode == Mode::Shared { "&" } else { "&mut " };
        let value = self.made(&ty).node;
        let parts: Vec<Part> = vec!["(".into(), operator.into(), value.into(), ")".into()];
        let node = Node::expr(&Ty::shared(ty.clone()), parts);
        let (place, borrows) = (None, Vec::new());
        (
            node,
            Subject {
                ty,
                mode,
                place,
                borrows,
            },
        )
    }

    /// `let pattern = …;`
    pub(super) fn let_pattern(&mut self) -> Option<Vec<Node>> {
        let (node, subject) = self.subject(true);
        let pattern = self.pattern(&subject, false);
        let line = line!(format!("let {} = ", pattern.text), node, ";");
        self.bind(pattern, &subject);
        Some(vec![line])
    }

    /// `let pattern = … else { … };`
    pub(super) fn let_else(&mut self) -> Option<Vec<Node>> {
        let (node, subject) = self.subject(true);
        let pattern = self.pattern(&subject, true);
        let escape = self.diverging()?;
        let alternatives = pattern.text.contains('|');
        let start = match alternatives {
            true => format!("let ({}) = ", pattern.text),
            false => format!("let {} = ", pattern.text),
        };
        let node = match node.source(0).ends_with('}') {
            true => Node::expr(&subject.ty, vec!["(".into(), node.into(), ")".into()]),
            false => node,
        };
        let line = line!(start, node, " else ", escape, ";");
        self.bind(pattern, &subject);
        Some(vec![line])
    }

    /// `match` with arms that give this type.
    pub(super) fn match_(&mut self, ty: &Ty) -> Option<Vec<Part>> {
        let (node, subject) = self.subject(false);
        let before = self.scope.state.clone();
        let (mut arms, mut ends) = (Vec::new(), None);
        let count = self.rng.usize(1..4);
        for at in 0..=count {
            self.scope.state = before.clone();
            arms.push(self.arm(ty, &subject, at == count, &mut ends));
        }
        self.scope.state = ends.unwrap_or_default();
        Some(vec![
            "match ".into(),
            node.into(),
            " ".into(),
            Node::block(arms).into(),
        ])
    }

    /// An arm; its state is merged into `ends` if it has an end.
    fn arm(&mut self, ty: &Ty, subject: &Subject, last: bool, ends: &mut Option<State>) -> Node {
        self.scope.enter();
        let pattern = self.pattern(subject, !last);
        let mut parts: Vec<Part> = vec![pattern.text.clone().into()];
        self.bind(pattern, subject);
        if !last && self.has(Feature::Guard) && self.chance(30) {
            parts.push(" if ".into());
            parts.push(self.guard().into());
        }
        parts.push(" => ".into());
        let escape = if !last && self.chance(15) {
            self.diverging()
        } else {
            None
        };
        let falls = escape.is_none();
        let body = match escape {
            Some(block) => block,
            None if *ty != Ty::Unit && self.chance(50) => self.expr(ty).node,
            None => self.block(ty),
        };
        parts.push(body.into());
        parts.push(",".into());
        self.scope.leave();
        if falls {
            let state = std::mem::take(&mut self.scope.state);
            match ends {
                Some(ends) => ends.merge(state),
                None => *ends = Some(state),
            }
        }
        Node {
            kind: Kind::Line,
            parts,
        }
    }

    fn guard(&mut self) -> Node {
        self.scope.begin(Region::Guard);
        let awaits = std::mem::replace(&mut self.awaits, false);
        let returns = std::mem::replace(&mut self.returns, false);
        let fuel = std::mem::replace(&mut self.fuel, 0);
        let node = self.scrutinee(&Ty::Bool);
        (self.awaits, self.returns, self.fuel) = (awaits, returns, fuel);
        self.scope.end();
        node
    }

    /// `if let … { … } else …`
    pub(super) fn if_let(&mut self, ty: &Ty) -> Option<Vec<Part>> {
        let (node, subject) = self.subject(false);
        let before = self.scope.state.clone();
        self.scope.enter();
        let pattern = self.pattern(&subject, true);
        let start = format!("if let {} = ", pattern.text);
        self.bind(pattern, &subject);
        let block = self.block(ty);
        self.scope.leave();
        let taken = std::mem::replace(&mut self.scope.state, before);
        let mut parts: Vec<Part> = vec![start.into(), node.into(), " ".into(), block.into()];
        parts.extend(self.otherwise(ty));
        self.scope.state.merge(taken);
        Some(parts)
    }

    /// `while let Some(…) = ….pop() { … }`
    pub(super) fn while_let(&mut self) -> Option<Vec<Node>> {
        let wanted = |ty: &Ty| matches!(ty, Ty::Vec(_) | Ty::Opt(_)) && !ty.borrows();
        let place = self.place(Access::Unique, wanted)?;
        let (inner, method) = match self.scope.ty(&place) {
            Ty::Vec(inner) => (*inner, "pop"),
            Ty::Opt(inner) => (*inner, "take"),
            _ => return None,
        };
        self.scope.access(&place, Access::Unique);
        let text = self.text(&place, true);
        // The body must not fill it again.
        let held = self
            .scope
            .hold_operand(&self.scope.borrows_by(&place, false));
        let subject = Subject {
            ty: inner,
            mode: Mode::Owned,
            place: None,
            borrows: Vec::new(),
        };
        let label = self.begin_loop(None, true);
        self.scope.enter();
        let pattern = self.pattern(&subject, false);
        let start = format!("while let Some({}) = {text}.{method}() ", pattern.text);
        self.bind(pattern, &subject);
        let body = self.block(&Ty::Unit);
        self.scope.leave();
        self.end_loop(true);
        self.scope.release_operand(held);
        Some(vec![line!(label, start, body)])
    }
}
