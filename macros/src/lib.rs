//! The macros of coloop. Use them through the `coloop` crate, which re-exports them; how they work is described in
//! ARCHITECTURE.md, and what each of their messages means in docs/diagnostics.md.

use std::env;
use std::sync::OnceLock;

use proc_macro::TokenStream;

use coloop_compiler::generator::Macro;
use coloop_compiler::{editor, entry};

/// Whether it is rust-analyzer that expands, which reads expansions and never builds them: see `editor.rs`. rustc is never
/// in a process of that name.
fn in_an_editor() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let process = env::current_exe().unwrap_or_default();
        let name = process.file_name().unwrap_or_default();
        name.to_string_lossy().starts_with("rust-analyzer")
    })
}

fn generated(by: Macro, tokens: TokenStream) -> TokenStream {
    match in_an_editor() {
        true => editor::generator(by, tokens.into()).into(),
        false => coloop_compiler::generate(by, tokens.into()).into(),
    }
}

/// The function of an item that stands for its body, without what `#[cfg]` leaves out.
#[doc(hidden)]
#[proc_macro_derive(Configure)]
pub fn configure(item: TokenStream) -> TokenStream {
    coloop_compiler::configure::derive(item.into()).into()
}

/// Compiles what [`Configure`] gives.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn configured(_: TokenStream, item: TokenStream) -> TokenStream {
    coloop_compiler::configure::configured(item.into()).into()
}

/// Nothing.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn unconfigured(_: TokenStream, _: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// Compiles an `async fn` into a state machine of coloop's own instead of rustc's.
///
/// The function stays what it was to its callers: it returns a future, which does nothing until it is polled, runs under
/// any executor, and behaves as rustc's in everything that a program can observe: values, the order of evaluation and of
/// drops, panics, what a `drop` in the middle drops, borrows across `.await`, `Send`.
///
/// ```
/// #[coloop::coroutine]
/// async fn total(lengths: &[u64]) -> u64 {
///     let mut sum = 0;
///     for length in lengths {
///         coloop::sleep(std::time::Duration::from_micros(*length)).await;
///         sum += length;
///     }
///     sum
/// }
///
/// assert_eq!(coloop::run(total(&[1, 2, 3])), 6);
/// ```
///
/// # What is accepted
///
/// Functions and methods with a body, in impls and traits alike; generics, lifetimes, `impl Trait`, `unsafe`, patterns as
/// arguments, every receiver. A function without the word `async` that contains `.await` is taken for one with it.
///
/// ```
/// # use std::future::Future;
/// struct Client { name: String }
///
/// impl Client {
///     #[coloop::coroutine]
///     async fn ask<F: Future<Output = u32>>(&mut self, answer: F) -> Result<String, std::fmt::Error> {
///         let answer = answer.await;
///         self.name.push('!');
///         Ok(format!("{} {answer}", self.name))
///     }
/// }
///
/// let mut client = Client { name: "coloop".to_owned() };
/// assert_eq!(coloop::run(client.ask(async { 42 })).unwrap(), "coloop! 42");
/// ```
///
/// A loop over a stream is `#[for_await] for item in stream { … }`; the stream is pinned where it stands.
///
/// `println!`, `format!`, `vec!`, `assert!`, `matches!`, `write!`, `dbg!`, `pin!` and their relatives are understood, with
/// `.await` in their operands. In any other macro's operands variables can be used, but not `.await`.
///
/// # Errors
///
/// What cannot be compiled is an error at the tokens that have to change, and says what to write instead. There is no
/// body that is accepted and then behaves differently, and none that is quietly left to rustc.
///
/// ```compile_fail
/// #[coloop::coroutine]
/// fn answer() -> u32 { // neither `async` nor does it contain `.await`
///     42
/// }
/// ```
///
/// # The name
///
/// rustc has a built-in (unstable) attribute `coroutine`. However this one is imported, a bare `#[coroutine]` is therefore
/// ambiguous (E0659). Write the path, as above, or import it under another name, or put the functions into a module:
///
/// ```
/// use coloop::coroutine as co;
///
/// #[co]
/// async fn one() -> u32 { 1 }
///
/// #[coloop::coroutines]
/// mod more {
///     #[coroutine]
///     pub async fn two() -> u32 { 2 }
/// }
///
/// assert_eq!(coloop::run(async { one().await + more::two().await }), 3);
/// ```
///
/// # Cancellation
///
/// Dropping the future cancels the function: it never goes on from where it is suspended, and everything that is alive
/// there is dropped, the last first, the awaited future before everything else. A future that has never been polled drops
/// its arguments.
///
/// ```
/// # use std::{cell::Cell, rc::Rc, time::Duration};
/// struct Guard(Rc<Cell<bool>>);
///
/// impl Drop for Guard {
///     fn drop(&mut self) {
///         self.0.set(true);
///     }
/// }
///
/// #[coloop::coroutine]
/// async fn hold(released: Rc<Cell<bool>>) {
///     let _guard = Guard(released);
///     std::future::pending::<()>().await;
/// }
///
/// let released = Rc::new(Cell::new(false));
/// let result = coloop::run(coloop::timeout(Duration::from_millis(1), hold(Rc::clone(&released))));
/// assert!(result.is_err() && released.get());
/// ```
///
/// # Panics
///
/// A panic in the body drops what is alive and goes on to whoever polls. Polling the future after it has returned, or
/// after it has panicked, panics, as with rustc's.
#[proc_macro_attribute]
pub fn coroutine(attr: TokenStream, item: TokenStream) -> TokenStream {
    match in_an_editor() {
        true => editor::coroutine(attr.into(), item.into()).into(),
        false => coloop_compiler::coroutine(attr.into(), item.into()).into(),
    }
}

