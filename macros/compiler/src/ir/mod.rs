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

pub mod print;
mod reach;
pub mod verify;
pub mod visit;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

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

/// Tokens of the user with holes.
#[derive(Clone, Debug, Default)]
pub struct Code {
    tokens: TokenStream,
    holes: Vec<HoleId>,
}

impl Code {
    /// The tokens as code.
    pub fn new(tokens: TokenStream) -> Self {
        let holes = visit::holes(&tokens);
        Code { tokens, holes }
    }

    /// The tokens.
    pub fn tokens(&self) -> &TokenStream {
        &self.tokens
    }

    /// The holes in the tokens, in order.
    pub fn holes(&self) -> &[HoleId] {
        &self.holes
    }

    /// Whether there are no tokens.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
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

/// A part of a variable that may be moved out while the rest stays.
#[derive(Clone, Debug)]
pub struct Flag {
    /// The variable.
    pub var: VarId,
    /// Which part.
    pub part: Part,
}

/// One step from a variable to a part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Step {
    /// `.name`.
    Field(String),
    /// `*`.
    Deref,
}

/// The way from a variable to a part of it: `x.a`, `*x`, `(*x.a).b`.
#[derive(Clone, Default, Debug)]
pub struct Path {
    /// The steps, from the variable on.
    pub steps: Vec<Step>,
    /// The tokens of each step: `.a`, `*`.
    pub tokens: Vec<TokenStream>,
}

impl Path {
    /// The path of the variable itself.
    pub fn whole() -> Self {
        Path::default()
    }

    /// The way from another part to this one, if it is a part of that.
    pub fn within(&self, other: &Path) -> Option<Path> {
        let steps = self.steps.strip_prefix(&other.steps[..])?;
        Some(Path {
            steps: steps.to_vec(),
            tokens: self.tokens[other.steps.len()..].to_vec(),
        })
    }

    /// Whether the way leads through fields only.
    pub fn is_fields(&self) -> bool {
        !self.is_whole() && !self.steps.contains(&Step::Deref)
    }

    /// Whether this is the variable itself.
    pub fn is_whole(&self) -> bool {
        self.steps.is_empty()
    }

