//! What bodies are made of, by names, so that a part can be left out while a known bug in it is being mended.

/// The features, each with what it covers.
macro_rules! features {
    ($($(#[doc = $doc:literal])+ $feature:ident = $name:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Feature { $($(#[doc = $doc])+ $feature),* }

        impl Feature {
            /// Name, feature, what it covers.
            pub const ALL: &[(&'static str, Feature, &'static str)] =
                &[$(($name, Feature::$feature, concat!($($doc),+))),*];
        }
    };
}

features! {
    /// `let name = …;` of a random type
    Let = "let",
    /// `let` with tuple, struct, nested, array patterns
    LetPattern = "let-pattern",
    /// `let … else { … }`
    LetElse = "let-else",
    /// `[pattern, pattern]`
    ArrayPattern = "array-pattern",
    /// `ref`, `ref mut`
    RefPattern = "ref-pattern",
    /// `name @ pattern`
    AtPattern = "at-pattern",
    /// `pattern | pattern`
    OrPattern = "or-pattern",
    /// `let name;`, given a value later
    Deferred = "deferred",
    /// assignments to variables, fields, through references
    Assign = "assign",
    /// `name += …`
    CompoundAssign = "compound-assign",
    /// a variable moved and given a value again
    Reinit = "reinit",
    /// a move in one branch only
    ConditionalMove = "conditional-move",
    /// moves of fields
    PartialMove = "partial-move",
    /// `(temporary).field`
    TemporaryField = "temporary-field",
    /// a value that is not used, `drop(…)`, `let _ = …`
    Discard = "discard",
    /// `&place`, kept in variables
    Reference = "reference",
    /// `&mut place`, kept in variables
    UniqueReference = "unique-reference",
    /// references to values that are not variables
    Temporary = "temporary",
    /// `if`, `else if`
    If = "if",
    /// `if let`
    IfLet = "if-let",
    /// `match`
    Match = "match",
    /// guards of arms
    Guard = "guard",
    /// `loop`
    Loop = "loop",
    /// `while`
    While = "while",
    /// `while let`
    WhileLet = "while-let",
    /// `for`
    For = "for",
    /// a temporary in the last expression of a block
    TailTemporary = "tail-temporary",
    /// `{ … }` as a statement or value, with and without a label
    Block = "block",
    /// `break`, `continue`, `return` in branches
    Jump = "jump",
    /// `?`
    Question = "question",
    /// closures
    Closure = "closure",
    /// `move` closures
    MoveClosure = "move-closure",
    /// `async { … }`
    Async = "async",
    /// `async move { … }`
    AsyncMove = "async-move",
    /// futures kept in variables
    Future = "future",
    /// `format!`, `assert!`, `vec!`, `matches!`, `println!`
    Macro = "macro",
    /// `{name}` in a format string
    Inline = "inline",
    /// `&&`, `||`, `!`
    Logic = "logic",
    /// methods of `D`, `Option`, `Vec`, `String`
    Method = "method",
    /// `mem::replace`, `mem::swap`
    Swap = "swap",
    /// `array[…]`
    Index = "index",
    /// `..base`
    Base = "base",
    /// `let t = &t;`
    ShadowTrace = "shadow-trace",
    /// `yield …;`, in a generator
    Yield = "yield",
}
