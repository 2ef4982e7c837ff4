//! What a suspended coroutine holds, as far as its state tells.
//!
//! *Input*: [`Body`], [`Facts`], [`Occupied`]. *Output*: [`Held`]. *Invariant*: what is said to be held, or not to be, is so however the
//! suspension was reached; whatever depends on the way there, or on types, is unknown, and is kept beside the state.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::Facts;
use crate::ir::*;
use crate::occupied::Occupied;

/// Something that a bit stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Bit {
    /// The variable holds a value.
    Var(VarId),
    /// A part of the variable has been moved out.
    Flag(FlagId),
}

/// Whether a bit is set. What is not mentioned is not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Set {
    Always,
    Perhaps,
}

/// The bits at one point.
type Point = BTreeMap<Bit, Set>;

/// The result.
#[derive(Clone, Debug)]
pub struct Held {
    /// The bits that are certainly set at each suspension, and at the start.
    pub certain: BTreeMap<BlockId, BTreeSet<Bit>>,
    /// The bits that some suspension does not tell.
    pub kept: BTreeSet<Bit>,
    /// The variables that may hold a value where a statement, by its place in its block, ends their scope.
    pub ended: BTreeMap<(BlockId, usize), BTreeSet<VarId>>,
    /// Where parts may be gone.
    pub gone: Gone,
}

/// Where a part of a variable may have been moved out when the rest is dropped. What is not mentioned has all its parts.
#[derive(Clone, Default, Debug)]
pub struct Gone {
    /// The ends of scopes, as in [`Held::ended`].
    pub ended: BTreeSet<(BlockId, usize, VarId)>,
    /// The assignments to the variable.
    pub assigned: BTreeSet<HoleId>,
    /// At some suspension.
    pub suspended: BTreeSet<VarId>,
    /// Where the body returns.
    pub returned: BTreeSet<VarId>,
    /// Anywhere: where it may unwind.
    pub unwound: BTreeSet<VarId>,
}

/// Finds out what each suspension holds.
pub fn held(body: &Body, facts: &Facts, occupied: &Occupied) -> Held {
    let mut flow = Flow {
        body,
        facts,
        ended: BTreeMap::new(),
        gone: Gone::default(),
        skipped: Vec::new(),
    };
    let entries = flow.entries();
    let gone = flow.gone.clone();
    let skipped = flow.skipped_entries(&entries);
    let is_suspension = |id: &BlockId| id.0 == 0 || body.blocks[id.0].resume.is_some();
    let skipped = skipped.into_keys().filter(is_suspension);
    let mut held = Held {
        certain: skipped.map(|id| (id, BTreeSet::new())).collect(),
        kept: BTreeSet::new(),
        ended: flow.ended,
        gone,
    };
    for (id, point) in entries.into_iter().filter(|(id, _)| is_suspension(id)) {
        held.gone.suspended.extend(with_parts_gone(body, &point));
        let stored = |bit: &Bit| {
            let var = match bit {
                Bit::Var(var) => *var,
                Bit::Flag(flag) => body.flags[flag.0].var,
            };
            facts.slots[var.0] && occupied.is_suspended_at(id, var)
        };
        let (certain, perhaps): (Point, Point) = point
            .into_iter()
            .filter(|(bit, _)| stored(bit))
            .partition(|(_, set)| *set == Set::Always);
        held.kept.extend(perhaps.into_keys());
        held.certain.insert(id, certain.into_keys().collect());
    }
    held
}

/// What code does to a bit.
#[derive(Clone, Copy, Debug)]
enum Effect {
    Set(Bit),
    Clear(Bit),
    PerhapsSet(Bit),
    PerhapsClear(Bit),
}

impl Effect {
    fn bit(self) -> Bit {
        match self {
            Effect::Set(bit) | Effect::Clear(bit) => bit,
            Effect::PerhapsSet(bit) | Effect::PerhapsClear(bit) => bit,
        }
    }

    fn apply(self, point: &mut Point) {
        match self {
            Effect::Set(bit) => {
                point.insert(bit, Set::Always);
            }
            Effect::Clear(bit) => {
                point.remove(&bit);
            }
            Effect::PerhapsSet(bit) => {
                point.entry(bit).or_insert(Set::Perhaps);
            }
            Effect::PerhapsClear(bit) => {
                point.entry(bit).and_modify(|set| *set = Set::Perhaps);
            }
        }
    }

