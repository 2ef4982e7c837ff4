//! The intermediate representation: blocks of statements over variables.
//!
//! No syntax tree is left here. What stays of the user's code is [`Code`]: tokens in which every use of a tracked
//! variable, every jump out of the tokens and every operation that needs a decision is a [`Hole`], written as a
//! numbered identifier. The passes read the holes; `emit` fills them.
//!
//! - A *variable* is anything that a suspension may have to preserve: arguments, bindings of statements that were
//!   taken apart, temporaries, awaited futures, iterators of loops.
//! - A *scope* lists its variables and inner scopes in the order in which they begin. Leaving it drops what is alive in
//!   it in reverse. That one order serves scope end, `break`, `return`, `?`, unwinding and cancellation.
//! - A *block* is a straight line of statements and a terminator. It starts with a resumption if a suspension leads to it.

mod code;
mod hole;
mod part;
pub mod print;
mod reach;
pub mod verify;
pub mod visit;

pub use code::Code;
pub use hole::{
    Arg, Call, Capture, Captured, CapturedPart, Context, Early, Hole, MacroOperand, Update, Use,
};
pub use part::{Binding, Flag, Part, Path, Step, overlap};

use proc_macro2::{Ident, Span, TokenStream};

use crate::edition::Edition;

/// Defines the number type of one table.
macro_rules! numbered {
    ($(#[$doc:meta] $name:ident;)*) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub usize);
    )*};
}

numbered! {
    /// A variable.
    VarId;
    /// A scope.
    ScopeId;
    /// A block.
    BlockId;
    /// A hole in the tokens.
    HoleId;
    /// A closure or async block that captures variables.
    CaptureId;
    /// A note that a part of a variable has been moved out.
    FlagId;
}

/// One coroutine or generator body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Indexed by [`VarId`].
    pub vars: Vec<Var>,
    /// Indexed by [`ScopeId`]; 0 is the scope of the arguments.
    pub scopes: Vec<Scope>,
    /// Indexed by [`BlockId`]; 0 is the entry.
    pub blocks: Vec<Block>,
    /// Indexed by [`HoleId`].
    pub holes: Vec<Hole>,
    /// Indexed by [`CaptureId`].
    pub captures: Vec<Capture>,
    /// Indexed by [`FlagId`].
    pub flags: Vec<Flag>,
    /// The items of the body, emitted once.
    pub items: Vec<TokenStream>,
    /// The blocks in the order of the source.
    pub order: Vec<BlockId>,
    /// The user's braces: of blocks with these, temporaries live as long as the user's edition says.
    pub braces: Span,
    /// The edition, if what is here depends on it.
    pub edition: Option<Edition>,
}

/// What a variable is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Holds a value before the first step: an argument, or a captured variable of a generator.
    Argument,
    /// A binding of the user.
    Binding,
    /// A value that the user's expression leaves unnamed.
    Temporary,
    /// Such a value that a `let` makes live as long as its bindings.
    Extended,
    /// An awaited future.
    Future,
    /// The iterator or stream of a `for` loop.
    Iterator,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Var {
    /// The user's name, or one that tells what the variable is, where the user's expression for it begins.
    pub name: Ident,
    /// Where that expression ends.
    pub last: Span,
    /// What it is for.
    pub role: Role,
    /// Where it is dropped.
    pub scope: ScopeId,
    /// The written type, if there is one: a coercion site.
    pub ty: Option<TokenStream>,
    /// Whether the written type is a reference: then no use consumes anything but the reference.
    pub reference: bool,
    /// Parts of it that may have been moved out.
    pub flags: Vec<FlagId>,
}

/// An entry of a scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entry {
    /// A variable that is dropped here.
    Var(VarId),
    /// A scope that ends before this one.
    Scope(ScopeId),
}

/// A scope.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The scope around it; none for the scope of the arguments.
    pub parent: Option<ScopeId>,
    /// Reverse drop order.
    pub entries: Vec<Entry>,
}

/// A block.
#[derive(Clone, Debug)]
pub struct Block {
    /// Present if a suspension leads here.
    pub resume: Option<Resume>,
    /// The straight line.
    pub stmts: Vec<Stmt>,
    /// Where it leads.
    pub term: Term,
    /// The suspension's place in the user's text.
    pub span: Span,
}

/// What a block does first when it is resumed.
#[derive(Clone, Debug)]
pub enum Resume {
    /// Polls the future; suspends again, or drops the future. Its output is the first statement's value.
    Await {
        /// The future.
        future: VarId,
    },
    /// Polls the stream; suspends again, or goes on. Its next item, an `Option`, is the first statement's value.
    Next {
        /// The stream.
        stream: VarId,
    },
    /// Goes on after a `yield`.
    Yield {
        /// Whether it has a value, the first statement's: what has been sent.
        receives: bool,
    },
}

