//! Facts about variables that the frame and `emit` need.
//!
//! *Input*: [`Body`]. *Output*: [`Facts`].
//!
//! - A variable is a *local* of one block if everything that happens to it, the end of its scope included, happens in
//!   that block: it is then an ordinary `let`. Everything else is a *slot* of the frame.
//! - A use is *followed* if another use of the variable is certain to be reachable from it before it is given a new
//!   value: then it cannot have moved anything out. To say "not followed" is always right; it only costs code.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::visit::Mention;
use crate::ir::*;

/// The result.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Indexed by [`VarId`]: whether the variable is a slot.
    pub slots: Vec<bool>,
    /// The uses (by the hole that they stand in) that are followed.
    pub followed: BTreeSet<HoleId>,
    /// The captures of variables that may be used again outside of the capture.
    pub shared: BTreeSet<(CaptureId, VarId)>,
    /// Indexed by [`BlockId`]: how many blocks lead to it; 0 if it cannot be reached.
    pub predecessors: Vec<usize>,
}

/// Collects the facts.
pub fn analyse(body: &Body) -> Facts {
    let reading = Liveness::new(body, false);
    let certain = Liveness::new(body, true);
    let predecessors = predecessors(body);
    Facts {
        slots: slots(body, &predecessors),
        followed: followed(body, &certain),
        shared: shared(body, &reading),
        predecessors,
    }
}

fn predecessors(body: &Body) -> Vec<usize> {
    let mut counts = vec![0; body.blocks.len()];
    let mut work = vec![BlockId(0)];
    counts[0] = 1;
    while let Some(block) = work.pop() {
        for target in body.successors(block) {
            counts[target.0] += 1;
            if counts[target.0] == 1 {
                work.push(target);
            }
        }
    }
    counts
}

fn slots(body: &Body, predecessors: &[usize]) -> Vec<bool> {
    let mut homes: BTreeMap<VarId, BTreeSet<BlockId>> = BTreeMap::new();
    let mut moved: BTreeSet<(VarId, BlockId)> = BTreeSet::new();
    let mut borrowed: BTreeSet<VarId> = BTreeSet::new();
    let reached = body
        .blocks
        .iter()
        .enumerate()
        .filter(|(index, _)| predecessors[*index] > 0);
    for (index, block) in reached {
        let id = BlockId(index);
        body.mentions(block, &mut |mention| match mention {
            Mention::Define(var)
            | Mention::Assign(var)
            | Mention::Suspended(var)
            | Mention::Subject(var) => {
                homes.entry(var).or_default().insert(id);
            }
            Mention::Use(hole, usage) => {
                homes.entry(usage.var).or_default().insert(id);
                if usage.certain && usage.context == Context::Value {
                    moved.insert((usage.var, id));
                }
                if usage.context == Context::Place && !matches!(body.holes[hole.0], Hole::Call(_)) {
                    borrowed.insert(usage.var);
                }
            }
            Mention::Exit(_) => {}
        });
    }
    // What a jump stores is used where the jump leads.
    let jumped: BTreeSet<VarId> = body
        .holes
        .iter()
        .filter_map(|hole| match hole {
            Hole::Jump { store, .. } => store.as_ref().map(|(var, _)| *var),
            _ => None,
        })
        .collect();
    let ends = scope_ends(body);
    let mut slots: Vec<bool> = Vec::new();
    let is_slot = |(index, var): (usize, &Var)| {
        let id = VarId(index);
        if var.role == Role::Argument {
            return true;
        }
        let Some(blocks) = homes.get(&id) else {
            return false;
        };
        let kept = matches!(var.role, Role::Future | Role::Iterator | Role::Extended);
        if kept || jumped.contains(&id) {
            return true;
        }
        let [home] = blocks.iter().copied().collect::<Vec<_>>()[..] else {
            return true;
        };
        let ends_here = ends
            .get(&var.scope)
            .is_some_and(|blocks| blocks.contains(&home));
        let leaves_here = matches!(body.blocks[home.0].term, Term::Dead);
        let moved_here = moved.contains(&(id, home)) && !borrowed.contains(&id);
        !(ends_here || leaves_here || moved_here)
    };
    slots.extend(body.vars.iter().enumerate().map(is_slot));
    let positions = positions(body);
    while outlived(body, &positions, &moved, &mut slots)
        || ended_within(body, &positions, &homes, &mut slots)
    {}
    slots
}

