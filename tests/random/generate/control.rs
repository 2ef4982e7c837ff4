//! Branches, loops, labelled blocks, and what jumps out of them.

use super::{Generator, Value};
use crate::features::Feature as F;
use crate::scope::{Access, Borrow, Place, Region, State};
use crate::tree::{Kind, Node, Part};
use crate::types::Ty;

const LABELS: [&str; 3] = ["'x", "'y", "'z"];

/// Loops nest no deeper, or bodies take too long.
const LOOPS: usize = 2;

/// A loop or labelled block that can be left from here.
#[derive(Debug)]
pub(super) struct Frame {
    label: Option<&'static str>,
    /// A loop, which `continue` and a `break` without a label can mean.
    is_loop: bool,
    /// Whether the loop ends when it is only continued.
    continues: bool,
    /// What `break` gives.
    value: Option<Ty>,
    /// How many barriers are around it.
    barriers: usize,
    exits: Vec<State>,
}

type Production<'a> = (F, u32, fn(&mut Generator<'a>, &Ty) -> Option<Vec<Part>>);

impl<'a> Generator<'a> {
    /// An expression with blocks.
    pub(super) fn compound(&mut self, ty: &Ty) -> Option<Value> {
        self.fuel -= 1;
        let productions: [Production<'a>; 8] = [
            (F::If, 20, Self::if_),
            (F::IfLet, 15, Self::if_let),
            (F::Match, 25, Self::match_),
            (F::Loop, 10, Self::loop_),
            (F::Block, 10, Self::labelled),
            (F::Block, 10, Self::plain),
            (F::Async, 8, Self::async_here),
            (F::AsyncMove, 8, Self::async_move_here),
        ];
        let parts = self.choose(&productions, |generator, make| make(generator, ty))?;
        Some(Value::owned(Node::expr(ty, parts)))
    }

    /// A block that gives a type, or nothing.
    pub(super) fn block(&mut self, ty: &Ty) -> Node {
        self.scope.enter();
        let node = self.inner_block(ty);
        self.scope.leave();
        node
    }

    /// The lines of a block, in the scope that is open.
    fn inner_block(&mut self, ty: &Ty) -> Node {
        let lines = self.lines();
        self.closed(lines, ty)
    }

    fn lines(&mut self) -> Vec<Node> {
        let mut lines = Vec::new();
        for _ in 0..self.rng.usize(0..4).min(self.fuel) {
            lines.extend(self.statement());
        }
        lines
    }

    fn closed(&mut self, mut lines: Vec<Node>, ty: &Ty) -> Node {
        if *ty != Ty::Unit {
            let value = self.expr(ty).node;
            lines.extend(self.tail(value));
        }
        Node::block(lines)
    }

    /// The last expression of a block.
    pub(super) fn tail(&self, value: Node) -> Vec<Node> {
        if self.has(F::TailTemporary) {
            return vec![node!(Kind::Tail; value)];
        }
        let first = line!("let value = ", value, ";");
        vec![first, node!(Kind::Tail; "value")]
    }

    fn plain(&mut self, ty: &Ty) -> Option<Vec<Part>> {
        Some(vec![self.block(ty).into()])
    }

    fn if_(&mut self, ty: &Ty) -> Option<Vec<Part>> {
        let condition = self.scrutinee(&Ty::Bool);
        let before = self.scope.state.clone();
        let block = self.block(ty);
        let taken = std::mem::replace(&mut self.scope.state, before);
        let mut parts: Vec<Part> = vec!["if ".into(), condition.into(), " ".into(), block.into()];
        parts.extend(self.otherwise(ty));
        self.scope.state.merge(taken);
        Some(parts)
    }

    /// The other branch of an `if`; none where nothing has to be given.
    pub(super) fn otherwise(&mut self, ty: &Ty) -> Option<Part> {
        if *ty == Ty::Unit && self.chance(50) {
            return None;
        }
        let further = self.fuel > 0 && self.chance(20);
        let parts = further.then(|| {
            self.fuel -= 1;
            match self.has(F::IfLet) && self.chance(50) {
                true => self.if_let(ty),
                false => self.if_(ty),
            }
        });
        let mut node = node!(Kind::Optional; " else ");
        match parts.flatten() {
            Some(parts) => node.parts.extend(parts),
            None => node.parts.push(self.block(ty).into()),
        }
        Some(node.into())
    }

