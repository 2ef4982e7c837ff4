//! What stays open in the tokens until `emit` decides: uses of variables, calls, captures, jumps out of the tokens.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};

use super::{BlockId, CaptureId, Code, FlagId, Path, PlainArm, Step, VarId};

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
    /// The way to the part of it that is used, which for all of it is empty; none if that is not known.
    pub part: Option<Vec<Step>>,
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

impl Call {
    /// A call of what is in a variable.
    pub fn new(callee: Use, args: Vec<Arg>, paren: Span) -> Self {
        Call {
            usage: callee,
            store: None,
            part: None,
            early: None,
            method: TokenStream::new(),
            operand: None,
            args,
            paren,
        }
    }
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
    /// Whether it is an expression whose parts the call says the types of, so that they are coerced.
    pub coerced: bool,
}

/// A closure or async block.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// `move`.
    pub by_move: bool,
    /// The one that it stands in.
    pub outer: Option<CaptureId>,
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
    /// Whether it is used as a place inside.
    pub as_place: bool,
    /// Whether it is used as a whole inside.
    pub whole: bool,
    /// The uses of parts of it inside.
    pub parts: Vec<CapturedPart>,
    /// The parts that something inside moves into itself, and so out of the variable.
    pub moved: Vec<CapturedPart>,
}

/// A use of a part of a captured variable.
#[derive(Clone, Debug)]
pub struct CapturedPart {
    /// The part.
    pub path: Path,
    /// What stands before and after the part where patterns look at it, which use as much of it as they say.
    pub look: Option<(TokenStream, TokenStream)>,
}

impl Captured {
    /// What the variable is called around the capture.
    pub fn name(&self) -> Ident {
        crate::names::name_of_captured(&self.ident)
    }
}