/// The place of each variable in the order in which they begin; they are dropped in reverse.
fn positions(body: &Body) -> BTreeMap<VarId, usize> {
    fn collect(body: &Body, scope: ScopeId, positions: &mut BTreeMap<VarId, usize>) {
        for entry in &body.scopes[scope.0].entries {
            match entry {
                Entry::Var(var) => {
                    positions.insert(*var, positions.len());
                }
                Entry::Scope(inner) => collect(body, *inner, positions),
            }
        }
    }
    let mut positions = BTreeMap::new();
    collect(body, ScopeId(0), &mut positions);
    positions
}

/// A local must not be there when slots of an inner scope end: if their drop unwinds, the local would be dropped before
/// the rest of them. Makes one such local a slot.
fn ended_within(
    body: &Body,
    positions: &BTreeMap<VarId, usize>,
    homes: &BTreeMap<VarId, BTreeSet<BlockId>>,
    slots: &mut [bool],
) -> bool {
    for (var, blocks) in homes.iter().filter(|(var, _)| !slots[var.0]) {
        let Some(block) = blocks.first().map(|id| &body.blocks[id.0]) else {
            continue;
        };
        let defined = block.stmts.iter().position(|stmt| {
            let mut defines = false;
            body.mentions_of_stmt(stmt, &mut |mention| {
                defines |= matches!(mention, Mention::Define(v) if v == *var)
            });
            defines
        });
        let Some(defined) = defined else { continue };
        let many = |scope: &ScopeId| {
            let inner = |entry: &Entry| matches!(entry, Entry::Var(v) if slots[v.0] && positions[v] > positions[var]);
            body.scopes[scope.0]
                .entries
                .iter()
                .filter(|entry| inner(entry))
                .count()
                > 1
        };
        let ended = block.stmts[defined..].iter().any(|stmt| match stmt {
            Stmt::Exit(scope) | Stmt::Tail { scope, .. } => many(scope),
            _ => false,
        });
        if ended && body.vars[var.0].role == Role::Binding {
            slots[var.0] = true;
            return true;
        }
    }
    false
}

/// A local that is moved out instead of being dropped must not begin before a slot that is there at the move: unwinding
/// drops locals first. Makes one such local a slot.
fn outlived(
    body: &Body,
    positions: &BTreeMap<VarId, usize>,
    moved: &BTreeSet<(VarId, BlockId)>,
    slots: &mut [bool],
) -> bool {
    for (var, home) in moved
        .iter()
        .filter(|(var, _)| !slots[var.0])
        .copied()
        .collect::<Vec<_>>()
    {
        let (mut begun, mut gone, mut later) = (false, false, false);
        body.mentions(&body.blocks[home.0], &mut |mention| match mention {
            Mention::Define(other) if other == var => begun = true,
            Mention::Define(other) if begun && !gone => {
                later |= slots[other.0] && positions[&other] > positions[&var]
            }
            Mention::Use(_, usage)
                if usage.var == var && usage.certain && usage.context == Context::Value =>
            {
                gone = true
            }
            _ => {}
        });
        if later {
            slots[var.0] = true;
            return true;
        }
    }
    false
}

/// The blocks in which each scope ends by being left at its end, not by a jump.
fn scope_ends(body: &Body) -> BTreeMap<ScopeId, BTreeSet<BlockId>> {
    let mut ends: BTreeMap<ScopeId, BTreeSet<BlockId>> = BTreeMap::new();
    for (index, block) in body.blocks.iter().enumerate() {
        for stmt in &block.stmts {
            if let Stmt::Exit(scope) | Stmt::Tail { scope, .. } = stmt {
                ends.entry(*scope).or_default().insert(BlockId(index));
            }
        }
    }
    ends
}

/// Which variables are used before they are given a new value, block by block, backward until nothing changes.
struct Liveness {
    /// Whether an assignment somewhere in a statement hides the statement's uses: then what is said to be in use is
    /// certain. Otherwise what is said not to be in use is certain.
    hiding: bool,
    live_in: Vec<BTreeSet<VarId>>,
}

