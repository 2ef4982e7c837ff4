//! Facts about variables that the frame and `emit` need.
//!
//! *Input*: [`Body`]. *Output*: [`Facts`].
//!
//! - A variable is a *local* of one block if everything that happens to it, the end of its scope included, happens in
//!   that block: it is then an ordinary `let`. Everything else is a *slot* of the frame.
//! - A use is *final* if it certainly moves all of a variable that is never borrowed, and nothing uses the variable before
//!   it has a new value: from there on its storage is free.
//! - A use is *followed* if another use of the variable is certain to be reachable from it before it is given a new
//!   value: then it cannot have moved anything out. To say "not followed" is always right; it only costs code.

mod liveness;

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::visit::Mention;
use crate::ir::*;
use liveness::{Liveness, is_used, uses_part_of};

/// The result.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Indexed by [`VarId`]: whether the variable is a slot.
    pub slots: Vec<bool>,
    /// The uses (by the hole that they stand in) that are followed.
    pub followed: BTreeSet<HoleId>,
    /// The uses that are final.
    pub last: BTreeSet<HoleId>,
    /// The variables that may be used after a suspension that preserves them.
    pub resumed: BTreeSet<VarId>,
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
        last: last(body, &reading),
        resumed: resumed(body, &reading),
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
            Mention::Assign(var) => {
                homes.entry(var).or_default().insert(id);
                moved.remove(&(var, id));
            }
            Mention::Define(var) | Mention::Suspended(var) | Mention::Subject(var) => {
                homes.entry(var).or_default().insert(id);
            }
            Mention::Use(hole, usage) => {
                homes.entry(usage.var).or_default().insert(id);
                if usage.certain && usage.context == Context::Value {
                    moved.insert((usage.var, id));
                }
                let is_place =
                    usage.context == Context::Place && !matches!(body.holes[hole.0], Hole::Call(_));
                // What is copied in a closure is borrowed by it.
                let by_reference = usage.capture.is_some_and(|id| !body.captures[id.0].by_move);
                if is_place || by_reference {
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
    let kept = kept_temporaries(body);
    let ahead = moved_ahead(body);
    let mut slots: Vec<bool> = Vec::new();
    let is_slot = |(index, var): (usize, &Var)| {
        let id = VarId(index);
        if var.role == Role::Argument {
            return true;
        }
        let Some(blocks) = homes.get(&id) else {
            return false;
        };
        let awaited = matches!(var.role, Role::Future | Role::Iterator | Role::Extended);
        if awaited || jumped.contains(&id) || kept.contains(&id) || ahead.contains(&id) {
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
    let moved = moved.into_iter().map(|(var, _)| var).collect();
    while outlived(body, &positions, &homes, &mut slots)
        || ended_within(body, &positions, &homes, &moved, &mut slots)
        || lent(body, &positions, &mut slots)
    {}
    slots
}

/// The temporaries within code that something evaluated after their statement may refer to: as temporaries of rustc they
/// would end with it.
fn kept_temporaries(body: &Body) -> BTreeSet<VarId> {
    let mut kept = BTreeSet::new();
    for block in &body.blocks {
        let mut begun: BTreeSet<VarId> = BTreeSet::new();
        for stmt in &block.stmts {
            match stmt {
                Stmt::Exit(scope) => begun.retain(|var| body.vars[var.0].scope != *scope),
                _ => kept.append(&mut begun),
            }
            let last = stmt.values();
            body.mentions_of_stmt(stmt, &mut |mention| {
                if let Mention::Define(var) = mention {
                    begun.extend((!last.contains(&var)).then_some(var));
                }
            });
        }
        if !block.term.codes().is_empty() {
            kept.append(&mut begun);
        }
    }
    kept
}

/// The receivers that are moved ahead of their arguments if the call consumes them: whether they hold a value is a bit's to
/// tell.
fn moved_ahead(body: &Body) -> BTreeSet<VarId> {
    let stmts = body.blocks.iter().flat_map(|block| &block.stmts);
    let moved = stmts.filter_map(|stmt| match stmt {
        Stmt::Early { early, .. } => Some(early.moved),
        _ => None,
    });
    moved.collect()
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
/// the rest of them. Nor when temporaries that its own value has left do, if there is a slot that would be dropped next.
/// Makes one such local a slot.
fn ended_within(
    body: &Body,
    positions: &BTreeMap<VarId, usize>,
    homes: &BTreeMap<VarId, BTreeSet<BlockId>>,
    moved: &BTreeSet<VarId>,
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
        let leaves = block.stmts[defined].may_leave_temporaries();
        let stays = |var: VarId| body.vars[var.0].role != Role::Future && !moved.contains(&var);
        let many = |scope: &ScopeId| {
            let inner = |entry: &Entry| matches!(entry, Entry::Var(v) if slots[v.0] && positions[v] > positions[var]);
            let entries = &body.scopes[scope.0].entries;
            let mut inner = entries.iter().filter(|entry| inner(entry));
            match leaves {
                true => inner.any(|entry| matches!(entry, Entry::Var(v) if stays(*v))),
                false => inner.nth(1).is_some(),
            }
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

/// A local must not be there when a slot begins that is dropped before it: locals are dropped first. Makes one such local a
/// slot.
fn outlived(
    body: &Body,
    positions: &BTreeMap<VarId, usize>,
    homes: &BTreeMap<VarId, BTreeSet<BlockId>>,
    slots: &mut [bool],
) -> bool {
    let locals = homes.iter().filter(|(var, _)| !slots[var.0]);
    for (var, blocks) in locals.map(|(var, blocks)| (*var, blocks)) {
        let Some(home) = blocks.first() else { continue };
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
            Mention::Exit(scope) if scope == body.vars[var.0].scope => gone = true,
            _ => {}
        });
        if later {
            slots[var.0] = true;
            return true;
        }
    }
    false
}

/// A local must not be lent to a slot that outlives it: a temporary that has become one, in what ends the local's scope. Makes
/// one such local a slot.
fn lent(body: &Body, positions: &BTreeMap<VarId, usize>, slots: &mut [bool]) -> bool {
    let stored = body.holes.iter().filter_map(Hole::stored);
    for (var, value) in stored.filter(|(var, _)| slots[var.0]).collect::<Vec<_>>() {
        let mut lent = None;
        body.mentions_of_code(value, &mut |mention| match mention {
            Mention::Use(_, usage) if usage.context == Context::Place && !slots[usage.var.0] => {
                lent = lent.or((positions[&usage.var] > positions[&var]).then_some(usage.var));
            }
            _ => {}
        });
        if let Some(lent) = lent {
            slots[lent.0] = true;
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

fn followed(body: &Body, certain: &Liveness) -> BTreeSet<HoleId> {
    let mut followed = BTreeSet::new();
    for index in 0..body.blocks.len() {
        certain.walk(body, BlockId(index), &mut |mention, after| {
            if let Mention::Use(hole, usage) = mention {
                if usage.certain && uses_part_of(after, usage) {
                    followed.insert(hole);
                }
            }
        });
    }
    followed
}

fn last(body: &Body, reading: &Liveness) -> BTreeSet<HoleId> {
    let borrowed = borrowed(body);
    let mut last = BTreeSet::new();
    for index in 0..body.blocks.len() {
        reading.walk(body, BlockId(index), &mut |mention, after| {
            if let Mention::Use(hole, usage) = mention {
                let moves = match usage.capture {
                    None => usage.certain && usage.context == Context::Value,
                    Some(id) => takes_all(&body.captures[id.0], usage.var),
                };
                if moves && !borrowed.contains(&usage.var) && !is_used(after, usage.var) {
                    last.insert(hole);
                }
            }
        });
    }
    last
}

/// Whether the capture certainly moves all of the variable into itself.
fn takes_all(capture: &Capture, var: VarId) -> bool {
    let whole = |captured: &Captured| captured.var == var && captured.whole;
    capture.by_move && capture.certain && capture.vars.iter().any(whole)
}

/// The variables that something may borrow from: all that are more than a value somewhere.
fn borrowed(body: &Body) -> BTreeSet<VarId> {
    let mut borrowed = BTreeSet::new();
    for block in &body.blocks {
        body.mentions(block, &mut |mention| match mention {
            Mention::Use(hole, usage) => {
                let moves = match usage.capture {
                    None => {
                        matches!(body.holes[hole.0], Hole::Use(_))
                            && usage.context == Context::Value
                    }
                    Some(id) => body.captures[id.0].by_move,
                };
                if !moves {
                    borrowed.insert(usage.var);
                }
            }
            Mention::Subject(var) => {
                borrowed.insert(var);
            }
            Mention::Define(_) | Mention::Assign(_) | Mention::Suspended(_) | Mention::Exit(_) => {}
        });
    }
    borrowed.extend(body.holes.iter().filter_map(|hole| match hole {
        Hole::Store { var, .. } => Some(*var),
        _ => None,
    }));
    borrowed
}

/// What is in use where a step begins.
fn resumed(body: &Body, reading: &Liveness) -> BTreeSet<VarId> {
    let blocks = body.blocks.iter().enumerate();
    let resumed = blocks.filter(|(_, block)| block.resume.is_some());
    let used = resumed.flat_map(|(index, _)| reading.before(BlockId(index)));
    used.collect()
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
                    let capture = usage.capture.map(|id| body.outermost(id));
                    uses.entry(usage.var).or_default().insert(capture);
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
                if is_used(after, *var) {
                    shared.insert((*capture, *var));
                }
            }
        });
    }
    shared
}
