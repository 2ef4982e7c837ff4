//! Expansions, looked at as tokens: what the compiler's own tests cannot see by running them.
//!
//! The corpus are the functions of the differential suite. Those that the compiler still rejects are left out where an
//! expansion is needed; every one of them, and mutations of them, must at least not make it panic.

use std::fs;
use std::panic::{catch_unwind, AssertUnwindSafe};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// The functions of the differential suite, with where they come from.
fn corpus() -> Vec<(String, TokenStream)> {
    let mut topics: Vec<_> = fs::read_dir("differential")
        .expect("the topics stand in tests/differential")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect();
    topics.sort();
    let mut found = Vec::new();
    for path in topics {
        let source = fs::read_to_string(&path).expect("a topic is UTF-8");
        let mut functions = Functions(Vec::new());
        functions.tokens(source.parse().expect("a topic is Rust"));
        let named = |(name, tokens)| (format!("{}: {name}", path.display()), tokens);
        found.extend(functions.0.into_iter().map(named));
    }
    assert!(found.len() > 300, "only {} functions", found.len());
    found
}

/// Every `async fn` in tokens, macro calls included.
struct Functions(Vec<(String, TokenStream)>);

impl Functions {
    fn tokens(&mut self, tokens: TokenStream) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, tree) in trees.iter().enumerate() {
            let is_async = matches!(tree, TokenTree::Ident(ident) if ident == "async");
            let is_fn = matches!(trees.get(at + 1), Some(TokenTree::Ident(ident)) if ident == "fn");
            if is_async && is_fn {
                let body = |tree: &TokenTree| matches!(tree, TokenTree::Group(g) if g.delimiter() == Delimiter::Brace);
                let Some(end) = trees[at..].iter().position(body) else {
                    continue;
                };
                let name = trees[at + 2].to_string();
                self.0
                    .push((name, trees[at..=at + end].iter().cloned().collect()));
            }
            if let TokenTree::Group(group) = tree {
                self.tokens(group.stream());
            }
        }
    }
}

fn expand(function: &TokenStream) -> TokenStream {
    coloop_compiler::coroutine(TokenStream::new(), function.clone())
}

fn is_rejected(expansion: &TokenStream) -> bool {
    expansion.to_string().contains("compile_error")
}

#[test]
fn same_input_gives_same_output() {
    for (name, function) in corpus() {
        assert_eq!(
            expand(&function).to_string(),
            expand(&function).to_string(),
            "{name}"
        );
    }
}

#[test]
fn rustc_s_async_runs_nothing_but_scopes_that_are_never_left() {
    for (name, function) in corpus() {
        let expansion = expand(&function);
        if is_rejected(&expansion) {
            continue;
        }
        let item: syn::ItemFn =
            syn::parse2(expansion).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(item.sig.asyncness.is_none(), "{name} is still `async`");
        let machine = item.block.stmts.iter().find_map(machine);
        let machine = machine.unwrap_or_else(|| panic!("{name} has no machine"));
        let mut blocks = AsyncBlocks {
            name: &name,
            own: own_async(&function),
        };
        blocks.visit_expr(machine);
    }
}

/// The value of the last `return machine;`.
fn machine(stmt: &syn::Stmt) -> Option<&syn::Expr> {
    match stmt {
        syn::Stmt::Expr(syn::Expr::Return(machine), Some(_)) => machine.expr.as_deref(),
        _ => None,
    }
}

/// How many `async` blocks and closures the user has written.
fn own_async(function: &TokenStream) -> usize {
    let count = |tree: TokenTree| match tree {
        TokenTree::Ident(ident) => usize::from(ident == "async"),
        TokenTree::Group(group) => own_async(&group.stream()),
        _ => 0,
    };
    function.clone().into_iter().map(count).sum()
}

/// Looks at each `async` block of a machine: the user's own (those are futures of rustc, as written), or a scope.
struct AsyncBlocks<'a> {
    name: &'a str,
    own: usize,
}

impl<'ast> Visit<'ast> for AsyncBlocks<'_> {
    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        let leaves = block.block.stmts.iter().any(is_leave);
        let name = self.name;
        assert!(
            leaves || self.own > 1,
            "{name}: an `async` block that is not a scope"
        );
        visit::visit_expr_async(self, block);
    }
}