    /// The place that the path leads to.
    pub fn of(&self, variable: impl ToTokens) -> TokenStream {
        let mut place = variable.to_token_stream();
        for (step, tokens) in self.steps.iter().zip(&self.tokens) {
            place = match step {
                Step::Field(_) => quote!(#place #tokens),
                Step::Deref => quote!((#tokens #place)),
            };
        }
        place
    }
}

/// Which part of a variable is moved out.
#[derive(Clone, Debug)]
pub enum Part {
    /// The part that the path leads to.
    Path(Path),
    /// What a pattern binds by value.
    Pattern {
        /// The part that it is matched against.
        path: Path,
        /// The pattern, with nothing but these bindings.
        pattern: Code,
        /// What it binds.
        bindings: Vec<Binding>,
        /// The match that the pattern belongs to: of its arms one is chosen.
        group: usize,
    },
    /// All but the listed fields: what `..base` moves, which only rustc knows.
    Update {
        /// The base.
        path: Path,
        /// The type, as the user's expression begins.
        ty: Code,
        /// The fields that stay.
        listed: Vec<syn::Member>,
    },
}

/// A name that a pattern binds by value, and the way from the variable to what it binds.
#[derive(Clone, Debug)]
pub struct Binding {
    /// The name.
    pub ident: Ident,
    /// The way; that of a larger part if the pattern does not tell.
    pub steps: Vec<Step>,
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
    Yield,
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
}

/// How a variable is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Context {
    /// As a value: moved, or copied.
    Value,
    /// As a place: borrowed, assigned to, or a part of it used.
    Place,
}

/// A use of a variable.
#[derive(Clone, Debug)]
pub struct Use {
    /// The variable.
    pub var: VarId,
    /// The user's token.
    pub ident: Ident,
    /// How it is used.
    pub context: Context,
    /// The closure or async block that it stands in.
    pub capture: Option<CaptureId>,
    /// Whether it is evaluated whenever its statement is.
    pub certain: bool,
}

/// `S { a: value, ..base() }`, where what is left of the base outlives the expression.
#[derive(Clone, Debug)]
pub struct Update {
    /// The temporary that the base is.
    pub usage: Use,
    /// The base's value.
    pub base: Code,
    /// `S`.
    pub ty: Code,
    /// The listed fields and their values.
    pub fields: Vec<(syn::Member, Code)>,
    /// The note that the other fields have been moved out.
    pub flag: FlagId,
}

/// Something in the tokens that `emit` decides about.
#[derive(Clone, Debug)]
pub enum Hole {
    /// A variable.
    Use(Use),
    /// `x.a.b` as a value.
    TakePart {
        /// The variable.
        usage: Use,
        /// Fills the variable first, if it is a temporary.
        store: Option<Code>,
        /// The part of it.
        path: Path,
        /// The note that it has been moved out.
        flag: FlagId,
    },
    /// A struct with the rest of its fields from a temporary.
    Update(Update),
    /// `x.a.b = value`, where that part may have been moved out.
    AssignPart {
        /// The variable.
        usage: Use,
        /// The part of it.
        path: Path,
        /// The value.
        value: Code,
    },
    /// `x = value`.
    Assign {
        /// The variable.
        usage: Use,
        /// The value.
        value: Code,
    },
    /// A place that a temporary's value has been put into.
    Store {
        /// The temporary.
        var: VarId,
        /// The value.
        value: Code,
    },
    /// A call whose receiver or callee is consumed or borrowed.
    Call(Call),
    /// A `match` or `if let` that is not taken apart, over a variable that it may move from or borrow.
    Match {
        /// The variable.
        usage: Use,
        /// The part of it.
        path: Path,
        /// The arms, in order.
        arms: Vec<PlainArm>,
    },
    /// A closure or async block.
    Capture {
        /// What it captures.
        capture: CaptureId,
        /// The expression.
        code: Code,
    },
    /// A macro that is not the standard library's, with variables in it.
    Macro {
        /// The variables that strings name: bound as references around the code.
        bound: Vec<Use>,
        /// The variables that tokens name.
        named: Vec<Use>,
        /// The macro call.
        code: Code,
    },
    /// A macro that may return from the body.
    Returning {
        /// The macro call.
        code: Code,
        /// Whether it always does.
        always: bool,
    },
    /// `break`, `continue`: stores a value, leaves scopes, goes on elsewhere.
    Jump {
        /// The value and what receives it.
        store: Option<(VarId, Code)>,
        /// A block that ends the scopes that are left.
        target: BlockId,
    },
    /// `return value`.
    Return(Code),
    /// `value?`.
    Try(Code),
}

/// A call whose receiver or callee is consumed or borrowed.
#[derive(Clone, Debug)]
pub struct Call {
    /// The variable.
    pub usage: Use,
    /// Fills the variable first, if it is a temporary.
    pub store: Option<Code>,
    /// The part that the call is made on, and the note that it has been moved out; none for the variable itself.
    pub part: Option<(Path, FlagId)>,
    /// Present if the arguments suspend.
    pub early: Option<Early>,
    /// `.method::<T>`; empty for a callee and for a macro.
    pub method: TokenStream,
    /// Present if it is a macro, whose only operand besides literals is the variable.
    pub operand: Option<MacroOperand>,
    /// The arguments.
    pub args: Vec<Arg>,
    /// The user's parentheses.
    pub paren: Span,
}

/// A macro with a variable as a whole operand.
#[derive(Clone, Debug)]
pub struct MacroOperand {
    /// The macro call, with the name in the place of the variable.
    pub code: Code,
    /// A name of its own.
    pub name: Ident,
}

impl MacroOperand {
    /// The macro call, on a place or value.
    pub fn of(&self, variable: &TokenStream) -> TokenStream {
        fn put(tokens: &TokenStream, name: &Ident, variable: &TokenStream) -> TokenStream {
            let each = |tree: TokenTree| match tree {
                TokenTree::Ident(ident) if ident == *name => variable.clone(),
                TokenTree::Group(group) => {
                    let inside = put(&group.stream(), name, variable);
                    let mut inner = Group::new(group.delimiter(), inside);
                    inner.set_span(group.span());
                    TokenTree::Group(inner).into()
                }
                other => other.into(),
            };
            tokens.clone().into_iter().map(each).collect()
        }
        put(self.code.tokens(), &self.name, variable)
    }
}

/// A receiver that waits for its arguments.
#[derive(Clone, Copy, Debug)]
pub struct Early {
    /// Holds the witness that tells whether the call consumes.
    pub witness: VarId,
    /// Holds the receiver, if it does.
    pub moved: VarId,
}

/// An argument of such a call.
#[derive(Clone, Debug)]
pub struct Arg {
    /// The argument.
    pub code: Code,
    /// Whether it can be evaluated before the call: all but closures, whose types come from the call, and constants.
    pub hoisted: bool,
}

/// A closure or async block.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// `move`.
    pub by_move: bool,
    /// Whether it is made whenever its statement is evaluated.
    pub certain: bool,
    /// What it captures.
    pub vars: Vec<Captured>,
}

/// A captured variable.
#[derive(Clone, Debug)]
pub struct Captured {
    /// The variable.
    pub var: VarId,
    /// The user's token.
    pub ident: Ident,
    /// Whether it is used as a value inside.
    pub as_value: bool,
    /// Whether it is used as a whole inside.
    pub whole: bool,
    /// The parts of it that are used inside.
    pub parts: Vec<Path>,
}

/// Whether one of two parts contains the other.
pub fn overlap(a: &[Step], b: &[Step]) -> bool {
    a.iter().zip(b).all(|(a, b)| a == b)
}

impl Part {
    /// The part that is moved out, or a part of which something is.
    pub fn path(&self) -> &Path {
        match self {
            Part::Path(path) | Part::Pattern { path, .. } | Part::Update { path, .. } => path,
        }
    }
}

impl Captured {
    /// What the variable is called around the capture.
    pub fn name(&self) -> Ident {
        crate::names::name_of_captured(&self.ident)
    }
}

impl Body {
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

    /// The note that a part of a variable has been moved out.
    pub fn flag_of(&self, var: VarId, path: &Path) -> Option<FlagId> {
        let of = |flag: &FlagId| matches!(&self.flags[flag.0].part, Part::Path(known) if known.steps == path.steps);
        self.vars[var.0].flags.iter().copied().find(of)
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
