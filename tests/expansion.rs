//! Expansions, looked at as tokens: what the compiler's own tests cannot see by running them.
//!
//! The corpus are the functions of the differential suite. Those that the compiler still rejects are left out where an
//! expansion is needed; every one of them, and mutations of them, must at least not make it panic.

use coloop_tests::corpus::{functions, Item};
use coloop_tests::mutation::{mutate, Choices};
use coloop_tests::robust::judge;
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::Parser;
use syn::visit::{self, Visit};

fn expand(function: &TokenStream) -> TokenStream {
    coloop_compiler::coroutine(TokenStream::new(), function.clone())
}

fn is_rejected(expansion: &TokenStream) -> bool {
    expansion.to_string().contains("compile_error")
}

#[test]
fn same_input_gives_same_output() {
    for Item {
        name,
        tokens: function,
    } in functions()
    {
        assert_eq!(
            expand(&function).to_string(),
            expand(&function).to_string(),
            "{name}"
        );
    }
}

#[test]
fn rustc_s_async_runs_nothing_but_scopes_that_are_never_left() {
    for Item {
        name,
        tokens: function,
    } in functions()
    {
        let expansion = expand(&function);
        if is_rejected(&expansion) {
            continue;
        }
        let item: syn::ItemFn =
            syn::parse2(expansion.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(item.sig.asyncness.is_none(), "{name} is still `async`");
        let stmts = statements(&item, &expansion);
        let machine = stmts.iter().find_map(machine);
        let machine = machine.unwrap_or_else(|| panic!("{name} has no machine"));
        let mut blocks = AsyncBlocks {
            name: &name,
            own: own_async(&function),
        };
        blocks.visit_expr(machine);
    }
}

/// What a function consists of, also if rustc is to evaluate its `#[cfg]`s first: here all of them hold.
fn statements(item: &syn::ItemFn, expansion: &TokenStream) -> Vec<syn::Stmt> {
    if !matches!(item.block.stmts[..], [syn::Stmt::Item(syn::Item::Enum(_))]) {
        return item.block.stmts.clone();
    }
    let Some(TokenTree::Group(body)) = expansion.clone().into_iter().last() else {
        panic!("{} has no body", item.sig.ident)
    };
    let compiled = coloop_compiler::configure::configured(body.stream());
    syn::Block::parse_within
        .parse2(compiled)
        .expect("statements")
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
        let name = self.name;
        assert!(
            is_left(&block.block) || self.own > 1,
            "{name}: an `async` block that is not a scope"
        );
        visit::visit_expr_async(self, block);
    }
}

/// `Leave.await`, `Leave::with(…).await`, also in an operand.
fn is_left(block: &syn::Block) -> bool {
    struct Finder(bool);
    impl<'ast> Visit<'ast> for Finder {
        fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}

        fn visit_expr_await(&mut self, a: &'ast syn::ExprAwait) {
            let base = match &*a.base {
                syn::Expr::Call(call) => &*call.func,
                base => base,
            };
            self.0 |= matches!(base, syn::Expr::Path(p) if p.path.segments.iter().any(|segment| segment.ident == "Leave"));
            visit::visit_expr_await(self, a);
        }
    }
    let mut finder = Finder(false);
    finder.visit_block(block);
    finder.0
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
    for Item {
        name,
        tokens: function,
    } in functions()
    {
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

#[test]
fn no_input_makes_the_compiler_panic() {
    let rounds = std::env::var("COLOOP_ROUNDS")
        .ok()
        .and_then(|rounds| rounds.parse().ok())
        .unwrap_or(12);
    let (functions, mut found) = (functions(), Vec::new());
    for (seed, Item { name, tokens }) in (0..).zip(&functions) {
        let mut choices = Choices::seeded(seed);
        let (mut arguments, mut mutated) = (TokenStream::new(), tokens.clone());
        for round in 0..rounds {
            if let Err(wrong) = judge(&arguments, &mutated, &mut choices) {
                found.push(format!("{name}, round {round}: {wrong}\n{mutated}\n"));
                break;
            }
            // Every third mutation builds on the ones before it.
            if round % 3 == 0 {
                (arguments, mutated) = (TokenStream::new(), tokens.clone());
            }
            if round % 5 == 4 {
                arguments = mutate(arguments, &functions, &mut choices);
            }
            mutated = mutate(mutated, &functions, &mut choices);
        }
    }
    assert!(
        found.is_empty(),
        "{} inputs:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// What the fuzzer has found.
#[test]
fn inputs_of_which_the_expansion_was_not_rust() {
    let inputs = ["async fn f() { g(|_| (crate)).await; (super) }"];
    for input in inputs {
        let tokens = input.parse().expect("it lexes");
        let judged = judge(&TokenStream::new(), &tokens, &mut Choices::seeded(0));
        assert_eq!(judged, Ok(()), "{input}");
    }
}

#[test]
fn an_editor_gets_the_function_as_it_is_written() {
    for Item { name, tokens } in functions() {
        let read = coloop_compiler::editor::coroutine(TokenStream::new(), tokens.clone());
        let parsed = |tokens| syn::parse2::<syn::ItemFn>(tokens).expect("a function");
        assert!(parsed(read) == parsed(tokens), "{name}");
    }
}