    /// The same, if it is not certain to happen.
    fn perhaps(self) -> Effect {
        match self {
            Effect::Set(bit) => Effect::PerhapsSet(bit),
            Effect::Clear(bit) => Effect::PerhapsClear(bit),
            other => other,
        }
    }
}

/// What code does, in the order of evaluation.
#[derive(Default)]
struct Effects {
    effects: Vec<Effect>,
    /// What has been done only where the code is left before its end.
    left: Vec<Effect>,
    /// Where it may leave, and what it stores before.
    jumps: Vec<(BlockId, Option<VarId>)>,
    /// Where arms leave that are never chosen.
    skipped: Vec<BlockId>,
    /// Whether it may return.
    returns: bool,
    /// The assignments.
    assigned: Vec<Assigned>,
}

impl Effects {
    fn add(&mut self, effect: Effect, certain: bool) {
        self.effects
            .push(if certain { effect } else { effect.perhaps() });
    }

    /// A variable gets a value, which has all its parts; `from` on the value is evaluated.
    fn assign(&mut self, flags: &[FlagId], from: usize) {
        let is_mended =
            |effect: &Effect| matches!(effect.bit(), Bit::Flag(f) if flags.contains(&f));
        let value = self.effects.split_off(from);
        let (mended, others): (Vec<_>, Vec<_>) = value.into_iter().partition(is_mended);
        self.effects.extend(others);
        self.left.extend(mended);
        let clear = flags.iter().map(|flag| Effect::Clear(Bit::Flag(*flag)));
        self.effects.extend(clear);
    }

    /// What code does that leaves at its end.
    fn leave(&mut self, code: Effects) {
        self.left.extend(code.effects.into_iter().chain(code.left));
        self.jumps.extend(code.jumps);
        self.skipped.extend(code.skipped);
        self.returns |= code.returns;
        self.assigned.extend(code.assigned);
    }

    /// A point where the code is left before its end.
    fn leaving(&self, point: &Point) -> Point {
        after(&after(point, &self.effects), &self.left)
    }

    /// Two effects on one bit may be evaluated in another order than they are written in.
    fn settle(&mut self) {
        let bits: Vec<_> = self.effects.iter().map(|effect| effect.bit()).collect();
        for effect in &mut self.effects {
            if bits.iter().filter(|bit| **bit == effect.bit()).count() > 1 {
                *effect = effect.perhaps();
            }
        }
    }
}

/// An assignment to a variable.
struct Assigned {
    hole: HoleId,
    var: VarId,
    /// What has been done before; none if it may be repeated, and follow all else.
    before: Option<Vec<Effect>>,
}

struct Flow<'a> {
    body: &'a Body,
    facts: &'a Facts,
    ended: BTreeMap<(BlockId, usize), BTreeSet<VarId>>,
    gone: Gone,
    /// Where arms lead that are never chosen.
    skipped: Vec<(BlockId, Point)>,
}