/// Lets the bare [`#[coroutine]`](macro@coroutine) be used inside of an inline module.
///
/// This attribute is expanded before the ones inside are looked up, and replaces them by their path.
///
/// ```
/// #[coloop::coroutines]
/// mod clock {
///     use std::time::Duration;
///
///     #[coroutine]
///     pub async fn tick() -> u32 {
///         coloop::sleep(Duration::from_millis(1)).await;
///         1
///     }
///
///     pub struct Watch;
///
///     impl Watch {
///         #[coroutine]
///         pub async fn read(&self) -> u32 {
///             tick().await + tick().await
///         }
///     }
/// }
///
/// assert_eq!(coloop::run(clock::Watch.read()), 2);
/// ```
///
/// # Errors
///
/// The module's content must stand there: for `mod name;`, write `#[coloop::coroutine]` in the file.
#[proc_macro_attribute]
pub fn coroutines(attr: TokenStream, item: TokenStream) -> TokenStream {
    coloop_compiler::module::coroutines(attr.into(), item.into()).into()
}

/// An asynchronous generator: a block with `yield` and `.await`, as a `Stream`.
///
/// In edition 2024, `gen` is a reserved word: write `coloop::r#gen!`, or [`coloop::generator!`](macro@generator), which is
/// the same macro, or import it under another name.
///
/// ```
/// use std::time::Duration;
///
/// let limit = 3;
/// let ticks = coloop::r#gen!({
///     for n in 0..limit {
///         coloop::sleep(Duration::from_millis(1)).await;
///         yield n;
///     }
/// });
///
/// #[coloop::coroutine]
/// async fn sum(ticks: impl futures_core::Stream<Item = u32>) -> u32 {
///     let mut sum = 0;
///     #[for_await]
///     for n in ticks {
///         sum += n;
///     }
///     sum
/// }
///
/// assert_eq!(coloop::run(sum(ticks)), 3);
/// ```
///
/// # What is accepted
///
/// A block, or a closure with what it receives and returns: `gen!(|first: T| -> R { … })`; how one talks to it then is told at
/// `coloop::AsyncGenerator`. The variables that it uses move in, as into an `async move` block. All items have one type, that of the
/// first. `return` ends it. `gen! { … }` is the same as `gen!({ … })`, which rustfmt formats.
///
/// ```
/// # use std::time::Duration;
/// fn countdown(from: u32) -> impl futures_core::Stream<Item = String> {
///     coloop::generator!({
///         let mut n = from;
///         loop {
///             if n == 0 {
///                 return;
///             }
///             yield format!("{n}");
///             n -= 1;
///         }
///     })
/// }
/// # let _ = countdown(1);
/// ```
///
/// # Errors
///
/// - `?` cannot leave it, because its items are not results of it: write [`try_gen!`](macro@try_gen), or say what it returns,
///   `gen!(|| -> Result<(), E> { … })`.
/// - `yield` and `.await` inside of a closure do not suspend the generator.
///
/// # Cancellation and panics
///
/// Dropping the stream drops what is alive in the block at that point. A panic drops it too and goes on to whoever polls;
/// after that, and after its end, the stream gives `None`.
#[proc_macro]
pub fn r#gen(tokens: TokenStream) -> TokenStream {
    generated(Macro::Gen, tokens)
}

