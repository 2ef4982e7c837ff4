//! The frame: which slots there are, where each is stored, which bit tells that it must be dropped.
//!
//! *Input*: [`Body`], [`Facts`], [`Occupied`], [`Held`]. *Output*: [`Layout`]. What a suspension may have to preserve is in
//! the frame; a slot that none does is on the stack of the step, which has to drop it too when it unwinds. Slots come in the order in which they begin, over all
//! scopes; dropping them from the last to the first is the order of every way out. The bits that a suspension keeps come
//! first.

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::Facts;
use crate::held::{Bit, Gone, Held};
use crate::ir::*;
use crate::occupied::Occupied;
use crate::packing::{Storage, pack};

/// The frame of a body.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The slots, in the order in which they begin.
    pub slots: Vec<VarId>,
    /// The storage of those that suspensions preserve; none if there are none.
    pub frame: Option<Storage>,
    /// The storage of the others.
    pub stack: Option<Storage>,
    /// The number of each bit.
    bits: BTreeMap<Bit, usize>,
    /// How many bytes the bits take.
    pub bytes: usize,
    /// How many of them a suspension keeps.
    pub kept: usize,
    /// The number of each block that is entered by its number, those that a suspension leads to first.
    pub states: BTreeMap<BlockId, u16>,
    /// How many bytes the number of a state takes in the frame.
    pub state_bytes: usize,
    /// The variables that may hold a value where a statement, by its place in its block, ends their scope.
    pub ended: BTreeMap<(BlockId, usize), BTreeSet<VarId>>,
    /// Where parts of variables may be gone.
    pub gone: Gone,
    /// The bytes at the start and at each suspension, by the state's number.
    pub held: BTreeMap<u16, Vec<u8>>,
}

impl Layout {
    /// The bit of a slot; none for a local.
    pub fn slot(&self, var: VarId) -> Option<usize> {
        self.bits.get(&Bit::Var(var)).copied()
    }

    /// The bit of a flag.
    pub fn flag(&self, flag: FlagId) -> Option<usize> {
        self.bits.get(&Bit::Flag(flag)).copied()
    }

    /// The slots of a scope, in drop order.
    pub fn in_scope<'a>(
        &'a self,
        body: &'a Body,
        scope: ScopeId,
    ) -> impl Iterator<Item = VarId> + 'a {
        body.scopes[scope.0]
            .entries
            .iter()
            .rev()
            .filter_map(|entry| match entry {
                Entry::Var(var) if self.slot(*var).is_some() => Some(*var),
                _ => None,
            })
    }
}

/// Lays the frame out.
pub fn layout(body: &Body, facts: &Facts, occupied: &Occupied, held: &Held) -> Layout {
    let mut slots = Vec::new();
    collect(body, facts, ScopeId(0), &mut slots);
    let (preserved, others): (Vec<_>, Vec<_>) =
        slots.iter().partition(|var| occupied.is_suspended(**var));
    let storage =
        |vars: &[VarId]| (!vars.is_empty()).then(|| pack(vars, &|a, b| occupied.conflict(a, b)));
    let bits = bits(body, &slots, held);
    let bytes = bits.len().div_ceil(8);
    let states = states(body, facts);
    let held_bytes = held
        .certain
        .iter()
        .map(|(block, certain)| {
            let certain = certain.iter().map(|bit| bits[bit]);
            (states[block], packed(certain, bytes))
        })
        .collect();
    let suspensions = held.certain.len();
    Layout {
        frame: storage(&preserved),
        stack: storage(&others),
        slots,
        bytes,
        kept: held.kept.len().div_ceil(8),
        // Two numbers are those of the end.
        state_bytes: if suspensions <= usize::from(u8::MAX - 1) {
            1
        } else {
            2
        },
        ended: held.ended.clone(),
        gone: held.gone.clone(),
        held: held_bytes,
        states,
        bits,
    }
}