impl Flow<'_> {
    /// The bits where each block begins that can be reached.
    fn entries(&mut self) -> BTreeMap<BlockId, Point> {
        let vars = self.body.vars.iter().enumerate();
        let arguments = vars.filter(|(_, var)| var.role == Role::Argument);
        let start = arguments.map(|(index, _)| (Bit::Var(VarId(index)), Set::Always));
        self.entries_from((BlockId(0), start.collect()), &BTreeMap::new())
    }

    /// The same for those that only arms lead to that are never chosen: they are compiled too.
    fn skipped_entries(&mut self, known: &BTreeMap<BlockId, Point>) -> BTreeMap<BlockId, Point> {
        let mut entries = BTreeMap::new();
        while let Some(start) = self.skipped.pop() {
            if !known.contains_key(&start.0) && !entries.contains_key(&start.0) {
                entries.extend(self.entries_from(start, known));
            }
        }
        entries
    }

    /// The bits where each block begins that can be reached from one, other than the `known` ones.
    fn entries_from(
        &mut self,
        start: (BlockId, Point),
        known: &BTreeMap<BlockId, Point>,
    ) -> BTreeMap<BlockId, Point> {
        let mut work = vec![start.0];
        let mut entries = BTreeMap::from([start]);
        while let Some(id) = work.pop() {
            let edges = self.edges(id, entries[&id].clone()).into_iter();
            for (target, coming) in edges.filter(|(target, _)| !known.contains_key(target)) {
                let joined = match entries.get(&target) {
                    Some(known) => join(known, &coming),
                    None => coming,
                };
                if entries.get(&target) != Some(&joined) {
                    entries.insert(target, joined);
                    work.push(target);
                }
            }
        }
        entries
    }

    /// Where a block leads, with the bits there.
    fn edges(&mut self, id: BlockId, mut point: Point) -> Vec<(BlockId, Point)> {
        let block = &self.body.blocks[id.0];
        let mut edges = Vec::new();
        if let Some(Resume::Await { future }) = block.resume {
            point.remove(&Bit::Var(future));
        }
        for (index, stmt) in block.stmts.iter().enumerate() {
            self.stmt(stmt, &mut point, &mut edges);
            let gone = with_parts_gone(self.body, &point);
            self.gone.unwound.extend(&gone);
            if let Stmt::Tail {
                dest: Dest::Return, ..
            } = stmt
            {
                self.gone.returned.extend(&gone);
            }
            if let Stmt::Exit(scope) | Stmt::Tail { scope, .. } = stmt {
                self.gone
                    .ended
                    .extend(gone.iter().map(|var| (id, index, *var)));
                let ended = self.exit(*scope, &mut point);
                self.ended.insert((id, index), ended);
            }
        }
        match &block.term {
            Term::Yield { value: code, .. } | Term::If { cond: code, .. } => {
                self.code(code, &mut point, &mut edges);
            }
            Term::Match { subject, arms } => {
                if let Subject::Code(code) = subject {
                    self.code(code, &mut point, &mut edges);
                }
                let (unreached, arms): (Vec<_>, Vec<_>) =
                    arms.iter().partition(|arm| arm.unreached);
                for arm in arms {
                    arm.guard
                        .iter()
                        .for_each(|guard| self.code(guard, &mut point, &mut edges));
                    let mut chosen = point.clone();
                    self.matched(subject, &arm.pattern, &mut chosen);
                    edges.push((arm.target, chosen));
                }
                let skipped = unreached.iter().map(|arm| (arm.target, point.clone()));
                self.skipped.extend(skipped);
                return edges;
            }
            Term::Goto(_) | Term::Dead | Term::Open => {}
        }
        edges.extend(
            Body::targets(&block.term)
                .into_iter()
                .map(|target| (target, point.clone())),
        );
        edges
    }

    fn stmt(&mut self, stmt: &Stmt, point: &mut Point, edges: &mut Vec<(BlockId, Point)>) {
        let define = |point: &mut Point, var: VarId| {
            Effect::Set(Bit::Var(var)).apply(point);
        };
        match stmt {
            Stmt::Let { init, .. } if init.is_empty() => {}
            Stmt::Let {
                pattern,
                vars,
                init,
                otherwise,
                ..
            } => {
                self.code(init, point, edges);
                self.code(pattern, point, edges);
                otherwise
                    .iter()
                    .for_each(|code| self.code(code, point, edges));
                vars.iter().for_each(|var| define(point, *var));
            }
            Stmt::Select { subject, pattern } => {
                if let Subject::Code(code) = subject {
                    self.code(code, point, edges);
                }
                self.matched(subject, pattern, point);
                pattern.vars.iter().for_each(|var| define(point, *var));
            }
            Stmt::Early { var, early } => {
                define(point, early.witness);
                Effect::PerhapsSet(Bit::Var(early.moved)).apply(point);
                Effect::PerhapsClear(Bit::Var(*var)).apply(point);
            }
            Stmt::Eval { code, dest } => {
                self.code(code, point, edges);
                dest.iter().for_each(|var| define(point, *var));
            }
            Stmt::Tail { code, dest, .. } => {
                self.code(code, point, edges);
                if let Dest::Var(var) = dest {
                    define(point, *var);
                }
            }
            Stmt::Exit(_) => {}
        }
    }

    /// Ends a scope: the variables of it that may hold a value.
    fn exit(&self, scope: ScopeId, point: &mut Point) -> BTreeSet<VarId> {
        let var = |bit: &Bit| match bit {
            Bit::Var(var) => *var,
            Bit::Flag(flag) => self.body.flags[flag.0].var,
        };
        let of_scope = |bit: &Bit| self.body.vars[var(bit).0].scope == scope;
        let ended = point.keys().filter(|bit| of_scope(bit)).map(var).collect();
        point.retain(|bit, _| !of_scope(bit));
        ended
    }

    /// A pattern that has matched may have moved what it was matched against, or a part of it.
    fn matched(&self, subject: &Subject, pattern: &Pattern, point: &mut Point) {
        let Subject::Var { var, .. } = subject else {
            return;
        };
        if let Some(effect) = taken_by(*var, pattern) {
            effect.apply(point);
        }
    }

    fn code(&mut self, code: &Code, point: &mut Point, edges: &mut Vec<(BlockId, Point)>) {
        let mut effects = Effects::default();
        self.effects(code, &mut effects);
        effects.settle();
        let left = effects.leaving(point);
        let gone = with_parts_gone(self.body, &left);
        self.gone.unwound.extend(&gone);
        if effects.returns {
            self.gone.returned.extend(gone);
        }
        for assigned in &effects.assigned {
            let before = match &assigned.before {
                Some(before) => after(point, before),
                None => left.clone(),
            };
            if with_parts_gone(self.body, &before).contains(&assigned.var) {
                self.gone.assigned.insert(assigned.hole);
            }
        }
        let skipped = effects.skipped.iter();
        self.skipped
            .extend(skipped.map(|target| (*target, left.clone())));
        for (target, stored) in &effects.jumps {
            let mut jumped = left.clone();
            stored
                .iter()
                .for_each(|var| Effect::Set(Bit::Var(*var)).apply(&mut jumped));
            edges.push((*target, jumped));
        }
        effects
            .effects
            .iter()
            .for_each(|effect| effect.apply(point));
    }

    fn effects(&self, code: &Code, into: &mut Effects) {
        let leaving = code.leaving(&|block| self.leaves(block));
        for id in code.holes() {
            if leaving.contains(id) {
                let mut effects = Effects::default();
                self.effects_of_hole(*id, &mut effects);
                into.leave(effects);
            } else {
                self.effects_of_hole(*id, into);
            }
        }
    }

    /// Whether a block, or a value, is certain to leave the code that it stands in.
    fn leaves(&self, block: &Code) -> bool {
        let last = block.last_hole().map(|id| &self.body.holes[id.0]);
        matches!(last, Some(Hole::Return(_) | Hole::Jump { .. })) && !self.may_jump(block)
    }

    /// Whether there may be jumps that stay in the code.
    fn may_jump(&self, code: &Code) -> bool {
        let jumps = |id: &HoleId| match &self.body.holes[id.0] {
            Hole::Macro { .. } | Hole::Returning { .. } => true,
            hole => hole.codes().into_iter().any(|code| self.may_jump(code)),
        };
        code.may_jump() || code.holes().iter().any(jumps)
    }

    fn effects_of_hole(&self, id: HoleId, into: &mut Effects) {
        let hole = &self.body.holes[id.0];
        match hole {
            // The captured variables are those of the capture.
            Hole::Use(usage) | Hole::TakePart { usage, .. } if usage.capture.is_some() => {}
            Hole::Use(usage) => {
                if usage.context == Context::Value {
                    into.add(Effect::Clear(Bit::Var(usage.var)), usage.certain);
                }
            }
            Hole::TakePart {
                usage, store, flag, ..
            } => {
                if let Some(store) = store {
                    self.effects(store, into);
                    into.add(Effect::Set(Bit::Var(usage.var)), usage.certain);
                }
                into.add(Effect::PerhapsSet(Bit::Flag(*flag)), false);
            }
            Hole::Update(update) => {
                hole.codes()
                    .into_iter()
                    .for_each(|code| self.effects(code, into));
                into.add(Effect::Set(Bit::Var(update.usage.var)), false);
                into.add(Effect::PerhapsSet(Bit::Flag(update.flag)), false);
            }
            Hole::AssignPart { usage, path, value } => {
                self.effects(value, into);
                for flag in self.body.flags_within(usage.var, path) {
                    into.add(Effect::Clear(Bit::Flag(flag)), false);
                }
            }
            Hole::Assign { usage, value } => {
                let from = into.effects.len();
                self.effects(value, into);
                let flags = &self.body.vars[usage.var.0].flags;
                into.assigned.push(Assigned {
                    hole: id,
                    var: usage.var,
                    before: usage.certain.then(|| into.effects.clone()),
                });
                match usage.certain {
                    true => into.assign(flags, from),
                    false => flags
                        .iter()
                        .for_each(|flag| into.add(Effect::Clear(Bit::Flag(*flag)), false)),
                }
                into.add(Effect::Set(Bit::Var(usage.var)), usage.certain);
            }
            Hole::Store { var, value } => {
                self.effects(value, into);
                into.add(Effect::Set(Bit::Var(*var)), false);
            }
            Hole::Call(call) => self.effects_of_call(id, call, into),
            Hole::Match { usage, arms, .. } => {
                let (unreached, arms): (Vec<_>, Vec<_>) =
                    arms.iter().partition(|arm| arm.unreached);
                for arm in &arms {
                    let taken = taken_by(usage.var, &arm.pattern).map(Effect::perhaps);
                    match self.leaves(&arm.body) {
                        true => into.left.extend(taken),
                        false => into.effects.extend(taken),
                    }
                }
                for arm in arms {
                    arm.guard.iter().for_each(|code| self.effects(code, into));
                    self.effects(&arm.body, into);
                }
                for arm in unreached {
                    self.body.jumps(&arm.body, &mut into.skipped);
                }
            }
            Hole::Capture { capture, code } => {
                for captured in &self.body.captures[capture.0].vars {
                    into.add(Effect::Clear(Bit::Var(captured.var)), false);
                }
                self.effects(code, into);
            }
            Hole::Jump { store, target } => {
                hole.codes()
                    .into_iter()
                    .for_each(|code| self.effects(code, into));
                into.jumps
                    .push((*target, store.as_ref().map(|(var, _)| *var)));
            }
            Hole::Macro { code, .. } => self.effects(code, into),
            Hole::Returning { code, .. } | Hole::Return(code) | Hole::Try(code) => {
                self.effects(code, into);
                into.returns = true;
            }
        }
    }

    fn effects_of_call(&self, id: HoleId, call: &Call, into: &mut Effects) {
        let (var, certain) = (call.usage.var, call.usage.certain);
        if let Some(store) = &call.store {
            self.effects(store, into);
            into.add(Effect::Set(Bit::Var(var)), certain);
        }
        call.args
            .iter()
            .for_each(|arg| self.effects(&arg.code, into));
        if let Some(early) = call.early {
            into.add(Effect::Clear(Bit::Var(early.moved)), certain);
        }
        let known = self.body.vars[var.0].reference || call.usage.capture.is_some();
        match &call.part {
            _ if known || self.facts.followed.contains(&id) => {}
            Some((_, flag)) => into.add(Effect::Set(Bit::Flag(*flag)), false),
            None => into.add(Effect::Clear(Bit::Var(var)), false),
        }
    }
}

