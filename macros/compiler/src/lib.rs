//! The compiler behind `#[coloop::coroutine]`, `#[coloop::main]`, `#[coloop::test]` and `gen!`: an ordinary library, so
//! that tests, fuzzers and tools can link it; the proc-macro crate is a shim.
//!
//! ```text
//! tokens --parse--> item --check--> (rejections) --lower--> ir --analysis--> facts --frame--> layout --emit--> tokens
//! ```
//!
//! Every pass is a module with one job, and the result of each can be printed: `passes FILE FUNCTION`.

pub mod analysis;
mod captured;
pub mod check;
pub mod concurrent;
pub mod configure;
pub mod diagnostics;
pub mod edition;
pub mod editor;
pub mod emit;
pub mod entry;
pub mod frame;
pub mod generator;
pub mod held;
mod hygiene;
pub mod ir;
pub mod lower;
pub mod module;
mod names;
pub mod occupied;
pub mod packing;
pub mod parse;

use proc_macro2::TokenStream;
use quote::quote;

use diagnostics::Diagnostics;
use emit::Compiled;
use ir::Body;
use parse::{Function, Input};

/// `#[coroutine]`.
pub fn coroutine(attr: TokenStream, item: TokenStream) -> TokenStream {
    function(attr, item, compile)
}

/// What makes something of a function.
type Compile = fn(&Function, Diagnostics) -> Result<TokenStream, Rejected>;

fn function(attr: TokenStream, item: TokenStream, compile: Compile) -> TokenStream {
    let diagnostics = Diagnostics::new();
    let Some(function) = parse::function("coroutine", attr, item.clone(), &diagnostics) else {
        return diagnostics.finish_with(item);
    };
    match compile(&function, diagnostics) {
        Ok(compiled) => compiled,
        Err(rejected) => {
            let (errors, stub) = (&rejected.errors, rejected.stub(&function));
            match &function.unread {
                Some(body) => emit::unread(&function, body, errors),
                None => quote!(#errors #stub),
            }
        }
    }
}

/// A function that does not compile.
#[derive(Debug)]
struct Rejected {
    /// The errors.
    errors: TokenStream,
    /// Whether rustc has nothing to say against the body, which then stays, unused, for what it names.
    body_is_rust: bool,
}

impl Rejected {
    /// What stands in the function's place.
    fn stub(&self, function: &Function) -> TokenStream {
        emit::stub(function, self.body_is_rust)
    }

    /// What stands in the place of its future.
    fn instead(&self, function: &Function) -> TokenStream {
        emit::instead(function, self.body_is_rust)
    }
}

/// Compiles a function, or has rustc evaluate what is in it first.
fn compile(function: &Function, diagnostics: Diagnostics) -> Result<TokenStream, Rejected> {
    if diagnostics.is_empty() && configure::is_needed(function) {
        return match diagnostics.finish() {
            Ok(()) => Ok(configure::asked(function)),
            Err(_) => unreachable!("there are no errors"),
        };
    }
    compiled(function, diagnostics).map(|passes| emit::function(function, passes.compiled()))
}

/// Runs all passes over a function.
fn compiled(function: &Function, diagnostics: Diagnostics) -> Result<Passes, Rejected> {
    let body_is_rust = check::function(function, &diagnostics);
    let lowered = diagnostics
        .is_empty()
        .then(|| passes(&function.input, &diagnostics));
    match (diagnostics.finish(), lowered) {
        (Ok(()), Some(passes)) => Ok(passes),
        (errors, _) => Err(Rejected {
            errors: errors.err().unwrap_or_default(),
            body_is_rust,
        }),
    }
}

/// A generator by one of the macros.
pub fn generate(by: generator::Macro, tokens: TokenStream) -> TokenStream {
    let diagnostics = Diagnostics::new();
    let Some(input) = generator::parse(by, tokens, &diagnostics) else {
        return diagnostics.finish_with(TokenStream::new());
    };
    let (body_is_rust, lowered) = checked(&input, &diagnostics);
    match (diagnostics.finish(), lowered, input.generates) {
        (Ok(()), Some(passes), Some(generates)) => {
            emit::generator(&input, generates, passes.compiled())
        }
        (errors, ..) => {
            emit::generator_stub(&input, body_is_rust, errors.err().unwrap_or_default())
        }
    }
}

/// What the compiler has to say against a generator, unless it cannot be read.
fn rejections(by: generator::Macro, tokens: TokenStream) -> Option<TokenStream> {
    let diagnostics = Diagnostics::new();
    let input = generator::parse(by, tokens, &diagnostics);
    if let Some(input) = &input {
        checked(input, &diagnostics);
    }
    diagnostics.finish().err().filter(|_| input.is_some())
}

/// Runs all passes over a generator, and tells whether rustc has nothing to say against the body.
fn checked(input: &Input, diagnostics: &Diagnostics) -> (bool, Option<Passes>) {
    let body_is_rust = check::generator(input, diagnostics);
    let lowered = diagnostics.is_empty().then(|| passes(input, diagnostics));
    (body_is_rust, lowered)
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
        Compiled {
            body: &self.body,
            facts: &self.facts,
            layout: &self.layout,
        }
    }
}

/// Runs the passes between `check` and `emit`.
pub fn passes(input: &Input, diagnostics: &Diagnostics) -> Passes {
    let body = lower::lower(input, diagnostics);
    if diagnostics.is_empty() {
        if let Err(broken) = ir::verify::verify(&body) {
            let what = broken.what;
            diagnostics.error_at(
                broken.at,
                format!("a bug in coloop, please report it: {what}"),
            );
        }
    }
    let facts = analysis::analyse(&body);
    let occupied = occupied::occupied(&body, &facts);
    let held = held::held(&body, &facts, &occupied);
    let layout = frame::layout(&body, &facts, &occupied, &held);
    Passes {
        body,
        facts,
        layout,
    }
}