/// `Leave.await;`, `Leave::with(…).await;`
fn is_leave(stmt: &syn::Stmt) -> bool {
    match stmt {
        syn::Stmt::Expr(syn::Expr::Await(a), _) => {
            let base = match &*a.base {
                syn::Expr::Call(call) => &*call.func,
                base => base,
            };
            matches!(base, syn::Expr::Path(p) if p.path.segments.iter().any(|segment| segment.ident == "Leave"))
        }
        _ => false,
    }
}

#[test]
fn nothing_is_allocated() {
    let user = [
        "Box :: new",
        "Box :: pin",
        "Rc :: new",
        "Arc :: new",
        "vec !",
        "String ::",
        "format !",
    ];
    for (name, function) in corpus() {
        let (source, expansion) = (function.to_string(), expand(&function).to_string());
        for part in expansion.split(":: coloop :: __private :: Box ::").skip(1) {
            let called = part.trim_start();
            assert!(
                called.starts_with("from_raw"),
                "{name}: Box::{}",
                called.split('(').next().unwrap_or_default()
            );
        }
        for call in user {
            assert!(
                source.contains(call) || !expansion.contains(call),
                "{name}: {call}"
            );
        }
    }
}

/// A sequence of numbers that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        usize::try_from((self.0 >> 33) % limit.max(1) as u64).unwrap_or_default()
    }
}

/// Deletes, duplicates or swaps a token somewhere.
fn mutate(tokens: TokenStream, numbers: &mut Numbers) -> TokenStream {
    let mut trees: Vec<TokenTree> = tokens.into_iter().collect();
    let groups: Vec<_> = (0..trees.len())
        .filter(|at| matches!(&trees[*at], TokenTree::Group(_)))
        .collect();
    let go_down = !groups.is_empty() && numbers.below(4) > 0;
    if go_down {
        // The last group is the body, where most of it is.
        let at = if numbers.below(3) > 0 {
            groups[groups.len() - 1]
        } else {
            groups[numbers.below(groups.len())]
        };
        if let TokenTree::Group(group) = &trees[at] {
            trees[at] = Group::new(group.delimiter(), mutate(group.stream(), numbers)).into();
        }
        return trees.into_iter().collect();
    }
    let at = numbers.below(trees.len());
    match numbers.below(3) {
        _ if trees.is_empty() => {}
        0 => drop(trees.remove(at)),
        1 => trees.insert(at, trees[at].clone()),
        _ => {
            let other = numbers.below(trees.len());
            trees.swap(at, other);
        }
    }
    trees.into_iter().collect()
}

/// Runs every macro over the tokens; what it panics with.
fn panics(tokens: &TokenStream) -> Option<String> {
    let run = || {
        drop(expand(tokens));
        drop(coloop_compiler::entry::main(
            TokenStream::new(),
            tokens.clone(),
        ));
        let body = tokens.clone().into_iter().last();
        if let Some(TokenTree::Group(body)) = body {
            drop(coloop_compiler::generator(body.stream()));
        }
        let module = [
            syn::Ident::new("mod", proc_macro2::Span::call_site()).into(),
            syn::Ident::new("m", proc_macro2::Span::call_site()).into(),
            TokenTree::from(Group::new(Delimiter::Brace, tokens.clone())),
        ];
        drop(coloop_compiler::module::coroutines(
            TokenStream::new(),
            module.into_iter().collect(),
        ));
    };
    let payload = catch_unwind(AssertUnwindSafe(run)).err()?;
    let text = payload.downcast_ref::<String>().cloned();
    Some(
        text.or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        })
        .unwrap_or_default(),
    )
}

#[test]
fn no_input_makes_the_compiler_panic() {
    let rounds = std::env::var("COLOOP_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(12);
    let mut found = Vec::new();
    for (index, (name, function)) in corpus().into_iter().enumerate() {
        let mut numbers = Numbers(index as u64);
        let mut tokens = function.clone();
        for round in 0..rounds {
            if let Some(message) = panics(&tokens) {
                found.push(format!("{name}, round {round}: {message}\n{tokens}\n"));
                break;
            }
            // Every third mutation builds on the ones before it.
            let base = if round % 3 == 0 {
                function.clone()
            } else {
                tokens
            };
            tokens = mutate(base, &mut numbers);
        }
    }
    assert!(
        found.is_empty(),
        "{} panics:\n{}",
        found.len(),
        found.join("\n")
    );
}