/// [`gen!`](macro@gen) under a name that is not reserved in edition 2024.
///
/// ```
/// let squares = coloop::generator!({
///     for n in 1..4 {
///         yield n * n;
///     }
/// });
/// # #[coloop::coroutine]
/// # async fn sum(items: impl futures_core::Stream<Item = u32>) -> u32 {
/// #     let mut sum = 0;
/// #     #[for_await]
/// #     for n in items { sum += n; }
/// #     sum
/// # }
/// assert_eq!(coloop::run(sum(squares)), 14);
/// ```
#[proc_macro]
pub fn generator(tokens: TokenStream) -> TokenStream {
    generated(Macro::Gen, tokens)
}

/// As [`gen!`](macro@gen), for items that are results: `?` yields the error, and the stream ends.
///
/// `yield value` yields `Ok(value)`. So does `yield_all!` of a stream of results, whose first error ends this one too.
///
/// ```
/// use futures_core::Stream;
/// use std::num::ParseIntError;
///
/// fn numbers(lines: &str) -> impl Stream<Item = Result<u32, ParseIntError>> {
///     coloop::try_gen!({
///         for line in lines.lines() {
///             yield line.parse()?;
///         }
///     })
/// }
///
/// #[coloop::coroutine]
/// async fn all(lines: &str) -> Vec<Result<u32, ParseIntError>> {
///     let mut all = Vec::new();
///     #[for_await]
///     for n in numbers(lines) {
///         all.push(n);
///     }
///     all
/// }
///
/// let all = coloop::run(all("1\n2\nx\n4"));
/// assert_eq!(all.len(), 3);
/// assert_eq!((&all[0], &all[1], all[2].is_err()), (&Ok(1), &Ok(2), true));
/// ```
///
/// # What is accepted
///
/// What [`gen!`](macro@gen) takes. `return;` and the end of the block end the stream; `return Err(error)` is `Err(error)?` without
/// the conversion.
#[proc_macro]
pub fn try_gen(tokens: TokenStream) -> TokenStream {
    generated(Macro::TryGen, tokens)
}

/// A generator that awaits nothing: a block with `yield`, as an `Iterator`.
///
/// ```
/// fn fibonacci() -> impl Iterator<Item = u64> {
///     coloop::iter!({
///         let (mut a, mut b) = (0, 1);
///         loop {
///             yield a;
///             (a, b) = (b, a + b);
///         }
///     })
/// }
///
/// assert!(fibonacci().take(8).eq([0, 1, 1, 2, 3, 5, 8, 13]));
/// ```
///
/// # What is accepted
///
/// What [`gen!`](macro@gen) takes, without `.await`. It may receive values and return one; how one talks to it then is told at
/// `coloop::Generator`. It needs neither the standard library nor an allocator.
///
/// # Borrowing its own variables
///
/// An iterator moves between its items. So nothing in it can be borrowed across a `yield` that it owns; what is borrowed from outside can.
/// With `static`, it can: it is then an `Iterator` once it is pinned.
///
/// ```
/// use std::pin::pin;
///
/// let text = String::from("a b");
/// let words = pin!(coloop::iter!(static || {
///     let owned = text;
///     for word in owned.split(' ') {
///         yield word.len();
///     }
/// }));
/// assert_eq!(words.sum::<usize>(), 2);
/// ```
///
/// # Errors
///
/// - `.await`: there is nobody to wait.
/// - A borrow of one of its variables across a `yield`: "borrowed data escapes" (E0521) or "temporary value dropped while borrowed" (E0716),
///   at the variable that keeps it. Write `static`, or borrow it again after the `yield`.
#[proc_macro]
pub fn iter(tokens: TokenStream) -> TokenStream {
    generated(Macro::Iter { pinned: false }, tokens)
}

