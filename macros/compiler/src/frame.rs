//! The frame: which slots there are, where each is stored, which bit tells that it must be dropped.
//!
//! *Input*: [`Body`], [`Facts`], [`Held`]. *Output*: [`Layout`]. Slots come in the order in which they begin, over all
//! scopes; dropping them from the last to the first is the order of every way out. The bits that a suspension keeps come
//! first.

use std::collections::BTreeMap;

use crate::analysis::Facts;
use crate::held::{Bit, Held};
use crate::ir::*;

/// The frame of a body.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The slots, in the order in which they begin.
    pub slots: Vec<VarId>,
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
pub fn layout(body: &Body, facts: &Facts, held: &Held) -> Layout {
    let mut slots = Vec::new();
    collect(body, facts, ScopeId(0), &mut slots);
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
        slots,
        bytes,
        kept: held.kept.len().div_ceil(8),
        // Two numbers are those of the end.
        state_bytes: if suspensions <= usize::from(u8::MAX - 1) {
            1
        } else {
            2
        },
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

/// Numbers the blocks that are entered by their number: all but those that only one terminator leads to.
fn states(body: &Body, facts: &Facts) -> BTreeMap<BlockId, u16> {
    let jumped_to = |id: &BlockId| {
        let jump = |hole: &Hole| matches!(hole, Hole::Jump { target, .. } if target == id);
        body.holes.iter().any(jump)
    };
    let suspended = |id: &BlockId| id.0 == 0 || body.blocks[id.0].resume.is_some();
    let reached = body
        .order
        .iter()
        .copied()
        .filter(|id| facts.predecessors[id.0] > 0);
    let (suspended, others): (Vec<_>, Vec<_>) = reached.partition(suspended);
    let others = others
        .into_iter()
        .filter(|id| facts.predecessors[id.0] > 1 || jumped_to(id));
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