impl Liveness {
    fn new(body: &Body, hiding: bool) -> Self {
        let mut liveness = Liveness {
            hiding,
            live_in: vec![BTreeSet::new(); body.blocks.len()],
        };
        loop {
            let mut changed = false;
            for index in (0..body.blocks.len()).rev() {
                let live = liveness.walk(body, BlockId(index), &mut |_, _| {});
                changed |= live != liveness.live_in[index];
                liveness.live_in[index] = live;
            }
            if !changed {
                return liveness;
            }
        }
    }

    /// The variables in use before a block. Tells of each use, with the variables in use after its statement.
    fn walk(
        &self,
        body: &Body,
        id: BlockId,
        tell: &mut dyn FnMut(Mention<'_>, &BTreeSet<VarId>),
    ) -> BTreeSet<VarId> {
        let block = &body.blocks[id.0];
        let targets = if self.hiding {
            Body::targets(&block.term)
        } else {
            body.successors(id)
        };
        let mut live: BTreeSet<VarId> = targets
            .iter()
            .flat_map(|target| self.live_in[target.0].iter().copied())
            .collect();
        let mut mentions = Vec::new();
        body.mentions_of_term(&block.term, &mut |mention| mentions.push(mention));
        self.step(&mentions, &mut live, tell);
        for stmt in block.stmts.iter().rev() {
            mentions.clear();
            body.mentions_of_stmt(stmt, &mut |mention| mentions.push(mention));
            self.step(&mentions, &mut live, tell);
        }
        live
    }

    fn step(
        &self,
        mentions: &[Mention<'_>],
        live: &mut BTreeSet<VarId>,
        tell: &mut dyn FnMut(Mention<'_>, &BTreeSet<VarId>),
    ) {
        let mut hidden = BTreeSet::new();
        for mention in mentions {
            match mention {
                Mention::Define(var) => hidden.insert(*var),
                Mention::Assign(var) if self.hiding => hidden.insert(*var),
                _ => false,
            };
        }
        live.retain(|var| !hidden.contains(var));
        mentions.iter().for_each(|mention| tell(*mention, live));
        for mention in mentions {
            if let Mention::Use(_, Use { var, .. })
            | Mention::Subject(var)
            | Mention::Suspended(var) = mention
            {
                if !self.hiding || !hidden.contains(var) {
                    live.insert(*var);
                }
            }
        }
    }
}

fn followed(body: &Body, certain: &Liveness) -> BTreeSet<HoleId> {
    let mut followed = BTreeSet::new();
    for index in 0..body.blocks.len() {
        certain.walk(body, BlockId(index), &mut |mention, after| {
            if let Mention::Use(hole, usage) = mention {
                if usage.certain && after.contains(&usage.var) {
                    followed.insert(hole);
                }
            }
        });
    }
    followed
}

/// A captured variable is shared if it is in use after the statement, or used in the statement outside of the capture.
fn shared(body: &Body, reading: &Liveness) -> BTreeSet<(CaptureId, VarId)> {
    let mut shared = BTreeSet::new();
    let mut uses: BTreeMap<VarId, BTreeSet<Option<CaptureId>>> = BTreeMap::new();
    for block in &body.blocks {
        for stmt in &block.stmts {
            uses.clear();
            body.mentions_of_stmt(stmt, &mut |mention| {
                if let Mention::Use(_, usage) = mention {
                    uses.entry(usage.var).or_default().insert(usage.capture);
                }
            });
            for (var, places) in uses.iter().filter(|(_, places)| places.len() > 1) {
                shared.extend(places.iter().flatten().map(|capture| (*capture, *var)));
            }
        }
    }
    for index in 0..body.blocks.len() {
        reading.walk(body, BlockId(index), &mut |mention, after| {
            if let Mention::Use(
                _,
                Use {
                    var,
                    capture: Some(capture),
                    ..
                },
            ) = mention
            {
                if after.contains(var) {
                    shared.insert((*capture, *var));
                }
            }
        });
    }
    shared
}