/// A statement.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `let pattern: ty = init else { … };`
    Let {
        /// The pattern, as written.
        pattern: Code,
        /// What it binds.
        vars: Vec<VarId>,
        /// The written type.
        ty: Option<TokenStream>,
        /// The value.
        init: Code,
        /// The diverging block of a `let … else`.
        otherwise: Option<Code>,
    },
    /// A `let` over a variable, which it may move from or borrow.
    Select {
        /// What is matched.
        subject: Subject,
        /// The pattern.
        pattern: Pattern,
    },
    /// A receiver that a later call consumes is moved before the arguments, which suspend, are evaluated.
    Early {
        /// The receiver.
        var: VarId,
        /// How the call has it, once it has been asked.
        early: Early,
    },
    /// Evaluates the code and stores the value.
    Eval {
        /// The code.
        code: Code,
        /// What receives the value; nothing if it is dropped at once.
        dest: Option<VarId>,
    },
    /// The last expression of a scope, with the scope's end: the code's temporaries live as long as the edition says.
    Tail {
        /// The code.
        code: Code,
        /// What receives the value.
        dest: Dest,
        /// The scope that ends.
        scope: ScopeId,
    },
    /// The end of a scope.
    Exit(ScopeId),
}

/// Where a value goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dest {
    /// It is dropped at once.
    Ignore,
    /// Into a variable.
    Var(VarId),
    /// It is the result of the coroutine.
    Return,
}

/// Where a block leads.
#[derive(Clone, Debug)]
pub enum Term {
    /// To another block.
    Goto(BlockId),
    /// To a suspension, after which the block is resumed.
    Yield {
        /// The item.
        value: Code,
        /// The block that goes on.
        resume: BlockId,
    },
    /// By a condition.
    If {
        /// The condition.
        cond: Code,
        /// Where it holds.
        then: BlockId,
        /// Where it does not.
        otherwise: BlockId,
    },
    /// By a pattern.
    Match {
        /// What is matched.
        subject: Subject,
        /// The arms, in order.
        arms: Vec<Arm>,
    },
    /// Nowhere: the last statement has left.
    Dead,
    /// Not decided yet; the verifier refuses it.
    Open,
}

/// What a pattern is matched against.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A value or a place that the patterns cannot move from.
    Code(Code),
    /// A variable, or a field of one, that the patterns may move from or borrow.
    Var {
        /// The variable.
        var: VarId,
        /// The part of it.
        path: Path,
    },
}

/// A pattern and what it binds.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub written: Code,
    /// With `mut` removed, to be used where the bindings are only passed on.
    pub plain: Code,
    /// The names, in order.
    pub names: Vec<Name>,
    /// The variables behind the names; empty in code that is not taken apart.
    pub vars: Vec<VarId>,
    /// The note that the pattern has moved a part out; none if what it moves out leaves nothing to drop.
    pub flag: Option<FlagId>,
}

/// A name that a pattern binds.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name.
    pub ident: Ident,
    /// `mut x`.
    pub mutable: bool,
    /// `ref x`.
    pub by_ref: bool,
}

/// An arm of a match.
#[derive(Clone, Debug)]
pub struct Arm {
    /// The pattern.
    pub pattern: Pattern,
    /// The guard.
    pub guard: Option<Code>,
    /// Where it leads.
    pub target: BlockId,
    /// Whether it is never chosen.
    pub unreached: bool,
}

/// An arm of a match that is not taken apart.
#[derive(Clone, Debug)]
pub struct PlainArm {
    /// The pattern.
    pub pattern: Pattern,
    /// The guard.
    pub guard: Option<Code>,
    /// The body.
    pub body: Code,
    /// Whether it is never chosen.
    pub unreached: bool,
}

impl Body {
    /// The capture that a capture stands in, if any, and so on.
    pub fn outermost(&self, id: CaptureId) -> CaptureId {
        match self.captures[id.0].outer {
            Some(outer) => self.outermost(outer),
            None => id,
        }
    }

    /// The notes that something has been moved out of a part of a variable, or of a part of that.
    pub fn flags_within(&self, var: VarId, path: &Path) -> Vec<FlagId> {
        let within = |flag: &FlagId| self.flags[flag.0].part.path().within(path).is_some();
        self.vars[var.0]
            .flags
            .iter()
            .copied()
            .filter(within)
            .collect()
    }

    /// Whether something that the pattern moves is assigned to as a part of something else that it does not move: the note
    /// would then be wrong about it.
    pub fn is_mended(&self, flag: FlagId) -> bool {
        let Flag {
            var,
            part: Part::Pattern { path, bindings, .. },
        } = &self.flags[flag.0]
        else {
            return false;
        };
        self.holes.iter().any(|hole| match hole {
            Hole::AssignPart {
                usage,
                path: assigned,
                ..
            } => {
                let inside = assigned.within(path).is_some_and(|way| !way.is_whole());
                let moved = |binding: &Binding| overlap(&binding.steps, &assigned.steps);
                usage.var == *var && inside && bindings.iter().any(moved)
            }
            _ => false,
        })
    }

    /// The note about the same part of a variable.
    pub fn flag_of(&self, var: VarId, part: &Part) -> Option<FlagId> {
        let same = |flag: &FlagId| match (&self.flags[flag.0].part, part) {
            (Part::Path(known), Part::Path(path))
            | (Part::Receiver(known), Part::Receiver(path)) => known.steps == path.steps,
            _ => false,
        };
        self.vars[var.0].flags.iter().copied().find(same)
    }

    /// The blocks that a terminator names.
    pub fn targets(term: &Term) -> Vec<BlockId> {
        match term {
            Term::Goto(target) | Term::Yield { resume: target, .. } => vec![*target],
            Term::If {
                then, otherwise, ..
            } => vec![*then, *otherwise],
            Term::Match { arms, .. } => arms.iter().map(|arm| arm.target).collect(),
            Term::Dead | Term::Open => Vec::new(),
        }
    }
}
