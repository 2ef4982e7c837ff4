//! Where the storage of variables is in use, and so which of them can share it.
//!
//! *Input*: [`Body`], [`Facts`]. *Output*: [`Occupied`]. *Invariant*: a variable's storage is in use from its first value to
//! the end of its scope, or to a use that is final; two variables are said not to conflict only if neither ever gets a
//! value while the storage of the other is in use. Of an awaited future it is free when the future is ready.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::Facts;
use crate::ir::visit::Mention;
use crate::ir::*;

/// The variables whose storage is in use at one point.
type Point = BTreeSet<VarId>;

/// The result.
#[derive(Clone, Default, Debug)]
pub struct Occupied {
    /// The variables whose storage is in use at each suspension, and at the start.
    pub suspended: BTreeMap<BlockId, Point>,
    /// The pairs that cannot share storage, each in both orders.
    conflicts: BTreeSet<(VarId, VarId)>,
}

impl Occupied {
    /// Whether two variables cannot share storage.
    pub fn conflict(&self, a: VarId, b: VarId) -> bool {
        self.conflicts.contains(&(a, b))
    }

    /// Whether a suspension may have to preserve the variable.
    pub fn is_suspended(&self, var: VarId) -> bool {
        self.suspended.values().any(|point| point.contains(&var))
    }

    /// Whether the variable's storage is in use at a suspension, or at the start.
    pub fn is_suspended_at(&self, block: BlockId, var: VarId) -> bool {
        self.suspended
            .get(&block)
            .is_some_and(|point| point.contains(&var))
    }

    fn meet(&mut self, new: VarId, point: &Point) {
        for other in point.iter().filter(|other| **other != new) {
            self.conflicts.insert((new, *other));
            self.conflicts.insert((*other, new));
        }
    }
}

/// Finds out where storage is in use.
pub fn occupied(body: &Body, facts: &Facts) -> Occupied {
    let mut flow = Flow {
        body,
        facts,
        entries: BTreeMap::new(),
        work: Vec::new(),
        found: Occupied::default(),
    };
    flow.run();
    flow.found
}

struct Flow<'a> {
    body: &'a Body,
    facts: &'a Facts,
    entries: BTreeMap<BlockId, Point>,
    work: Vec<BlockId>,
    found: Occupied,
}

/// What a statement does to storage.
#[derive(Default)]
struct Effects {
    /// What gets a value before the statement has been evaluated.
    inside: Vec<VarId>,
    /// What has been moved out of for the last time when it has been.
    moved: BTreeSet<VarId>,
    /// The scope that ends.
    ended: Option<ScopeId>,
    /// Where it may leave.
    jumps: Vec<BlockId>,
}

impl Flow<'_> {
    fn run(&mut self) {
        let vars = self.body.vars.iter().enumerate();
        let arguments = vars.filter(|(_, var)| var.role == Role::Argument);
        let start: Point = arguments.map(|(index, _)| VarId(index)).collect();
        for argument in &start {
            self.found.meet(*argument, &start);
        }
        self.lead(BlockId(0), &start);
        while let Some(id) = self.work.pop() {
            self.block(id);
        }
    }

    fn lead(&mut self, target: BlockId, coming: &Point) {
        let known = self.entries.get(&target);
        if known.is_some_and(|known| known.is_superset(coming)) {
            return;
        }
        self.entries.entry(target).or_default().extend(coming);
        self.work.push(target);
    }

    fn block(&mut self, id: BlockId) {
        let mut point = self.entries[&id].clone();
        let block = &self.body.blocks[id.0];
        if id.0 == 0 || block.resume.is_some() {
            self.found.suspended.insert(id, point.clone());
        }
        if let Some(Resume::Await { future }) = block.resume {
            point.remove(&future);
        }
        for stmt in &block.stmts {
            let effects = self.effects(stmt);
            self.apply(&effects, stmt.values(), &mut point);
        }
        let effects = self.effects_of_term(&block.term);
        self.apply(&effects, Vec::new(), &mut point);
        for target in Body::targets(&block.term) {
            self.lead(target, &point);
        }
    }

    fn apply(&mut self, effects: &Effects, values: Vec<VarId>, point: &mut Point) {
        point.extend(&effects.inside);
        for new in &effects.inside {
            self.found.meet(*new, point);
        }
        for target in &effects.jumps {
            self.lead(*target, point);
        }
        point.retain(|var| !effects.moved.contains(var) || effects.inside.contains(var));
        for new in values {
            self.found.meet(new, point);
            point.insert(new);
        }
        if let Some(scope) = effects.ended {
            point.retain(|var| self.body.vars[var.0].scope != scope);
        }
    }

    fn effects(&self, stmt: &Stmt) -> Effects {
        let mut effects = Effects::default();
        self.body
            .mentions_of_stmt(stmt, &mut |mention| self.add(mention, &mut effects));
        let last = stmt.values();
        effects.inside.retain(|var| !last.contains(var));
        stmt.codes()
            .into_iter()
            .for_each(|code| self.body.jumps(code, &mut effects.jumps));
        effects
    }

    fn effects_of_term(&self, term: &Term) -> Effects {
        let mut effects = Effects::default();
        self.body
            .mentions_of_term(term, &mut |mention| self.add(mention, &mut effects));
        term.codes()
            .into_iter()
            .for_each(|code| self.body.jumps(code, &mut effects.jumps));
        effects
    }

    fn add(&self, mention: Mention<'_>, effects: &mut Effects) {
        match mention {
            Mention::Define(var) | Mention::Assign(var) => effects.inside.push(var),
            Mention::Use(hole, usage) if self.facts.last.contains(&hole) => {
                effects.moved.insert(usage.var);
            }
            Mention::Exit(scope) => effects.ended = Some(scope),
            Mention::Use(..) | Mention::Subject(_) | Mention::Suspended(_) => {}
        }
    }
}
