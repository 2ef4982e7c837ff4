//! Checks what every later pass relies on. A failure is a bug of the compiler, and says which invariant broke.

use super::visit::{Mention, holes};
use super::*;

/// The first broken invariant, if there is one.
pub fn verify(body: &Body) -> Result<(), String> {
    for (index, block) in body.blocks.iter().enumerate() {
        if matches!(block.term, Term::Open) && body.order.contains(&BlockId(index)) {
            return Err(format!("block {index} has no terminator"));
        }
        for target in Body::targets(&block.term) {
            if target.0 >= body.blocks.len() {
                return Err(format!(
                    "block {index} leads to block {}, which does not exist",
                    target.0
                ));
            }
        }
        let mut broken = None;
        body.mentions(block, &mut |mention| {
            broken = broken.take().or_else(|| known(body, mention))
        });
        if let Some(what) = broken {
            return Err(format!("block {index} mentions {what}"));
        }
    }
    entries_once(body)?;
    for (index, hole) in body.holes.iter().enumerate() {
        for code in hole.codes() {
            if holes(&code.0)
                .iter()
                .any(|inner| inner.0 >= body.holes.len())
            {
                return Err(format!("hole {index} contains one that does not exist"));
            }
        }
    }
    Ok(())
}

fn known(body: &Body, mention: Mention<'_>) -> Option<String> {
    let var = match mention {
        Mention::Define(var)
        | Mention::Assign(var)
        | Mention::Suspended(var)
        | Mention::Subject(var) => var,
        Mention::Use(_, usage) => usage.var,
        Mention::Exit(scope) => {
            return (scope.0 >= body.scopes.len())
                .then(|| format!("scope {}, which does not exist", scope.0));
        }
    };
    (var.0 >= body.vars.len()).then(|| format!("variable {}, which does not exist", var.0))
}

/// Every variable is an entry of its scope, once.
fn entries_once(body: &Body) -> Result<(), String> {
    for (index, var) in body.vars.iter().enumerate() {
        let id = VarId(index);
        let count = body.scopes[var.scope.0]
            .entries
            .iter()
            .filter(|entry| **entry == Entry::Var(id))
            .count();
        if count != 1 {
            return Err(format!(
                "variable {index} stands {count} times in its scope"
            ));
        }
    }
    Ok(())
}
