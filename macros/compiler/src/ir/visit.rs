//! What statements and terminators mention: reads, writes, scope ends, successors.

use proc_macro2::{TokenStream, TokenTree};

use super::*;
use crate::names::hole_number;

/// One thing that happens to a variable or a scope.
#[derive(Clone, Copy, Debug)]
pub enum Mention<'a> {
    /// The variable gets its first value.
    Define(VarId),
    /// The variable gets a value, perhaps not its first.
    Assign(VarId),
    /// The variable is matched against patterns.
    Subject(VarId),
    /// The variable is used in the hole.
    Use(HoleId, &'a Use),
    /// The variable is what a suspension waits for, or receives its result.
    Suspended(VarId),
    /// The scope ends.
    Exit(ScopeId),
}

/// The holes in the tokens, in order.
pub(super) fn holes(tokens: &TokenStream) -> Vec<HoleId> {
    let mut found = Vec::new();
    collect(tokens, &mut found);
    found
}

fn collect(tokens: &TokenStream, found: &mut Vec<HoleId>) {
    for tree in tokens.clone() {
        match tree {
            TokenTree::Group(group) => collect(&group.stream(), found),
            TokenTree::Ident(ident) => found.extend(hole_number(&ident).map(HoleId)),
            _ => {}
        }
    }
}

