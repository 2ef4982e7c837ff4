//! Random bodies.
//!
//! *Input*: a seed, the features to use. *Output*: a function that takes a `Trace`, as a tree. *Invariant*: it has no
//! type error by construction; borrow errors are as rare as `scope` makes them. What `docs/language.md` says is refused
//! is not generated.
//!
//! - `stmt`: statements, blocks
//! - `expr`: an expression of a given type
//! - `value`: the expressions that are special to one type
//! - `reference`: places and references to them
//! - `pattern`: patterns and what they bind
//! - `control`: branches, loops, jumps
//! - `matches`: `match`, `if let`, `let … else`
//! - `capture`: closures, async blocks, futures in variables

mod capture;
mod control;
mod expr;
mod matches;
mod pattern;
mod reference;
mod stmt;
mod value;

use fastrand::Rng;

use crate::features::Feature;
use crate::scope::{Borrow, Scope};
use crate::tree::Node;
use crate::types::Ty;

use control::Frame;

/// Few names, so that most of them are shadowed somewhere.
const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

/// How many statements and compound expressions a body may have.
const FUEL: std::ops::Range<usize> = 6..26;

/// What a body is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Of {
    /// `async fn name(t: Trace) -> result block`
    Coroutine,
    /// `gen!(|| -> result block)`
    Generator,
}

/// A body.
#[derive(Clone, Debug)]
pub struct Function {
    pub name: String,
    pub of: Of,
    pub result: Ty,
    pub block: Node,
}

impl Function {
    /// A test of the differential suite, indented as there.
    pub fn source(&self) -> String {
        let Function {
            name,
            of,
            result,
            block,
        } = self;
        let block = block.source(1);
        let native = self.native();
        match of {
            Of::Coroutine => {
                format!("differential! {{\n    async fn {name}(t: Trace) -> {result} {block}\n}}\n")
            }
            Of::Generator => format!(
                "#[test]\nfn {name}() {{\n{native}\
                 fn generated(t: Trace) -> impl std::future::Future<Output = ()> {{\n    \
                 recorded(t.clone(), coloop::gen!(|| -> {result} {block}))\n}}\n\
                 harness::check(|t| recorded(t.clone(), handed_over(|out| {name}(t, out))), generated);\n}}\n"
            ),
        }
    }

    /// The function alone.
    pub fn native(&self) -> String {
        let Function {
            name,
            of,
            result,
            block,
        } = self;
        let block = block.source(0);
        let (out, block) = match of {
            Of::Coroutine => ("", block),
            Of::Generator => (", out: Give<D>", given(&block)),
        };
        format!("async fn {name}(t: Trace{out}) -> {result} {block}\n")
    }
}

/// A generator's body with an await of the hand-over for every `yield`.
fn given(block: &str) -> String {
    block
        .replace("yield (", "out.give(")
        .replace(") /* item */;", ").await;")
}

/// An expression, and what its value borrows.
#[derive(Clone, Debug)]
struct Value {
    node: Node,
    borrows: Vec<Borrow>,
}

impl Value {
    fn owned(node: Node) -> Value {
        Value {
            node,
            borrows: Vec::new(),
        }
    }
}

struct Generator<'a> {
    rng: Rng,
    of: Of,
    without: &'a [Feature],
    scope: Scope,
    frames: Vec<Frame>,
    result: Ty,
    /// Counts the operations, which are told apart by it.
    ids: u32,
    fuel: usize,
    /// How deep the expression is that is being generated.
    depth: usize,
    /// Whether `.await` is possible: not in closures and guards.
    awaits: bool,
    /// Whether `return` and `?` are: not in closures and async blocks.
    returns: bool,
    /// How many loops are around.
    loops: usize,
}

pub fn function(name: String, of: Of, seed: u64, without: &[Feature]) -> Function {
    let mut rng = Rng::with_seed(seed);
    let result = result(&mut rng);
    let fuel = rng.usize(FUEL);
    let mut generator = Generator {
        rng,
        of,
        without,
        scope: Scope::default(),
        frames: Vec::new(),
        result: result.clone(),
        ids: 0,
        fuel,
        depth: 0,
        awaits: true,
        returns: true,
        loops: 0,
    };
    let block = generator.body();
    Function {
        name,
        of,
        result,
        block,
    }
}