/// Inside of [`gen!`](macro@gen), [`try_gen!`](macro@try_gen) and [`iter!`](macro@iter): yields all that another generator or a stream gives, and evaluates to what it
/// returns. Python's `yield from`.
///
/// ```
/// use futures_core::Stream;
/// use std::pin::Pin;
///
/// enum Tree { Leaf(u32), Node(Vec<Tree>) }
///
/// fn leaves(tree: &Tree) -> Pin<Box<dyn Stream<Item = u32> + '_>> {
///     Box::pin(coloop::generator!({
///         match tree {
///             Tree::Leaf(n) => yield *n,
///             Tree::Node(trees) => for tree in trees {
///                 yield_all!(leaves(tree));
///             }
///         }
///     }))
/// }
///
/// #[coloop::coroutine]
/// async fn sum(tree: &Tree) -> u32 {
///     let mut sum = 0;
///     #[for_await]
///     for n in leaves(tree) {
///         sum += n;
///     }
///     sum
/// }
///
/// let tree = Tree::Node(vec![Tree::Leaf(1), Tree::Node(vec![Tree::Leaf(2), Tree::Leaf(3)])]);
/// assert_eq!(coloop::run(sum(&tree)), 6);
/// ```
///
/// Values that are sent go to the inner generator, until it returns. In a generator that receives something, the second operand is the
/// first value that the inner one receives: `yield_all!(inner, first)`.
///
/// The inner generator is part of the outer one, and is dropped and closed with it. Nothing is allocated.
///
/// # Panics
///
/// If the operand is a reference to a generator that has ended, and not a stream: there is nothing to evaluate to.
///
/// # Errors
///
/// Outside of a generator, or in a closure or an `async` block in one, there is nothing to yield from.
#[proc_macro]
pub fn yield_all(tokens: TokenStream) -> TokenStream {
    coloop_compiler::generator::yield_all_outside(tokens.into()).into()
}

/// Awaits futures at the same time, inside the current task, and gives a tuple of their outputs.
///
/// Each poll polls those that are not ready yet, in the order in which they are written. They may borrow local variables,
/// and are dropped with the function that awaits. To have a future of all of them instead, write `coloop::gather!`.
///
/// It can be used wherever `.await` can: in an `async fn` or block, and under [`#[coroutine]`](macro@coroutine), where its
/// operands may contain `.await`, `?` and jumps.
///
/// ```
/// use std::time::Duration;
///
/// #[coloop::coroutine]
/// async fn both(n: u32) -> (u32, &'static str) {
///     coloop::join!(
///         async { n + 1 },
///         async { coloop::sleep(Duration::from_millis(1)).await; "slept" },
///     )
/// }
///
/// assert_eq!(coloop::run(both(1)), (2, "slept"));
/// assert_eq!(coloop::run(async { coloop::join!(both(2), async {}) }), ((3, "slept"), ()));
/// ```
///
/// # Cancellation and panics
///
/// Dropping the function drops the futures and the outputs that are there, in the order in which they are written. So does
/// a panic of one of them, which goes on to whoever polls.
#[proc_macro]
pub fn join(tokens: TokenStream) -> TokenStream {
    coloop_compiler::concurrent::own("join", tokens.into()).into()
}

/// Awaits futures of results at the same time, and gives a tuple of their values, or the first error.
///
/// As [`join!`](macro@join). An error ends it at once: the other futures are dropped where they are.
///
/// ```
/// async fn parse(text: &str) -> Result<u32, std::num::ParseIntError> {
///     text.parse()
/// }
///
/// #[coloop::coroutine]
/// async fn sum(a: &str, b: &str) -> Result<u32, std::num::ParseIntError> {
///     let (a, b) = coloop::try_join!(parse(a), parse(b))?;
///     Ok(a + b)
/// }
///
/// assert_eq!(coloop::run(sum("1", "2")), Ok(3));
/// assert!(coloop::run(sum("1", "two")).is_err());
/// ```
#[proc_macro]
pub fn try_join(tokens: TokenStream) -> TokenStream {
    coloop_compiler::concurrent::own("try_join", tokens.into()).into()
}

