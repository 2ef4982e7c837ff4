//! Which variables are used later: backward over the blocks.

use std::collections::BTreeSet;

use crate::ir::visit::Mention;
use crate::ir::*;

/// A part of a variable that is in use; none if it is not known which.
pub type Used = (VarId, Option<Vec<Step>>);

/// Whether a variable is in use.
pub fn is_used(live: &BTreeSet<Used>, var: VarId) -> bool {
    live.iter().any(|(used, _)| *used == var)
}

/// Whether something in use is certain to be used by what uses this, too.
pub fn uses_part_of(live: &BTreeSet<Used>, usage: &Use) -> bool {
    let Some(part) = &usage.part else {
        return false;
    };
    let shares = |used: &Option<Vec<Step>>| match used {
        Some(used) => overlap(used, part),
        None => part.is_empty(),
    };
    live.iter()
        .any(|(var, used)| *var == usage.var && shares(used))
}

/// Which variables are used before they are given a new value, block by block, backward until nothing changes.
pub struct Liveness {
    /// Whether an assignment somewhere in a statement hides the statement's uses: then what is said to be in use is
    /// certain. Otherwise what is said not to be in use is certain.
    hiding: bool,
    live_in: Vec<BTreeSet<Used>>,
}

impl Liveness {
    pub fn new(body: &Body, hiding: bool) -> Self {
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

    /// The variables in use before a block.
    pub fn before(&self, id: BlockId) -> impl Iterator<Item = VarId> + '_ {
        self.live_in[id.0].iter().map(|(var, _)| *var)
    }

    /// The variables in use before a block. Tells of each use, with the variables in use after its statement.
    pub fn walk(
        &self,
        body: &Body,
        id: BlockId,
        tell: &mut dyn FnMut(Mention<'_>, &BTreeSet<Used>),
    ) -> BTreeSet<Used> {
        let block = &body.blocks[id.0];
        let targets = if self.hiding {
            Body::targets(&block.term)
        } else {
            body.successors(id)
        };
        let mut live: BTreeSet<Used> = targets
            .iter()
            .flat_map(|target| self.live_in[target.0].iter().cloned())
            .collect();
        let mut mentions = Vec::new();
        body.mentions_of_term(&block.term, &mut |mention| mentions.push(mention));
        self.step(body, &mentions, &mut live, tell);
        for stmt in block.stmts.iter().rev() {
            mentions.clear();
            body.mentions_of_stmt(stmt, &mut |mention| mentions.push(mention));
            self.step(body, &mentions, &mut live, tell);
        }
        live
    }

    fn step(
        &self,
        body: &Body,
        mentions: &[Mention<'_>],
        live: &mut BTreeSet<Used>,
        tell: &mut dyn FnMut(Mention<'_>, &BTreeSet<Used>),
    ) {
        let hidden = self.hidden(body, mentions);
        let is_hidden = |(var, used): &Used| {
            let within = |part: &Vec<Step>| match used {
                Some(used) => used.starts_with(part),
                None => part.is_empty(),
            };
            hidden
                .iter()
                .any(|(other, part)| other == var && within(part))
        };
        live.retain(|used| !is_hidden(used));
        mentions.iter().for_each(|mention| tell(*mention, live));
        for mention in mentions {
            let used = match mention {
                Mention::Use(hole, _) if self.hiding && is_assigned(body, *hole) => continue,
                Mention::Use(_, usage) => (usage.var, usage.part.clone()),
                Mention::Subject(var) => (*var, None),
                Mention::Suspended(var) => (*var, Some(Vec::new())),
                Mention::Define(_) | Mention::Assign(_) | Mention::Exit(_) => continue,
            };
            if !self.hiding || !is_hidden(&used) {
                live.insert(used);
            }
        }
    }

    /// What gets a new value: a variable, or a part of one.
    fn hidden(&self, body: &Body, mentions: &[Mention<'_>]) -> Vec<(VarId, Vec<Step>)> {
        let new = |mention: &Mention<'_>| match mention {
            Mention::Define(var) => Some((*var, Vec::new())),
            Mention::Assign(var) if self.hiding => Some((*var, Vec::new())),
            Mention::Use(hole, usage) if self.hiding && is_assigned(body, *hole) => {
                Some((usage.var, usage.part.clone()?))
            }
            _ => None,
        };
        mentions.iter().filter_map(new).collect()
    }
}

/// Whether the use is one of a part that gets a new value.
fn is_assigned(body: &Body, hole: HoleId) -> bool {
    matches!(body.holes[hole.0], Hole::AssignPart { .. })
}
