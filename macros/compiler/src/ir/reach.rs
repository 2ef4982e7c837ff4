//! Which variables can hold a value, point by point.
//!
//! *Input*: [`Body`]. *Output*: a use that no value can have reached. There is none in a body that rustc accepts, so it is
//! a name that lowering has given the wrong meaning: reading its slot would read what nobody has written.

use std::collections::BTreeSet;

use super::visit::Mention;
use super::*;

/// The variables that may hold a value.
type Held = BTreeSet<VarId>;

enum Event {
    Given(VarId),
    Unreached(VarId, Span),
}

/// The first use, in the order of blocks, of a variable that cannot hold a value there.
pub fn unreached_use(body: &Body) -> Option<(VarId, Span)> {
    let mut first = None;
    for (index, entry) in entries(body).into_iter().enumerate() {
        let Some(mut held) = entry else { continue };
        walk(body, BlockId(index), &mut held, &mut |event| {
            if let Event::Unreached(var, at) = event {
                first.get_or_insert((var, at));
            }
        });
    }
    first
}

/// What may be held where each block begins; none for blocks that cannot be reached.
fn entries(body: &Body) -> Vec<Option<Held>> {
    let mut entries: Vec<Option<Held>> = vec![None; body.blocks.len()];
    let is_argument = |index: &usize| body.vars[*index].role == Role::Argument;
    let arguments = (0..body.vars.len()).filter(is_argument).map(VarId);
    entries[0] = Some(arguments.collect());
    let mut work = vec![BlockId(0)];
    while let Some(id) = work.pop() {
        let mut held = entries[id.0].clone().unwrap_or_default();
        // A jump may leave in the middle: what has been held anywhere in the block may be held where it leads.
        let mut ever = held.clone();
        walk(body, id, &mut held, &mut |event| {
            if let Event::Given(var) = event {
                ever.insert(var);
            }
        });
        let direct = Body::targets(&body.blocks[id.0].term);
        for target in body.successors(id) {
            let coming = if direct.contains(&target) {
                &held
            } else {
                &ever
            };
            let known = entries[target.0].as_ref();
            if known.is_none_or(|known| !coming.is_subset(known)) {
                entries[target.0].get_or_insert_default().extend(coming);
                work.push(target);
            }
        }
    }
    entries
}

/// Goes through a block in the order of evaluation.
fn walk(body: &Body, id: BlockId, held: &mut Held, tell: &mut dyn FnMut(Event)) {
    let used = |held: &Held, var: VarId, at: Span, tell: &mut dyn FnMut(Event)| {
        if !held.contains(&var) {
            tell(Event::Unreached(var, at));
        }
    };
    body.mentions(&body.blocks[id.0], &mut |mention| match mention {
        Mention::Define(var) | Mention::Assign(var) => {
            held.insert(var);
            tell(Event::Given(var));
        }
        Mention::Use(_, usage) => used(held, usage.var, usage.ident.span(), tell),
        Mention::Subject(var) | Mention::Suspended(var) => {
            used(held, var, body.vars[var.0].name.span(), tell);
        }
        Mention::Exit(scope) => held.retain(|var| body.vars[var.0].scope != scope),
    });
}