    /// Opens a loop; gives its label as it is written.
    pub(super) fn begin_loop(&mut self, value: Option<Ty>, continues: bool) -> String {
        let frame = Frame {
            label: self.chance(50).then(|| LABELS[self.rng.usize(..3)]),
            is_loop: true,
            continues,
            value,
            barriers: self.scope.barriers(),
            exits: Vec::new(),
        };
        let label = frame.label.map(|label| format!("{label}: "));
        self.frames.push(frame);
        self.scope.begin(Region::Loop);
        self.loops += 1;
        label.unwrap_or_default()
    }

    /// Closes a loop, which ends by itself too if it is `finite`.
    pub(super) fn end_loop(&mut self, finite: bool) {
        self.loops -= 1;
        self.scope.end();
        let frame = self.frames.pop().expect("a loop has begun");
        self.leave_by(frame.exits, finite);
    }

    fn leave_by(&mut self, exits: Vec<State>, falls: bool) {
        let mut exits = exits.into_iter();
        if !falls {
            self.scope.state = exits.next().expect("it is left somehow");
        }
        for exit in exits {
            self.scope.state.merge(exit);
        }
    }

    /// `loop`, which ends with `break` the first time at the latest.
    fn loop_(&mut self, ty: &Ty) -> Option<Vec<Part>> {
        if self.loops >= LOOPS {
            return None;
        }
        let label = self.begin_loop(Some(ty.clone()), false);
        let barriers = self.scope.barriers() - 1;
        self.scope.enter();
        let mut lines = self.lines();
        // What is moved in the last statement is not needed again.
        let lifted = self.scope.lift(barriers);
        lines.push(self.leave(self.frames.len() - 1));
        self.scope.lower(lifted);
        self.scope.leave();
        self.end_loop(false);
        Some(vec![
            format!("{label}loop ").into(),
            Node::block(lines).into(),
        ])
    }

    fn labelled(&mut self, ty: &Ty) -> Option<Vec<Part>> {
        let label = LABELS[self.rng.usize(..3)];
        self.frames.push(Frame {
            label: Some(label),
            is_loop: false,
            continues: false,
            value: Some(ty.clone()),
            barriers: self.scope.barriers(),
            exits: Vec::new(),
        });
        let block = self.block(ty);
        let frame = self.frames.pop().expect("it was pushed");
        self.leave_by(frame.exits, true);
        Some(vec![format!("{label}: ").into(), block.into()])
    }

    /// `while`, with a counter of its own.
    pub(super) fn while_(&mut self) -> Option<Vec<Node>> {
        if self.loops >= LOOPS {
            return None;
        }
        self.scope.enter();
        let name = self.name();
        let start = self.id();
        let counter = self.scope.declare(name, &Ty::U32, true, Vec::new());
        let label = self.begin_loop(None, true);
        // There, a jump without a label is an error.
        let frames = std::mem::take(&mut self.frames);
        let condition = match self.chance(50) {
            true => {
                let borrows = vec![self.borrow_of(counter)];
                let held = self.scope.hold_operand(&borrows);
                let node = self.scrutinee(&Ty::Bool);
                self.scope.release_operand(held);
                node!(Kind::Expr(Ty::Bool); format!("{name} < {} && ", start + 2), "(", node, ")")
            }
            false => node!(Kind::Expr(Ty::Bool); format!("{name} < {}", start + 2)),
        };
        self.frames = frames;
        let borrows = vec![self.borrow_of(counter)];
        let held = self.scope.hold_operand(&borrows);
        self.scope.enter();
        let mut lines = vec![line!(format!("{name} += 1;"))];
        lines.extend(self.lines());
        self.scope.leave();
        self.scope.release_operand(held);
        self.end_loop(true);
        self.scope.leave();
        let first = line!(format!("let mut {name} = t.n({start});"));
        let second = line!(format!("{label}while "), condition, " ", Node::block(lines));
        Some(vec![line!(Node::block(vec![first, second]))])
    }

    fn borrow_of(&self, var: usize) -> Borrow {
        let path = Vec::new();
        let (place, unique) = (Place { var, path }, false);
        Borrow { place, unique }
    }

    /// `for`
    pub(super) fn for_(&mut self) -> Option<Vec<Node>> {
        if self.loops >= LOOPS {
            return None;
        }
        let (node, subject) = self.iterated()?;
        let held = self.scope.hold_operand(&subject.borrows);
        let label = self.begin_loop(None, true);
        self.scope.enter();
        let pattern = self.pattern(&subject, false);
        let start = format!("{label}for {} in ", pattern.text);
        self.bind(pattern, &subject);
        let body = self.inner_block(&Ty::Unit);
        self.scope.leave();
        self.end_loop(true);
        self.scope.release_operand(held);
        Some(vec![line!(start, node, " ", body)])
    }