fn collect(body: &Body, facts: &Facts, scope: ScopeId, slots: &mut Vec<VarId>) {
    for entry in &body.scopes[scope.0].entries {
        match entry {
            Entry::Var(var) if facts.slots[var.0] => slots.push(*var),
            Entry::Var(_) => {}
            Entry::Scope(inner) => collect(body, facts, *inner, slots),
        }
    }
}

/// Numbers the bits.
fn bits(body: &Body, slots: &[VarId], held: &Held) -> BTreeMap<Bit, usize> {
    let flags = (0..body.flags.len()).map(FlagId);
    let flags = flags.filter(|flag| slots.contains(&body.flags[flag.0].var));
    let all = slots
        .iter()
        .copied()
        .map(Bit::Var)
        .chain(flags.map(Bit::Flag));
    let (kept, told): (Vec<_>, Vec<_>) = all.partition(|bit| held.kept.contains(bit));
    kept.into_iter().chain(told).zip(0..).collect()
}

fn packed(bits: impl Iterator<Item = usize>, bytes: usize) -> Vec<u8> {
    let mut packed = vec![0; bytes];
    bits.for_each(|bit| packed[bit / 8] |= 1 << (bit % 8));
    packed
}

/// Numbers the blocks that are entered by their number.
fn states(body: &Body, facts: &Facts) -> BTreeMap<BlockId, u16> {
    let entered = entered(body, facts);
    let suspended = |id: &BlockId| id.0 == 0 || body.blocks[id.0].resume.is_some();
    let (suspended, others): (Vec<_>, Vec<_>) = body
        .order
        .iter()
        .copied()
        .filter(|id| entered.contains(id))
        .partition(suspended);
    let number = |(index, id): (usize, BlockId)| {
        let number =
            u16::try_from(index).unwrap_or_else(|_| panic!("a body with more than 65,000 blocks"));
        (id, number)
    };
    suspended
        .into_iter()
        .chain(others)
        .enumerate()
        .map(number)
        .collect()
}

/// The blocks that are entered by their number. Any other stands where the one terminator that leads to it stands; but
/// never ahead of a block that comes before it in the source, which may be what tells rustc the types in it.
fn entered(body: &Body, facts: &Facts) -> BTreeSet<BlockId> {
    let reached = |id: &BlockId| facts.predecessors[id.0] > 0;
    let order: Vec<BlockId> = body.order.iter().copied().filter(reached).collect();
    let before: BTreeMap<BlockId, BlockId> = order
        .iter()
        .flat_map(|id| {
            Body::targets(&body.blocks[id.0].term)
                .into_iter()
                .map(|target| (target, *id))
        })
        .collect();
    let jumped_to: BTreeSet<BlockId> = body
        .holes
        .iter()
        .filter_map(|hole| match hole {
            Hole::Jump { target, .. } => Some(*target),
            _ => None,
        })
        .collect();
    let alone = |id: &BlockId| {
        let one = facts.predecessors[id.0] == 1 && before.contains_key(id) && id.0 != 0;
        one && body.blocks[id.0].resume.is_none() && !jumped_to.contains(id)
    };
    // What a pattern binds is in force in its arm only.
    let bound: BTreeSet<BlockId> = order
        .iter()
        .flat_map(|id| match &body.blocks[id.0].term {
            Term::Match { arms, .. } => arms.as_slice(),
            _ => &[],
        })
        .filter(|arm| !arm.pattern.names.is_empty())
        .map(|arm| arm.target)
        .collect();
    let place: BTreeMap<BlockId, usize> = order.iter().copied().zip(0..).collect();
    let mut entered: BTreeSet<BlockId> = order.iter().copied().filter(|id| !alone(id)).collect();
    let mut last = BlockId(0);
    for id in &order {
        let stands_in = std::iter::successors(Some(*id), |id| before.get(id).copied())
            .find(|id| entered.contains(id));
        if !bound.contains(id) && stands_in.is_none_or(|host| place[&host] < place[&last]) {
            entered.insert(*id);
        }
        if entered.contains(id) {
            last = *id;
        }
    }
    entered
}