impl Body {
    /// Everything that a block mentions.
    pub fn mentions<'a>(&'a self, block: &'a Block, tell: &mut dyn FnMut(Mention<'a>)) {
        match &block.resume {
            Some(Resume::Await { future: awaited } | Resume::Next { stream: awaited }) => {
                tell(Mention::Suspended(*awaited));
            }
            Some(Resume::Yield { .. }) | None => {}
        }
        block
            .stmts
            .iter()
            .for_each(|stmt| self.mentions_of_stmt(stmt, tell));
        self.mentions_of_term(&block.term, tell);
    }

    /// Everything that a statement mentions.
    pub fn mentions_of_stmt<'a>(&'a self, stmt: &'a Stmt, tell: &mut dyn FnMut(Mention<'a>)) {
        match stmt {
            Stmt::Let {
                pattern,
                vars,
                init,
                otherwise,
                ..
            } => {
                self.mentions_of_code(init, tell);
                self.mentions_of_code(pattern, tell);
                otherwise
                    .iter()
                    .for_each(|code| self.mentions_of_code(code, tell));
                vars.iter().for_each(|var| tell(Mention::Define(*var)));
            }
            Stmt::Select { subject, pattern } => {
                self.mentions_of_subject(subject, tell);
                pattern
                    .vars
                    .iter()
                    .for_each(|var| tell(Mention::Define(*var)));
            }
            Stmt::Early { var, early } => {
                tell(Mention::Subject(*var));
                tell(Mention::Define(early.witness));
                tell(Mention::Define(early.moved));
            }
            Stmt::Eval { code, dest } => {
                self.mentions_of_code(code, tell);
                dest.iter().for_each(|var| tell(Mention::Define(*var)));
            }
            Stmt::Tail { code, dest, scope } => {
                self.mentions_of_code(code, tell);
                if let Dest::Var(var) = dest {
                    tell(Mention::Define(*var));
                }
                tell(Mention::Exit(*scope));
            }
            Stmt::Exit(scope) => tell(Mention::Exit(*scope)),
        }
    }

    /// Everything that a terminator mentions.
    pub fn mentions_of_term<'a>(&'a self, term: &'a Term, tell: &mut dyn FnMut(Mention<'a>)) {
        match term {
            Term::Yield { value: code, .. } | Term::If { cond: code, .. } => {
                self.mentions_of_code(code, tell)
            }
            Term::Match { subject, arms } => {
                self.mentions_of_subject(subject, tell);
                arms.iter()
                    .filter_map(|arm| arm.guard.as_ref())
                    .for_each(|code| self.mentions_of_code(code, tell));
            }
            Term::Goto(_) | Term::Dead | Term::Open => {}
        }
    }

    fn mentions_of_subject<'a>(&'a self, subject: &'a Subject, tell: &mut dyn FnMut(Mention<'a>)) {
        match subject {
            Subject::Code(code) => self.mentions_of_code(code, tell),
            Subject::Var { var, .. } => tell(Mention::Subject(*var)),
        }
    }

    /// Everything that code mentions, also in holes within holes.
    pub fn mentions_of_code<'a>(&'a self, code: &'a Code, tell: &mut dyn FnMut(Mention<'a>)) {
        code.holes()
            .iter()
            .for_each(|hole| self.mentions_of_hole(*hole, tell));
    }

    fn mentions_of_hole<'a>(&'a self, id: HoleId, tell: &mut dyn FnMut(Mention<'a>)) {
        match &self.holes[id.0] {
            Hole::Use(usage) => tell(Mention::Use(id, usage)),
            Hole::TakePart { usage, store, .. } => {
                if let Some(store) = store {
                    self.mentions_of_code(store, tell);
                    tell(Mention::Define(usage.var));
                }
                tell(Mention::Use(id, usage));
            }
            Hole::Update(update) => {
                for (_, value) in &update.fields {
                    self.mentions_of_code(value, tell);
                }
                self.mentions_of_code(&update.base, tell);
                tell(Mention::Define(update.usage.var));
                tell(Mention::Use(id, &update.usage));
            }
            Hole::AssignPart { usage, value, .. } => {
                self.mentions_of_code(value, tell);
                tell(Mention::Use(id, usage));
            }
            Hole::Assign { usage, value } => {
                self.mentions_of_code(value, tell);
                tell(Mention::Assign(usage.var));
            }
            Hole::Store { var, value } => {
                self.mentions_of_code(value, tell);
                tell(Mention::Define(*var));
            }
            Hole::Call(call) => self.mentions_of_call(id, call, tell),
            Hole::Match { usage, arms, .. } => {
                tell(Mention::Use(id, usage));
                for arm in arms {
                    arm.guard
                        .iter()
                        .for_each(|code| self.mentions_of_code(code, tell));
                    self.mentions_of_code(&arm.body, tell);
                }
            }
            Hole::Capture { code, .. } => self.mentions_of_code(code, tell),
            Hole::Macro { bound, code, .. } => {
                bound.iter().for_each(|usage| tell(Mention::Use(id, usage)));
                self.mentions_of_code(code, tell);
            }
            Hole::Jump { store, .. } => {
                if let Some((var, code)) = store {
                    self.mentions_of_code(code, tell);
                    tell(Mention::Assign(*var));
                }
            }
            Hole::Returning { code, .. } | Hole::Return(code) | Hole::Try(code) => {
                self.mentions_of_code(code, tell);
            }
        }
    }

    fn mentions_of_call<'a>(
        &'a self,
        id: HoleId,
        call: &'a Call,
        tell: &mut dyn FnMut(Mention<'a>),
    ) {
        if let Some(store) = &call.store {
            self.mentions_of_code(store, tell);
            tell(Mention::Define(call.usage.var));
        }
        tell(Mention::Use(id, &call.usage));
        if let Some(early) = call.early {
            tell(Mention::Subject(early.witness));
            tell(Mention::Subject(early.moved));
        }
        call.args
            .iter()
            .for_each(|arg| self.mentions_of_code(&arg.code, tell));
    }

    /// The blocks that a block can lead to, jumps included.
    pub fn successors(&self, id: BlockId) -> Vec<BlockId> {
        let block = &self.blocks[id.0];
        let mut found = Body::targets(&block.term);
        let stmts = block.stmts.iter().flat_map(Stmt::codes);
        let codes = stmts.chain(block.term.codes());
        codes.for_each(|code| self.jumps(code, &mut found));
        found
    }

    /// Where jumps out of the code lead.
    pub fn jumps(&self, code: &Code, found: &mut Vec<BlockId>) {
        for id in code.holes() {
            let hole = &self.holes[id.0];
            if let Hole::Jump { target, .. } = hole {
                found.push(*target);
            }
            hole.codes()
                .into_iter()
                .for_each(|code| self.jumps(code, found));
        }
    }
}

impl Stmt {
    /// The code of the statement.
    pub fn codes(&self) -> Vec<&Code> {
        match self {
            Stmt::Let {
                pattern,
                init,
                otherwise,
                ..
            } => [pattern, init].into_iter().chain(otherwise).collect(),
            Stmt::Eval { code, .. }
            | Stmt::Tail { code, .. }
            | Stmt::Select {
                subject: Subject::Code(code),
                ..
            } => vec![code],
            Stmt::Early { .. } | Stmt::Select { .. } | Stmt::Exit(_) => Vec::new(),
        }
    }