/// Awaits several futures, and goes on with the first that is ready.
///
/// ```
/// use std::time::Duration;
///
/// #[coloop::coroutine]
/// async fn first(limit: Duration) -> Option<u32> {
///     coloop::select! {
///         n = async { coloop::sleep(Duration::from_millis(2)).await; 1 } => Some(n),
///         () = coloop::sleep(limit) => None,
///     }
/// }
///
/// assert_eq!(coloop::run(first(Duration::from_secs(1))), Some(1));
/// assert_eq!(coloop::run(first(Duration::ZERO)), None);
/// ```
///
/// # Branches
///
/// The syntax is that of `tokio::select!`: `pattern = future, if condition => handler`, and at last `else => handler`.
///
/// 1. The conditions are evaluated, then all futures, whatever the conditions say.
/// 2. Each poll polls the futures of the enabled branches in the order in which they are written: of two that are ready,
///    the first wins, always. (tokio begins anywhere, unless `biased;` is written, which may be written here too.)
/// 3. An output that does not match its pattern disables its branch. If all branches are disabled, `else` is evaluated;
///    without one, the macro panics.
/// 4. All futures are dropped, and the handler runs. It is code of the function around it: it may await, `return`, `break`
///    and use `?`.
///
/// A future that is to go on after it is passed by reference:
///
/// ```
/// use std::pin::pin;
///
/// #[coloop::coroutine]
/// async fn steps() -> u32 {
///     let mut work = pin!(async { coloop::yield_now().await; coloop::yield_now().await; });
///     let mut steps = 0;
///     loop {
///         coloop::select! {
///             () = &mut work => return steps,
///             () = coloop::yield_now() => steps += 1,
///         }
///     }
/// }
///
/// assert_eq!(coloop::run(steps()), 1);
/// ```
///
/// # Panics
///
/// If all branches are disabled and there is no `else`.
#[proc_macro]
pub fn select(tokens: TokenStream) -> TokenStream {
    coloop_compiler::concurrent::own("select", tokens.into()).into()
}

/// Makes an `async fn main` the entry point of the program.
///
/// The body is compiled as under [`#[coroutine]`](macro@coroutine) and runs in `coloop::run`: on this thread, with an event
/// loop of its own. What it starts and does not wait for is cancelled at its end.
///
/// ```
/// #[coloop::main]
/// async fn main() -> Result<(), std::num::ParseIntError> {
///     let n: u64 = "1".parse()?;
///     coloop::sleep(std::time::Duration::from_millis(n)).await;
///     Ok(())
/// }
/// ```
///
/// The attribute takes the options of `RunnerBuilder`, which are listed at [`#[coloop::test]`](macro@test):
/// `#[coloop::main(debug)]` reports turns that keep the others waiting.
///
/// # Errors
///
/// The function must be `async` and takes no arguments, neither values nor types.
#[proc_macro_attribute]
pub fn main(attr: TokenStream, item: TokenStream) -> TokenStream {
    match in_an_editor() {
        true => editor::main(attr.into(), item.into()).into(),
        false => entry::main(attr.into(), item.into()).into(),
    }
}

/// Makes an `async fn` a test, which runs in an event loop of its own.
///
/// It stands in the place of `#[test]`; `#[should_panic]`, `#[ignore]`, `#[cfg]` and a `Result` as the output mean what
/// they mean there.
///
/// ```
/// #[coloop::test]
/// async fn yields_to_others() -> Result<(), String> {
///     let task = coloop::spawn(async { 1 });
///     coloop::yield_now().await;
///     if task.await.map_err(|error| error.to_string())? == 1 { Ok(()) } else { Err("not one".to_owned()) }
/// }
/// # fn main() {}
/// ```
///
/// The attribute takes options of the loop, in any order:
///
/// | option | the loop |
/// |---|---|
/// | `virtual_time` | has a clock that jumps to the next deadline, so that no test waits |
/// | `seed = 7` | takes turns in another order, the same for the same seed |
/// | `detect_deadlocks` | panics where it would wait for ever, and says who waits for what |
/// | `debug` | reports turns that keep the others waiting |
///
/// They are the methods of `RunnerBuilder`: `debug = cfg!(debug_assertions)` is one as well.
///
/// ```
/// #[coloop::test(virtual_time, detect_deadlocks)]
/// async fn takes_an_hour() {
///     coloop::sleep(std::time::Duration::from_secs(3600)).await;
/// }
/// # fn main() {}
/// ```
///
/// Write it as a path: after `use coloop::test;` every `#[test]` in the module would be this one, and after
/// `use coloop::*;` it would be ambiguous.
///
/// # Errors
///
/// As for [`#[coloop::main]`](macro@main).
#[proc_macro_attribute]
pub fn test(attr: TokenStream, item: TokenStream) -> TokenStream {
    match in_an_editor() {
        true => editor::test(attr.into(), item.into()).into(),
        false => entry::test(attr.into(), item.into()).into(),
    }
}
