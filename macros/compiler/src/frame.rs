//! The frame: which slots there are, where each is stored, which bit tells that it must be dropped.
//!
//! *Input*: [`Body`], [`Facts`]. *Output*: [`Layout`]. Slots are numbered in the order in which they begin, over all
//! scopes; dropping by descending number is the order of every way out. Flags are numbered after the slots.

use std::collections::BTreeMap;

use crate::analysis::Facts;
use crate::ir::*;

/// The frame of a body.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The slots, by number.
    pub slots: Vec<VarId>,
    /// The number of each slot.
    pub numbers: BTreeMap<VarId, usize>,
    /// How many bytes the bits of slots and flags take.
    pub bytes: usize,
}

impl Layout {
    /// The bit of a flag.
    pub fn flag(&self, flag: FlagId) -> usize {
        self.slots.len() + flag.0
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
                Entry::Var(var) if self.numbers.contains_key(var) => Some(*var),
                _ => None,
            })
    }
}

/// Lays the frame out.
pub fn layout(body: &Body, facts: &Facts) -> Layout {
    let mut slots = Vec::new();
    collect(body, facts, ScopeId(0), &mut slots);
    let numbers = slots
        .iter()
        .enumerate()
        .map(|(number, var)| (*var, number))
        .collect();
    let bytes = (slots.len() + body.flags.len()).div_ceil(8);
    Layout {
        slots,
        numbers,
        bytes,
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