    /// Whether the value may leave temporaries, or parts that the pattern does not take, as far as the tokens tell.
    pub fn may_leave_temporaries(&self) -> bool {
        match self {
            Stmt::Let { pattern, init, .. } => pattern.may_leave() || init.may_leave(),
            Stmt::Eval { code, .. } | Stmt::Tail { code, .. } => code.may_leave(),
            Stmt::Select { .. } | Stmt::Early { .. } | Stmt::Exit(_) => false,
        }
    }

    /// The variables that get a value when all of the statement has been evaluated.
    pub fn values(&self) -> Vec<VarId> {
        match self {
            Stmt::Let { vars, .. } => vars.clone(),
            Stmt::Select { pattern, .. } => pattern.vars.clone(),
            Stmt::Eval { dest, .. } => dest.iter().copied().collect(),
            Stmt::Tail {
                dest: Dest::Var(var),
                ..
            } => vec![*var],
            Stmt::Early { early, .. } => vec![early.witness, early.moved],
            Stmt::Tail { .. } | Stmt::Exit(_) => Vec::new(),
        }
    }
}

impl Term {
    /// The code of the terminator.
    pub fn codes(&self) -> Vec<&Code> {
        match self {
            Term::Yield { value: code, .. } | Term::If { cond: code, .. } => vec![code],
            Term::Match { subject, arms } => {
                let subject = match subject {
                    Subject::Code(code) => Some(code),
                    Subject::Var { .. } => None,
                };
                let guards = arms.iter().filter_map(|arm| arm.guard.as_ref());
                subject.into_iter().chain(guards).collect()
            }
            Term::Goto(_) | Term::Dead | Term::Open => Vec::new(),
        }
    }
}

impl Hole {
    /// The use of a variable that the hole is, or begins with.
    pub fn usage(&self) -> Option<&Use> {
        match self {
            Hole::Use(usage)
            | Hole::TakePart { usage, .. }
            | Hole::AssignPart { usage, .. }
            | Hole::Assign { usage, .. }
            | Hole::Match { usage, .. }
            | Hole::Update(Update { usage, .. })
            | Hole::Call(Call { usage, .. }) => Some(usage),
            Hole::Store { .. }
            | Hole::Capture { .. }
            | Hole::Macro { .. }
            | Hole::Returning { .. }
            | Hole::Jump { .. }
            | Hole::Return(_)
            | Hole::Try(_) => None,
        }
    }

    /// The temporary that the hole gives a value to, and the value.
    pub fn stored(&self) -> Option<(VarId, &Code)> {
        match self {
            Hole::Store { var, value } => Some((*var, value)),
            Hole::TakePart { usage, store, .. } | Hole::Call(Call { usage, store, .. }) => {
                Some((usage.var, store.as_ref()?))
            }
            Hole::Update(update) => Some((update.usage.var, &update.base)),
            _ => None,
        }
    }

    /// The code inside of the hole.
    pub fn codes(&self) -> Vec<&Code> {
        match self {
            Hole::Use(_) => Vec::new(),
            Hole::TakePart { store, .. } => store.iter().collect(),
            Hole::Update(update) => {
                let values = update.fields.iter().map(|(_, value)| value);
                values.chain([&update.base]).collect()
            }
            Hole::AssignPart { value: code, .. }
            | Hole::Assign { value: code, .. }
            | Hole::Store { value: code, .. }
            | Hole::Capture { code, .. }
            | Hole::Macro { code, .. }
            | Hole::Returning { code, .. }
            | Hole::Return(code)
            | Hole::Try(code) => vec![code],
            Hole::Call(call) => call
                .store
                .iter()
                .chain(call.args.iter().map(|arg| &arg.code))
                .collect(),
            Hole::Match { arms, .. } => arms
                .iter()
                .flat_map(|arm| arm.guard.iter().chain(std::iter::once(&arm.body)))
                .collect(),
            Hole::Jump { store, .. } => store.iter().map(|(_, code)| code).collect(),
        }
    }
}