/// What a pattern that matches does to the variable that it is matched against.
fn taken_by(var: VarId, pattern: &Pattern) -> Option<Effect> {
    if pattern.names.iter().all(|name| name.by_ref) {
        return None;
    }
    Some(match pattern.flag {
        Some(flag) => Effect::PerhapsSet(Bit::Flag(flag)),
        None => Effect::PerhapsClear(Bit::Var(var)),
    })
}

/// A point after what may have been done.
fn after(point: &Point, effects: &[Effect]) -> Point {
    let mut after = point.clone();
    let perhaps = effects.iter().map(|effect| effect.perhaps());
    perhaps.for_each(|effect| effect.apply(&mut after));
    after
}

/// The variables of which a part may be gone.
fn with_parts_gone(body: &Body, point: &Point) -> BTreeSet<VarId> {
    let var = |bit: &Bit| match bit {
        Bit::Flag(flag) => Some(body.flags[flag.0].var),
        Bit::Var(_) => None,
    };
    point.keys().filter_map(var).collect()
}

/// What holds on both ways.
fn join(a: &Point, b: &Point) -> Point {
    let mut joined = a.clone();
    for (bit, set) in &mut joined {
        if b.get(bit) != Some(set) {
            *set = Set::Perhaps;
        }
    }
    for bit in b.keys() {
        joined.entry(*bit).or_insert(Set::Perhaps);
    }
    joined
}