/// What a body gives.
fn result(rng: &mut Rng) -> Ty {
    match rng.u32(0..10) {
        0..=2 => Ty::U32,
        3 => Ty::D,
        4 => Ty::res(Ty::U32),
        5 => Ty::res(Ty::D),
        6 => Ty::opt(Ty::D),
        7 => Ty::Tuple(vec![Ty::D, Ty::U32]),
        8 => Ty::vec(Ty::D),
        _ => Ty::Text,
    }
}

impl Generator<'_> {
    fn body(&mut self) -> Node {
        let result = self.result.clone();
        self.scope.enter();
        let mut lines = Vec::new();
        // What says of which type the items are.
        lines.extend(self.yield_().unwrap_or_default());
        while self.fuel > 0 {
            lines.extend(self.statement());
        }
        let value = self.expr(&result);
        lines.extend(self.tail(value.node));
        self.scope.leave();
        Node::block(lines)
    }

    fn has(&self, feature: Feature) -> bool {
        !self.without.contains(&feature)
    }

    fn id(&mut self) -> u32 {
        self.ids += 1;
        self.ids
    }

    fn name(&mut self) -> &'static str {
        NAMES[self.rng.usize(..NAMES.len())]
    }

    /// True in `percent` of all cases.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    /// One of several.
    fn pick<T>(&mut self, mut choices: Vec<T>) -> Option<T> {
        if choices.is_empty() {
            return None;
        }
        let at = self.rng.usize(..choices.len());
        Some(choices.swap_remove(at))
    }

    /// Tries productions in random order, by weight, until one gives something.
    fn choose<P: Copy, T>(
        &mut self,
        productions: &[(Feature, u32, P)],
        mut try_one: impl FnMut(&mut Self, P) -> Option<T>,
    ) -> Option<T> {
        let enabled = productions
            .iter()
            .filter(|(feature, ..)| self.has(*feature));
        let mut left: Vec<(u32, P)> = enabled.map(|(_, weight, p)| (*weight, *p)).collect();
        while !left.is_empty() {
            let total: u32 = left.iter().map(|(weight, _)| weight).sum();
            let mut point = self.rng.u32(..total);
            let at = left.iter().position(|(weight, _)| {
                let found = point < *weight;
                point = point.saturating_sub(*weight);
                found
            });
            let (_, production) = left.swap_remove(at.unwrap_or_default());
            let before = self.scope.save();
            if let Some(made) = try_one(self, production) {
                return Some(made);
            }
            self.scope.restore(before);
        }
        None
    }

    /// A type of a value that owns what it has.
    fn owned_type(&mut self) -> Ty {
        let choices = [Ty::D, Ty::D, Ty::D, Ty::U32, Ty::U32, Ty::Pair, Ty::Text];
        let inner = choices[self.rng.usize(..choices.len())].clone();
        match self.rng.u32(0..20) {
            0..=9 => inner,
            10 | 11 => Ty::opt(inner),
            12 => Ty::res(inner),
            13 => Ty::vec(Ty::D),
            14 => Ty::boxed(inner),
            15 => Ty::two(Ty::D),
            16 => Ty::Bool,
            17 => Ty::opt(Ty::Tuple(vec![inner, Ty::D])),
            18 => Ty::Tuple(vec![inner, Ty::Pair]),
            _ => Ty::Tuple(vec![inner, Ty::D]),
        }
    }

    /// A type of a value that borrows.
    fn borrowing_type(&mut self) -> Ty {
        let unique = self.has(Feature::UniqueReference);
        match self.rng.u32(0..10) {
            0..=3 => Ty::shared(Ty::D),
            4 => Ty::shared(Ty::Pair),
            5 => Ty::opt(Ty::shared(Ty::D)),
            6 => Ty::Tuple(vec![Ty::shared(Ty::D), Ty::D]),
            7 | 8 if unique => Ty::unique(Ty::D),
            9 if unique => Ty::unique(Ty::Pair),
            _ => Ty::shared(Ty::vec(Ty::D)),
        }
    }
}
