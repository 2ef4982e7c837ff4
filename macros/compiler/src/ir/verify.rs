//! Checks what every later pass relies on. A failure is a bug of the compiler, and says which invariant broke.

use super::reach::unreached_use;
use super::visit::Mention;
use super::*;

/// An invariant that does not hold.
#[derive(Clone, Debug)]
pub struct Broken {
    /// The place in the user's body.
    pub at: Span,
    /// What is wrong there.
    pub what: String,
}

/// The first broken invariant, if there is one.
pub fn verify(body: &Body) -> Result<(), Broken> {
    for (index, block) in body.blocks.iter().enumerate() {
        if let Some(what) = broken_block(body, BlockId(index), block) {
            let (at, what) = (block.span, format!("block {index} {what}"));
            return Err(Broken { at, what });
        }
    }
    let of_body = |what| Broken {
        at: Span::call_site(),
        what,
    };
    entries_once(body).map_err(of_body)?;
    holes_exist(body).map_err(of_body)?;
    match unreached_use(body) {
        None => Ok(()),
        Some((var, at)) => Err(Broken {
            at,
            what: format!("`{}` cannot have a value here", body.vars[var.0].name),
        }),
    }
}

fn broken_block(body: &Body, id: BlockId, block: &Block) -> Option<String> {
    if matches!(block.term, Term::Open) && body.order.contains(&id) {
        return Some("has no terminator".to_owned());
    }
    let missing = |target: &BlockId| target.0 >= body.blocks.len();
    if let Some(target) = Body::targets(&block.term).into_iter().find(missing) {
        return Some(format!("leads to block {}, which does not exist", target.0));
    }
    let mut broken = None;
    body.mentions(block, &mut |mention| {
        broken = broken.take().or_else(|| unknown(body, mention))
    });
    broken.map(|what| format!("mentions {what}"))
}

fn unknown(body: &Body, mention: Mention<'_>) -> Option<String> {
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

/// Code in holes refers to holes that exist.
fn holes_exist(body: &Body) -> Result<(), String> {
    let missing = |code: &&Code| code.holes().iter().any(|inner| inner.0 >= body.holes.len());
    match body
        .holes
        .iter()
        .position(|hole| hole.codes().iter().any(missing))
    {
        Some(index) => Err(format!("hole {index} contains one that does not exist")),
        None => Ok(()),
    }
}