    /// What a branch does that leaves the region; none if nothing can be left. Nothing comes after it.
    pub(super) fn diverging(&mut self) -> Option<Node> {
        let targets = self.targets();
        let (target, keep) = self.pick(targets)?;
        let before = self.scope.state.clone();
        let lifted = self.scope.lift(keep);
        self.scope.enter();
        let mut lines = Vec::new();
        if self.fuel > 0 && self.chance(50) {
            lines.extend(self.statement());
        }
        let line = match target {
            Target::Return => self.return_(),
            Target::Break(frame) => self.leave(frame),
            Target::Continue(frame) => {
                let label = self.written_label(frame);
                line!(format!("continue{label};"))
            }
        };
        lines.push(line);
        self.scope.leave();
        self.scope.lower(lifted);
        self.scope.state = before;
        Some(Node::block(lines))
    }

    /// Where control can go, and how many barriers it stays in.
    fn targets(&self) -> Vec<(Target, usize)> {
        let mut targets = Vec::new();
        if self.returns {
            targets.push((Target::Return, 0));
        }
        for (at, frame) in self.frames.iter().enumerate() {
            if !self.is_named(at) {
                continue;
            }
            targets.push((Target::Break(at), frame.barriers));
            if frame.is_loop && frame.continues {
                targets.push((Target::Continue(at), frame.barriers + 1));
            }
        }
        targets.retain(|(_, keep)| self.scope.can_jump(*keep));
        targets
    }

    /// Whether a jump can say that it means this frame.
    fn is_named(&self, at: usize) -> bool {
        let inner = &self.frames[at + 1..];
        let frame = &self.frames[at];
        let by_label = frame.label.is_some() && inner.iter().all(|f| f.label != frame.label);
        by_label || (inner.is_empty() && frame.is_loop)
    }

    /// A label after `break` or `continue`; none where it can be left out.
    fn written_label(&mut self, at: usize) -> String {
        let innermost = at + 1 == self.frames.len() && self.frames[at].is_loop;
        let label = self.frames[at].label;
        let written = !innermost || self.chance(50);
        let label = label.filter(|_| written).map(|label| format!(" {label}"));
        label.unwrap_or_default()
    }

    /// `break`, with a value if there is one.
    fn leave(&mut self, at: usize) -> Node {
        let label = self.written_label(at);
        let value = self.frames[at].value.clone();
        let value = value.filter(|ty| *ty != Ty::Unit);
        let value = value.map(|ty| self.scrutinee_free(&ty));
        self.frames[at].exits.push(self.scope.state.clone());
        match value {
            Some(value) => line!(format!("break{label} "), value, ";"),
            None => line!(format!("break{label};")),
        }
    }

    /// An expression that does not begin with a label.
    fn scrutinee_free(&mut self, ty: &Ty) -> Node {
        let node = self.expr(ty).node;
        match node.source(0).starts_with('\'') {
            true => Node::expr(ty, vec!["(".into(), node.into(), ")".into()]),
            false => node,
        }
    }

    fn return_(&mut self) -> Node {
        let result = self.result.clone();
        line!("return ", self.expr(&result).node, ";")
    }

    /// A variable that holds a future or a value is moved in one branch.
    pub(super) fn conditional_move(&mut self) -> Option<Vec<Node>> {
        let condition = self.scrutinee(&Ty::Bool);
        let before = self.scope.state.clone();
        let place = self.place(Access::Move, |ty| !ty.is_copy())?;
        self.scope.access(&place, Access::Move);
        let text = self.text(&place, false);
        self.scope.state.merge(before);
        let block = Node::block(vec![line!(format!("drop({text});"))]);
        Some(vec![line!("if ", condition, " ", block)])
    }

    /// `if … { …; return … }`
    pub(super) fn conditional_jump(&mut self) -> Option<Vec<Node>> {
        let condition = self.scrutinee(&Ty::Bool);
        let block = self.diverging()?;
        Some(vec![line!("if ", condition, " ", block)])
    }
}

#[derive(Clone, Copy, Debug)]
enum Target {
    Return,
    Break(usize),
    Continue(usize),
}
