//! Which variables are used later: backward over the blocks.

use std::collections::BTreeSet;

use crate::ir::visit::Mention;
use crate::ir::*;

/// Which variables are used before they are given a new value, block by block, backward until nothing changes.
pub struct Liveness {
    /// Whether an assignment somewhere in a statement hides the statement's uses: then what is said to be in use is
    /// certain. Otherwise what is said not to be in use is certain.
    hiding: bool,
    live_in: Vec<BTreeSet<VarId>>,
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
    pub fn before(&self, id: BlockId) -> &BTreeSet<VarId> {
        &self.live_in[id.0]
    }

    /// The variables in use before a block. Tells of each use, with the variables in use after its statement.
    pub fn walk(
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
