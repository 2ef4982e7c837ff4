//! How variables share storage: as a tree of what lies side by side and what lies in the same place.
//!
//! *Input*: variables, and which of them conflict. *Output*: [`Storage`]. *Invariant*: two variables that conflict meet in
//! a [`Storage::Beside`]. Sizes are not known here, so what may share, shares; of variables that can neither be divided
//! into some that conflict with none of the others nor into some that conflict with all, the one with the most conflicts
//! gets storage of its own.

use std::collections::BTreeSet;

use crate::ir::VarId;

/// Storage for variables.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Storage {
    /// Of one.
    Slot(VarId),
    /// Of all of these at once.
    Beside(Vec<Storage>),
    /// Of one of these at a time.
    Shared(Vec<Storage>),
}

impl Storage {
    /// Whether it has a place for the variable.
    pub fn holds(&self, var: VarId) -> bool {
        match self {
            Storage::Slot(own) => *own == var,
            Storage::Beside(parts) | Storage::Shared(parts) => {
                parts.iter().any(|part| part.holds(var))
            }
        }
    }
}

/// Finds storage for variables.
pub fn pack(vars: &[VarId], conflict: &dyn Fn(VarId, VarId) -> bool) -> Storage {
    if let [var] = vars {
        return Storage::Slot(*var);
    }
    let apart = components(vars, conflict);
    if apart.len() > 1 {
        let parts = apart.iter().map(|part| pack(part, conflict)).collect();
        return Storage::Shared(parts);
    }
    let mut together = components(vars, &|a, b| a != b && !conflict(a, b));
    if let [_] = &together[..] {
        let degree = |var: &VarId| vars.iter().filter(|other| conflict(*var, **other)).count();
        let most = vars.iter().copied().max_by_key(degree);
        let (alone, others) = vars.iter().partition(|var| Some(**var) == most);
        together = vec![alone, others];
    }
    let mut parts = Vec::new();
    for part in together.iter().filter(|part| !part.is_empty()) {
        match pack(part, conflict) {
            Storage::Beside(inner) => parts.extend(inner),
            other => parts.push(other),
        }
    }
    Storage::Beside(parts)
}

/// The variables in groups, such that those of different groups are not related. The order stays.
fn components(vars: &[VarId], related: &dyn Fn(VarId, VarId) -> bool) -> Vec<Vec<VarId>> {
    let mut groups: Vec<BTreeSet<VarId>> = Vec::new();
    for var in vars {
        let (with, without): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|group| group.iter().any(|other| related(*var, *other)));
        let mut joined: BTreeSet<VarId> = with.into_iter().flatten().collect();
        joined.insert(*var);
        groups = without;
        groups.push(joined);
    }
    let in_order = |group: &BTreeSet<VarId>| -> Vec<VarId> {
        vars.iter()
            .copied()
            .filter(|var| group.contains(var))
            .collect()
    };
    let mut groups: Vec<_> = groups.iter().map(in_order).collect();
    let place = |group: &Vec<VarId>| vars.iter().position(|var| group.first() == Some(var));
    groups.sort_by_key(place);
    groups
}
