//! The compiler behind `#[coloop::coroutine]` and `gen!`: an ordinary library, so that tests, fuzzers and tools can
//! link it; the proc-macro crate is a shim.
//!
//! ```text
//! tokens --parse--> item --check--> (rejections) --lower--> ir --analysis--> facts --frame--> layout --emit--> tokens
//! ```
//!
//! Every pass is a module with one job, and the result of each can be printed: `passes FILE FUNCTION`.

pub mod analysis;
pub mod check;
pub mod diagnostics;
pub mod emit;
pub mod frame;
pub mod ir;
pub mod lower;
pub mod module;
mod names;
pub mod parse;

use proc_macro2::TokenStream;

use diagnostics::Diagnostics;
use emit::Compiled;
use ir::Body;
use parse::Input;

/// `#[coroutine]`.
pub fn coroutine(attr: TokenStream, item: TokenStream) -> TokenStream {
    let diagnostics = Diagnostics::new();
    let function = parse::function(attr, item, &diagnostics);
    let Some(function) = function else {
        return diagnostics.finish().err().unwrap_or_default();
    };
    check::function(&function, &diagnostics);
    let lowered = diagnostics.is_empty().then(|| passes(&function.input, &diagnostics));
    match (diagnostics.finish(), lowered) {
        (Ok(()), Some(passes)) => emit::function(&function, passes.compiled()),
        (errors, _) => {
            let mut tokens = errors.err().unwrap_or_default();
            tokens.extend(emit::stub(&function));
            tokens
        }
    }
}

/// `gen!`.
pub fn generator(tokens: TokenStream) -> TokenStream {
    let diagnostics = Diagnostics::new();
    let Some(input) = parse::generator(tokens, &diagnostics) else {
        return diagnostics.finish().err().unwrap_or_default();
    };
    check::generator(&input.body, &diagnostics);
    let lowered = diagnostics.is_empty().then(|| passes(&input, &diagnostics));
    match (diagnostics.finish(), lowered) {
        (Ok(()), Some(passes)) => emit::generator(&input, passes.compiled()),
        (errors, _) => errors.err().unwrap_or_default(),
    }
}

/// What the passes have made of a body.
#[derive(Clone, Debug)]
pub struct Passes {
    /// What `lower` has made.
    pub body: Body,
    /// What `analysis` has found.
    pub facts: analysis::Facts,
    /// What `frame` has laid out.
    pub layout: frame::Layout,
}

impl Passes {
    /// What `emit` works on.
    pub fn compiled(&self) -> Compiled<'_> {
        Compiled { body: &self.body, facts: &self.facts, layout: &self.layout }
    }
}

/// Runs the passes between `check` and `emit`.
pub fn passes(input: &Input, diagnostics: &Diagnostics) -> Passes {
    let body = lower::lower(input, diagnostics);
    if let Err(broken) = ir::verify::verify(&body) {
        panic!("a bug in coloop, please report it with the function that this points at: {broken}");
    }
    let facts = analysis::analyse(&body);
    let layout = frame::layout(&body, &facts);
    Passes { body, facts, layout }
}
